"""How good rankings are, over a set of judged queries.

Source of nDCG with gains 2^grade - 1 and a logarithmic discount: Burges et al., Learning to Rank
using Gradient Descent, ICML 2005, after Järvelin & Kekäläinen, 2002.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence

DEPTH = 10

Judged = tuple[Sequence[str], Mapping[str, int]]
"""A ranking of document ids, best first, and the grade of each right document."""


def figures(pairs: Sequence[Judged]) -> dict[str, float]:
    """nDCG@10, recall at 1, 3 and 10, and MRR@10, averaged over queries."""
    return {
        "ndcg@10": _mean([ndcg(ranking, right) for ranking, right in pairs]),
        **{f"recall@{n}": _mean([_recall(r, right, n) for r, right in pairs]) for n in (1, 3, 10)},
        "mrr@10": _mean([_reciprocal_rank(ranking, right) for ranking, right in pairs]),
    }


def ndcg(ranking: Sequence[str], relevant: Mapping[str, int], *, depth: int = DEPTH) -> float:
    """Normalised discounted cumulative gain of one ranking."""
    gains = [2 ** relevant.get(document, 0) - 1 for document in ranking[:depth]]
    ideal = sorted((2**grade - 1 for grade in relevant.values()), reverse=True)[:depth]
    best = _discounted(ideal)
    return _discounted(gains) / best if best else 0.0


def _discounted(gains: Sequence[int]) -> float:
    return sum(gain / math.log2(rank + 1) for rank, gain in enumerate(gains, start=1))


def percentile(values: Iterable[float], share: float) -> float:
    """The value below which this share of values lies; 0 without any."""
    ordered = sorted(values)
    return round(ordered[min(len(ordered) - 1, int(share * len(ordered)))], 2) if ordered else 0.0


def _recall(ranking: Sequence[str], relevant: Mapping[str, int], depth: int) -> float:
    return len(set(ranking[:depth]) & set(relevant)) / len(relevant)


def _reciprocal_rank(ranking: Sequence[str], relevant: Mapping[str, int]) -> float:
    ranks = (rank for rank, document in enumerate(ranking[:DEPTH], start=1) if document in relevant)
    return 1 / next(ranks, math.inf)


def _mean(values: Sequence[float]) -> float:
    return round(sum(values) / len(values), 4) if values else 0.0
