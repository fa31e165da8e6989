"""A query with synonyms: what its phrases may also mean counts as if it had been typed.

BM25 is a sum over terms, so a phrase can be exchanged without asking the whole query again: where
an article says another phrase better than the typed one, the difference is added. An article
that has both gains nothing by it, and a synonym of five words weighs no more than the word for
which it stands.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from kbportal.search.index.language import LanguageIndex, analysed
from kbportal.search.query.scoring import Scoring, standardised
from kbportal.search.text.synonyms import Reading
from kbportal.search.weights.fusion import Scores


def widened(index: LanguageIndex, scoring: Scoring, readings: Sequence[Reading]) -> Scoring:
    """The scoring of a query some of whose phrases may be read in other ways."""
    if not readings:
        return scoring
    raw = dict(scoring.raw)
    for reading in readings:
        for name, gain in _gains(index, reading).items():
            raw[name] = raw[name] + gain
    return replace(scoring, raw=raw, standard=standardised(raw))


def with_readings(text: str, readings: Sequence[Reading]) -> str:
    """The text and, behind it, what its phrases may also mean."""
    others = dict.fromkeys(other for reading in readings for other in reading.others)
    return f"{text} ({', '.join(others)})" if others else text


def as_articles_say(index: LanguageIndex, text: str, readings: Sequence[Reading]) -> str:
    """The text with each phrase in the words that most articles use for it: for the model.

    Measured on bank questions whose telling words were exchanged for words that no article has,
    with these as synonyms: nDCG@10 0.82 without synonyms, 0.88 by keywords alone, 0.90 where the
    model also reads the other words behind the typed ones, 0.915 in their place; 0.920 before.
    """
    for reading in readings:
        said = max((reading.phrase, *reading.others), key=lambda one: _commonness(index, one))
        whole = rf"(?<![^\W_]){re.escape(reading.phrase)}(?![^\W_])"
        text = re.sub(whole, said.replace("\\", "\\\\"), text)
    return text


def _commonness(index: LanguageIndex, phrase: str) -> int:
    """How many articles at most have all of a phrase."""
    return int(index.words.frequencies(index.analyser.terms(phrase)).min())


def _gains(index: LanguageIndex, reading: Reading) -> dict[str, Scores]:
    """By keyword signal, how much better an article says one of the others than the phrase."""
    typed = _Said(index, reading.phrase)
    best = {name: scores.copy() for name, scores in typed.scores.items()}
    for other in reading.others:
        meant = _Said(index, other)
        for name, scores in meant.scores.items():
            # What makes a phrase that is said in full count like the typed one.
            worth = typed.information[name] / max(meant.information[name], 1e-9)
            best[name] = np.maximum(best[name], scores * worth)
    return {name: best[name] - typed.scores[name] for name in best}


class _Said:
    """By keyword signal, the scores of a phrase and the most that it could tell."""

    def __init__(self, index: LanguageIndex, phrase: str) -> None:
        terms = analysed(index.analyser, phrase)
        self.scores = {name: index.impacts[name].score(found) for name, found in terms.items()}
        self.information = {
            name: index.impacts[name].information(found) for name, found in terms.items()
        }
