"""Who may do what: this one table, and nothing else, decides."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from kbportal.people.model import Role, User


class Permission(StrEnum):
    """A door that needs a key; each staff room has one, and so has each act beyond reading."""

    DESK = "desk"
    EDITOR = "editor"
    INSIGHTS = "insights"
    EXPERIMENTS = "experiments"
    ACCOUNTS = "accounts"
    SETTINGS = "settings"


_EVERYBODY = frozenset(Role)

ALLOWED: Mapping[Permission, frozenset[Role]] = {
    Permission.DESK: frozenset({Role.AGENT, Role.MANAGER, Role.ADMIN}),
    Permission.EDITOR: frozenset({Role.EDITOR, Role.MANAGER, Role.ADMIN}),
    Permission.INSIGHTS: _EVERYBODY - {Role.AGENT},
    Permission.EXPERIMENTS: frozenset({Role.MANAGER, Role.ADMIN}),
    Permission.ACCOUNTS: frozenset({Role.ADMIN}),
    Permission.SETTINGS: frozenset({Role.ADMIN}),
}


def may(user: User | None, permission: Permission) -> bool:
    """Whether this person, if anybody, has that key; disabled accounts have none."""
    return user is not None and not user.disabled and user.role in ALLOWED[permission]
