"""Four weeks of invented visitors, so that a screenshot of the numbers has numbers in it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from random import Random
from typing import Any

from kbportal.articles.shelf import ArticleCard
from kbportal.events.catalog import Event, EventType, Shown, Surface

SEED, DAYS, A_DAY = 7, 36, (9, 26)
# Of those who begin a form: solved by an article, read one and left, left, sent a ticket.
ENDINGS = ("solved", "read", "left", "ticket")
WEIGHTS = (24, 9, 12, 55)
WORDS = ("refund", "parcel late", "reset password", "cancel box", "invoice", "sign-in code")


def visits(cards: Sequence[ArticleCard], *, now: datetime) -> list[Event]:
    """The events of all visitors up to now, the same every time but for their dates."""
    random = Random(SEED)
    found: list[Event] = []
    for days_ago in range(DAYS, 0, -1):
        for number in range(random.randint(*A_DAY)):
            start = now - timedelta(days=days_ago, minutes=random.randint(1, 600))
            visitor = f"{days_ago:04x}{number:028x}"
            found += _Visit(random, visitor, start, cards).events()
    return found


class _Visit:
    """One visitor with one need."""

    def __init__(
        self, random: Random, visitor: str, start: datetime, cards: Sequence[ArticleCard]
    ) -> None:
        self._random, self._visitor, self._now = random, visitor, start
        # Some needs are common: the first cards are drawn most.
        self._card = cards[min(int(random.expovariate(0.25)), len(cards) - 1)]
        self._word = random.choice(WORDS)

    def events(self) -> Iterator[Event]:
        if self._random.random() < 0.5:
            yield self._event(EventType.SEARCH, Surface.SEARCH, query_norm=self._word,
                              results=self._shown())  # fmt: skip
            yield self._read(EventType.ARTICLE_VIEWED, Surface.ARTICLE)
            if self._random.random() < 0.3:
                vote = self._random.choices(("yes", "no"), (4, 1))[0]
                yield self._event(EventType.ARTICLE_VOTED, Surface.ARTICLE, article=self._card.id,
                                  value=vote)  # fmt: skip
        if self._random.random() < 0.6:
            yield from self._form()

    def _form(self) -> Iterator[Event]:
        ending = self._random.choices(ENDINGS, WEIGHTS)[0]
        yield self._event(EventType.FORM_STARTED)
        if ending in {"solved", "read"} or self._random.random() < 0.7:
            yield self._event(EventType.SUGGEST_SHOWN, query_norm=self._word, results=self._shown())
        if ending in {"solved", "read"} or self._random.random() < 0.2:
            yield self._read(EventType.SUGGEST_EXPANDED)
        if ending == "solved":
            yield self._event(EventType.FORM_SOLVED, article=self._card.id, query_norm=self._word)
        elif ending == "ticket":
            yield self._event(EventType.TICKET_CREATED, channel="form", ticket=self._visitor)

    def _shown(self) -> tuple[Shown, ...]:
        return (Shown(self._card.id, "", 1, 0.8),)

    def _read(self, kind: EventType, surface: Surface = Surface.FORM) -> Event:
        dwell = self._random.randint(12_000, 90_000)
        return self._event(kind, surface, article=self._card.id, dwell_ms=dwell)

    def _event(self, kind: EventType, surface: Surface = Surface.FORM, **facts: Any) -> Event:
        self._now += timedelta(seconds=self._random.randint(15, 90))
        return Event(
            event_id=f"{self._random.getrandbits(128):032x}",
            ts=self._now,
            type=kind,
            surface=surface,
            visitor=self._visitor,
            session=self._visitor,
            locale=self._card.lang,
            ua_class="browser",
            **facts,
        )
