"""What all pages of this room share: the chosen period, its filters, and the way to the others."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import request, url_for
from flask_babel import gettext as _

from kbportal.web.insights import period
from kbportal.web.insights.period import Preset, Wanted
from kbportal.web.insights.topics import topic_titles
from kbportal.web.insights.words import arm_word, surface_word
from kbportal.web.locale import language_name
from kbportal.web.portal import portal

_PARTS = ("category", "surface", "arm")


@dataclass(frozen=True, slots=True)
class Tab:
    """A page of the room."""

    title: str
    url: str
    is_current: bool


@dataclass(frozen=True, slots=True)
class Frame:
    """The head of a page. made_at: when the numbers were counted; None where none are shown.

    here: the address of the page itself, for the form that chooses the period. narrowed: to what
    parts of the whole, each with the way back; kept: the same for the form, as name and value.
    """

    chosen: Wanted
    here: str
    presets: list[Preset]
    languages: list[tuple[str, str]]
    period: str
    made_at: datetime | None
    narrowed: list[Preset]
    kept: list[tuple[str, str]]


def frame(chosen: Wanted, *, made_at: datetime | None = None) -> Frame:
    """The head of the page that is asked for."""
    endpoint = request.endpoint or "insights.dashboard"
    arguments = request.view_args or {}
    return Frame(
        chosen=chosen,
        here=url_for(endpoint, **arguments),
        presets=period.presets(chosen, endpoint=endpoint, view=arguments),
        languages=[(one, language_name(one)) for one in portal().settings.languages],
        period=period.words(chosen),
        made_at=made_at,
        narrowed=_narrowed(chosen, endpoint, arguments),
        kept=[(name, one) for name in _PARTS if (one := getattr(chosen, name))],
    )


def _narrowed(chosen: Wanted, endpoint: str, arguments: Mapping[str, Any]) -> list[Preset]:
    titles = {
        "category": topic_titles().get(chosen.category, chosen.category),
        "surface": surface_word(chosen.surface),
        "arm": arm_word(chosen.arm),
    }
    rest = chosen.arguments()
    return [
        Preset(title, url_for(endpoint, **arguments, **(rest | {name: None})), True)
        for name, title in titles.items()
        if title
    ]


def room_tabs() -> list[Tab]:
    """The pages of the room, those about a period of the same one."""
    arguments = period.wanted().arguments()
    pages: tuple[tuple[str, str, dict[str, Any]], ...] = (
        ("insights.dashboard", _("Overview"), arguments),
        ("insights.articles", _("Articles"), arguments),
        ("insights.searches", _("Searches"), arguments),
        ("insights.gaps", _("What to write next"), {}),
        ("insights.experiments", _("Experiments"), {}),
        ("insights.definitions", _("Definitions"), arguments),
    )
    return [
        Tab(title, url_for(endpoint, **narrowed), endpoint == request.endpoint)
        for endpoint, title, narrowed in pages
    ]
