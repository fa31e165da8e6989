"""An index that was brought up to date answers as one that was built from nothing.

Forms and weights are learnt from the corpus as a whole and kept for a while (see
`kbportal.search.index.plan`); everything else must come out the same, number by number.
"""

from __future__ import annotations

import json
import random
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import count
from pathlib import Path

import numpy as np
import pytest

from kbportal.articles.library import read_library
from kbportal.articles.model import Article, Audience, Category, Status
from kbportal.embedding.hashing import HashingEmbedder
from kbportal.embedding.ports import Embedder
from kbportal.search.build.builder import Built, Source, build
from kbportal.search.index.generation import Generation, live_folder, open_generation
from kbportal.search.query.engine import Engine
from tests.bricks.search.conftest import DEMO_ARTICLES
from tests.builders import NOON, UNSCHOOLED, an_article, shop_articles

Library = list[Article]
Edit = Callable[[Library], Library]

NEVER = 1e9
_versions = count(1)


def edited(article: Article, **facts: object) -> Article:
    return replace(article, fingerprint=f"{next(_versions):064x}", **facts)  # type: ignore[arg-type]


def a_text_like(articles: Sequence[Article], seed: int = 1) -> str:
    """Paragraphs that others wrote, so that no word is new."""
    chance = random.Random(seed)
    lines = [line for one in articles for line in one.body.split("\n") if line.strip()]
    return "\n\n".join(chance.sample(lines, 6))


EDITS: dict[str, Edit] = {
    "change": lambda found: [edited(found[0], body=a_text_like(found)), *found[1:]],
    "new title": lambda found: [edited(found[0], title=found[1].title), *found[1:]],
    "shorten": lambda found: [edited(found[0], body="Short."), *found[1:]],
    "add": lambda found: [
        *found,
        edited(found[0], id=f"{found[0].lang}/new/one", path=f"{found[0].lang}/new/one.md",
               slug="one", body=a_text_like(found)),
    ],
    "delete": lambda found: [*found[:3], *found[4:]],
    "rename": lambda found: [
        replace(found[0], id=f"{found[0].lang}/zz/moved", path=f"{found[0].lang}/zz/moved.md",
                slug="moved"),
        *found[1:],
    ],
    "hide": lambda found: [
        edited(found[0], status=Status.DRAFT), edited(found[1], audience=Audience.STAFF), *found[2:]
    ],
    "new questions": lambda found: [edited(found[2], answers=(found[3].title,)), *found[:2],
                                    *found[3:]],
    "another category": lambda found: [edited(found[0], category="other"), *found[1:]],
}  # fmt: skip


def updated(indexes: Path, libraries: Sequence[Library], **facts: object) -> Built:
    """One build after another, never learning forms or weights again."""
    for articles in libraries:
        done = built(indexes, articles, **facts)
    return done


def built(indexes: Path, articles: Library, **facts: object) -> Built:
    embedder: Embedder | None = facts.pop("embedder", HashingEmbedder())  # type: ignore[assignment]
    source = Source(articles=articles, **facts)  # type: ignore[arg-type]
    return build(source, indexes, embedder=embedder, now=NOON, learn_again=NEVER)


def afresh(indexes: Path, articles: Library, *, like: Path, **facts: object) -> Path:
    """A build from nothing, with the weights of another index."""
    built(indexes, articles, **facts)
    for kept in live_folder(like).glob("*/calibration.json"):
        target = live_folder(indexes) / kept.parent.name / kept.name
        target.unlink(missing_ok=True)
        target.write_bytes(kept.read_bytes())
    return indexes


def assert_same(one: Path, other: Path, articles: Library) -> None:
    assert_same_arrays(live_folder(one), live_folder(other))
    assert shelf_of(one) == shelf_of(other)
    first, second = open_live(one), open_live(other)
    assert first.languages.keys() == second.languages.keys()
    for lang in first.languages:
        for query in queries(articles, lang):
            assert answers(first, query, lang) == answers(second, query, lang), (query, lang)


def assert_same_arrays(one: Path, other: Path) -> None:
    names = {str(path.relative_to(one)) for path in one.rglob("*.npy")}
    assert names == {str(path.relative_to(other)) for path in other.rglob("*.npy")}
    for name in sorted(names):
        np.testing.assert_array_equal(np.load(one / name), np.load(other / name), err_msg=name)
    for lang in {path.parent.name for path in one.glob("*/articles.json")}:
        first, second = (json.loads((f / lang / "articles.json").read_text()) for f in (one, other))
        assert first == second


def shelf_of(indexes: Path) -> dict[str, list[tuple[object, ...]]]:
    with sqlite3.connect(live_folder(indexes) / "shelf.sqlite") as file:
        return {
            table: sorted(file.execute(f"SELECT * FROM {table}"), key=repr)
            for table in ("articles", "categories", "redirects", "passages")
        }


def open_live(indexes: Path) -> Generation:
    return open_generation(live_folder(indexes))


def answers(generation: Generation, query: str, lang: str) -> object:
    engine = Engine(generation)
    found = engine.search(query, lang=lang, limit=100)
    suggested = engine.suggest(query, lang=lang)
    quoted = {hit.slug for hit in engine.search(f'"{query}"', lang=lang, limit=100).hits}
    staff = {card.id for card in engine.find_for_staff(query, lang=lang, limit=1000)}
    return found.hits, found.total, suggested.hits, quoted, staff


def queries(articles: Library, lang: str) -> list[str]:
    own = [article for article in articles if article.lang == lang]
    chance = random.Random(3)
    words = sorted({word for one in own for word in one.body.split()})
    typed = [" ".join(chance.sample(words, min(3, len(words)))) for _ in range(10)]
    return [*(one.title for one in own[:8]), *typed, *(text[:-2] for text in typed[:5]), "zzz"]


@pytest.fixture(scope="module")
def shop() -> Library:
    """Twenty-four articles in two languages without a dictionary."""
    return [
        edited(one, redirect_from=(f"old-{one.slug}", "old"))
        for one in (*shop_articles(), *shop_articles(lang="sq"))
    ]


@pytest.fixture(scope="module")
def shop_index(shop: Library, tmp_path_factory: pytest.TempPathFactory) -> Path:
    indexes = tmp_path_factory.mktemp("shop")
    built(indexes, shop)
    return indexes


@pytest.mark.parametrize("edit", EDITS.values(), ids=EDITS.keys())
def test_an_update_is_as_good_as_a_build_from_nothing(tmp_path, shop, shop_index, edit):
    after = edit(shop)

    updated(tmp_path / "updated", [shop, after])

    afresh(tmp_path / "afresh", after, like=tmp_path / "updated")
    assert_same(tmp_path / "updated", tmp_path / "afresh", after)
    built(tmp_path / "updated", shop)
    assert_same(tmp_path / "updated", shop_index, shop)


@pytest.mark.parametrize("seed", range(3))
def test_so_are_many_updates_one_after_another(tmp_path, shop, seed):
    chance = random.Random(seed)
    libraries = [shop]
    for _ in range(7):
        now = libraries[-1]
        edit = EDITS[chance.choice([name for name in EDITS if name not in ("add", "rename")])]
        libraries.append(edit(chance.sample(now, len(now))))

    updated(tmp_path / "updated", libraries)

    afresh(tmp_path / "afresh", libraries[-1], like=tmp_path / "updated")
    assert_same(tmp_path / "updated", tmp_path / "afresh", libraries[-1])


@pytest.mark.parametrize("embedder", [None, HashingEmbedder()], ids=["keywords", "meaning"])
def test_so_is_an_update_in_languages_with_dictionaries(tmp_path, embedder):
    before = list(read_library(DEMO_ARTICLES, languages=["en", "ro", "sk"]).articles)
    own = [one for one in before if one.lang == "sk"]
    after = [edited(own[0], body=a_text_like(own)), *(one for one in before if one is not own[0])]

    updated(tmp_path / "updated", [before, after], embedder=embedder)

    afresh(tmp_path / "afresh", after, like=tmp_path / "updated", embedder=embedder)
    assert_same(tmp_path / "updated", tmp_path / "afresh", after)


def test_so_is_an_update_by_what_tickets_taught(tmp_path, shop):
    learned = {shop[2].id: ("the doohickey fell apart",)}
    built(tmp_path / "updated", shop, learned={shop[3].id: ("it broke",)})

    built(tmp_path / "updated", shop, learned=learned)

    afresh(tmp_path / "afresh", shop, like=tmp_path / "updated", learned=learned)
    assert_same(tmp_path / "updated", tmp_path / "afresh", shop)


def test_so_is_an_update_that_brings_a_language_and_takes_one(tmp_path, shop):
    after = [*(one for one in shop if one.lang == "sq"), *shop_articles(lang="is")]

    updated(tmp_path / "updated", [shop, after])

    afresh(tmp_path / "afresh", after, like=tmp_path / "updated")
    assert_same(tmp_path / "updated", tmp_path / "afresh", after)


def test_so_is_an_update_from_keywords_alone_to_meaning(tmp_path, shop):
    built(tmp_path / "updated", shop, embedder=None)

    built(tmp_path / "updated", shop)

    afresh(tmp_path / "afresh", shop, like=tmp_path / "updated")
    assert_same(tmp_path / "updated", tmp_path / "afresh", shop)


def test_a_new_title_of_a_category_needs_no_article_to_change(tmp_path, shop):
    category = Category(UNSCHOOLED, "general", "General")
    built(tmp_path, shop, categories=[category])

    built(tmp_path, shop, categories=[replace(category, title="Everything")])

    titles = [one.title for one, _ in open_live(tmp_path).shelf.categories(UNSCHOOLED)]
    assert titles == ["Everything"]


def test_the_generation_before_is_not_touched_by_an_update(tmp_path, shop):
    first = tmp_path / built(tmp_path, shop).generation
    before = {path: path.read_bytes() for path in first.rglob("*") if path.is_file()}

    built(tmp_path, EDITS["hide"](shop))

    assert {path: path.read_bytes() for path in first.rglob("*") if path.is_file()} == before


KILLED = """
import os, signal, sys
from pathlib import Path
from kbportal.embedding.hashing import HashingEmbedder
from kbportal.search.build.builder import Source, build
from tests.builders import NOON, shop_articles

def die(stage, done, total):
    if stage == sys.argv[2]:
        os.kill(os.getpid(), signal.SIGKILL)

source = Source(articles=shop_articles(["zebra"]) + shop_articles()[2:])
build(source, Path(sys.argv[1]), embedder=HashingEmbedder(), now=NOON,
      learn_again=float(sys.argv[3]), progress=die)
"""


@pytest.mark.parametrize("learn_again", [0.0, NEVER], ids=["learning", "updating"])
@pytest.mark.parametrize("stage", ["render", "keywords", "embed"])
def test_an_update_that_is_killed_leaves_the_live_index_whole(tmp_path, stage, learn_again):
    first = built(tmp_path, shop_articles())

    command = [sys.executable, "-c", KILLED, str(tmp_path), stage, str(learn_again)]
    killed = subprocess.run(command, check=False, cwd=Path(__file__).parents[3])

    assert killed.returncode == -signal.SIGKILL
    assert open_live(tmp_path).id == first.generation
    built(tmp_path / "afresh", shop_articles())
    assert_same(tmp_path, tmp_path / "afresh", shop_articles())
    assert built(tmp_path, shop_articles()[1:]).articles == 11


def test_a_word_that_nobody_knew_is_found_as_it_is_written_until_forms_are_learnt(tmp_path):
    library = [an_article(f"general/a{n}", lang="en", body=f"Text number {n}.") for n in range(30)]
    built(tmp_path, library)

    built(tmp_path, [edited(library[0], body="Two octopuses live here."), *library[1:]])

    assert slugs(tmp_path, "octopuses") == ["a0"]


def test_forms_and_weights_are_learnt_again_when_enough_has_changed(tmp_path):
    library = [an_article(f"general/a{n}", lang="en", body=f"Text number {n}.") for n in range(40)]
    sources = [library]
    for n in range(3):
        sources.append([*sources[-1][:n], edited(library[n], body="New."), *library[n + 1 :]])

    changed = []
    for articles in sources:
        build(Source(articles=articles), tmp_path, embedder=None, now=NOON)
        changed.append(open_live(tmp_path).manifest["learnt"]["en"]["changed_since"])

    assert changed == [0, 1, 2, 0]


def test_an_article_that_was_hidden_is_offered_as_no_correction(tmp_path, shop):
    secret = an_article("general/secret", title="Xylophone", body="Xylophone.")
    built(tmp_path, [*shop, secret])

    built(tmp_path, [*shop, edited(secret, status=Status.DRAFT)])

    assert Engine(open_live(tmp_path)).corrected("xylophon", lang=UNSCHOOLED) is None


def slugs(indexes: Path, query: str) -> list[str]:
    hits = Engine(open_live(indexes)).search(query, lang="en", limit=1).hits
    return [hit.slug for hit in hits]
