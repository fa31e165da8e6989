"""Which of the portal's own languages a text is written in, when it is not that of the page.

Every index already counts the 4-grams of its articles, so each is a model of its language, and
each word of a text goes to the one that makes it most probable (naive Bayes). No model to load,
any language that the portal has, and texts without diacritics and half-typed words are no harder.
What a single word can say is limited: product names are often at home in another language's
articles. Compared with a ready-made model in docs/decisions/0013.

Source of the idea: Cavnar & Trenkle, N-Gram-Based Text Categorization, SDAIR 1994.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kbportal.search.index.impacts import Impacts
from kbportal.search.index.language import LanguageIndex
from kbportal.search.text.analysis import grams, words

# How much more probable another language than the page's must be, as a natural logarithm, and
# how much of that one word can contribute: it takes at least two.
CLEARLY = 7.0
_MOST_PER_WORD = 5.0

# Of the 4-grams of a text, what the articles of its language have: a text in a language that the
# portal does not speak is not to be taken for the least unlike.
_LEAST_SEEN = 0.5
_UNSEEN = 1e-5
_ENOUGH_WORDS = 32


def language_of(text: str, *, page: str, languages: Mapping[str, LanguageIndex]) -> str:
    """The language that a text is clearly written in; that of the page where it is not clear."""
    own = languages.get(page)
    found = [grams(word) for word in words(text)[:_ENOUGH_WORDS]]
    if own is None or not own.articles or not found:
        return page
    usual = _chances(own.grams, found).words
    likely = {page: -np.inf}
    for lang, index in languages.items():
        chances = _chances(index.grams, found)
        ahead = np.clip(chances.words - usual, -_MOST_PER_WORD, _MOST_PER_WORD).sum()
        if ahead > CLEARLY and chances.seen >= _LEAST_SEEN:
            likely[lang] = float(chances.words.sum())
    return max(likely, key=lambda lang: likely[lang])


@dataclass(frozen=True, slots=True)
class _Chances:
    """How well the articles of one language explain a text.

    Attributes:
        words: (words,) float64, the logarithm of the chance of each word.
        seen: The share of the text's 4-grams that any article has.
    """

    words: NDArray[np.float64]
    seen: float


def _chances(index: Impacts, found: Sequence[Sequence[str]]) -> _Chances:
    """Args: found: The 4-grams of each word, at least one."""
    counts = index.frequencies([piece for word in found for piece in word])
    logarithms = np.log(counts / max(float(index.starts[-1]), 1.0) + _UNSEEN)
    firsts = np.cumsum([0, *map(len, found[:-1])])
    return _Chances(np.add.reduceat(logarithms, firsts), float((counts > 0).mean()))
