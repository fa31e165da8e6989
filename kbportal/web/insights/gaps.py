"""What to write next: every gap, the costliest first."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import (
    Response,
    abort,
    jsonify,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response as AnyResponse

from kbportal.deflection.gaps.model import OPEN, Gap, State, Survey
from kbportal.deflection.gaps.records import gap_record, gaps_document
from kbportal.kernel.turns import turn
from kbportal.web.insights.gap_rows import GapRow, gap_row
from kbportal.web.insights.numbers import number
from kbportal.web.insights.pager import PageLinks, one_page
from kbportal.web.insights.tables import csv_file
from kbportal.web.locale import language_name
from kbportal.web.phrases import day
from kbportal.web.portal import portal
from kbportal.wiring import count_gaps_apart, gaps_lock

_STARTS_WITHIN_S = 60

TABS: Mapping[str, frozenset[State]] = {
    "open": OPEN,
    "written": frozenset({State.WRITTEN}),
    "dismissed": frozenset({State.DISMISSED}),
}
_SORTS: Mapping[str, Callable[[Gap], float]] = {
    "tickets": lambda gap: -gap.evidence.tickets if gap.evidence else 0,
    "searches": lambda gap: -gap.evidence.searches if gap.evidence else 0,
    "growth": lambda gap: -gap.evidence.trend.low if gap.evidence and gap.evidence.trend else 0,
}
_COLUMNS = (
    "id", "lang", "name", "state", "advice", "tickets_per_month", "searches_per_month",
    "cost_per_month", "article", "published", "examples",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Choice:
    """One of several lists or orders to choose from."""

    title: str
    url: str
    is_current: bool
    count: str = ""


@dataclass(frozen=True, slots=True)
class GapsPage:
    """The page.

    limits: what was not compared, said openly.
    """

    survey: Survey | None
    period: str
    is_counting: bool
    tabs: list[Choice]
    sorts: list[Choice]
    tab: str
    sort: str
    lang: str
    languages: list[tuple[str, str]]
    rows: list[GapRow]
    links: PageLinks
    limits: list[str]
    counted_at: datetime | None
    file: str


def gaps() -> Response:
    """The page."""
    return make_response(render_template("insights/gaps.html", page=_page()))


def gaps_file() -> Response:
    """All gaps as a file for a spreadsheet."""
    made = portal().gaps.survey()
    found = portal().gaps.gaps() if made else ()
    rows: list[Iterable[object]] = [_COLUMNS, *(_record(gap, made) for gap in found if made)]
    return csv_file(rows, "gaps")


def gaps_json() -> Response:
    """What `kbportal gaps --json` printed last; 404 before the first count."""
    made = portal().gaps.survey()
    if made is None:
        abort(404)
    cost = portal().settings.cost_per_ticket
    lang = request.args.get("language", "")
    found = [gap for gap in portal().gaps.gaps() if lang in ("", gap.lang)]
    return jsonify(gaps_document(made, found, cost=cost))


def count() -> AnyResponse:
    """Count anew in a process of its own; whoever asks while one counts gets its result."""
    if not _is_counting():
        child = count_gaps_apart(portal().settings)
        threading.Thread(target=child.wait, daemon=True).start()
    began = int(portal().clock().timestamp())
    return redirect(url_for("insights.gaps", counting=began), 303)


def _page() -> GapsPage:
    asked = request.args
    tab = asked.get("state", "") if asked.get("state") in TABS else "open"
    sort = asked.get("sort", "") if asked.get("sort") in _SORTS else "tickets"
    lang = asked.get("language", "")
    lang = lang if lang in portal().settings.languages else ""
    made = portal().gaps.survey()
    found = [gap for gap in portal().gaps.gaps() if lang in ("", gap.lang)] if made else []
    chosen = sorted((gap for gap in found if gap.state in TABS[tab]), key=_SORTS[sort])
    shown, links = one_page(chosen, {"state": tab, "sort": sort, "language": lang or None})
    return GapsPage(
        survey=made,
        period=_period(made) if made else "",
        is_counting=_is_counting() or _is_due(made),
        tabs=_tabs(tab, found, sort=sort, language=lang or None),
        sorts=_sorts(sort, state=tab, language=lang or None),
        tab=tab,
        sort=sort,
        lang=lang,
        languages=[(one, language_name(one)) for one in portal().settings.languages],
        rows=[gap_row(gap, made) for gap in shown] if made else [],
        links=links,
        limits=_limits(made, lang) if made else [],
        counted_at=made.made if made else None,
        file=url_for("insights.gaps_file"),
    )


def _tabs(current: str, found: Iterable[Gap], **kept: Any) -> list[Choice]:
    titles = {"open": _("To do"), "written": _("Written"), "dismissed": _("Dismissed")}
    states = [gap.state for gap in found]
    return [
        Choice(
            str(title),
            url_for("insights.gaps", state=name, **kept),
            name == current,
            number(sum(state in TABS[name] for state in states)),
        )
        for name, title in titles.items()
    ]


def _sorts(current: str, **kept: Any) -> list[Choice]:
    titles = {"tickets": _("Tickets"), "searches": _("Searches"), "growth": _("Growth")}
    return [
        Choice(str(title), url_for("insights.gaps", sort=name, **kept), name == current)
        for name, title in titles.items()
    ]


def _period(made: Survey) -> str:
    first, last = day(made.since.date()), day(made.until.date())
    return str(_("%(first)s to %(last)s", first=first, last=last))


def _limits(made: Survey, lang: str) -> list[str]:
    """What the list leaves out, language by language."""
    said: list[str] = []
    for one in made.languages:
        if lang not in ("", one.lang):
            continue
        name = language_name(one.lang)
        if one.single:
            said.append(
                ngettext(
                    "%(language)s: %(num)d need of one person alone is in no gap.",
                    "%(language)s: %(num)d needs of one person alone are in no gap.",
                    one.single, language=name,
                )
            )  # fmt: skip
        if one.left_out:
            said.append(
                ngettext(
                    "%(language)s: %(num)d need was not compared; there were too many texts.",
                    "%(language)s: %(num)d needs were not compared; there were too many texts.",
                    one.left_out, language=name,
                )
            )  # fmt: skip
        if one.trust == 0 and one.texts:
            said.append(
                _("%(language)s: grouped by words alone, without a model that knows the language.",
                  language=name)
            )  # fmt: skip
    return [str(one) for one in said]


def _is_counting() -> bool:
    with turn(gaps_lock(portal().settings)) as free:
        return not free


def _is_due(made: Survey | None) -> bool:
    """Whether the count that the address speaks of has only begun, and is not there yet."""
    began = request.args.get("counting", 0, type=int)
    now = portal().clock().timestamp()
    return 0 <= now - began < _STARTS_WITHIN_S and (made is None or made.made.timestamp() < began)


def _record(gap: Gap, made: Survey) -> list[object]:
    whole = gap_record(gap, made, cost=portal().settings.cost_per_ticket)
    evidence = gap.evidence
    whole["advice"] = str(evidence.advice) if evidence else ""
    whole["examples"] = " | ".join(evidence.examples) if evidence else ""
    return [whole[name] for name in _COLUMNS]
