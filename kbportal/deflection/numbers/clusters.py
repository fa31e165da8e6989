"""What one visitor does hangs together: how much less so many cases say than independent ones.

Somebody who came three times and wrote each time is no three people. The *design effect* is the
variance of a rate with whole visitors drawn, over that of as many independent cases; an interval
is then that of so many times fewer cases. It is never taken to be below 1.

Source: Korn and Graubard, Confidence intervals for proportions with small expected number of
positive counts estimated from survey data, Survey Methodology 1998; compared with others, and
with Wilson's interval as here: Dean and Pagano, Evaluating confidence interval methods for
binomial proportions in clustered surveys, Journal of Survey Statistics and Methodology 2015.
"""

from __future__ import annotations

import numpy as np

from kbportal.deflection.facts.day import OUTCOMES, Column, Table


class Clusters:
    """Rows by who they belong to."""

    def __init__(self, who: Column) -> None:
        _, self._which = np.unique(who, return_inverse=True)

    def effect(self, hits: Column, cases: Column | None = None) -> float:
        """The design effect of the share of hits among cases; without cases all rows are."""
        if cases is None:
            cases = np.ones(len(hits), dtype=bool)
        y = np.bincount(self._which, weights=hits & cases)
        m = np.bincount(self._which, weights=cases)
        return effect_of_sums(
            int(y.sum()),
            int(m.sum()),
            int((m > 0).sum()),
            yy=float(y @ y),
            ym=float(y @ m),
            mm=float(m @ m),
        )


def effect_of_sums(
    hits: int, cases: int, clusters: int, *, yy: float, ym: float, mm: float
) -> float:
    """The same from sums over clusters: of squared hits, hits times cases, squared cases."""
    if clusters < 2 or hits in (0, cases):
        return 1.0
    p = hits / cases
    spread = clusters / (clusters - 1) * (yy - 2 * p * ym + p**2 * mm)
    return max(1.0, float(spread / (cases * p * (1 - p))))


def episode_effects(episodes: Table, who: Column) -> dict[str, float]:
    """The design effects of the rates over episodes, by the metric's id.

    Args:
        who: Of each episode the person, whichever day they were recognised on.
    """
    if not len(who):
        return {}
    together = Clusters(who)
    outcome, pressed, shown = (episodes[name] for name in ("outcome", "pressed", "shown"))
    confirmed = (outcome == OUTCOMES.index("X")) & episodes["lasting"]
    return {
        "confirmed_deflection_rate": together.effect(confirmed),
        "submission_rate": together.effect(outcome == OUTCOMES.index("T")),
        "take_back_rate": together.effect(confirmed, pressed),
        "abandonment_rate": together.effect(outcome == OUTCOMES.index("U")),
        "suggestion_coverage": together.effect(shown),
        "suggestion_open_rate": together.effect(episodes["opened"], shown),
    }
