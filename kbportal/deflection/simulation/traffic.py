"""The events that simulated people leave behind, as a portal would record them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from hashlib import blake2b
from random import Random
from typing import Any

from kbportal.deflection.simulation.asking import (
    LATE_START_S,
    TO_LEAVING_S,
    TO_PRESS_S,
    TO_SUGGESTION_S,
    TO_UNDO_S,
    took_ms,
)
from kbportal.deflection.simulation.people import Needs, widget_key, with_key
from kbportal.deflection.simulation.site import Course, Disturbance, Site
from kbportal.deflection.simulation.topics import Shelf, Shelves
from kbportal.deflection.trials.assignment import CONTROL, HOLDOUT, SHOWN
from kbportal.events.catalog import UNDONE, Event, EventType, Shown, Surface

NAME = "demo"
"""What the id of every simulated event begins with; real ones are hexadecimal throughout."""


@dataclass(frozen=True, slots=True)
class Writing:
    """What is the same for all events of a site."""

    site: Site
    shelves: Shelves
    beginning: datetime
    seed: int
    mixed_in: Disturbance


def traffic(needs: Needs, writing: Writing) -> Iterator[Event]:
    """All events of these needs, need by need; so not in order of time."""
    chance = Random(writing.seed)  # noqa: S311  nothing is kept secret by it
    for number, row in enumerate(_rows(needs)):
        for event in _Need(writing, number, row, chance).events():
            yield event
            if chance.random() < writing.mixed_in.doubled:
                yield event


def _rows(needs: Needs) -> Iterator[dict[str, Any]]:
    """Each need as plain values by name."""
    columns: dict[str, list[Any]] = {}
    for part in (needs, needs.looked, needs.asked):
        for column in fields(part):
            if column.name not in ("looked", "asked"):
                columns[column.name] = getattr(part, column.name).tolist()
    names = tuple(columns)
    for values in zip(*columns.values(), strict=True):
        yield dict(zip(names, values, strict=True))


def hashed(*parts: object) -> str:
    """32 hexadecimal digits, always the same for the same parts."""
    return blake2b(":".join(map(str, parts)).encode(), digest_size=16).hexdigest()


class _Need:
    """One need of one person, written down."""

    def __init__(self, writing: Writing, number: int, row: dict[str, Any], chance: Random) -> None:
        self.writing, self.number, self.row, self.chance = writing, number, row, chance
        self.lang = writing.site.tongues[row["tongue"]].lang
        self.shelf: Shelf = writing.shelves[self.lang]
        # Searches, the form and its late ticket are about different articles.
        self.groups = chance.sample(range(len(self.shelf.groups)), 4)
        self.form = Surface.WIDGET if row["widget"] else Surface.FORM
        self.count = 0

    def events(self) -> Iterator[Event]:
        row = self.row
        if row["landed"] or row["searched"][0]:
            yield from self._looking()
        if row["form"]:
            yield from self._asking()
            yield from self._ticket()

    def _looking(self) -> Iterator[Event]:
        row = self.row
        for turn, (made, nothing) in enumerate(zip(row["searched"], row["nothing"], strict=True)):
            if made:
                yield from self._search(turn, nothing=nothing)
        if row["opened_at"] == row["opened_at"]:
            turns = [turn for turn, opened in enumerate(row["opened"]) if opened]
            topic = self.chance.choice(self.shelf.groups[self.groups[turns[0] if turns else 3]])
            yield from self._view(topic.article)

    def _search(self, turn: int, *, nothing: bool) -> Iterator[Event]:
        at = self.row["searched_at"][turn]
        group = self.groups[turn]
        text = self._missing(turn) if nothing else self._question(group)
        results = () if nothing else self.shelf.results(group)
        if not self.row["private"] and len(text) > 8 and self.chance.random() < 0.3:
            yield self._event(EventType.SEARCH, at - 4, query_norm=text[:5], results=results)
        yield self._event(EventType.SEARCH, at, query_norm=text, results=results)

    def _view(self, article: str) -> Iterator[Event]:
        row, kind = self.row, EventType.ARTICLE_VIEWED
        if self.chance.random() < self.writing.mixed_in.prefetched:
            yield self._event(kind, row["opened_at"] - 1, article=article, channel="prefetch")
        hasty = row["read_at"] != row["read_at"]
        if hasty or self.chance.random() < 0.1:
            yield self._event(kind, row["opened_at"], article=article)
        if not hasty:
            dwell = int(row["dwell_s"] * 1000)
            yield self._event(kind, row["read_at"], article=article, dwell_ms=dwell)
        if row["vote"]:
            value = "yes" if row["vote"] > 0 else "no"
            yield self._event(EventType.ARTICLE_VOTED, row["vote_at"], article=article, value=value)

    def _asking(self) -> Iterator[Event]:
        row, form = self.row, self.form
        if row["asked_at"] > row["form_at"]:
            yield self._event(EventType.FORM_STARTED, row["form_at"], form)
            yield self._event(EventType.FORM_QUIT, row["form_at"] + 60, form)
        yield self._event(EventType.FORM_STARTED, row["asked_at"], form, visit=1)
        if row["covered"]:
            yield from self._suggested()
        if row["ticket_at"] != row["ticket_at"] and row["course"] != Course.PRESSED:
            yield self._event(EventType.FORM_QUIT, row["asked_at"] + TO_LEAVING_S, form, visit=1)

    def _suggested(self) -> Iterator[Event]:
        row, group = self.row, self.groups[3]
        text, results = self._question(group), self.shelf.results(group)
        kind = EventType.SUGGEST_GHOST if row["control"] else EventType.SUGGEST_SHOWN
        at = row["asked_at"] + TO_SUGGESTION_S
        for part in {len(text) // 2, len(text)}:
            yield self._suggestion(
                kind, at, query_norm=text[:part] or text, results=results, took_ms=self._took_ms()
            )
        if not row["control"] and self.chance.random() < self.writing.mixed_in.auto:
            yield self._suggestion(
                EventType.SUGGEST_EXPANDED, at + 1, article=results[0].article, value="auto",
                dwell_ms=15_000,
            )  # fmt: skip
        if row["course"] != Course.IGNORED:
            yield from self._answered(text, results)

    def _answered(self, text: str, results: tuple[Shown, ...]) -> Iterator[Event]:
        """What somebody does who opens a suggestion."""
        row, course = self.row, self.row["course"]
        article = self.chance.choices(results, weights=(6, 3, 2)[: len(results)])[0].article
        dwell = int(row["read_s"] * 1000)
        yield self._suggestion(
            EventType.SUGGEST_EXPANDED, row["expanded_at"], article=article, dwell_ms=dwell
        )
        pressed_at = row["asked_at"] + TO_PRESS_S
        if course >= Course.PRESSED:
            yield self._suggestion(
                EventType.FORM_SOLVED, pressed_at, article=article, query_norm=text
            )
        if course == Course.UNDONE:
            undone_at = row["asked_at"] + TO_UNDO_S
            yield self._suggestion(
                EventType.SUGGEST_REJECTED, undone_at, article=article, reason=UNDONE
            )
        elif course < Course.PRESSED and self.chance.random() < 0.5:
            yield self._suggestion(EventType.SUGGEST_REJECTED, pressed_at, article=article)

    def _ticket(self) -> Iterator[Event]:
        row, late = self.row, self.row["late_at"] == self.row["late_at"]
        at = row["late_at"] if late else row["ticket_at"]
        if at != at:
            return
        visit = 2 if late else 1
        if late and row["by_form"]:
            yield self._event(EventType.FORM_STARTED, at - LATE_START_S, self.form, visit=visit)
        channel = "api" if late and not row["by_form"] else str(self.form)
        facts: dict[str, Any] = {"ticket": hashed(self.writing.seed, "ticket", self.number)}
        if not row["private"]:
            facts["user"] = hashed(self.writing.seed, "person", row["person"])
        created = EventType.TICKET_CREATED
        yield self._event(created, at, self.form, visit=visit, channel=channel, **facts)
        yield from self._withdrawn(at, visit, facts["ticket"])

    def _withdrawn(self, at: float, visit: int, ticket: str) -> Iterator[Event]:
        kind, how = EventType.TICKET_WITHDRAWN, self.row["withdrawn"]
        if how:
            article = self.shelf.groups[self.groups[3]][0].article
            yield self._event(
                kind, at + 600, self.form, visit=visit, ticket=ticket, article=article
            )
        if how == 2:
            yield self._event(kind, at + 900, self.form, visit=visit, ticket=ticket, value=UNDONE)

    def _question(self, group: int) -> str:
        topics = self.shelf.groups[group]
        topic = self.chance.choices(topics, weights=(6, 3, 2)[: len(topics)])[0]
        return self.chance.choice(topic.questions)

    def _missing(self, turn: int) -> str:
        missing = self.shelf.missing
        return missing[(self.chance.randrange(len(missing)) + turn) % len(missing)]

    def _took_ms(self) -> int:
        """By a lot of its own: what else happens must not depend on it."""
        lot = int(hashed(self.writing.seed, "took", self.number, self.count)[:8], 16)
        return round(took_ms((lot + 0.5) / 2**32))

    def _suggestion(self, kind: EventType, at: float, **facts: Any) -> Event:
        return self._event(kind, at, self.form, visit=1, **facts)

    def _event(
        self,
        kind: EventType,
        at: float,
        surface: Surface | None = None,
        *,
        visit: int = 0,
        **facts: Any,
    ) -> Event:
        row, seed = self.row, self.writing.seed
        self.count += 1
        if surface is None:
            surface = Surface.SEARCH if kind is EventType.SEARCH else Surface.ARTICLE
        visitor = session = None
        if not row["private"]:
            visitor = hashed(seed, "visitor", self._number(at, visit))
            session = hashed(seed, "session", self.number, visit)
            facts["arm"] = self._arm()
        return Event(
            event_id=f"{NAME}-{seed:x}-{self.number:x}-{self.count:x}",
            ts=self.writing.beginning + timedelta(seconds=at),
            type=kind,
            surface=surface,
            visitor=visitor,
            session=session,
            locale=self.lang,
            **facts,
        )

    def _number(self, at: float, visit: int) -> int:
        """Of the visitor id that they have then."""
        number = int(self.row["late_visitor" if visit == 2 else "visitor"])
        if self.row["widget"] and self.writing.site.widget_remembers_d is not None:
            return with_key(number, int(widget_key(self.writing.site, at)))
        return number

    def _arm(self) -> str | None:
        control = round(self.writing.site.control * 100)
        if not control:
            return None
        if self.row["control"]:
            return f"{HOLDOUT}:{CONTROL}@{control}"
        return f"{HOLDOUT}:{SHOWN}@{100 - control}"
