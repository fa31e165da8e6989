"""Before the form: searching, opening what was found, landing on an article, voting."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np
import numpy.typing as npt

from kbportal.deflection.simulation.site import Site

MOST_SEARCHES = 3
PAUSE_S = 36.0
"""Least time between two searches; whoever goes on sooner is still typing the first."""
HASTY_S = 2.0
"""When somebody leaves again who does not stay to read."""


@dataclass(frozen=True, slots=True)
class Looked:
    """Columns, one row per need; those of searches have shape (needs, MOST_SEARCHES).

    searched, nothing, opened: each search made, without results, with a result opened after it.
    landed: came to an article from elsewhere. opened_at: when an article was opened, the search's
    or the landing's; read_at: when it had been read; nan where not. dwell_s: how long.
    vote: 1 yes, -1 no, 0 none, at ``vote_at``. until: the last of all this.
    """

    searched: npt.NDArray[np.bool_]
    nothing: npt.NDArray[np.bool_]
    opened: npt.NDArray[np.bool_]
    searched_at: npt.NDArray[np.float64]
    landed: npt.NDArray[np.bool_]
    opened_at: npt.NDArray[np.float64]
    read_at: npt.NDArray[np.float64]
    dwell_s: npt.NDArray[np.float64]
    vote: npt.NDArray[np.int64]
    vote_at: npt.NDArray[np.float64]
    until: npt.NDArray[np.float64]

    @classmethod
    def stacked(cls, parts: Sequence[Looked]) -> Looked:
        """The rows of all of them."""
        return cls(
            **{
                column.name: np.concatenate([getattr(part, column.name) for part in parts])
                for column in fields(cls)
            }
        )


def look(
    site: Site,
    rng: np.random.Generator,
    start: npt.NDArray[np.float64],
    tongue: npt.NDArray[np.int64],
) -> Looked:
    """What these people do from ``start`` on, before they think of writing."""
    count = len(start)
    looks = rng.random(count) < site.looks_first
    landed = (rng.random(count) < site.lands) & ~looks
    searched, nothing, opened = _searches(site, rng, looks, tongue)
    pauses = rng.uniform(PAUSE_S, 3 * PAUSE_S, (count, MOST_SEARCHES))
    searched_at = start[:, None] + np.cumsum(pauses, axis=1) - pauses[:, :1]
    found_at = np.where(opened, searched_at, np.nan)
    found_at = np.fmax.reduce(found_at, axis=1) + 5.0
    opened_at = np.where(landed, start, found_at)
    hasty = rng.random(count) < site.hasty
    dwell_s = np.where(hasty, HASTY_S, rng.uniform(6, 120, count))
    read_at = np.where(hasty, np.nan, opened_at + dwell_s)
    votes = rng.random(count) < site.votes
    vote = np.where(rng.random(count) < site.votes_yes, 1, -1) * (votes & ~np.isnan(read_at))
    vote_at = np.where(vote != 0, read_at + 3.0, np.nan)
    last = np.fmax.reduce(np.where(searched, searched_at, np.nan), axis=1)
    until = np.fmax.reduce([start, last, opened_at, read_at, vote_at])
    return Looked(
        searched, nothing, opened, searched_at, landed,
        opened_at, read_at, dwell_s, vote, vote_at, until,
    )  # fmt: skip


def _searches(
    site: Site,
    rng: np.random.Generator,
    looks: npt.NDArray[np.bool_],
    tongue: npt.NDArray[np.int64],
) -> tuple[npt.NDArray[np.bool_], ...]:
    """Which searches were made, which found nothing, after which something was opened."""
    luck = rng.random((3, len(looks), MOST_SEARCHES))
    misses = np.array([one.nothing_found for one in site.tongues])[tongue]
    nothing = luck[0] < misses[:, None]
    opened = (luck[1] < site.opens) & ~nothing
    searched = np.zeros_like(nothing)
    searched[:, 0] = looks
    for turn in range(1, MOST_SEARCHES):
        again = luck[2][:, turn] < site.reformulates
        searched[:, turn] = searched[:, turn - 1] & ~opened[:, turn - 1] & again
    return searched, nothing & searched, opened & searched
