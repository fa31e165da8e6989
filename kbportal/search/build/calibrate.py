"""Learning how far to trust the model, and when to be silent, from the corpus being indexed.

Plain rank fusion with a model that does not know a language makes search worse there. So nobody
tells the portal what a model knows: queries rehearsed on the corpus itself show whether meaning
finds their article, and the likelihood of that picks a place on the path of `weights_at`.

Source of the likelihood: Cao et al., Learning to Rank: From Pairwise Approach to Listwise
Approach, ICML 2007 (top-one probability).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import astuple, dataclass

import numpy as np
from numpy.typing import NDArray

from kbportal.embedding.ports import Embedder, QueryEncoder, Vectors
from kbportal.search.build.rehearsal import Rehearsal, changed_texts, rehearsals, rehearse
from kbportal.search.index.language import LanguageIndex
from kbportal.search.index.pages import Page
from kbportal.search.query.scoring import Scoring
from kbportal.search.text.analysis import words
from kbportal.search.weights.calibration import Calibration
from kbportal.search.weights.confidence import Confidence, Evidence, fit_floor
from kbportal.search.weights.fertility import UNKNOWN, fertility, first_trust
from kbportal.search.weights.fusion import SIGNALS, Scores
from kbportal.search.weights.trust import FULL_TRUST, NO_TRUST, weights_at

REHEARSALS = 200

_SEED = 20
_FEWEST = 10
_READ, _READ_OF_EACH = 500, 300
_CANDIDATES = 50
# Sentences, and titles less so, share more words with the rest of their article than what a
# customer types: rehearsed, they favour keywords. The log likelihood that full trust is given for
# it, per query and unit of trust; on eleven data sets the trust that is best for real queries
# lies there.
_FAVOUR_OF_SENTENCES = 0.12
_FAVOUR_OF_TITLES = 0.05
_TRUSTS = np.linspace(NO_TRUST, FULL_TRUST, 21)
_TEMPERATURES = (0.5, 1.0, 1.5, 2.0, 3.0, 4.0, 6.0, 8.0)

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class _Example:
    """Candidates for one query: (k, 8) standardised signals, and the row of the right one.

    Attributes:
        favour: How much it favours keywords, in log likelihood per unit of trust.
    """

    signals: Array
    right: int
    favour: float


def calibrate(
    index: LanguageIndex,
    pages: Sequence[Page],
    *,
    encoder: QueryEncoder | None,
    embedder: Embedder | None,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> Calibration:
    """Trust and floors for an index whose arrays are written.

    Args:
        pages: The public ones, in row order.
        encoder: The very encoder that queries will be encoded with; None without a model.
    """
    asked = rehearsals(pages, most=REHEARSALS, seed=_SEED)
    read = _fertility(pages, encoder) if encoder else UNKNOWN
    if len(asked) < _FEWEST:
        return Calibration(first_trust(read), fertility=read)
    changed = _embed_changed(asked, embedder) if encoder and embedder else [None] * len(asked)
    scored: list[tuple[Rehearsal, Scoring]] = []
    for done, (one, vectors) in enumerate(zip(asked, changed, strict=True), start=1):
        scored.append((one, rehearse(index, one, encoder=encoder, changed=vectors)))
        progress(done, len(asked))
    examples = [_example(scoring, one) for one, scoring in scored]
    trust = _fit_trust(examples) if encoder else NO_TRUST
    floors = Confidence(floor=_floor(scored, trust), keyword_floor=_floor(scored, NO_TRUST))
    return Calibration(trust, floors, len(asked), read)


def _fertility(pages: Sequence[Page], encoder: QueryEncoder) -> float:
    """Tokens per word of what the articles begin with."""
    texts = [f"{page.name} {page.body}"[:_READ_OF_EACH] for page in pages[:_READ]]
    return fertility(sum(map(encoder.tokens, texts)), sum(len(words(text)) for text in texts))


def _embed_changed(asked: Sequence[Rehearsal], embedder: Embedder) -> list[Vectors | None]:
    """For each rehearsal the vectors of its changed texts, all embedded in one go."""
    texts = [changed_texts(one) for one in asked]
    rows = embedder.embed([text for found in texts for text in found])
    ends = np.cumsum([len(found) for found in texts])
    return list(np.split(rows, ends[:-1]))


def _example(scoring: Scoring, rehearsal: Rehearsal) -> _Example:
    """The articles that are ahead before anything is learnt, and the right one."""
    fused = scoring.fused(weights_at(first_trust(UNKNOWN)))
    ahead = np.argsort(-fused, kind="stable")[:_CANDIDATES]
    rows = np.unique([*ahead, rehearsal.row])
    absent = np.zeros(len(rows))
    signals = [scoring.standard[s][rows] if s in scoring.standard else absent for s in SIGNALS]
    right = int(np.searchsorted(rows, rehearsal.row))
    return _Example(np.stack(signals, axis=1).astype(float), right, _favour(rehearsal))


def _favour(rehearsal: Rehearsal) -> float:
    if rehearsal.question >= 0:
        return 0.0
    return _FAVOUR_OF_TITLES if rehearsal.untitled else _FAVOUR_OF_SENTENCES


def _fit_trust(examples: Sequence[_Example]) -> float:
    """The trust under which the right articles are most likely."""
    favour = sum(example.favour for example in examples)
    cost = [_surprise(examples, trust) - favour * trust for trust in _TRUSTS]
    return round(float(_TRUSTS[int(np.argmin(cost))]), 4)


def _surprise(examples: Sequence[_Example], trust: float) -> float:
    """The negative log likelihood of the right articles, at the temperature that suits best."""
    weights = np.array(astuple(weights_at(trust)))
    scores = [example.signals @ weights for example in examples]
    ahead = [found - found[one.right] for found, one in zip(scores, examples, strict=True)]
    return min(sum(_log_sum_exp(t * gaps) for gaps in ahead) for t in _TEMPERATURES)


def _log_sum_exp(values: Array) -> float:
    most = float(values.max())
    return most + float(np.log(np.exp(values - most).sum()))


def _floor(scored: Sequence[tuple[Rehearsal, Scoring]], trust: float) -> float:
    """The floor for hits that are right, and for hits that are wrong.

    Wrong ones are those that win over the right article, and those that come first when it is
    left out, as if nobody had written it yet.
    """
    weights = weights_at(trust)
    right: list[Evidence] = []
    wrong: list[Evidence] = []
    for rehearsal, scoring in scored:
        fused = scoring.fused(weights)
        known = right if int(np.argmax(fused)) == rehearsal.row else wrong
        known.append(_first(scoring, fused))
        if len(fused) > 1:
            without = fused.copy()
            without[rehearsal.row] = fused.min()
            wrong.append(_first(scoring, without))
    return fit_floor(right, wrong, trust)


def _first(scoring: Scoring, fused: Scores) -> Evidence:
    return scoring.evidence(int(np.argmax(fused)), fused)
