"""What the staff did that others must be able to look up: who, when, to what, from what to what.

A line holds names of states, numbers and ids. What customers wrote or are called is never in it,
so that lines may outlive the people they are about.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from kbportal.kernel.ids import new_id
from kbportal.people.model import User

LONGEST = 200
"""Characters of each text in a line."""


class Action(StrEnum):
    """The closed list of what leaves a line. Adding one: say it in docs/experiments.md, too."""

    HOLDOUT_CHANGED = "holdout_changed"
    PERSON_INVITED = "person_invited"
    PERSON_JOINED = "person_joined"
    ROLE_CHANGED = "role_changed"
    ACCOUNT_SHUT = "account_shut"
    ACCOUNT_OPENED = "account_opened"
    ACCOUNT_MADE = "account_made"
    PASSWORD_SET = "password_set"  # noqa: S105  the name of an act
    KEY_MADE = "key_made"
    KEY_REMOVED = "key_removed"
    LETTER_WANTED = "letter_wanted"
    LETTER_STOPPED = "letter_stopped"
    SECOND_FACTOR_ON = "second_factor_on"
    SECOND_FACTOR_OFF = "second_factor_off"
    SECOND_FACTOR_TAKEN = "second_factor_taken"
    RECOVERY_CODES_MADE = "recovery_codes_made"
    RECOVERY_CODE_USED = "recovery_code_used"
    SPAM_RELEASED = "spam_released"
    LINKS_REVOKED = "links_revoked"
    PERSON_ERASED = "person_erased"
    PERSON_EXPORTED = "person_exported"
    TEST_WON = "test_won"
    TEST_ENDED = "test_ended"
    TEST_UNDONE = "test_undone"
    DRAFT_WRITTEN = "draft_written"
    GAP_DISMISSED = "gap_dismissed"
    GAP_WRITTEN = "gap_written"
    GAP_REOPENED = "gap_reopened"


@dataclass(frozen=True, slots=True)
class AuditLine:
    """One act. by: account id, or "" for a command of the operator's.

    subject: what it was done to: an account's id, a ticket's number, an article's id.
    before, after: the state in a word, or "" where there is none to tell.
    """

    id: str
    at: datetime
    by: str
    action: Action
    subject: str
    before: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True)
class AuditPage:
    """Lines, the newest first; `older` is the id to go on before, None on the last page."""

    lines: tuple[AuditLine, ...]
    older: str | None


class AuditStore(Protocol):
    """Lines are added and read, never changed. A new adapter: add it to the contract test."""

    def add(self, line: AuditLine) -> None:
        """Keep a line. Raises a PortalError."""
        ...

    def page(self, *, before: str | None = None, limit: int = 50) -> AuditPage:
        """The newest lines, or those before the line with that id."""
        ...


def audit_line(
    action: Action, *, by: str, at: datetime, subject: str = "", before: str = "", after: str = ""
) -> AuditLine:
    """A new line; texts that are too long for one are cut."""
    return AuditLine(new_id(), at, by, action, subject[:LONGEST], before[:LONGEST], after[:LONGEST])


def account_lines(before: User | None, after: User, *, at: datetime) -> list[AuditLine]:
    """What the command line did to an account to which it gave a role and a password.

    Args:
        before: The account as it was; None where there was none.
    """
    if before is None:
        made = audit_line(Action.ACCOUNT_MADE, by="", at=at, subject=after.id, after=after.role)
        return [made]
    lines = [audit_line(Action.PASSWORD_SET, by="", at=at, subject=after.id)]
    if before.role is not after.role:
        roles = {"before": before.role, "after": after.role}
        lines.append(audit_line(Action.ROLE_CHANGED, by="", at=at, subject=after.id, **roles))
    if before.disabled and not after.disabled:
        lines.append(audit_line(Action.ACCOUNT_OPENED, by="", at=at, subject=after.id))
    return lines
