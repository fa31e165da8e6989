"""The outbox: letters are written in the transaction of what they are about."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Select, and_, delete, func, or_, select, update

from kbportal.kernel.addresses import fold_address
from kbportal.mail.content import Content
from kbportal.mail.model import ABOUT_ACCOUNTS, TROUBLED, Letter, State
from kbportal.mail.rules import GIVEN_UP_AFTER
from kbportal.storage.contents import content_of
from kbportal.storage.database import Database
from kbportal.storage.links import insert_links
from kbportal.storage.posting import COLUMNS, as_letter, insert_letter, not_before, one_letter
from kbportal.storage.tables import outbox, proven_addresses, tickets
from kbportal.storage.upsert import put_new
from kbportal.tickets.model import Link

LONG_GONE = timedelta(minutes=15)
"""A claim this old is nobody's: no step of a delivery may last so long."""

_IN_HAND = (str(State.SENDING), str(State.HANDING))
SETTLED = (str(State.SENT), str(State.VOID))


class SqlOutbox:
    """Outbox on any database that SQLAlchemy speaks to."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, letter: Letter) -> bool:
        with self._database.writing() as connection:
            return insert_letter(connection, letter)

    def recover(self, *, sender: str, now: datetime) -> None:
        mine = or_(outbox.c.claimed_by == sender, outbox.c.claimed < now - LONG_GONE)
        doubt = "the portal ended while it was handed over"
        with self._database.writing() as connection:
            for before, after, error in (
                (State.SENDING, State.WAITING, ""),
                (State.HANDING, State.UNSURE, doubt),
            ):
                connection.execute(
                    update(outbox)
                    .where(outbox.c.state == str(before), mine)
                    .values(state=str(after), error=error)
                )

    def claim(self, *, sender: str, now: datetime) -> Letter | None:
        with self._database.reading() as connection:
            # Asked every other second; only then is the lock for writing worth taking.
            if connection.execute(_first_due(now)).first() is None:
                return None
        with self._database.writing() as connection:
            while found := connection.execute(_first_due(now, lock=True)).first():
                later = not_before(connection, found.address, now=now)
                if later and found.kind not in ABOUT_ACCOUNTS:
                    _change(connection, found.id, {"due": later})
                    continue
                _change(
                    connection,
                    found.id,
                    {"state": str(State.SENDING), "tries": outbox.c.tries + 1,
                     "claimed": now, "claimed_by": sender},
                )  # fmt: skip
                return as_letter(connection.execute(one_letter(found.id)).one())
            return None

    def content(self, letter: Letter) -> Content | None:
        with self._database.reading() as connection:
            return content_of(connection, letter)

    def keep_links(self, digests: Mapping[str, str], *, now: datetime) -> None:
        with self._database.writing() as connection:
            insert_links(
                connection,
                [Link(digest, ticket_id, True, now) for ticket_id, digest in digests.items()],
            )

    def handing(self, letter: Letter) -> bool:
        with self._database.writing() as connection:
            done = connection.execute(
                update(outbox)
                .where(_is_this_try(letter), outbox.c.state == str(State.SENDING))
                .values(state=str(State.HANDING))
            )
            return done.rowcount == 1

    def settle(
        self,
        letter: Letter,
        state: State,
        *,
        now: datetime,
        due: datetime | None = None,
        error: str = "",
        via: str = "",
    ) -> None:
        known = (*_IN_HAND, str(State.UNSURE)) if state is State.SENT else _IN_HAND
        change: dict[str, Any] = {"state": str(state), "error": error, "via": via}
        change["due"] = due or now
        if state is State.SENT:
            change["sent"] = now
        with self._database.writing() as connection:
            connection.execute(
                update(outbox).where(_is_this_try(letter), outbox.c.state.in_(known)).values(change)
            )

    def counts(self) -> Mapping[State, int]:
        query = (
            select(outbox.c.state, func.count().label("letters"))
            .group_by(outbox.c.state)
            .order_by(outbox.c.state)
        )
        with self._database.reading() as connection:
            found = {row.state: row.letters for row in connection.execute(query)}
        return {state: found.get(str(state), 0) for state in State}

    def oldest_waiting(self) -> datetime | None:
        query = select(func.min(outbox.c.created)).where(outbox.c.state == str(State.WAITING))
        with self._database.reading() as connection:
            found: datetime | None = connection.execute(query).scalar()
        return found

    def troubled(self, *, limit: int = 100) -> tuple[tuple[Letter, int | None], ...]:
        query = (
            select(*COLUMNS, tickets.c.number)
            .select_from(outbox.outerjoin(tickets, tickets.c.id == outbox.c.ticket_id))
            .where(outbox.c.state.in_([str(state) for state in TROUBLED]))
            .order_by(outbox.c.due.desc(), outbox.c.id)
            .limit(limit)
        )
        with self._database.reading() as connection:
            return tuple((as_letter(row), row.number) for row in connection.execute(query))

    def of_ticket(self, ticket_id: str) -> tuple[Letter, ...]:
        query = (
            select(*COLUMNS)
            .where(outbox.c.ticket_id == ticket_id)
            .order_by(outbox.c.created, outbox.c.id)
        )
        with self._database.reading() as connection:
            return tuple(as_letter(row) for row in connection.execute(query))

    def again(self, letter_id: str, *, now: datetime) -> bool:
        return self._decide(
            letter_id, {"state": str(State.WAITING), "due": now, "until": now + GIVEN_UP_AFTER}
        )

    def drop(self, letter_id: str, *, now: datetime) -> bool:
        return self._decide(letter_id, {"state": str(State.VOID), "due": now})

    def prove(self, address: str, *, now: datetime) -> None:
        folded = fold_address(address)
        known = select(proven_addresses.c.address).where(proven_addresses.c.address == folded)
        with self._database.reading() as connection:
            if connection.execute(known).first():
                return
        with self._database.writing() as connection:
            put_new(connection, proven_addresses, [{"address": folded, "proven": now}])

    def purge(self, before: datetime) -> int:
        with self._database.writing() as connection:
            return connection.execute(
                delete(outbox).where(outbox.c.state.in_(SETTLED), outbox.c.due < before)
            ).rowcount

    def _decide(self, letter_id: str, change: dict[str, Any]) -> bool:
        with self._database.writing() as connection:
            done = connection.execute(
                update(outbox)
                .where(outbox.c.id == letter_id)
                .where(outbox.c.state.in_([str(state) for state in TROUBLED]))
                .values(change)
            )
            return done.rowcount == 1


def _first_due(now: datetime, *, lock: bool = False) -> Select[Any]:
    query = (
        select(outbox.c.id, outbox.c.kind, outbox.c.address)
        .where(outbox.c.state == str(State.WAITING), outbox.c.due <= now)
        .order_by(outbox.c.due, outbox.c.created, outbox.c.id)
        .limit(1)
    )
    return query.with_for_update(skip_locked=True) if lock else query


def _change(connection: Connection, letter_id: str, change: dict[str, Any]) -> None:
    connection.execute(update(outbox).where(outbox.c.id == letter_id).values(change))


def _is_this_try(letter: Letter) -> Any:
    return and_(outbox.c.id == letter.id, outbox.c.tries == letter.tries)
