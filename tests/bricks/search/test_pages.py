from __future__ import annotations

from kbportal.articles.shelf import Shelf, write_shelf
from kbportal.search.index.pages import LEAD_WORDS, ShelvedPages, as_shelved
from tests.builders import a_page


def test_a_page_says_its_title_questions_and_text():
    page = a_page("general/a", "Body.", answers=("why?",), learned=("it broke",), summary="Sum.")

    assert page.text.split("\n") == ["Your a", "Sum.", "why?", "it broke", "", "Body."]


def test_the_lead_stops_after_the_first_words():
    page = a_page("general/a", "word " * 500)

    assert page.lead.split().count("word") == LEAD_WORDS


def test_pages_come_off_the_shelf_as_they_were_put_there(tmp_path):
    pages = [a_page("general/a", "One.", "Two.", learned=("why?",)), a_page("general/b", "Three.")]
    write_shelf(tmp_path / "shelf", map(as_shelved, pages))

    articles = [page.article for page in pages]
    shelved = ShelvedPages(Shelf(tmp_path / "shelf"), articles, {articles[0].id: ("why?",)})

    assert list(shelved) == pages
    assert list(shelved[1:]) == pages[1:]
