"""Learning weights and floor of one language from the corpus that is being indexed.

Plain rank fusion with a model that does not know a language makes search worse there. So nobody
tells the portal what a model knows: queries rehearsed on the corpus itself show which signals
find their article, and a listwise logistic regression turns that into weights.

Source of the loss: Cao et al., Learning to Rank: From Pairwise Approach to Listwise Approach,
ICML 2007 (top-one probability).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import astuple, dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from kbportal.embedding.ports import Embedder, QueryEncoder, Vectors
from kbportal.search.analysis import within_limits
from kbportal.search.calibration import START, Calibration
from kbportal.search.confidence import Evidence, fit_confidence
from kbportal.search.fusion import SIGNALS, Weights
from kbportal.search.language import LanguageIndex
from kbportal.search.pages import Page
from kbportal.search.rehearsal import Rehearsal, changed_texts, rehearsals, rehearse
from kbportal.search.scoring import Scoring, score
from kbportal.search.smalltalk import SMALLTALK

REHEARSALS = 200

_SEED = 20
_FEWEST = 10
_CANDIDATES = 50
# Of rehearsals that the starting weights are worth. Between 10 and 100 the choice matters little
# (docs/quality.md); far less would follow the oddities of small corpora.
_PRIOR_STRENGTH = 30.0
_TEMPERATURES = (1.0, 1.5, 2.0, 3.0, 4.0, 6.0, 8.0)

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class _Example:
    """Candidates for one query: (k, 6) standardised signals, and the row of the right one."""

    signals: Array
    right: int


def calibrate(
    index: LanguageIndex,
    pages: Sequence[Page],
    *,
    encoder: QueryEncoder | None,
    embedder: Embedder | None,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> Calibration:
    """Weights and floor for an index whose arrays are written.

    Args:
        pages: The public ones, in row order.
        encoder: The very encoder that queries will be encoded with; None without a model.
    """
    asked = rehearsals(pages, most=REHEARSALS, seed=_SEED)
    if len(asked) < _FEWEST:
        return Calibration()
    changed = _embed_changed(asked, embedder) if encoder and embedder else [None] * len(asked)
    scored: list[tuple[Rehearsal, Scoring]] = []
    for done, (one, vectors) in enumerate(zip(asked, changed, strict=True), start=1):
        scored.append((one, rehearse(index, one, encoder=encoder, changed=vectors)))
        progress(done, len(asked))
    weights = _fit_weights([_example(scoring, one.row) for one, scoring in scored])
    right, wrong = _judged(scored, weights)
    wrong += _off_topic(index, weights, encoder if embedder else None)
    return Calibration(weights, fit_confidence(right, wrong), len(asked))


def _embed_changed(asked: Sequence[Rehearsal], embedder: Embedder) -> list[Vectors | None]:
    """For each rehearsal the vectors of its changed texts, all embedded in one go."""
    texts = [changed_texts(one) for one in asked]
    rows = embedder.embed([text for found in texts for text in found])
    ends = np.cumsum([len(found) for found in texts])
    return list(np.split(rows, ends[:-1]))


def _example(scoring: Scoring, row: int) -> _Example:
    """The articles that the starting weights put ahead, and the right one."""
    fused = scoring.fused(START)
    ahead = np.argsort(-fused, kind="stable")[:_CANDIDATES]
    rows = np.unique([*ahead, row])
    absent = np.zeros(len(rows))
    signals = [scoring.standard[s][rows] if s in scoring.standard else absent for s in SIGNALS]
    return _Example(np.stack(signals, axis=1).astype(float), int(np.searchsorted(rows, row)))


def _fit_weights(examples: Sequence[_Example]) -> Weights:
    """Non-negative weights that make the right articles probable, drawn towards the start."""
    start = np.array(astuple(START))
    scale = min(_TEMPERATURES, key=lambda t: _surprise(t * start, examples)[0])

    def loss(at: Array) -> tuple[float, Array]:
        surprise, slope = _surprise(at, examples)
        away = at - scale * start
        return (
            surprise + _PRIOR_STRENGTH * float(away @ away),
            slope + 2 * _PRIOR_STRENGTH * away,
        )

    bounds = [(0, None)] * len(start)
    found = minimize(loss, scale * start, jac=True, bounds=bounds, method="L-BFGS-B").x
    if not found.any():
        return START
    shares = found / found.sum()
    return Weights(*(round(float(share), 4) for share in shares))


def _surprise(weights: Array, examples: Sequence[_Example]) -> tuple[float, Array]:
    """The negative log likelihood of the right articles, and its gradient."""
    total, slope = 0.0, np.zeros_like(weights)
    for example in examples:
        scores = example.signals @ weights
        chances = np.exp(scores - scores.max())
        chances /= chances.sum()
        total -= float(np.log(chances[example.right] + 1e-12))
        slope += chances @ example.signals - example.signals[example.right]
    return total, slope


def _judged(
    scored: Sequence[tuple[Rehearsal, Scoring]], weights: Weights
) -> tuple[list[Evidence], list[Evidence]]:
    """First hits that are right, and first hits that are wrong.

    Wrong ones are those that win over the right article, and those that come first when it is
    left out, as if nobody had written it yet.
    """
    right: list[Evidence] = []
    wrong: list[Evidence] = []
    for rehearsal, scoring in scored:
        fused = scoring.fused(weights)
        first = int(np.argmax(fused))
        (right if first == rehearsal.row else wrong).append(scoring.evidence(first, fused))
        if len(fused) > 1:
            without = fused.copy()
            without[rehearsal.row] = fused.min()
            wrong.append(scoring.evidence(int(np.argmax(without)), without))
    return right, wrong


def _off_topic(
    index: LanguageIndex, weights: Weights, encoder: QueryEncoder | None
) -> list[Evidence]:
    """What speaks for the first hits of texts that have nothing to do with the corpus."""
    found: list[Evidence] = []
    for text in SMALLTALK:
        query = within_limits(text)
        scoring = score(index, query, vector=encoder.encode(text) if encoder else None)
        fused = scoring.fused(weights)
        found.append(scoring.evidence(int(np.argmax(fused)), fused))
    return found
