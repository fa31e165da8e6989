"""Putting letters into the outbox, where the rules let them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, func, select, update

from kbportal.kernel.addresses import fold_address
from kbportal.mail.model import Kind, Letter, State
from kbportal.mail.rules import APART, when
from kbportal.storage.tables import outbox, proven_addresses
from kbportal.storage.upsert import put_one_new

FIELDS = ("id", "kind", "to", "lang", "created", "due", "until", "ticket_id", "message_id",
          "state", "tries", "error", "sent", "via")  # fmt: skip
COLUMNS = tuple(outbox.c[name] for name in FIELDS)
_COUNTED = tuple(str(one) for one in State if one not in {State.VOID, State.FAILED})


def insert_letter(connection: Connection, letter: Letter) -> bool:
    """Keep a letter within a transaction, unless the same is there or the rules forbid it.

    That a ticket is solved is told in the letter with the answer, where that still waits.
    """
    if connection.execute(one_letter(letter.id)).first() or _joined(connection, letter):
        return False
    address = fold_address(letter.to)
    due = when(
        letter,
        proven=_is_proven(connection, address),
        last=_last(connection, address),
        last_alike=_last(connection, address, letter.kind),
    )
    if due is None:
        return False
    row = {name: getattr(letter, name) for name in FIELDS}
    row |= {"kind": str(letter.kind), "state": str(letter.state), "due": due, "address": address}
    # Another process may write the same letter at this moment.
    return put_one_new(connection, outbox, row | {"claimed": None, "claimed_by": ""})


def not_before(connection: Connection, address: str, *, now: datetime) -> datetime | None:
    """When an address may have its next letter, if that is not now.

    Looked at again when a letter leaves: those that waited for a server all go at once.
    """
    if _is_proven(connection, address):
        return None
    gone = select(func.max(outbox.c.due)).where(
        outbox.c.address == address,
        outbox.c.state.in_([str(State.SENT), str(State.UNSURE), str(State.HANDING)]),
    )
    last: datetime | None = connection.execute(gone).scalar()
    return last + APART if last and last + APART > now else None


def one_letter(letter_id: str) -> Select[Any]:
    """The row of a letter, in the order of COLUMNS."""
    return select(*COLUMNS).where(outbox.c.id == letter_id)


def as_letter(row: Any) -> Letter:
    """A row as the letter that it keeps."""
    facts = {name: getattr(row, name) for name in FIELDS}
    return Letter(**(facts | {"kind": Kind(row.kind), "state": State(row.state)}))


def _joined(connection: Connection, letter: Letter) -> bool:
    if letter.kind is not Kind.SOLVED or letter.message_id is None:
        return False
    done = connection.execute(
        update(outbox)
        .where(outbox.c.message_id == letter.message_id, outbox.c.kind == str(Kind.REPLIED))
        .where(outbox.c.state == str(State.WAITING))
        .values(kind=str(Kind.SOLVED))
    )
    return done.rowcount == 1


def _is_proven(connection: Connection, address: str) -> bool:
    query = select(proven_addresses.c.address).where(proven_addresses.c.address == address)
    return connection.execute(query).first() is not None


def _last(connection: Connection, address: str, kind: Kind | None = None) -> datetime | None:
    """When the latest letter to an address went or is due."""
    query = select(func.max(outbox.c.due)).where(
        outbox.c.address == address, outbox.c.state.in_(_COUNTED)
    )
    if kind is not None:
        # What had nothing to tell counts here, too: asking again and again costs nothing.
        query = select(func.max(outbox.c.due)).where(
            outbox.c.address == address, outbox.c.kind == str(kind)
        )
    found: datetime | None = connection.execute(query).scalar()
    return found
