"""Every string of the interface is translated, into every language that is offered."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po

from kbportal.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
TRANSLATIONS = ROOT / "kbportal" / "translations"
LANGUAGES = sorted(path.name for path in TRANSLATIONS.iterdir() if path.is_dir())
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]")


def catalogue(lang: str) -> Catalog:
    with (TRANSLATIONS / lang / "LC_MESSAGES" / "messages.po").open("rb") as file:
        return read_po(file, locale=lang)


def strings_in_use() -> set[tuple[str, str | None]]:
    with (ROOT / "babel.cfg").open() as file:
        methods, options = parse_mapping_cfg(file)
    found = extract_from_dir(ROOT, methods, options, keywords=_keywords())
    return {(_first(message), context) for _, _, message, _, context in found}


def _keywords() -> dict[str, object]:
    from babel.messages.extract import DEFAULT_KEYWORDS

    return {**DEFAULT_KEYWORDS, "lazy_gettext": None}


def _first(message: object) -> str:
    return str(message[0] if isinstance(message, tuple) else message)


def test_every_language_of_the_demo_has_a_catalogue():
    assert {*LANGUAGES, "en"} >= set(Settings().languages)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_string_in_use_stands_in_the_catalogue(lang):
    known = {(_first(m.id), m.context) for m in catalogue(lang) if m.id}

    assert strings_in_use() - known == set()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_string_is_untranslated_or_fuzzy(lang):
    def is_missing(string: object) -> bool:
        return not all(string) if isinstance(string, tuple) else not string

    bad = [m.id for m in catalogue(lang) if m.id and (m.fuzzy or is_missing(m.string))]

    assert bad == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_placeholders_survive_translation(lang):
    for message in catalogue(lang):
        if isinstance(message.id, str) and message.id:
            wanted = sorted(PLACEHOLDER.findall(message.id))
            assert sorted(PLACEHOLDER.findall(str(message.string))) == wanted, message.id
