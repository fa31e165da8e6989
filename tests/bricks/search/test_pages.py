from __future__ import annotations

from dataclasses import replace

import pytest

from kbportal.articles.model import Status
from kbportal.articles.shelf import PassageRow, Shelf, write_shelf
from kbportal.search.pages import LEAD_WORDS, Page, rendered_pages, shelved_pages, unaffected
from tests.builders import a_page, an_article

LINKED = an_article("general/parcel")
LINKING = an_article("general/refund", body="See [your parcel](parcel.md).")
OTHER = an_article("general/cookie")
LIBRARY = [LINKED, LINKING, OTHER]


def ids(*articles) -> set[str]:
    return {article.id for article in articles}


def test_a_page_says_its_title_questions_and_text():
    page = a_page("general/a", "Body.", answers=("why?",), learned=("it broke",), summary="Sum.")

    assert page.text.split("\n") == ["Your a", "Sum.", "why?", "it broke", "", "Body."]


def test_the_lead_stops_after_the_first_words():
    page = a_page("general/a", "word " * 500)

    assert page.lead.split().count("word") == LEAD_WORDS


def test_articles_are_rendered_and_cut_into_passages():
    article = an_article(body="Start.\n\n## More\n\nThe rest.")

    (page,) = rendered_pages([article], among=[article], learned={article.id: ("a ticket",)})

    assert isinstance(page, Page)
    assert [(p.section, p.text) for p in page.passages] == [("", "Start."), ("more", "The rest.")]
    assert page.questions == ("a ticket",)


def test_a_page_comes_off_the_shelf_as_it_was_put_there(tmp_path):
    (page,) = rendered_pages([OTHER], among=LIBRARY, learned={})
    assert isinstance(page, Page)
    write_shelf(tmp_path / "shelf", [(page.article, page.rendered)], passages=rows_of(page))

    (again,) = shelved_pages(Shelf(tmp_path / "shelf"), [OTHER], learned={})

    assert (again.passages, again.rendered.html) == (page.passages, page.rendered.html)


def rows_of(page):
    return [
        PassageRow(page.article.lang, row, page.article.id, p.section, p.heading, p.text)
        for row, p in enumerate(page.passages)
    ]


def test_an_unchanged_library_is_unaffected():
    assert unaffected(LIBRARY, LIBRARY) == ids(*LIBRARY)


def test_a_changed_article_affects_itself_only():
    changed = replace(OTHER, body="New.", fingerprint="0")

    assert unaffected(LIBRARY, [LINKED, LINKING, changed]) == ids(LINKED, LINKING)


def test_a_changed_text_leaves_those_that_link_to_it():
    changed = replace(LINKED, body="New.", fingerprint="0")

    assert unaffected(LIBRARY, [changed, LINKING, OTHER]) == ids(LINKING, OTHER)


@pytest.mark.parametrize(
    "now",
    [
        [],
        [replace(LINKED, slug="post", fingerprint="0")],
        [replace(LINKED, status=Status.DRAFT, fingerprint="0")],
        [replace(LINKED, id="hr/general/post", path="hr/general/post.md")],
    ],
    ids=["deleted", "another address", "a draft now", "renamed"],
)
def test_an_article_whose_link_leads_elsewhere_now_is_affected(now):
    assert unaffected(LIBRARY, [*now, LINKING, OTHER]) == ids(OTHER)


def test_an_article_that_links_to_a_new_one_is_affected():
    assert unaffected([LINKING, OTHER], LIBRARY) == ids(OTHER)


def test_an_article_with_an_encoded_link_to_a_deleted_one_is_affected():
    spaced = an_article("general/late parcel", slug="late-parcel")
    linking = an_article("general/refund", body="See [it](late%20parcel.md).")

    assert unaffected([spaced, linking], [linking]) == set()
