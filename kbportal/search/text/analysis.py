"""Text to terms, per language, so that `hesla`, `heslo` and text without diacritics meet.

Three views of every text: *words* (folded stem of the lemma), *heads* (the first letters of each
folded word) and *grams* (folded runs of four characters of each padded word). Words know grammar;
heads forgive endings that no dictionary has; grams forgive typos, compounds and the rest of a
word that is still being typed. A new language is one line in LANGUAGE_RULES, or none at all.

The dictionaries are large (Polish and Finnish take 350 MB each), so they are opened only when an
index is built; what customers need of them is written down as a `Forms` table.
"""

from __future__ import annotations

import gc
import re
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from kbportal.kernel.text import fold

MAX_CHARACTERS = 512
MAX_TERMS = 32
GRAM = 4
HEAD = 5

WORD = re.compile(r"[^\W_]+")
"""Letters and digits without a break: what every part of search takes for a word."""

# Letters and digits held together by single marks: KB-1234, 5.7.750, v2.1, AZ/17_b.
_COMPOSED = re.compile(r"[^\W_]+(?:[-.:/_][^\W_]+)+")
_DIGIT = re.compile(r"\d")
_LONGEST_WORD = 40
_LONGEST_CODE = 20
_stemmers = threading.local()
_REMEMBERED_WORDS = 200_000

Lookup = Callable[[str], str | None]
"""Folded form → term, or None where the table does not know it."""


@dataclass(frozen=True, slots=True)
class LanguageRules:
    """What the libraries know of a language: names of a dictionary and of a stemmer, or ""."""

    lemmas: str = ""
    stemmer: str = ""


LANGUAGE_RULES: Mapping[str, LanguageRules] = {
    "cs": LanguageRules(lemmas="cs"),
    "da": LanguageRules(lemmas="da", stemmer="danish"),
    "de": LanguageRules(lemmas="de", stemmer="german"),
    "en": LanguageRules(lemmas="en", stemmer="english"),
    "es": LanguageRules(lemmas="es", stemmer="spanish"),
    "et": LanguageRules(lemmas="et", stemmer="estonian"),
    "fi": LanguageRules(lemmas="fi", stemmer="finnish"),
    "fr": LanguageRules(lemmas="fr", stemmer="french"),
    "hu": LanguageRules(lemmas="hu", stemmer="hungarian"),
    "it": LanguageRules(lemmas="it", stemmer="italian"),
    "lt": LanguageRules(lemmas="lt", stemmer="lithuanian"),
    "lv": LanguageRules(lemmas="lv"),
    "nb": LanguageRules(lemmas="nb", stemmer="norwegian"),
    "nl": LanguageRules(lemmas="nl", stemmer="dutch"),
    "pl": LanguageRules(lemmas="pl", stemmer="polish"),
    "pt": LanguageRules(lemmas="pt", stemmer="portuguese"),
    "ro": LanguageRules(lemmas="ro", stemmer="romanian"),
    "ru": LanguageRules(lemmas="ru", stemmer="russian"),
    "sk": LanguageRules(lemmas="sk"),
    "sl": LanguageRules(lemmas="sl"),
    "sv": LanguageRules(lemmas="sv", stemmer="swedish"),
    "tr": LanguageRules(lemmas="tr", stemmer="turkish"),
    "uk": LanguageRules(lemmas="uk"),
}


def words(text: str) -> list[str]:
    """The words of a text as typed, in order, cut to a length that no real word exceeds."""
    return [word[:_LONGEST_WORD] for word in WORD.findall(text)]


def searched_words(text: str) -> list[str]:
    """The words, and codes with a digit also as one: `5.7.750` is typed `5-7-750` and `57750`."""
    joined = ("".join(WORD.findall(found)) for found in _COMPOSED.findall(text))
    codes = (code for code in joined if len(code) <= _LONGEST_CODE and _DIGIT.search(code))
    return [*words(text), *codes]


def heads(text: str) -> list[str]:
    """The first five folded characters of each word; words with a digit are kept whole."""
    folded = [fold(word) for word in searched_words(text)]
    return [word if _DIGIT.search(word) else word[:HEAD] for word in folded]


def grams(text: str) -> list[str]:
    """Runs of four folded characters of each word, its start and end marked by `_`."""
    found: list[str] = []
    for word in searched_words(text):
        padded = f"_{fold(word)}_"
        found += [padded[at : at + GRAM] for at in range(max(1, len(padded) - GRAM + 1))]
    return found


def within_limits(text: str) -> str:
    """The part of a typed text that is searched: 512 characters, 32 words. Linear in its size."""
    cut = text[:MAX_CHARACTERS]
    ends = [match.end() for match in WORD.finditer(cut)]
    return cut[: ends[min(MAX_TERMS, len(ends)) - 1]] if ends else ""


@dataclass(frozen=True, slots=True)
class Analyser:
    """Turns text of one language into terms, by a table of known forms and a stemmer."""

    lang: str
    lookup: Lookup

    def terms(self, text: str) -> list[str]:
        """One term per word and code, codes last."""
        return [self.term(word) for word in searched_words(text)]

    def run(self, text: str) -> list[str]:
        """One term per word, in order, as phrases need them."""
        return [self.term(word) for word in words(text)]

    def term(self, word: str) -> str:
        form = fold(word)
        return self.lookup(form) or fold(_stemmer(self.lang)(form))


def learn_forms(lang: str, texts: Iterable[str]) -> dict[str, str]:
    """Every folded form → term that a corpus needs.

    A form of the corpus maps to the term it has most often there, so that words typed without
    diacritics find the lemma of the accented word (`uctu` is as good as `účtu`). Every other form
    of the same lemmas that the dictionary knows is added, so that no dictionary is needed later.
    """
    seen: dict[str, Counter[str]] = {}
    lemmas: dict[str, str] = {}
    for word, count in Counter(w for text in texts for w in searched_words(text)).items():
        lemma = _lemma(lang, word)
        term = lemmas.setdefault(lemma, _stemmed(lang, lemma))
        seen.setdefault(fold(word), Counter())[term] += count
    forms = {form: _commonest(terms) for form, terms in seen.items()}
    for form, lemma in _dictionary(lang):
        wanted = lemmas.get(lemma) or lemmas.get(lemma.lower())
        if wanted:
            forms.setdefault(fold(form), wanted)
    return forms


def forget_dictionaries() -> None:
    """Give back the memory of the dictionaries, up to 400 MB, once they have been used."""
    was_open = _dictionary_factory.cache_info().currsize
    _lemma.cache_clear()
    _dictionary_factory.cache_clear()
    _lemmatizer.cache_clear()
    if was_open:
        # They hang in a circle of references.
        gc.collect()


def _commonest(terms: Counter[str]) -> str:
    return min(terms, key=lambda term: (-terms[term], term))


@lru_cache(_REMEMBERED_WORDS)
def _lemma(lang: str, word: str) -> str:
    rules = LANGUAGE_RULES.get(lang, LanguageRules())
    if not rules.lemmas:
        return word.casefold()
    return str(_lemmatizer(rules.lemmas).lemmatize(word.casefold(), lang=rules.lemmas)).casefold()


def _stemmed(lang: str, lemma: str) -> str:
    return fold(_stemmer(lang)(lemma.casefold()))


def _stemmer(lang: str) -> Callable[[str], str]:
    """The language's stemmer for this thread: a Snowball stemmer keeps its state in itself."""
    if lang not in _stemmers.__dict__:
        name = LANGUAGE_RULES.get(lang, LanguageRules()).stemmer
        _stemmers.__dict__[lang] = _load_stemmer(name) if name else _unchanged
    stem: Callable[[str], str] = _stemmers.__dict__[lang]
    return stem


def _load_stemmer(name: str) -> Callable[[str], str]:
    import snowballstemmer

    stem: Callable[[str], str] = snowballstemmer.stemmer(name).stemWord
    return stem


def _unchanged(word: str) -> str:
    return word


def _dictionary(lang: str) -> Iterator[tuple[str, str]]:
    rules = LANGUAGE_RULES.get(lang, LanguageRules())
    if rules.lemmas:
        yield from _dictionary_factory().get_dictionary(rules.lemmas).items()


@cache
def _dictionary_factory() -> Any:
    from simplemma.strategies.dictionaries.dictionary_factory import DefaultDictionaryFactory

    # One language in memory at a time.
    return DefaultDictionaryFactory(cache_max_size=1)


@cache
def _lemmatizer(lang: str) -> Any:
    from simplemma import Lemmatizer
    from simplemma.strategies import DefaultStrategy

    return Lemmatizer(
        lemmatization_strategy=DefaultStrategy(dictionary_factory=_dictionary_factory())
    )
