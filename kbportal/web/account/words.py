"""What the staff's own room says about roles and refusals."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import gettext as _

from kbportal.kernel.errors import PortalError
from kbportal.people.model import Role


@dataclass(frozen=True, slots=True)
class RoleRow:
    """A role to choose; named as select fields want it."""

    slug: str
    title: str
    text: str


def role_rows() -> list[RoleRow]:
    """All roles, the one with the fewest keys first."""
    return [
        RoleRow(Role.AGENT, _("Agent"), _("Answers tickets at the desk.")),
        RoleRow(Role.EDITOR, _("Editor"), _("Writes articles and sees the numbers.")),
        RoleRow(Role.MANAGER, _("Manager"), _("Desk, articles and numbers.")),
        RoleRow(Role.ADMIN, _("Administrator"), _("Everything, people and settings included.")),
    ]


def role_row(role: Role) -> RoleRow:
    """One role in words."""
    return next(row for row in role_rows() if row.slug == role)


def password_problem(error: PortalError) -> str:
    """Why a password was refused."""
    words = {
        "too_short": _("This is too short: use 12 characters or more."),
        "too_long": _("This is too long, or holds a character that cannot be typed."),
        "common": _("This is among the first that somebody would try. Choose another one."),
        "personal": _("This is made of the name or the address. Choose another one."),
    }
    return str(words.get(str(error.facts.get("problem")), _("Choose another password.")))


def address_problem(error: PortalError) -> str:
    """Why an e-mail address was refused."""
    if error.code == "address_taken":
        return str(_("There is an account with this address already."))
    return str(_("This is not an e-mail address: name@example.com"))
