"""Synonyms in a generation: written when it is built, looked up in every query.

They stand beside the indexes, not in them: a changed file takes effect with the next build, in
seconds, and no article is analysed again. Phrases are compared by terms, so that inflected words
and words without diacritics match; the forms of words that no article has are stored with them.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from kbportal.articles.synonyms import LONGEST_PHRASE, Synonym
from kbportal.kernel.text import fold
from kbportal.search.text.analysis import (
    MAX_CHARACTERS,
    MAX_TERMS,
    WORD,
    Analyser,
    forget_dictionaries,
    learn_forms,
)

MOST_OTHERS = 8

_FOLDER = "synonyms"

Terms = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """A phrase of a query, as typed, and what else it may mean."""

    phrase: str
    others: tuple[str, ...]


class SynonymTable:
    """The synonyms of one language, by the terms of what is typed."""

    def __init__(
        self, synonyms: Sequence[Synonym], forms: Mapping[str, str], analyser: Analyser
    ) -> None:
        self._forms = forms
        self._analyser = analyser
        self._others: dict[Terms, dict[Terms, str]] = {}
        for synonym in synonyms:
            meant = {self._terms(phrase): phrase for phrase in synonym.meant}
            for phrase in synonym.typed:
                self._others.setdefault(self._terms(phrase), {}).update(meant)
        self._vocabulary = {term for terms in self._others for term in terms}

    def readings(self, text: str) -> tuple[Reading, ...]:
        """Phrases of a typed text that have synonyms, the longest first where they overlap."""
        return tuple(self._found(text[:MAX_CHARACTERS])) if self._others else ()

    def knows(self, word: str) -> bool:
        """Whether a word stands in a phrase that may be typed."""
        return bool(self._others) and self._term(word) in self._vocabulary

    def _found(self, text: str) -> Iterator[Reading]:
        places = list(WORD.finditer(text))[:MAX_TERMS]
        terms = tuple(self._term(place.group()) for place in places)
        at = 0
        while at < len(terms):
            size = self._longest(terms, at)
            if size:
                others = self._others_of(terms[at : at + size])
                phrase = text[places[at].start() : places[at + size - 1].end()]
                yield Reading(phrase, others)
            at += size or 1

    def _longest(self, terms: Terms, at: int) -> int:
        """How many terms from here on make a known phrase; 0 for none."""
        sizes = range(min(LONGEST_PHRASE, len(terms) - at), 0, -1)
        return next((size for size in sizes if terms[at : at + size] in self._others), 0)

    def _others_of(self, typed: Terms) -> tuple[str, ...]:
        found = (phrase for terms, phrase in self._others[typed].items() if terms != typed)
        return tuple(found)[:MOST_OTHERS]

    def _terms(self, phrase: str) -> Terms:
        return tuple(self._term(word) for word in WORD.findall(phrase))

    def _term(self, word: str) -> str:
        return self._forms.get(fold(word)) or self._analyser.term(word)


def write_synonyms(
    folder: Path, synonyms: Mapping[str, Sequence[Synonym]], before: Path | None
) -> None:
    """Write the synonyms of each language into a generation.

    Args:
        before: An earlier generation; what is the same there is taken over, since the forms of
            words cost the opening of a dictionary.
    """
    (folder / _FOLDER).mkdir()
    for lang, found in synonyms.items():
        groups = [[one.typed, one.meant] for one in found]
        known = _file(before, lang) if before else None
        if known and known.is_file() and _groups(known) == json.loads(json.dumps(groups)):
            shutil.copyfile(known, _file(folder, lang))
        elif found:
            phrases = (phrase for one in found for phrase in (*one.typed, *one.meant))
            record = {"groups": groups, "forms": learn_forms(lang, phrases)}
            _file(folder, lang).write_text(json.dumps(record), encoding="utf-8")
            forget_dictionaries()


def open_synonyms(folder: Path, lang: str, analyser: Analyser) -> SynonymTable:
    """The synonyms of one language; none where none were written.

    Raises:
        OSError, ValueError, KeyError, TypeError: The file is damaged.
    """
    file = _file(folder, lang)
    if not file.exists():
        return SynonymTable((), {}, analyser)
    record = json.loads(file.read_text(encoding="utf-8"))
    synonyms = [Synonym(tuple(typed), tuple(meant)) for typed, meant in record["groups"]]
    return SynonymTable(synonyms, dict(record["forms"]), analyser)


def _file(folder: Path, lang: str) -> Path:
    return folder / _FOLDER / f"{lang}.json"


def _groups(file: Path) -> object:
    try:
        return json.loads(file.read_text(encoding="utf-8"))["groups"]
    except (OSError, ValueError, KeyError, TypeError):
        return None
