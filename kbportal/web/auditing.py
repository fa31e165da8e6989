"""Leaving a line about what a member of the staff just did."""

from __future__ import annotations

from kbportal.people.audit import Action, AuditLine, audit_line
from kbportal.web.portal import portal
from kbportal.web.staff import the_staff


def new_line(action: Action, subject: str = "", *, before: str = "", after: str = "") -> AuditLine:
    """A line about the one who makes this request; for stores that keep it with the act."""
    return audit_line(
        action, by=the_staff().id, at=portal().clock(), subject=subject, before=before, after=after
    )


def note_act(action: Action, subject: str = "", *, before: str = "", after: str = "") -> None:
    """Keep a line about an act of the one who makes this request.

    Raises:
        StorageUnavailable: The act stands, its line is missing; the error page tells.
    """
    portal().audit.add(new_line(action, subject, before=before, after=after))
