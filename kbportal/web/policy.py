"""Who may open which address: one table over every endpoint. What is not in it is shut."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from kbportal.people.model import User
from kbportal.people.permissions import Permission, may


class Door(StrEnum):
    """Doors without a key of their own: open, or open to whoever is signed in."""

    EVERYBODY = "everybody"
    STAFF = "staff"


Need = Door | Permission

ROOMS: Mapping[str, Need] = {
    "help": Door.EVERYBODY,
    "widget": Door.EVERYBODY,
    "api": Door.EVERYBODY,
    "health": Door.EVERYBODY,
    "account": Door.STAFF,
    "desk": Permission.DESK,
    "insights": Permission.INSIGHTS,
}
"""What every address of a room needs."""

ENDPOINTS: Mapping[str, Need] = {
    "static": Door.EVERYBODY,
    "favicon": Door.EVERYBODY,
    "widget_script": Door.EVERYBODY,
    # It describes what everybody may call, and tells no more than /api/v1/openapi.json.
    "api_page.about": Door.EVERYBODY,
    "brand_style": Door.EVERYBODY,
    "brand_mark": Door.EVERYBODY,
    "brand_logo": Door.EVERYBODY,
    "brand_logo_dark": Door.EVERYBODY,
    "help.style": Door.STAFF,
    "help.style_sheet": Door.STAFF,
    "account.login": Door.EVERYBODY,
    "account.login_post": Door.EVERYBODY,
    "account.code": Door.EVERYBODY,
    "account.code_post": Door.EVERYBODY,
    "account.logout": Door.EVERYBODY,
    "account.join": Door.EVERYBODY,
    "account.join_post": Door.EVERYBODY,
    "account.language": Door.EVERYBODY,
    "insights.set_holdout": Permission.EXPERIMENTS,
    "insights.end_trial": Permission.EDITOR,
    "insights.undo_trial": Permission.EDITOR,
    "account.audit": Permission.ACCOUNTS,
    "insights.gap_draft": Permission.EDITOR,
    "account.people": Permission.ACCOUNTS,
    "account.invite": Permission.ACCOUNTS,
    "account.change": Permission.ACCOUNTS,
}
"""Single addresses outside of rooms, or other than their room."""


ENROLLING = frozenset({"account.second_factor", "account.switch_on"})
"""All that somebody may open who still has to set up the second factor that is required here."""


def need(endpoint: str) -> Need | None:
    """What somebody must have to come in here; None for an endpoint that nobody listed."""
    room, dot, _ = endpoint.rpartition(".")
    return ENDPOINTS.get(endpoint) or (ROOMS.get(room) if dot else None)


def may_enter(user: User | None, wanted: Need | None) -> bool:
    """Whether this person, if anybody, may pass; nobody passes a door that is not listed."""
    if wanted is Door.EVERYBODY:
        return True
    if wanted is None or user is None or user.disabled:
        return False
    return wanted is Door.STAFF or may(user, Permission(wanted))
