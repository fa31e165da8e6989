from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from kbportal.search.build.builder import Source, build
from kbportal.search.index.generation import (
    FORMAT,
    Generation,
    IndexMissing,
    live_folder,
    open_generation,
    point_to,
)
from kbportal.search.query.engine import Engine
from tests.builders import NOON, UNSCHOOLED, shop_articles

FILES = ["manifest.json", "shelf.sqlite", "hr/articles.json", "hr/words.hashes.npy",
         "hr/vectors.passages.npy", "hr/forms.sqlite", "hr/whoosh/_MAIN_1.toc"]  # fmt: skip
DAMAGES = {"gone": None, "empty": b"", "garbage": b"\0garbage" * 30}


@pytest.fixture
def copied(shop: Generation, tmp_path: Path) -> Path:
    return Path(shutil.copytree(shop.folder, tmp_path / "copied"))


def damage(file: Path, how: str) -> None:
    file.unlink()
    if (content := DAMAGES[how]) is not None:
        file.write_bytes(content)


@pytest.mark.parametrize("file", FILES)
@pytest.mark.parametrize("how", ["gone", "garbage"])
def test_a_damaged_index_is_missing_and_says_what_to_run(copied, file, how):
    damage(copied / file, how)

    with pytest.raises(IndexMissing, match=r"Run: kbportal index$"):
        open_generation(copied)


@pytest.mark.parametrize("how", DAMAGES)
def test_a_damaged_encoder_costs_only_meaning(copied, how):
    damage(copied / "encoder" / "encoder.json", how)

    generation = open_generation(copied)

    assert generation.degraded == "model_unusable"
    assert Engine(generation).suggest("where is my refund", lang=UNSCHOOLED).degraded


def test_an_index_of_another_format_is_missing(copied):
    manifest = copied / "manifest.json"
    manifest.write_text(manifest.read_text().replace(f'"format": {FORMAT}', '"format": 99'))

    with pytest.raises(IndexMissing, match="format 99"):
        open_generation(copied)


@pytest.mark.parametrize("pointer", ["", "nothing", "../copied", "/etc", "."])
def test_a_pointer_that_leads_nowhere_is_no_index(tmp_path, pointer):
    (tmp_path / "current").write_text(pointer)

    with pytest.raises(IndexMissing, match="Run: kbportal index"):
        live_folder(tmp_path)


def test_the_pointer_names_the_generation_that_it_was_moved_to(copied):
    point_to(copied.parent, copied)

    assert live_folder(copied.parent) == copied
    assert [path.name for path in copied.parent.iterdir() if path.is_file()] == ["current"]


@pytest.mark.parametrize(
    "file", ["hr/words.hashes.npy", "shelf.sqlite", "hr/forms.sqlite", "hr/whoosh/_MAIN_1.toc"]
)
def test_a_damaged_index_is_mended_by_building_it_again(tmp_path, file):
    source = Source(articles=shop_articles())
    build(source, tmp_path, embedder=None, now=NOON)
    (live_folder(tmp_path) / file).write_bytes(b"garbage")

    build(source, tmp_path, embedder=None, now=NOON)

    assert Engine(open_generation(live_folder(tmp_path))).search("refund", lang=UNSCHOOLED).hits
