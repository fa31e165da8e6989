"""Filing a ticket: what the form must hold, and one ticket however often it is sent.

A form or a client names its attempt by a draft id. The ticket's secret is computed from the
draft id and the whole content with the portal's key: whoever repeats the same submission gets
the same address of the ticket, although only the secret's digest is ever stored, and whoever
merely guesses a draft id does not.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from kbportal.events.catalog import SUSPECTED, Event, EventType, Surface
from kbportal.events.privacy import person_key
from kbportal.kernel.addresses import fold_address, is_address
from kbportal.kernel.ids import new_token, token_digest
from kbportal.kernel.text import normalise
from kbportal.tickets.draft import draft_digest
from kbportal.tickets.errors import SubmissionRefused
from kbportal.tickets.letters import received
from kbportal.tickets.model import Answer, Ticket
from kbportal.tickets.ports import TicketStore
from kbportal.tickets.suspicion import content_digest, marks_of_text
from kbportal.tickets.texts import clean_lines

LIMITS: Mapping[str, int] = {
    "subject": 200,
    "description": 20_000,
    "name": 100,
    "email": 254,
    "category": 100,
    "draft_id": 200,
}
"""The longest text, in characters, that each field may hold."""


@dataclass(frozen=True, slots=True)
class Submission:
    """A form as it was sent, with what the server knows of its sender.

    draft_id: the attempt's name: the form's hidden field or the ``Idempotency-Key`` header.
    channel: ``form``, ``widget`` or ``api``. visitor, session, arm, ua_class: as in an event.
    answers: to the form's further questions, checked. marks: what its room found suspicious.
    """

    subject: str
    description: str
    email: str
    lang: str
    name: str = ""
    category: str = ""
    draft_id: str | None = None
    channel: str = "form"
    surface: Surface = Surface.FORM
    visitor: str | None = None
    session: str | None = None
    arm: str | None = None
    ua_class: str = "browser"
    answers: tuple[Answer, ...] = ()
    marks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Filed:
    """The ticket that stands for a submission.

    token: the secret of the requester's address; None when an earlier ticket of the same draft
    had another text, so that this one was not taken and its sender must be told.
    is_new: False when the ticket was there already.
    """

    ticket: Ticket
    token: str | None
    is_new: bool


def tidy(form: Submission) -> Submission:
    """The form with control characters gone and spaces tidied."""
    return replace(
        form,
        subject=normalise(form.subject),
        description=clean_lines(form.description),
        name=normalise(form.name),
        email=form.email.strip(),
        category=normalise(form.category),
        draft_id=normalise(form.draft_id or "") or None,
    )


def check(form: Submission) -> dict[str, str]:
    """What is wrong, by field: ``required``, ``too_long`` or ``invalid``; empty when all is well.

    The name and the category may stay empty.
    """
    form = tidy(form)
    errors = {
        field: "too_long"
        for field, limit in LIMITS.items()
        if len(getattr(form, field) or "") > limit
    }
    for field in ("subject", "description", "email"):
        if not getattr(form, field):
            errors[field] = "required"
    if "email" not in errors and not is_address(form.email):
        errors["email"] = "invalid"
    return errors


def submit(
    form: Submission,
    store: TicketStore,
    *,
    now: datetime,
    secret: bytes,
    ticket_id: str,
    event_id: str,
) -> Filed:
    """File the form as a ticket, with its event, its draft's files and its letter, once.

    What looks like spam is filed like any other, but set aside: see `suspicion`.

    Args:
        secret: The portal's signing key.
        ticket_id, event_id: Fresh ids for the case that the ticket is new.

    Raises:
        SubmissionRefused: with ``errors`` as ``check`` gives them.
        StorageUnavailable: nothing was filed; the text should be offered again.
    """
    if errors := check(form):
        raise SubmissionRefused("the form has errors", errors=errors)
    form = tidy(form)
    token = _token(form, secret)
    ticket = _ticket(form, ticket_id=ticket_id, digest=token_digest(token), now=now)
    ticket = _judged(ticket, form, store)
    event = _created(form, ticket, event_id=event_id, secret=secret)
    # What may be spam is confirmed once an agent has looked at it.
    letter = None if ticket.quarantine else received(ticket)
    draft = draft_digest(form.draft_id)
    kept, is_new = store.file(ticket, event, draft=draft, letter=letter)
    same = hmac.compare_digest(kept.token_digest, ticket.token_digest)
    return Filed(kept, token if same else None, is_new)


def _token(form: Submission, secret: bytes) -> str:
    """256 bits: random without a draft id, else a keyed hash of the draft id and the content."""
    if not form.draft_id:
        return new_token()
    said = [form.draft_id, form.subject, form.description, form.email, form.name, form.category]
    said += [f"{one.id}\0{one.value}" for one in form.answers]
    content = b"".join(hashlib.sha256(part.encode()).digest() for part in said)
    mac = hmac.new(secret, b"ticket-token\0" + content, hashlib.sha256).digest()
    return base64.urlsafe_b64encode(mac).decode().rstrip("=")


def _draft_key(form: Submission) -> str | None:
    """Drafts of different people never meet, even if their clients number them alike."""
    if not form.draft_id:
        return None
    return token_digest(f"{fold_address(form.email)}\0{form.draft_id}")


def _ticket(form: Submission, *, ticket_id: str, digest: str, now: datetime) -> Ticket:
    return Ticket(
        id=ticket_id,
        number=0,
        token_digest=digest,
        subject=form.subject,
        description=form.description,
        name=form.name,
        email=form.email,
        lang=form.lang,
        created=now,
        updated=now,
        category=form.category,
        draft_id=_draft_key(form),
        visitor=form.visitor,
        channel=form.channel,
        answers=form.answers,
    )


def _judged(ticket: Ticket, form: Submission, store: TicketStore) -> Ticket:
    """The ticket with what is suspicious about it."""
    digest = content_digest(ticket.subject, ticket.description)
    text = f"{ticket.subject}\n{ticket.description}"
    marks = (*form.marks, *marks_of_text(text, digest, store, now=ticket.created))
    return replace(ticket, content_digest=digest, quarantine=tuple(dict.fromkeys(marks)))


def _created(form: Submission, ticket: Ticket, *, event_id: str, secret: bytes) -> Event:
    return Event(
        event_id=event_id,
        ts=ticket.created,
        type=EventType.TICKET_CREATED,
        surface=form.surface,
        visitor=form.visitor,
        session=form.session,
        # Without a visitor id the person asked not to be followed: no link of any kind is kept.
        user=person_key(form.email, key=secret) if form.visitor else None,
        locale=form.lang,
        arm=form.arm,
        ticket=ticket.id,
        ua_class=form.ua_class,
        channel=form.channel,
        reason=SUSPECTED if ticket.quarantine else None,
    )
