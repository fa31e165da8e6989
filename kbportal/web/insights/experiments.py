"""Experiments: the switch of the holdout."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Response, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from kbportal.deflection.assignment import MAX_CONTROL
from kbportal.deflection.holdout import Holdout, holdout_text
from kbportal.people.audit import Action
from kbportal.people.permissions import Permission, may
from kbportal.web import staff
from kbportal.web.auditing import new_line
from kbportal.web.portal import portal


@dataclass(frozen=True, slots=True)
class HoldoutForm:
    """The switch as it is, or as it was just typed; problem: what was wrong with the share."""

    on: bool
    share: str
    problem: str = ""


def experiments() -> Response:
    """The page."""
    return _page()


def set_holdout() -> AnyResponse:
    """Switch it on or off, for another share if need be."""
    on, share = request.form.get("on") == "1", request.form.get("share", "").strip()[:10]
    if not (share.isdecimal() and 1 <= int(share) <= MAX_CONTROL):
        problem = _("Say a whole number from 1 to %(most)d.", most=MAX_CONTROL)
        return _page(HoldoutForm(on, share, problem), status=422)
    portal().holdout.refresh()
    before, after = portal().holdout.current(), Holdout(on, int(share))
    if after != before:
        words = {"before": holdout_text(before), "after": holdout_text(after)}
        portal().holdout.decide(after, new_line(Action.HOLDOUT_CHANGED, **words))
    return redirect(url_for("insights.experiments", done="holdout"), 303)


def _page(form: HoldoutForm | None = None, *, status: int = 200) -> Response:
    holdout = portal().holdout.current()
    html = render_template(
        "insights/experiments.html",
        holdout=holdout,
        form=form or HoldoutForm(holdout.on, str(holdout.share)),
        most=MAX_CONTROL,
        may_decide=may(staff.the_staff(), Permission.EXPERIMENTS),
        suggests=portal().settings.suggestions,
        is_done=request.args.get("done") == "holdout",
    )
    return make_response(html, status)
