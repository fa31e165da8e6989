"""The rooms of the staff, as the rail at the side of their pages lists them."""

from __future__ import annotations

from dataclasses import dataclass

from flask import request, url_for
from flask_babel import gettext as _

from kbportal.people.model import User
from kbportal.web import policy


@dataclass(frozen=True, slots=True)
class RoomRow:
    """A room in the rail."""

    title: str
    url: str
    icon: str
    is_current: bool


def rooms(user: User) -> list[RoomRow]:
    """The rooms that this person may enter, in the order of the rail."""
    doors = (
        ("desk.tickets", _("Desk"), "inbox"),
        ("insights.dashboard", _("Insights"), "chart"),
        ("account.people", _("People"), "people"),
        ("account.me", _("My account"), "user"),
    )
    return [
        RoomRow(title, url_for(endpoint), icon, _is_current(endpoint))
        for endpoint, title, icon in doors
        if policy.may_enter(user, policy.need(endpoint))
    ]


def first_room(user: User) -> str:
    """The address of the first room that this person may enter."""
    return rooms(user)[0].url


def _is_current(endpoint: str) -> bool:
    here = request.endpoint or ""
    if endpoint.startswith("account."):
        is_people = policy.need(here) is policy.need("account.people")
        return here.startswith("account.") and is_people == (endpoint == "account.people")
    return here.partition(".")[0] == endpoint.partition(".")[0]
