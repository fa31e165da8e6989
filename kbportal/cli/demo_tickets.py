"""Requests of invented customers for the demo: some new, some answered, some come back."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from hashlib import sha256
from random import Random

from kbportal.cli.demo_words import words_in
from kbportal.deflection.simulation.topics import Shelves
from kbportal.events.catalog import Event
from kbportal.tickets.model import Author, Message, Rating, Status, Ticket, Verdict
from kbportal.tickets.ports import TicketStore

MOST = 60
AGENTS = ("Mia", "Jonas", "Sofia")
_HOUR = timedelta(hours=1)


def file_requests(
    store: TicketStore,
    created: Sequence[Event],
    shelves: Shelves,
    *,
    seed: int,
    now: datetime,
    advance: Callable[[int, int], None],
) -> None:
    """File a ticket for each of these ``ticket_created`` events, oldest first.

    Nobody is written to: the store is told directly what was said, without letters.
    """
    chance = Random(f"tickets {seed}")  # noqa: S311  nothing is kept secret by it
    for number, event in enumerate(created, 1):
        ticket, _ = store.file(_ticket(event, shelves, chance), event)
        _handled(store, ticket, shelves, chance, now=now)
        advance(number, len(created))


def latest(events: Iterable[Event], *, most: int = MOST) -> list[Event]:
    """The tickets to be filed, oldest first: the latest, each once; spam is left out."""
    once = {event.ticket: event for event in events if event.ticket and not event.reason}
    return sorted(once.values(), key=lambda event: (event.ts, event.event_id))[-most:]


def _ticket(event: Event, shelves: Shelves, chance: Random) -> Ticket:
    words, shelf = words_in(event.locale), shelves[event.locale]
    asked = chance.choice(shelf.missing)
    if chance.random() < 0.7:
        asked = chance.choice(chance.choice(chance.choice(shelf.groups)).questions)
    name = chance.choice(words.names)
    digest = sha256(f"{event.event_id} {event.ticket}".encode()).hexdigest()
    return Ticket(
        id=event.ticket or digest[:32],
        number=0,
        token_digest=digest,
        subject=asked[:1].upper() + asked[1:],
        description=f"{chance.choice(words.opening)} {asked}.",
        name=name,
        # The domain is reserved: nothing can ever be sent there (RFC 2606).
        email=f"customer-{digest[:6]}@demo.invalid",
        lang=event.locale,
        created=event.ts,
        updated=event.ts,
        visitor=event.visitor,
        channel=event.channel or "form",
    )


def _handled(
    store: TicketStore, ticket: Ticket, shelves: Shelves, chance: Random, *, now: datetime
) -> None:
    """What became of it until now: the older, the more."""
    words, agent = words_in(ticket.lang), chance.choice(AGENTS)
    at = ticket.created + chance.uniform(1, 30) * _HOUR
    if at > now or chance.random() < 0.1:
        return
    _say(store, ticket, Author.AGENT, agent, words.answer, Status.WAITING, at)
    solved_at = at + chance.uniform(1, 24) * _HOUR
    if solved_at > now or chance.random() < 0.15:
        return
    article = chance.choice(chance.choice(shelves[ticket.lang].groups)).article
    named = article if chance.random() < 0.5 else None
    store.set_status(ticket.id, Status.SOLVED, now=solved_at, solved_by_article=named)
    again_at = solved_at + chance.uniform(1, 48) * _HOUR
    if again_at > now:
        return
    if chance.random() < 0.12:
        _say(store, ticket, Author.REQUESTER, ticket.name, words.again, Status.OPEN, again_at)
    elif chance.random() < 0.6:
        _rated(store, ticket, chance, again_at)


def _rated(store: TicketStore, ticket: Ticket, chance: Random, at: datetime) -> None:
    words = words_in(ticket.lang)
    verdict = chance.choices(list(Verdict), weights=(7, 2, 1))[0]
    comment = words.comment if verdict is Verdict.YES and chance.random() < 0.5 else ""
    store.rate(Rating(ticket.id, verdict, comment, at, at))


def _say(
    store: TicketStore,
    ticket: Ticket,
    author: Author,
    name: str,
    body: str,
    status: Status,
    at: datetime,
) -> None:
    digest = sha256(f"{ticket.id} {author} {at}".encode()).hexdigest()
    message = Message(digest[:32], ticket.id, author, name, body, at)
    store.add_message(message, status=status)
