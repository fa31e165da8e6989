from __future__ import annotations

import json
import threading
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from kbportal.articles.model import Article, Category, Problem
from kbportal.embedding.hashing import DIMENSION, HashingEmbedder
from kbportal.embedding.ports import Embedder, ModelUnusable, Progress, Recipe, Vectors
from kbportal.search.build.builder import Built, Source, build
from kbportal.search.index.generation import Generation, live_folder, open_generation
from kbportal.search.query.engine import Engine
from tests.builders import NOON, UNSCHOOLED, an_article, shop_articles

ARTICLES = shop_articles()
BROKEN = Problem("hr/bad.md", 3, "not-utf-8", "error", "save it as UTF-8")


class Counting(HashingEmbedder):
    """Remembers what it was given; unusable as long as it is told to be."""

    def __init__(self) -> None:
        self.embedded: list[str] = []
        self.is_ill = False

    def embed(self, texts: Sequence[str], *, progress: Progress | None = None) -> Vectors:
        if self.is_ill:
            raise ModelUnusable("out of memory")
        self.embedded += texts
        return super().embed(texts, progress=progress)


class Unreadable(HashingEmbedder):
    @property
    def recipe(self) -> Recipe:  # type: ignore[override]
        raise OSError("the disk is gone")


class OtherModel(HashingEmbedder):
    recipe = Recipe(model="other", digest="2", dimension=DIMENSION)


def built(indexes: Path, articles: Sequence[Article], **facts) -> Built:
    embedder: Embedder | None = facts.pop("embedder", HashingEmbedder())
    return build(Source(articles=articles, **facts), indexes, embedder=embedder, now=NOON)


def live(indexes: Path) -> Generation:
    return open_generation(live_folder(indexes))


def found(indexes: Path, query: str) -> list[str]:
    hits = Engine(live(indexes)).search(query, lang=UNSCHOOLED, limit=50).hits
    return [hit.slug for hit in hits]


def test_a_build_counts_what_it_did(tmp_path):
    done = built(tmp_path, ARTICLES)

    assert (done.articles, done.passages, done.languages) == (12, 24, {UNSCHOOLED: 12})
    assert (done.reused, done.embedded, done.problems, done.degraded) == (0, 48, (), "")


def test_an_unchanged_library_keeps_its_generation(tmp_path):
    first = built(tmp_path, ARTICLES)

    again = built(tmp_path, ARTICLES)

    assert (again.generation, again.embedded) == (first.generation, 0)
    assert (again.articles, again.languages) == (first.articles, first.languages)


def test_the_order_of_articles_does_not_matter(tmp_path):
    first = built(tmp_path, ARTICLES)

    assert built(tmp_path, ARTICLES[::-1]).generation == first.generation


def test_an_empty_library_has_an_index_that_finds_nothing(tmp_path):
    assert built(tmp_path, []).articles == 0
    assert found(tmp_path, "password") == []


def test_only_a_changed_article_is_embedded_again(tmp_path):
    built(tmp_path, ARTICLES)
    changed = replace(ARTICLES[0], body="Quite another text.", fingerprint="0")

    done = built(tmp_path, [changed, *ARTICLES[1:]])

    assert (done.embedded, done.reused) == (1, 46)


def test_a_changed_article_is_found_by_its_new_words(tmp_path):
    built(tmp_path, ARTICLES)

    built(tmp_path, [replace(ARTICLES[0], body="Xylophone.", fingerprint="0"), *ARTICLES[1:]])

    assert ARTICLES[0].slug in found(tmp_path, "xylophone")


def test_a_deleted_article_is_gone(tmp_path):
    built(tmp_path, ARTICLES)

    built(tmp_path, ARTICLES[1:])

    assert ARTICLES[0].slug not in found(tmp_path, ARTICLES[0].slug)


def test_a_renamed_article_is_found_at_its_new_address_without_embedding_it_again(tmp_path):
    built(tmp_path, ARTICLES)
    renamed = replace(ARTICLES[0], id="hr/general/pin", path="hr/general/pin.md", slug="pin")

    done = built(tmp_path, [renamed, *ARTICLES[1:]])

    assert done.embedded == 0
    assert "pin" in found(tmp_path, "password")
    assert "password" not in found(tmp_path, "password")


def test_an_article_made_a_draft_is_gone(tmp_path):
    built(tmp_path, ARTICLES)
    draft = shop_articles(["password"], status="draft")[0]

    built(tmp_path, [draft, *ARTICLES[1:]])

    assert "password" not in found(tmp_path, "password")


def test_a_change_in_one_language_leaves_the_others_as_they_are(tmp_path):
    others = shop_articles(lang="sq")
    built(tmp_path, [*ARTICLES, *others])

    done = built(tmp_path, [*ARTICLES[1:], *others])

    assert (done.languages, done.embedded) == ({UNSCHOOLED: 11, "sq": 12}, 0)
    hits = Engine(live(tmp_path)).search("my refund", lang="sq").hits
    assert (hits[0].slug, hits[0].lang) == ("refund", "sq")


def test_a_translation_is_taken_over_together_with_what_it_learnt(tmp_path):
    others = shop_articles(lang="sq")
    learned = {others[2].id: ("the doohickey fell apart",)}
    built(tmp_path, [*ARTICLES, *others], learned=learned)

    built(tmp_path, [*ARTICLES[1:], *others], learned=learned)

    assert Engine(live(tmp_path)).search("doohickey", lang="sq").hits[0].slug == others[2].slug


def test_a_new_title_of_a_category_is_published(tmp_path):
    category = Category(UNSCHOOLED, "general", "General")
    built(tmp_path, ARTICLES, categories=[category])

    built(tmp_path, ARTICLES, categories=[replace(category, title="Everything")])

    assert [one.title for one, _ in live(tmp_path).shelf.categories(UNSCHOOLED)] == ["Everything"]


def test_a_ticket_teaches_its_words_to_the_article_that_solved_it(tmp_path):
    built(tmp_path, ARTICLES)
    learned = {ARTICLES[2].id: ("the doohickey fell apart",)}

    done = built(tmp_path, ARTICLES, learned=learned)

    assert done.embedded == 1
    assert found(tmp_path, "doohickey")[0] == ARTICLES[2].slug


def test_another_model_embeds_everything_again(tmp_path):
    first = built(tmp_path, ARTICLES)

    done = built(tmp_path, ARTICLES, embedder=OtherModel())

    assert (done.embedded, done.reused) == (first.embedded, 0)


def test_an_index_of_an_earlier_format_is_built_again(tmp_path):
    first = built(tmp_path, ARTICLES)
    manifest = tmp_path / first.generation / "manifest.json"
    manifest.write_text(json.dumps({"format": 1, "ranker": "1", "source": "another"}))

    assert built(tmp_path, ARTICLES).embedded == first.embedded


def test_a_rebuilt_index_gives_the_same_answers(tmp_path):
    built(tmp_path / "1", ARTICLES)
    built(tmp_path / "2", ARTICLES)

    one, two = (Engine(live(tmp_path / n)).search("my refund", lang=UNSCHOOLED) for n in "12")

    assert one.hits == two.hits


def test_problems_of_reading_are_passed_on_and_remembered(tmp_path):
    built(tmp_path, ARTICLES, problems=[BROKEN])

    assert built(tmp_path, ARTICLES, problems=[BROKEN]).problems == (BROKEN,)


def test_a_file_that_broke_since_is_reported_although_the_index_stays(tmp_path):
    built(tmp_path, ARTICLES)

    assert built(tmp_path, ARTICLES, problems=[BROKEN]).problems == (BROKEN,)


def test_a_problem_that_was_mended_is_not_reported_again(tmp_path):
    built(tmp_path, ARTICLES, problems=[BROKEN])

    assert built(tmp_path, ARTICLES).problems == ()


def test_a_page_that_cannot_be_rendered_is_a_problem_and_the_others_are_built(tmp_path):
    huge = an_article("general/huge", body="word " * 300_000)

    done = built(tmp_path, [*ARTICLES, huge])

    assert done.articles == len(ARTICLES)
    assert [(p.file, p.severity) for p in done.problems] == [(huge.path, "error")]


@pytest.mark.parametrize(
    ("stage", "crash"),
    [("render", OSError), ("keywords", KeyboardInterrupt), ("embed", RuntimeError),
     ("calibrate", SystemExit)],
)  # fmt: skip
def test_a_crash_in_the_middle_leaves_the_live_generation(tmp_path, stage, crash):
    first = built(tmp_path, ARTICLES)

    def fail(at: str, done: int, total: int) -> None:
        if at == stage:
            raise crash

    with pytest.raises(crash):
        build(
            Source(articles=[*ARTICLES[1:], an_article("general/new")]), tmp_path,
            embedder=HashingEmbedder(), now=NOON, progress=fail,
        )  # fmt: skip

    assert live(tmp_path).id == first.generation
    assert "refund" in found(tmp_path, "my refund")
    assert {path.name for path in tmp_path.iterdir() if path.is_dir()} == {first.generation}


def test_what_a_killed_build_left_is_swept_away(tmp_path):
    (tmp_path / ".20260101T000000-abcdef").mkdir()
    for name in ("current.4711", ".readings.json.4711"):
        (tmp_path / name).write_text("half of it")

    done = built(tmp_path, ARTICLES)

    left = {path.name for path in tmp_path.iterdir()} - {".building.lock"}
    assert left == {done.generation, "current", ".readings.json"}


def test_readers_of_the_generation_before_finish_undisturbed(tmp_path):
    built(tmp_path, ARTICLES)
    reader = Engine(live(tmp_path))

    built(tmp_path, ARTICLES[1:])

    assert "password" in {h.slug for h in reader.search("password", lang=UNSCHOOLED).hits}


def test_old_generations_do_not_pile_up(tmp_path):
    for size in (2, 3, 4, 5, 6):
        built(tmp_path, ARTICLES[:size])

    assert len([path for path in tmp_path.iterdir() if path.is_dir()]) <= 3


def test_two_builders_at_once_wait_for_each_other(tmp_path):
    done: list[Built] = []
    builders = [
        threading.Thread(target=lambda: done.append(built(tmp_path, ARTICLES))) for _ in range(2)
    ]
    for builder in builders:
        builder.start()
    for builder in builders:
        builder.join()

    assert {one.generation for one in done} == {live(tmp_path).id}


def test_without_a_model_an_index_goes_by_keywords_and_says_so(tmp_path):
    done = built(tmp_path, ARTICLES, embedder=None)

    assert (done.degraded, live(tmp_path).degraded) == ("no_model", "no_model")
    assert "refund" in found(tmp_path, "refund")


def test_a_model_that_cannot_be_read_costs_only_meaning(tmp_path):
    done = built(tmp_path, ARTICLES, embedder=Unreadable())

    assert done.degraded == "model_unusable"
    assert "refund" in found(tmp_path, "refund")


def test_a_model_that_fails_while_embedding_costs_only_meaning(tmp_path):
    embedder = Counting()
    embedder.is_ill = True

    done = built(tmp_path, ARTICLES, embedder=embedder)

    assert (done.degraded, done.embedded) == ("model_unusable", 0)
    assert "refund" in found(tmp_path, "refund")


def test_a_model_that_works_again_is_used_by_the_next_build(tmp_path):
    embedder = Counting()
    embedder.is_ill = True
    built(tmp_path, ARTICLES, embedder=embedder)
    embedder.is_ill = False

    built(tmp_path, ARTICLES, embedder=embedder)

    assert live(tmp_path).degraded == ""


def test_with_a_model_again_the_index_is_built_again(tmp_path):
    built(tmp_path, ARTICLES, embedder=None)

    assert built(tmp_path, ARTICLES).embedded > 0
    assert live(tmp_path).degraded == ""


def test_what_staff_write_is_not_embedded(tmp_path):
    embedder = Counting()
    hidden = an_article("general/secret", body="Zeppelin.", audience="staff")

    built(tmp_path, [*ARTICLES, hidden], embedder=embedder)

    assert not [text for text in embedder.embedded if "Zeppelin" in text]


def test_a_language_of_drafts_only_finds_nothing(tmp_path):
    built(tmp_path, shop_articles(status="draft"))

    assert found(tmp_path, "password") == []


def test_progress_ends_at_the_total_of_every_stage(tmp_path):
    last: dict[str, tuple[int, int]] = {}

    build(
        Source(articles=ARTICLES), tmp_path, embedder=HashingEmbedder(), now=NOON,
        progress=lambda stage, done, total: last.update({stage: (done, total)}),
    )  # fmt: skip

    assert last.keys() == {"render", "keywords", "embed", "calibrate"}
    assert all(done == total for done, total in last.values())


def test_a_large_first_index_is_searchable_by_keywords_before_it_is_embedded(tmp_path):
    seen: list[tuple[str, bool]] = []

    def look(stage: str, done: int, total: int) -> None:
        if stage == "embed" and done < total:
            seen.append((live(tmp_path).degraded, "refund" in found(tmp_path, "refund")))

    done = build(
        Source(articles=ARTICLES), tmp_path, embedder=HashingEmbedder(), now=NOON,
        keywords_first=len(ARTICLES), progress=look,
    )  # fmt: skip

    assert set(seen) == {("embedding", True)}
    assert (live(tmp_path).id, live(tmp_path).degraded) == (done.generation, "")
    assert done.embedded == 48


@pytest.mark.parametrize("keywords_first", [None, 13])
def test_a_small_first_index_is_built_in_one_go(tmp_path, keywords_first):
    stages: list[str] = []

    build(
        Source(articles=ARTICLES), tmp_path, embedder=HashingEmbedder(), now=NOON,
        keywords_first=keywords_first,
        progress=lambda stage, done, total: stages.append(stage),
    )  # fmt: skip

    assert stages.count("calibrate") > 0
    assert "calibrate" not in stages[: stages.index("embed")]


def test_an_index_that_has_vectors_keeps_them_while_it_is_brought_up_to_date(tmp_path):
    built(tmp_path, ARTICLES)
    seen: set[str] = set()

    build(
        Source(articles=ARTICLES[1:]), tmp_path, embedder=HashingEmbedder(), now=NOON,
        keywords_first=1,
        progress=lambda stage, done, total: seen.add(live(tmp_path).degraded),
    )  # fmt: skip

    assert seen == {""}


def test_what_an_index_learnt_about_itself_is_told_whenever_it_is_asked(tmp_path):
    first = built(tmp_path, ARTICLES)

    assert set(first.calibration[UNSCHOOLED]) == {"trust", "weights", "confidence", "rehearsals"}
    assert built(tmp_path, ARTICLES).calibration == first.calibration
