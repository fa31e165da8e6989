"""What a gap survey learns from a live index."""

from __future__ import annotations

import pytest

from kbportal.deflection.gaps.library import LiveLibrary
from kbportal.search.index.generation import live_folder, open_generation
from kbportal.search.query.engine import Engine
from tests.cast import indexed_settings


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    settings = indexed_settings(tmp_path_factory.mktemp("portal"))
    generation = open_generation(live_folder(settings.indexes))
    return LiveLibrary(generation, Engine(generation), languages=settings.languages)


def test_words_of_articles_are_known_and_names_are_not(library):
    assert library.knows("en", "password")
    assert not library.knows("en", "zebulon")
    assert not library.knows("fi", "password")


def test_without_a_model_letters_decide(library):
    assert library.meaning("en").share == 0
    assert library.meaning("xx").share == 0


def test_drafts_and_staff_articles_are_not_near_and_not_public(library):
    near = library.nearest("Xylophone plan Zeppelin rules", lang="en")

    assert not {one.article for one in near} & {"en/account/secret-plan", "en/account/for-agents"}
    assert not library.is_public("en/account/secret-plan")
    assert library.is_public("en/account/reset-password")


def test_the_nearest_article_comes_with_its_category(library):
    first = library.nearest("reset your password", lang="en")[0]

    assert (first.article, first.category) == ("en/account/reset-password", "account")


def test_an_article_that_is_here_already_is_no_missing_translation(library):
    assert library.elsewhere("reset your password", lang="sk") == ""
