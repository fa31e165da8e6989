"""From the raw events of a day's reading window to the facts of the day.

A pure function: what is counted follows from the events and the windows alone. Which rows belong
to the day: episodes, searches, reads, tickets and votes that *began* on it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from functools import lru_cache
from hashlib import blake2b

from kbportal.deflection.facts.columns import Collected, Query
from kbportal.deflection.facts.day import OUTCOMES, DayFacts, Facet, micros
from kbportal.deflection.model import Windows
from kbportal.deflection.period import days
from kbportal.deflection.reading import activity, facets
from kbportal.deflection.reading.episodes import OPENS, Episode, episodes
from kbportal.deflection.reading.identity import Identities, merged_by_person
from kbportal.deflection.reading.noise import without_noise
from kbportal.deflection.reading.outcomes import Verdict, judge_all, ticket_times
from kbportal.deflection.reading.searches import Search, searches
from kbportal.deflection.reading.source import EventList, Source
from kbportal.deflection.reading.window import read_window
from kbportal.events.catalog import Event, EventType

LONGEST_S = 2**31 - 1
_REMEMBERED = 10_000
"""Visitors whose number is at hand: of a day, and not of all days that a server ever counts."""


def roll_up(
    events: Iterable[Event],
    *,
    day: date,
    windows: Windows,
    staff: frozenset[str] = frozenset(),
    now: datetime,
) -> DayFacts:
    """The facts of a day, as they are known now.

    Args:
        events: Those of the day's reading window at least, in any order, repeated or not.
        staff: Ids of the staff's accounts, whose events do not count.
    """
    return roll_up_from(EventList(events), day=day, windows=windows, staff=staff, now=now)


def roll_up_from(
    source: Source, *, day: date, windows: Windows, staff: frozenset[str], now: datetime
) -> DayFacts:
    """The same, reading from the source no more than the day rests on."""
    span = days(day, day)
    read = read_window(source, day, windows=windows, now=now)
    clean = without_noise(read.events, staff=staff, counted=span.owns)
    names = Identities((*clean.events, *clean.glances)).names()
    both = merged_by_person((*clean.events, *clean.glances))
    known, glances = both[: len(clean.events)], both[len(clean.events) :]
    times = ticket_times(known)
    rows = Collected()
    found = [e for e in episodes(known, gap=windows.episode_gap) if span.owns(e.started)]
    _add_episodes(rows, judge_all(found, times, windows=windows))
    _add_polls(rows, found)
    asked = [s for s in searches(known, glances, times, windows=windows) if span.owns(s.event.ts)]
    reads = [e for e in activity.unique_reads(known, windows=windows) if span.owns(e.ts)]
    _add_searches(rows, asked)
    _add_reads(rows, reads)
    sent = _add_tickets(rows, known, owns=span.owns, windows=windows)
    _add_acts(rows, [*reads, *(search.event for search in asked)], sent)
    today = [event for event in known if span.owns(event.ts)]
    _add_votes(rows, today)
    _add_answers(rows, today)
    here = {event.visitor for event in today}
    same = ((node[1:], name) for node, name in names.items() if node[0] == "v" and name in here)
    rows.links = [(_key(one), _key(name)) for one, name in same if one != name]
    return rows.facts(day=day, closes=read.closes, filtered=clean.filtered)


@lru_cache(maxsize=_REMEMBERED)
def _key_of(visitor: str) -> int:
    return int.from_bytes(blake2b(visitor.encode(), digest_size=8).digest(), "little")


def _key(visitor: str | None) -> int:
    """What stands for a visitor in facts; 0 for nobody."""
    return _key_of(visitor) if visitor else 0


def _add_episodes(rows: Collected, verdicts: Iterable[Verdict]) -> None:
    for verdict in verdicts:
        episode = verdict.episode
        start = episode.form_start()
        assert start is not None
        rows.episodes.append(
            {
                "visitor": _key(episode.visitor),
                "facet": facets.of_episode(episode, start),
                "start": micros(episode.started),
                "settled": micros(verdict.settled),
                "outcome": OUTCOMES.index(verdict.outcome.value),
                "lasting": verdict.lasting,
                "pressed": bool(verdict.pressed),
                "opened": verdict.opened,
                "shown": verdict.shown,
                "ghost": any(
                    facets.is_suggestion(e) and e.type is EventType.SUGGEST_GHOST
                    for e in episode.events
                ),
                "submitted_s": _seconds_to_submit(episode, start),
                "articles": sorted(verdict.pressed),
            }
        )


def _seconds_to_submit(episode: Episode, start: Event) -> int:
    """From the form start to the ticket; -1 where one of both was not seen."""
    if start.type is EventType.TICKET_CREATED:
        return -1
    sent = (e.ts for e in episode.events if e.type is EventType.TICKET_CREATED and e.ts >= start.ts)
    first = next(sent, None)
    return -1 if first is None else min(round((first - start.ts).total_seconds()), LONGEST_S)


def _add_polls(rows: Collected, found: Iterable[Episode]) -> None:
    for episode in found:
        votes = [event for event in episode.events if event.type is EventType.ARTICLE_VOTED]
        if votes:
            start = episode.form_start() or episode.events[0]
            facet = facets.of_event(votes[-1])._replace(lang=start.locale)
            rows.polls[facet, votes[-1].value == "yes"] += 1


def _add_searches(rows: Collected, asked: Iterable[Search]) -> None:
    for search in asked:
        event = search.event
        query, facet = Query.of(event), facets.of_event(event)
        known = search.opened is not None
        rows.note_query(query, event)
        rows.searches[facet, query].update(
            n=1,
            zero=not search.found,
            followed=known,
            answered=known and search.found,
            no_open=known and search.found and not search.opened,
            reformulated=bool(search.reformulated),
            led=bool(search.led_to_ticket),
        )
        rows.found_for.update((facet, article, query) for article in search.articles)
    _add_searchers(rows, asked)


def _add_searchers(rows: Collected, asked: Iterable[Search]) -> None:
    of_each: dict[tuple[Facet, str], list[Search]] = {}
    for search in asked:
        who = search.event.visitor or f" {search.event.event_id}"
        of_each.setdefault((facets.of_event(search.event), who), []).append(search)
    for (facet, _), mine in of_each.items():
        n, z = len(mine), sum(not search.found for search in mine)
        f = sum(search.opened is not None for search in mine)
        led = sum(bool(search.led_to_ticket) for search in mine)
        rows.searchers[facet].update(
            zz=z * z, zn=z * n, nn=n * n, n=1, ll=led * led, lf=led * f, ff=f * f, f=f > 0
        )


def _add_reads(rows: Collected, reads: Iterable[Event]) -> None:
    rows.reads.update(
        (facets.of_event(event), event.article or "", event.type in OPENS) for event in reads
    )


def _add_tickets(
    rows: Collected,
    known: Sequence[Event],
    *,
    owns: Callable[[datetime], bool],
    windows: Windows,
) -> list[tuple[Event, Facet]]:
    created = [event for event in known if event.type is EventType.TICKET_CREATED]
    tickets = activity.tickets_of(known, created, lookback=windows.lookback)
    mine = [event for event in tickets.created if owns(event.ts)]
    where = facets.of_tickets(mine, known, lookback=windows.lookback)
    for event, facet in zip(mine, where, strict=True):
        ticket = event.ticket or event.event_id
        read = tickets.read_before.get(ticket)
        rows.tickets.append(
            {
                "facet": facet,
                "known": read is not None,
                "read": bool(read),
                "withdrawn": ticket in tickets.withdrawn,
                "articles": sorted(read or ()),
            }
        )
    return list(zip(mine, where, strict=True))


def _add_acts(rows: Collected, acts: Iterable[Event], sent: Iterable[tuple[Event, Facet]]) -> None:
    for event in acts:
        rows.acts[_key(event.visitor), facets.of_event(event)]["acts"] += 1
    for event, facet in sent:
        rows.acts[_key(event.visitor), facet]["sent"] += 1


def _add_votes(rows: Collected, today: Iterable[Event]) -> None:
    last = {
        (event.visitor or event.event_id, event.article or ""): event
        for event in today
        if event.type is EventType.ARTICLE_VOTED
    }
    rows.votes = [
        {
            "who": _key(who),
            "facet": facets.of_event(event),
            "article": article,
            "at": micros(event.ts),
            "yes": event.value == "yes",
        }
        for (who, article), event in last.items()
    ]


def _add_answers(rows: Collected, today: Iterable[Event]) -> None:
    """How long suggestions took, those too that somebody typed past: they were waited for."""
    rows.answers.update(
        (facets.of_event(event), event.took_ms) for event in today if event.took_ms is not None
    )
