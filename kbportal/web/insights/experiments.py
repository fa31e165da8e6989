"""Experiments: the switch of the holdout, and tests of two versions of an article."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass

from flask import Response, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from kbportal.articles.version_files import FilesChanged, FilesShut
from kbportal.articles.versions import VersionRefused
from kbportal.deflection.trials.assignment import MAX_CONTROL
from kbportal.deflection.trials.holdout import Holdout, holdout_text
from kbportal.people.audit import Action
from kbportal.people.permissions import Permission, may
from kbportal.web import staff
from kbportal.web.auditing import new_line
from kbportal.web.insights import period, trials
from kbportal.web.insights.holdout import Holdout as HoldoutState
from kbportal.web.insights.holdout import holdout
from kbportal.web.insights.numbers import MetricRow, metric_rows
from kbportal.web.insights.source import reports
from kbportal.web.portal import portal

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class HoldoutForm:
    """The switch as it is, or as it was just typed; problem: what was wrong with the share."""

    on: bool
    share: str
    problem: str = ""


@dataclass(frozen=True, slots=True)
class HoldoutSaid:
    """What it says of the last `days`; overview: the page with everything else about them."""

    row: MetricRow
    state: HoldoutState
    days: int
    overview: str


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


def end_trial() -> AnyResponse:
    """End a test: version B becomes the article, or the article stays as it is."""
    return _in_files(trials.end)


def undo_trial() -> AnyResponse:
    """Put the files of an ended test back as they were."""
    return _in_files(trials.undo)


def _in_files(act: Callable[[], AnyResponse]) -> AnyResponse:
    """Change files, or say on the page why they are as they were."""
    try:
        return act()
    except (FilesChanged, FilesShut, VersionRefused) as error:
        _log.warning("a test was not ended: %s", error)
        words = {
            FilesChanged.code: _(
                "A file of this article was changed since the last index. Nothing was changed "
                "now. Run kbportal index and look again."
            ),
            FilesShut.code: _(
                "The articles cannot be changed from here: their folder is read-only. Nothing "
                "was changed. Please change the files where you keep them."
            ),
        }
        other = _("The two files cannot be put together safely. Nothing was changed.")
        return _page(problem=str(words.get(error.code, other)), status=409)


def _page(form: HoldoutForm | None = None, *, problem: str = "", status: int = 200) -> Response:
    switched = portal().holdout.current()
    html = render_template(
        "insights/experiments.html",
        holdout=switched,
        said=_said(switched),
        form=form or HoldoutForm(switched.on, str(switched.share)),
        most=MAX_CONTROL,
        may_decide=may(staff.the_staff(), Permission.EXPERIMENTS),
        suggests=portal().settings.suggestions,
        done=_done(request.args.get("done", "")),
        problem=problem,
        trials=trials.trial_rows(),
        ended=trials.ended_rows(),
    )
    return make_response(html, status)


def _said(switched: Holdout) -> HoldoutSaid | None:
    """Nothing while nobody is in it; a broken experiment must be seen where it is switched, too."""
    chosen = period.wanted()
    both = reports(chosen)
    state = holdout(both.now.holdout)
    if state.state == "off" and not switched.on:
        return None
    rows = metric_rows(both.now, both.earlier, arguments=chosen.arguments())
    overview = url_for("insights.dashboard", **chosen.arguments())
    return HoldoutSaid(rows["causal_tickets_avoided"], state, chosen.length, overview)


def _done(what: str) -> str:
    in_file = _("Done in the file. Visitors see it after the next kbportal index.")
    words = {
        "holdout": _("Saved. It holds for every visitor within seconds."),
        "ended": in_file,
        "undone": in_file,
    }
    return str(words.get(what, ""))
