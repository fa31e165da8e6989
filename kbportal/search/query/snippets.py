"""The sentence that says why an article was found, with the matching words marked.

Runs for every hit while somebody is typing, over whole articles: words are looked at once per
query, and only those that begin like a word of the query at all.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from kbportal.kernel.text import fold, shorten
from kbportal.markup.sanitize import mark_safe_snippet
from kbportal.search.text.analysis import WORD, grams
from kbportal.search.text.chunking import sentences

LONGEST = 180

_ALIKE = 0.6
_SHORTEST_ALIKE = 5
# Words that begin alike are forms of one word, or compounds with it: so much of the shorter.
_COMMON_BEGINNING = 0.7
# Only words that begin with the same letters are compared at all, for speed.
_BEGINNING = 2
# The idf of a term that half of all articles have.
_TELLING = 0.7
# What a match in the heading counts, of one in the sentence.
_HEADING_SHARE = 0.5
# An article of 1,000 words takes about 60 kB.
_REMEMBERED_ARTICLES = 128

Term = Callable[[str], str]
Worths = Callable[[Sequence[str]], Sequence[float]]


@dataclass(frozen=True, slots=True)
class Shown:
    """A sentence to show: the number of its passage, safe HTML, and whether any word matched."""

    passage: int
    html: str
    matches: bool


class Wanted:
    """The words of a query, as terms and, for compounds and typos, by their spelling.

    One serves all hits of a query: what it has found out of a word of one article, it remembers.

    Args:
        query: As typed.
        term: Word → term, of the language of the texts.
        worths: Terms → how much each tells.
    """

    def __init__(self, query: str, term: Term, worths: Worths) -> None:
        self._term = term
        terms = {word: term(word) for word in dict.fromkeys(WORD.findall(query))}
        self._worth = dict(zip(terms.values(), worths(list(terms.values())), strict=True))
        self._spelt: dict[str, list[_Spelt]] = {
            form[:_BEGINNING]: [] for word in terms for form in (fold(word), terms[word])
        }
        for word, form in ((word, fold(word)) for word in terms):
            self._spelt[form[:_BEGINNING]].append(_Spelt(terms[word], form))
        self._seen: dict[str, str | None] = {}

    def match(self, word: str) -> str | None:
        """The term of the query that a word is a form of, or is spelt much like."""
        if word not in self._seen:
            begins_alike = _beginning(word[:_BEGINNING]) in self._spelt
            self._seen[word] = self._find(word) if begins_alike else None
        return self._seen[word]

    def overlap(self, text: str) -> float:
        """How much the query's terms that a text has tell together."""
        found = set(map(self.match, WORD.findall(text)))
        return sum(self._worth[term] for term in found if term is not None)

    def overlaps(self, words: Mapping[str, Sequence[tuple[str, int]]], size: int) -> list[float]:
        """The same for each of some sentences, given where each word of them stands."""
        places: dict[str, int] = {}
        for beginning in self._spelt:
            for word, mask in words.get(beginning, ()):
                term = self.match(word)
                if term is not None:
                    places[term] = places.get(term, 0) | mask
        terms = [(mask, self._worth[term]) for term, mask in places.items()]
        return [sum(value for mask, value in terms if mask >> at & 1) for at in range(size)]

    def spans(self, text: str) -> list[tuple[int, int]]:
        """Where the matches that tell something are; those that tell most, if none does."""
        found = [(one.span(), self.match(one.group())) for one in WORD.finditer(text)]
        worth = [(span, self._worth[term]) for span, term in found if term is not None]
        least = min(_TELLING, max((value for _, value in worth), default=0.0))
        return [span for span, value in worth if value >= least]

    def _find(self, word: str) -> str | None:
        term = self._term(word)
        if term in self._worth:
            return term
        form = fold(word)
        if len(form) < _SHORTEST_ALIKE:
            return None
        alike = self._spelt.get(form[:_BEGINNING], ())
        return next((one.term for one in alike if one.is_like(form)), None)


class _Spelt:
    """How a word of the query is spelt."""

    def __init__(self, term: str, form: str) -> None:
        self.term = term
        self._form = form
        self._grams = frozenset(grams(form))

    def is_like(self, other: str) -> bool:
        """Whether another folded word of five letters or more is a form or a slip of this one."""
        shorter = min(len(self._form), len(other))
        if shorter < _SHORTEST_ALIKE:
            return False
        same = max(_SHORTEST_ALIKE, round(shorter * _COMMON_BEGINNING))
        return self._form[:same] == other[:same] or self._resembles(frozenset(grams(other)))

    def _resembles(self, other: frozenset[str]) -> bool:
        """By the Dice coefficient of their 4-grams."""
        return 2 * len(self._grams & other) >= _ALIKE * (len(self._grams) + len(other))


def snippet(texts: Sequence[str], wanted: Wanted, *, headings: Sequence[str] = ()) -> Shown:
    """The sentence that has most of the query, under a heading that has most of it.

    Args:
        texts: Passages, the most relevant first; ties go to the earlier one.
        headings: Of the sections that they are from; none where it does not matter.

    Returns:
        Everything escaped but `<mark>`; nothing at all when there is no sentence.
    """
    read = _read(tuple(texts))
    if not read.sentences:
        return Shown(0, "", matches=False)
    worth = wanted.overlaps(read.words, len(read.sentences))
    titled = [wanted.overlap(heading) * _HEADING_SHARE for heading in headings]

    def value(at: int) -> float:
        return worth[at] + titled[read.passages[at]] if titled and worth[at] else worth[at]

    best = max(range(len(worth)), key=lambda at: (value(at), -at))
    shown = _window(read.sentences[best], wanted)
    marked = mark_safe_snippet(shown, wanted.spans(shown))
    return Shown(read.passages[best], marked, worth[best] > 0)


def plain_snippet(text: str) -> str:
    """A text as a snippet without marks."""
    return mark_safe_snippet(shorten(text, LONGEST), ())


def _window(sentence: str, wanted: Wanted) -> str:
    """The part of a long sentence around its first match."""
    if len(sentence) <= LONGEST:
        return sentence
    spans = wanted.spans(sentence)
    start = max(0, spans[0][0] - LONGEST // 3) if spans else 0
    if start:
        start = sentence.find(" ", start) + 1
    return ("… " if start else "") + shorten(sentence[start:], LONGEST)


@dataclass(frozen=True, slots=True)
class _Read:
    """An article taken apart.

    Attributes:
        passages: The number of each sentence's passage.
        words: By their first letters, each with bit n set if sentence n has it.
    """

    sentences: tuple[str, ...]
    passages: tuple[int, ...]
    words: Mapping[str, Sequence[tuple[str, int]]]


@lru_cache(_REMEMBERED_ARTICLES)
def _read(texts: tuple[str, ...]) -> _Read:
    """While somebody types the same few articles are found again and again."""
    found = [(at, sentence) for at, text in enumerate(texts) for sentence in sentences(text)]
    places: dict[str, int] = {}
    for at, (_, sentence) in enumerate(found):
        for word in WORD.findall(sentence):
            places[word] = places.get(word, 0) | 1 << at
    words: dict[str, list[tuple[str, int]]] = {}
    for word, mask in places.items():
        words.setdefault(_beginning(word[:_BEGINNING]), []).append((word, mask))
    return _Read(tuple(one for _, one in found), tuple(at for at, _ in found), words)


@lru_cache(16_384)
def _beginning(letters: str) -> str:
    """The first letters of a word without case and diacritics."""
    return fold(letters)[:_BEGINNING]
