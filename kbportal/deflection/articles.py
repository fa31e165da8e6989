"""What each article did for those who needed help."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from kbportal.deflection.activity import Tickets
from kbportal.deflection.episodes import OPENS
from kbportal.deflection.model import ArticleRow, Outcome
from kbportal.deflection.outcomes import Verdict
from kbportal.events.catalog import Event, EventType


def article_table(
    reads: Sequence[Event],
    verdicts: Iterable[Verdict],
    tickets: Tickets,
    votes: Iterable[Event],
) -> tuple[ArticleRow, ...]:
    """One row per article that anything happened to, the most read first.

    Args:
        reads: As ``unique_reads`` gives them.
        verdicts: Of all episodes of the period, matured or not.
        votes: ``article_voted`` events in order; a visitor's last vote on an article counts.
    """
    views: Counter[str] = Counter()
    opened: Counter[str] = Counter()
    for event in reads:
        (opened if event.type in OPENS else views)[event.article or ""] += 1
    solved, taken_back = _presses(verdicts)
    after = Counter(article for read in tickets.read_before.values() for article in read)
    yes, no = _votes(votes)
    tallies = (views, opened, solved, taken_back, after, yes, no)
    rows = (
        ArticleRow(article, *(tally[article] for tally in tallies))
        for article in {article for tally in tallies for article in tally}
    )
    return tuple(sorted(rows, key=lambda row: (-(row.views + row.opened_from_form), row.article)))


def _presses(verdicts: Iterable[Verdict]) -> tuple[Counter[str], Counter[str]]:
    solved: Counter[str] = Counter()
    taken_back: Counter[str] = Counter()
    for verdict in verdicts:
        solved.update(verdict.pressed)
        if verdict.outcome is Outcome.SUBMITTED or not verdict.lasting:
            taken_back.update(verdict.pressed)
    return solved, taken_back


def _votes(votes: Iterable[Event]) -> tuple[Counter[str], Counter[str]]:
    last: dict[tuple[str, str], str | None] = {}
    for event in votes:
        if event.type is EventType.ARTICLE_VOTED:
            last[(event.visitor or event.event_id, event.article or "")] = event.value
    yes = Counter(article for (_, article), value in last.items() if value == "yes")
    no = Counter(article for (_, article), value in last.items() if value == "no")
    return yes, no
