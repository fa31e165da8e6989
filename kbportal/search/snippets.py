"""The sentence that matches, with the matching words marked, inflected or not."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from kbportal.kernel.text import shorten
from kbportal.markup.sanitize import mark_safe_snippet
from kbportal.search.analysis import grams
from kbportal.search.chunking import sentences

LONGEST = 180

_WORD = re.compile(r"[^\W_]+")
_ALIKE = 0.6
_SHORTEST_ALIKE = 5
# The idf of a term that half of all articles have.
_TELLING = 0.7

Term = Callable[[str], str]
Worth = Callable[[str], float]


def snippet(texts: Sequence[str], wanted: Wanted) -> tuple[int, str]:
    """The best sentence of these passages, as safe HTML, and the number of its passage.

    Args:
        texts: Passages, the most relevant first; ties go to the earlier one.

    Returns:
        Everything escaped but `<mark>`; (0, "") when there is no sentence.
    """
    candidates = [(at, sentence) for at, text in enumerate(texts) for sentence in sentences(text)]
    if not candidates:
        return 0, ""
    at, best = max(candidates, key=lambda candidate: wanted.overlap(candidate[1]))
    shown = _window(best, wanted)
    return at, mark_safe_snippet(shown, wanted.spans(shown))


class Wanted:
    """The words of a query, as terms and, for compounds and typos, as sets of 4-grams.

    One serves all hits of a query: what it has found out of a word of one article, it remembers.

    Args:
        query: As typed.
        term: Word → term, of the language of the texts.
        worth: Term → how much it tells; words that tell little are not marked.
    """

    def __init__(self, query: str, term: Term, worth: Worth) -> None:
        self._term = term
        words = _WORD.findall(query)
        values = {term(word): worth(term(word)) for word in words}
        telling = [word for word in words if values[term(word)] >= _TELLING] or words
        self._terms = {term(word): values[term(word)] for word in telling}
        self._pieces = {
            term(word): set(grams(word)) for word in telling if len(word) >= _SHORTEST_ALIKE
        }
        self._every_piece = set().union(*self._pieces.values())
        self._fewest_pieces = min(map(len, self._pieces.values()), default=0)
        self._seen: dict[str, str | None] = {}

    def match(self, word: str) -> str | None:
        """The term of the query that a word is a form of, or is spelt much like."""
        if word not in self._seen:
            self._seen[word] = self._find(word)
        return self._seen[word]

    def overlap(self, sentence: str) -> float:
        """How much the query's terms that a sentence has tell together."""
        found = {self.match(word) for word in _WORD.findall(sentence)}
        return sum(self._terms[term] for term in found if term is not None)

    def spans(self, text: str) -> list[tuple[int, int]]:
        return [m.span() for m in _WORD.finditer(text) if self.match(m.group()) is not None]

    def _find(self, word: str) -> str | None:
        term = self._term(word)
        if term in self._terms:
            return term
        pieces = set(grams(word)) if len(word) >= _SHORTEST_ALIKE else set()
        # Most words share too little with all of the query together to be like any one of it.
        most = 2 * len(pieces & self._every_piece) / (len(pieces) + self._fewest_pieces or 1)
        if most < _ALIKE:
            return None
        alike = (term for term, other in self._pieces.items() if _overlap(pieces, other) >= _ALIKE)
        return next(alike, None)


def _overlap(one: set[str], other: set[str]) -> float:
    """Dice coefficient of two sets."""
    if not one or not other:
        return 0.0
    return 2 * len(one & other) / (len(one) + len(other))


def _window(sentence: str, wanted: Wanted) -> str:
    """The part of a long sentence around its first match."""
    if len(sentence) <= LONGEST:
        return sentence
    spans = wanted.spans(sentence)
    start = max(0, spans[0][0] - LONGEST // 3) if spans else 0
    if start:
        start = sentence.find(" ", start) + 1
    return ("… " if start else "") + shorten(sentence[start:], LONGEST)
