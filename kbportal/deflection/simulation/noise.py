"""What is no customer, and must not count: programs, colleagues, spam."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from random import Random
from typing import Any

from kbportal.deflection.simulation.calendar import DAY_S
from kbportal.deflection.simulation.traffic import NAME, Writing, hashed
from kbportal.events.catalog import SUSPECTED, Event, EventType, Surface

_NAMED, _FAST = 0.5, 0.35
"""Of the events of programs: by those that name themselves, by those that read too fast. The
rest keep no cookie, so that each of their requests is another visitor's."""
_BURST = 90
"""Articles that a program reads at a time; more than a person reads in an hour."""


def noise(writing: Writing, *, human_events: int, staff: tuple[str, ...] = ()) -> Iterator[Event]:
    """Everything else that is in the log of a site with so many events of people.

    Args:
        staff: Accounts of colleagues, whose visits are among it.
    """
    chance = Random(f"noise {writing.seed}")  # noqa: S311  nothing is kept secret by it
    made = _Noise(writing, chance)
    bots, patient = writing.mixed_in.bots, writing.mixed_in.patient
    every = human_events / (1 - bots - patient)
    wanted = every * bots
    yield from made.named(int(wanted * _NAMED))
    yield from made.fast(int(wanted * _FAST))
    yield from made.forgetful(int(wanted * (1 - _NAMED - _FAST)))
    yield from made.patient(int(every * patient))
    days = writing.site.days
    if staff:
        yield from made.colleagues(int(writing.mixed_in.staff * days), staff)
    yield from made.spam(int(writing.mixed_in.spam * days))


class _Noise:
    def __init__(self, writing: Writing, chance: Random) -> None:
        self.writing, self.chance, self.count = writing, chance, 0
        self.langs = [one.lang for one in writing.site.tongues]

    def named(self, events: int) -> Iterator[Event]:
        """Crawlers that say so: they open pages, and follow every link that they find."""
        kinds = (EventType.ARTICLE_VIEWED,) * 7 + (EventType.SEARCH,) * 2 + _FORM
        for number in range(events):
            who = hashed(self.writing.seed, "crawler", number % 7)
            kind = self.chance.choice(kinds)
            yield self._event(kind, self._moment(), visitor=who, ua_class="bot", dwell_ms=20_000)

    def fast(self, events: int) -> Iterator[Event]:
        """Programs that say they are browsers, read far too fast, and play with the form."""
        made = 0
        while made < events:
            at, who = self._moment(), hashed(self.writing.seed, "fast", made)
            kinds = (EventType.ARTICLE_VIEWED,) * _BURST
            kinds += (EventType.SEARCH,) * 5 + _FORM + (EventType.FORM_STARTED,)
            for number, kind in enumerate(self.chance.sample(kinds, len(kinds))):
                yield self._event(kind, at + number * 12.0, visitor=who, dwell_ms=6_000)
            made += len(kinds)

    def forgetful(self, events: int) -> Iterator[Event]:
        """Programs that keep no cookie: pages that nobody looks at, each by a new visitor."""
        for number in range(events):
            who = hashed(self.writing.seed, "forgetful", number)
            yield self._event(EventType.ARTICLE_VIEWED, self._moment(), visitor=who)

    def patient(self, events: int) -> Iterator[Event]:
        """Programs that behave like people who only look: nothing takes these out."""
        for number in range(events):
            reader = hashed(self.writing.seed, "patient", number // 200)
            if number % 5:
                kind, facts = EventType.ARTICLE_VIEWED, {"visitor": reader, "value": "scrolled"}
            else:
                kind = EventType.SEARCH
                facts = {"visitor": hashed(self.writing.seed, "searching", number)}
            yield self._event(kind, self._moment(), **facts)

    def colleagues(self, visits: int, staff: tuple[str, ...]) -> Iterator[Event]:
        """Staff who try the form and the search, signed in for a part of the time."""
        for _ in range(visits):
            account, at = self.chance.choice(staff), self._moment()
            who = hashed(self.writing.seed, "staff", account)
            yield self._event(EventType.SEARCH, at, visitor=who, user=account)
            for number, kind in enumerate((*_FORM, EventType.FORM_STARTED)):
                yield self._event(kind, at + 30.0 * number, visitor=who, dwell_ms=20_000)

    def spam(self, tickets: int) -> Iterator[Event]:
        """Suspected tickets, which wait in quarantine."""
        for number in range(tickets):
            yield self._event(
                EventType.TICKET_CREATED, self._moment(),
                visitor=hashed(self.writing.seed, "spam", number),
                ticket=hashed(self.writing.seed, "spam ticket", number),
                reason=SUSPECTED, channel="form",
            )  # fmt: skip

    def _moment(self) -> float:
        return self.chance.uniform(0, self.writing.site.days * DAY_S)

    def _event(self, kind: EventType, at: float, **facts: Any) -> Event:
        self.count += 1
        lang = self.chance.choice(self.langs)
        shelf = self.writing.shelves[lang]
        group = self.chance.randrange(len(shelf.groups))
        topic = self.chance.choice(shelf.groups[group])
        if kind is not EventType.TICKET_CREATED:
            facts.setdefault("article", topic.article)
        if kind in (EventType.SEARCH, EventType.SUGGEST_SHOWN):
            facts["query_norm"], facts["results"] = topic.questions[0], shelf.results(group)
        if kind in (EventType.SEARCH, EventType.FORM_STARTED):
            facts["article"] = facts["dwell_ms"] = None
        return Event(
            event_id=f"{NAME}-{self.writing.seed:x}-noise-{self.count:x}",
            ts=self.writing.beginning + timedelta(seconds=at),
            type=kind,
            surface=_SURFACES.get(kind, Surface.FORM),
            locale=lang,
            **facts,
        )


_FORM = (
    EventType.FORM_STARTED,
    EventType.SUGGEST_SHOWN,
    EventType.SUGGEST_EXPANDED,
    EventType.FORM_SOLVED,
)
_SURFACES = {
    EventType.SEARCH: Surface.SEARCH,
    EventType.ARTICLE_VIEWED: Surface.ARTICLE,
}
