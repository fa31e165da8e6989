from __future__ import annotations

from dataclasses import replace

import pytest

from kbportal.articles.model import Status
from kbportal.search.build.shelving import rendered_pages, unaffected
from kbportal.search.index.pages import Page
from tests.builders import an_article

LINKED = an_article("general/parcel")
LINKING = an_article("general/refund", body="See [your parcel](parcel.md).")
OTHER = an_article("general/cookie")
LIBRARY = [LINKED, LINKING, OTHER]


def ids(*articles) -> set[str]:
    return {article.id for article in articles}


def test_articles_are_rendered_and_cut_into_passages():
    article = an_article(body="Start.\n\n## More\n\nThe rest.")

    (page,) = rendered_pages([article], among=[article])

    assert isinstance(page, Page)
    assert [(p.section, p.text) for p in page.passages] == [("", "Start."), ("more", "The rest.")]


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


def test_an_article_whose_picture_changed_is_affected():
    showing = an_article("general/refund", body="See ![it](pictures/a%20label.png).")

    changed = ["general/pictures/a label.png"]

    assert unaffected([showing, OTHER], [showing, OTHER], changed=changed) == ids(OTHER)
