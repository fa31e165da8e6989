"""What search may learn from: texts of people whom a known article helped.

Two kinds are trusted: a ticket that an agent resolved with an article, and a press of
"This solved it" that no ticket of the same visitor took back.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Literal

from kbportal.events.catalog import Event, EventType, is_undo
from kbportal.events.privacy import scrub
from kbportal.kernel.text import fold, normalise

BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)
SETTLED_AFTER = timedelta(days=7)
"""A press counts once this long has passed without a ticket."""

MOST_TEXTS = 200
"""Per article; the latest, because older ones speak of an older product."""

MOST_PRESSES_A_DAY = 5
"""Per article: more on one day is an outage, or somebody who plays with the buttons."""

_FEWEST_LETTERS = 3

Source = Literal["ticket", "press"]


@dataclass(frozen=True, slots=True)
class Evidence:
    """Somebody with this text was helped by this article; text is scrubbed of personal data."""

    text: str
    article_id: str
    lang: str
    source: Source
    at: datetime


def from_text(
    subject: str, description: str, *, article_id: str, lang: str, at: datetime
) -> Evidence:
    """What a ticket that this article solved teaches."""
    text = scrub(normalise(f"{subject}. {description}"))
    return Evidence(text, article_id, lang, "ticket", at)


def from_presses(
    presses: Iterable[Event], after: Iterable[Event], *, now: datetime
) -> Iterator[Evidence]:
    """What confirmed presses teach, in their order.

    One visitor teaches one text about one article once; crawlers and people without a visitor
    id teach nothing, since nobody could tell whether they took it back.

    Args:
        presses: ``form_solved`` events.
        after: ``ticket_created`` and ``suggest_rejected`` events of the same time and later.
    """
    taken_back: dict[str, list[Event]] = {}
    for event in after:
        if event.visitor and (event.type is EventType.TICKET_CREATED or is_undo(event)):
            taken_back.setdefault(event.visitor, []).append(event)
    taught: set[tuple[str, str, str]] = set()
    for press in presses:
        evidence = _from_press(press, taken_back.get(press.visitor or "", []), now=now)
        key = (press.visitor or "", press.article or "", press.query_norm or "")
        if evidence and key not in taught:
            taught.add(key)
            yield evidence


def lessons(found: Iterable[Evidence]) -> dict[str, tuple[str, ...]]:
    """By article id the texts that it answers, the oldest first.

    The same text teaches an article once, however often it came.
    """
    texts: dict[str, dict[str, str]] = {}
    presses: Counter[tuple[str, date]] = Counter()
    for one in sorted(found, key=lambda one: one.at):
        day = (one.article_id, one.at.date())
        if one.source == "press":
            presses[day] += 1
        if presses[day] > MOST_PRESSES_A_DAY and one.source == "press":
            continue
        if sum(map(str.isalnum, one.text)) >= _FEWEST_LETTERS:
            own = texts.setdefault(one.article_id, {})
            own.pop(fold(one.text), None)
            own[fold(one.text)] = one.text
    return {article: tuple(own.values())[-MOST_TEXTS:] for article, own in texts.items()}


def _from_press(press: Event, after: list[Event], *, now: datetime) -> Evidence | None:
    if not (press.visitor and press.article and press.query_norm) or press.ua_class == "bot":
        return None
    settled = press.ts + SETTLED_AFTER
    if settled > now or any(
        press.ts <= event.ts <= settled and not _is_of_another(event, press) for event in after
    ):
        return None
    return Evidence(scrub(press.query_norm), press.article, press.locale, "press", press.ts)


def _is_of_another(event: Event, press: Event) -> bool:
    """Whether it undoes the press on another article; a ticket takes all of them back."""
    return is_undo(event) and event.article != press.article
