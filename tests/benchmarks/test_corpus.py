from __future__ import annotations

import tarfile
from pathlib import Path

import pytest

from benchmarks.corpus import write_corpus
from benchmarks.real_articles import read_real_articles
from kbportal.articles.library import read_library

REAL = {
    "en/billing/refund.md": "---\ntitle: Refunds\n---\n# Refunds\n\nWe refund. It takes a week.\n\n"
    "## How\n\n- Ask us.\n- Wait.\n\nSend the parcel back. Keep the slip.\n",
    "en/account/deep/password.md": "---\ntitle: Passwords\n---\nChoose a long one. Tell nobody.\n",
    "sk/ucet/heslo.md": "---\ntitle: Heslo\n---\nZvoľte dlhé heslo.\n",
}  # fmt: skip


@pytest.fixture
def published(tmp_path: Path) -> Path:
    for path, text in REAL.items():
        file = tmp_path / "published" / "some-product" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    return tmp_path / "published"


def written(folder: Path) -> dict[str, str]:
    return {
        file.relative_to(folder).as_posix(): file.read_text(encoding="utf-8")
        for file in folder.rglob("*.md")
    }


def test_a_corpus_has_the_real_articles_first_and_as_many_as_asked_for(published, tmp_path):
    write_corpus(read_real_articles(published, "en"), tmp_path / "out", 9, lang="en", seed=1)

    library = read_library(tmp_path / "out")
    found = written(tmp_path / "out")
    assert len(library.articles) == len(found) == 9
    assert not [one for one in library.problems if one.severity == "error"]
    assert found["en/billing/refund.md"] == REAL["en/billing/refund.md"]


def test_a_corpus_is_the_same_for_the_same_seed_and_another_for_another(published, tmp_path):
    real = read_real_articles(published, "en")
    for name, seed in (("one", 1), ("same", 1), ("other", 2)):
        write_corpus(real, tmp_path / name, 9, lang="en", seed=seed)

    one, same, other = (written(tmp_path / name) for name in ("one", "same", "other"))
    assert one == same != other


def test_a_larger_corpus_begins_with_the_smaller_one(published, tmp_path):
    real = read_real_articles(published, "en")
    for size in (5, 8):
        write_corpus(real, tmp_path / str(size), size, lang="en", seed=1)

    small, large = (written(tmp_path / size) for size in ("5", "8"))
    assert small.items() < large.items()


def test_packed_articles_are_read_like_unpacked_ones(published, tmp_path):
    (tmp_path / "packed").mkdir()
    with tarfile.open(tmp_path / "packed" / "articles.tar.xz", "w:xz") as tar:
        tar.add(published, arcname="collection")

    assert read_real_articles(tmp_path / "packed", "en") == read_real_articles(published, "en")


def test_a_folder_without_articles_of_the_language_is_said_to_be_one(published):
    with pytest.raises(SystemExit, match="'fi'"):
        read_real_articles(published, "fi")
