"""Whether search finds the article that agents then answer with: judged by our own tickets.

A ticket's text is looked up while nobody has solved it yet, so that search cannot have learnt
from its answer. Once an agent has solved it with an article, that article is the right one, and
its place among what search had found is what counts.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Protocol

from kbportal.deflection.model import NO_DATA, Metric
from kbportal.deflection.numbers.intervals import ratio, share
from kbportal.kernel.errors import PortalError

DEPTH, SHOWN = 10, 3
"""How many results are kept, and among how many the right one must be."""

_WHOLE = 2_520
"""Divided by 1 to 10 it is a whole number, so that reciprocal ranks can be added exactly."""
_SEED = 20_240_601
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A ticket that nobody has looked up or solved yet; text is scrubbed of personal data."""

    ticket: str
    at: datetime
    lang: str
    text: str


@dataclass(frozen=True, slots=True)
class Finding:
    """What search found for a ticket, best first, ten at most, and which index found it."""

    ticket: str
    at: datetime
    lang: str
    generation: str
    found: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Judged:
    """A ticket whose right article is known. rank: its place from 1; 0 when it was not found."""

    at: datetime
    lang: str
    generation: str
    rank: int


class QualityStore(Protocol):
    """Where findings are kept."""

    def waiting(self, *, limit: int) -> Sequence[Waiting]:
        """Tickets that are not solved and were not looked up, the oldest first."""
        ...

    def keep(self, findings: Iterable[Finding]) -> None:
        """Keep them; of one ticket the first stays."""
        ...

    def judged(self, since: datetime, until: datetime) -> Sequence[Judged]:
        """Of the tickets that came in since <= at < until, those that an article solved."""
        ...


@dataclass(frozen=True, slots=True)
class Quality:
    """recall: the share whose right article was among the first three. mrr: the mean of 1/rank."""

    recall: Metric = NO_DATA
    mrr: Metric = NO_DATA


@dataclass(frozen=True, slots=True)
class Week:
    """The quality of the seven days from `first` on, and the indexes that were asked."""

    first: date
    quality: Quality
    generations: tuple[str, ...]


Ask = Callable[[str, str], tuple[str, Sequence[str]]]
"""Asks the live index a text in a language: its generation, and article ids, best first."""


def look_up(store: QualityStore, ask: Ask, *, limit: int = 100) -> int:
    """Look the tickets up that wait for it; how many could be.

    Raises:
        PortalError: There is no index, or no database; nothing was kept.
    """
    findings = []
    for one in store.waiting(limit=limit):
        try:
            generation, found = ask(one.text, one.lang)
        except PortalError:
            raise
        except Exception:  # noqa: BLE001  one text that search cannot take must not hold up others
            _log.exception("a ticket could not be looked up: %s", one.ticket)
            continue
        kept = tuple(found)[:DEPTH]
        findings.append(Finding(one.ticket, one.at, one.lang, generation, kept))
    store.keep(findings)
    return len(findings)


def quality(judged: Iterable[Judged]) -> Quality:
    """How good search was for these tickets."""
    ranks = [one.rank for one in judged]
    right = sum(0 < rank <= SHOWN for rank in ranks)
    places = ((_WHOLE // rank if rank else 0, _WHOLE) for rank in ranks)
    return Quality(share(right, len(ranks)), ratio(places, seed=_SEED, n=len(ranks)))


def by_week(judged: Iterable[Judged], *, first: date) -> tuple[Week, ...]:
    """Each seven days from a day on in which a ticket was judged."""
    weeks: dict[int, list[Judged]] = {}
    for one in judged:
        weeks.setdefault((one.at.astimezone(UTC).date() - first).days // 7, []).append(one)
    return tuple(
        Week(
            first + timedelta(days=7 * number),
            quality(group),
            tuple(sorted({one.generation for one in group})),
        )
        for number, group in sorted(weeks.items())
    )
