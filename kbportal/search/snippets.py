"""The sentence that matches, with the matching words marked, inflected or not."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence

from kbportal.kernel.text import shorten
from kbportal.markup.sanitize import mark_safe_snippet
from kbportal.search.analysis import grams
from kbportal.search.chunking import sentences

LONGEST = 180

_WORD = re.compile(r"[^\W_]+")
_ALIKE = 0.6
_SHORTEST_ALIKE = 5

Term = Callable[[str], str]


def snippet(texts: Sequence[str], query: str, term: Term) -> tuple[int, str]:
    """The best sentence of these passages, as safe HTML, and the number of its passage.

    Args:
        texts: Passages, the most relevant first; ties go to the earlier one.
        query: As typed.
        term: Word → term, of the language of the texts.

    Returns:
        Everything escaped but `<mark>`; (0, "") when there is no sentence.
    """
    wanted = _Wanted(query, term)
    candidates = [(at, sentence) for at, text in enumerate(texts) for sentence in sentences(text)]
    if not candidates:
        return 0, ""
    at, best = max(candidates, key=lambda candidate: wanted.overlap(candidate[1]))
    shown = _window(best, wanted)
    return at, mark_safe_snippet(shown, wanted.spans(shown))


class _Wanted:
    """The words of a query, as terms and, for compounds and typos, as sets of 4-grams."""

    def __init__(self, query: str, term: Term) -> None:
        self._term = term
        typed = [word for word in _WORD.findall(query) if len(word) > 2] or _WORD.findall(query)
        self._terms = {term(word) for word in typed}
        self._pieces = [set(grams(word)) for word in typed if len(word) >= _SHORTEST_ALIKE]
        self._seen: dict[str, bool] = {}

    def matches(self, word: str) -> bool:
        if word not in self._seen:
            self._seen[word] = self._is_match(word)
        return self._seen[word]

    def overlap(self, sentence: str) -> int:
        """How many distinct words match."""
        found = {word for word in _WORD.findall(sentence) if self.matches(word)}
        return len({self._term(word) for word in found})

    def spans(self, text: str) -> list[tuple[int, int]]:
        return [m.span() for m in _WORD.finditer(text) if self.matches(m.group())]

    def _is_match(self, word: str) -> bool:
        if self._term(word) in self._terms:
            return True
        pieces = set(grams(word)) if len(word) >= _SHORTEST_ALIKE else set()
        return any(_overlap(pieces, other) >= _ALIKE for other in self._pieces)


def _overlap(one: Collection[str], other: Collection[str]) -> float:
    """Dice coefficient of two sets."""
    if not one or not other:
        return 0.0
    return 2 * len(set(one) & set(other)) / (len(one) + len(other))


def _window(sentence: str, wanted: _Wanted) -> str:
    """The part of a long sentence around its first match."""
    if len(sentence) <= LONGEST:
        return sentence
    spans = wanted.spans(sentence)
    start = max(0, spans[0][0] - LONGEST // 3) if spans else 0
    if start:
        start = sentence.find(" ", start) + 1
    return ("… " if start else "") + shorten(sentence[start:], LONGEST)
