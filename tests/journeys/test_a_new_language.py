"""A language is a setting, a folder of articles and, for the interface, a catalogue: no code."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from flask.testing import FlaskClient

from kbportal.kernel.clock import utc_now
from kbportal.search.text.analysis import LANGUAGE_RULES
from kbportal.settings import Settings, load
from kbportal.web import locale
from kbportal.wiring import build_index, read_articles
from tests.cast import a_portal, an_app, outspoken, write_library

CZECH = {
    "cs/ucet/_category.yml": "title: Účet\nsummary: Přihlášení a heslo.\nicon: user\norder: 1\n",
    "cs/ucet/zmena-hesla.md": (
        "---\ntitle: Změna hesla\nsummary: Odkaz e-mailem.\nupdated: 2026-02-01\n"
        "answers: [zapomněl jsem heslo]\n---\nKlikněte na Zapomenuté heslo. Pošleme vám odkaz.\n"
    ),
    "cs/ucet/zruseni-uctu.md": (
        "---\ntitle: Zrušení účtu\nsummary: Natrvalo.\n---\nÚčet zrušíme do tří dnů.\n"
    ),
    "cs/doruceni/kde-je-zasilka.md": (
        "---\ntitle: Kde je moje zásilka\nsummary: Sledování.\n---\nZásilky doručujeme do pěti "
        "pracovních dnů. Dopravce posílá číslo zásilky.\n"
    ),
}
SWAHILI = {
    "sw/akaunti/nenosiri.md": (
        "---\ntitle: Kubadilisha nenosiri\nsummary: Kwa barua pepe.\n---\n"
        "Bonyeza kiungo cha kuweka upya nenosiri lako.\n"
    ),
    "sw/usafirishaji/kifurushi.md": (
        "---\ntitle: Kifurushi changu kiko wapi\nsummary: Kufuatilia.\n---\n"
        "Vifurushi hufika baada ya siku tano za kazi.\n"
    ),
}


def a_client(root: Path, languages: str, files: dict[str, str]) -> FlaskClient:
    """Of a portal that was set up by nothing but settings and files."""
    write_library(root / "articles", files)
    environ = {"KBPORTAL_LANGUAGES": languages, "KBPORTAL_MODEL": "none"}
    settings: Settings = load(root=root, environ=environ)
    build_index(settings, read_articles(settings), now=utc_now())
    portal = a_portal(replace(settings, instance=root / "instance", holdout_percent=0))
    return an_app(outspoken(portal)).test_client()


@pytest.fixture(scope="module")
def czech(tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    return a_client(tmp_path_factory.mktemp("czech"), "cs,en", CZECH)


@pytest.fixture(scope="module")
def swahili(tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    return a_client(tmp_path_factory.mktemp("swahili"), "sw", SWAHILI)


def found(client: FlaskClient, lang: str, text: str, *, by: str = "search") -> list[str]:
    answer = client.get(f"/api/v1/{by}", query_string={"q": text, "lang": lang}).json
    return [hit["slug"] for hit in answer["hits" if by == "search" else "suggestions"]]


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("heslo", "zmena-hesla"),
        ("zapomnel jsem heslo", "zmena-hesla"),
        ("ZRUSENI UCTU", "zruseni-uctu"),
        ("sledování zásilek", "kde-je-zasilka"),
    ],
)
def test_czech_finds_inflected_words_and_words_without_diacritics(czech, text, slug):
    assert found(czech, "cs", text)[0] == slug
    assert found(czech, "cs", text, by="suggest")[0] == slug


@pytest.mark.parametrize(
    "address", ["/cs/", "/cs/articles/zmena-hesla", "/cs/categories/ucet", "/cs/search?q=heslo",
                "/cs/contact", "/cs/faq"],
)  # fmt: skip
def test_czech_pages_are_there_with_an_interface_in_english(czech, address):
    page = czech.get(address)

    assert page.status_code == 200
    assert '<html lang="en"' in page.text
    assert "Contact us" in page.text
    assert "čeština" in page.text


def test_an_article_says_its_own_language_within_an_english_page(czech):
    page = czech.get("/cs/articles/zmena-hesla").text

    assert '<h1 lang="cs" dir="ltr">Změna hesla</h1>' in page
    assert '<div class="prose" data-prose lang="cs" dir="ltr">' in page


@pytest.mark.parametrize(
    ("address", "texts"),
    [
        ("/cs/", ["Účet", "Přihlášení a heslo.", "Změna hesla"]),
        ("/cs/categories/ucet", ["Účet", "Zrušení účtu", "Natrvalo."]),
        ("/cs/articles/zmena-hesla", ["Účet", "Zrušení účtu"]),
        ("/cs/search?q=heslo", ["Změna hesla"]),
        ("/cs/articles/zmena-hesla/vote", ["Změna hesla"]),
    ],
)
def test_every_text_from_an_article_says_its_language(czech, address, texts):
    page = czech.get(address).text

    for text in texts:
        marked = rf'lang="cs" dir="ltr"[^<]*>(?:<a [^>]*>)?{re.escape(text)}<'
        assert re.search(marked, page), text


def test_a_catalogue_is_all_that_a_czech_interface_needs(czech, tmp_path, monkeypatch):
    folder = tmp_path / "cs" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    catalogue = Catalog(locale="cs")
    catalogue.add("Contact us", "Napište nám")
    counted = ("článek", "články", "článků")
    catalogue.add(("%(num)d article", "%(num)d articles"), tuple(f"%(num)d {w}" for w in counted))
    with (folder / "messages.mo").open("wb") as file:
        write_mo(file, catalogue)
    monkeypatch.setattr(locale, "TRANSLATIONS", tmp_path)
    client = an_app(czech.application.extensions["kbportal"]).test_client()

    home, article = client.get("/cs/").text, client.get("/cs/articles/zmena-hesla").text

    assert '<html lang="cs"' in home
    assert "Napište nám" in home
    assert "2 články" in home
    assert "února" in article or "1. 2. 2026" in article


def test_a_language_without_dictionary_and_stemmer_is_found_by_grams_and_folding(swahili):
    assert "sw" not in LANGUAGE_RULES
    assert found(swahili, "sw", "KIFURUSHI")[0] == "kifurushi"
    assert found(swahili, "sw", "vifurushi vyangu")[0] == "kifurushi"
    assert found(swahili, "sw", "nenósiri")[0] == "nenosiri"
    assert found(swahili, "sw", "badilisha", by="suggest")[0] == "nenosiri"


def test_arabic_reads_from_the_right_within_an_english_page(tmp_path):
    files = {"ar/hisab/kalima.md": "---\ntitle: كلمة المرور\n---\nاضغط على الرابط.\n"}
    client = a_client(tmp_path, "ar", files)

    assert '<h1 lang="ar" dir="rtl">كلمة المرور</h1>' in client.get("/ar/articles/kalima").text
    assert found(client, "ar", "المرور") == ["kalima"]


def test_its_pages_are_there_as_well(swahili):
    assert swahili.get("/").headers["Location"].endswith("/sw/")
    assert "Kifurushi changu kiko wapi" in swahili.get("/sw/articles/kifurushi").text
