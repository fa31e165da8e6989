"""What a tokenizer tells of its model: text in a language it knows it leaves in few pieces.

Fertility is the number of tokens per word. Rust et al., How Good is Your Tokenizer?, ACL 2021,
find that models do worse in languages that their tokenizer cuts finely. For the default model it
is 1.1 to 1.6 over English help texts, 2.1 over Romanian and 2.7 to 3.5 over Slovak, Polish and
Finnish ones, where it knows little.
"""

from __future__ import annotations

from kbportal.search.weights.trust import FULL_TRUST, NO_TRUST, SOME_TRUST, between

UNKNOWN = 0.0
"""The fertility where the model has no tokenizer, or there is no word."""

_START_TRUST = 0.6
_AT_ONCE = ((1.6, [FULL_TRUST]), (2.2, [SOME_TRUST]))
_OF_QUERY = ((1.6, [FULL_TRUST]), (2.2, [SOME_TRUST]))


def fertility(tokens: int, words: int) -> float:
    """Tokens per word."""
    return tokens / words if tokens and words else UNKNOWN


def first_trust(articles: float) -> float:
    """The trust in a model before anything could be rehearsed, by the articles' fertility."""
    return between(_AT_ONCE, articles)[0] if articles else _START_TRUST


def trusted(trust: float, *, query: float, articles: float) -> float:
    """The trust for one query: less where the model is stranger to it than to the articles.

    A model earns its trust with the articles' own words; it says nothing of a customer who
    writes in another language.
    """
    if trust <= NO_TRUST or not query or not articles:
        return trust
    return min(trust, between(_OF_QUERY, query / articles)[0])
