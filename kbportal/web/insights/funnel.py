"""The way from the first characters of a ticket to its end, step by step."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import gettext as _

from kbportal.deflection.contents import Report
from kbportal.web.insights.numbers import number, percent


@dataclass(frozen=True, slots=True)
class Step:
    """One step: its bar is `width` of 100 wide. of_first: its share of all who began."""

    id: str
    name: str
    count: str
    width: float
    of_first: str
    of_before: str


@dataclass(frozen=True, slots=True)
class Way:
    """The funnel. finding: its title."""

    finding: str
    steps: list[Step]


def way(made: Report) -> Way:
    """The steps of the settled episodes; of the young ones where none has settled."""
    funnel = made.funnel
    counts = (
        ("started", _("Began a ticket"), funnel.started, 0),
        ("shown", _("Were shown a suggestion"), funnel.shown, funnel.started),
        ("opened", _("Opened one"), funnel.opened, funnel.shown),
        ("solved", _("Solved by an article"), funnel.solved, funnel.opened),
        ("submitted", _("Sent a ticket"), funnel.submitted, 0),
    )
    steps = [
        _step(name, title, count, first=funnel.started, before=before)
        for name, title, count, before in counts
    ]
    finding = _(
        "Of %(all)s who began a ticket, %(shown)s were shown a suggestion, %(opened)s opened one"
    )
    facts = {
        "all": number(funnel.started),
        "shown": number(funnel.shown),
        "opened": number(funnel.opened),
    }
    return Way(str(finding % facts), steps)


def _step(id_: str, name: str, count: int, *, first: int, before: int) -> Step:
    return Step(
        id=id_,
        name=name,
        count=number(count),
        width=round(100 * count / first, 2) if first else 0.0,
        of_first=percent(count / first) if first else "",
        of_before=percent(count / before) if before else "",
    )
