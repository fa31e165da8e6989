"""What the page of experiments says about a test of two versions."""

from __future__ import annotations

from flask_babel import format_decimal
from flask_babel import gettext as _

from kbportal.deflection.trials.content_tests import TrialResult, Verdict
from kbportal.web.insights.numbers import number


def verdict_words(verdict: Verdict) -> str:
    """The verdict itself."""
    words = {
        Verdict.B_IS_BETTER: _("Version B is better"),
        Verdict.A_IS_BETTER: _("Version A is better"),
        Verdict.NO_DIFFERENCE: _("No difference"),
        Verdict.RUNNING: _("Not enough data yet"),
        Verdict.BROKEN: _("Stopped: the lot does not work"),
    }
    return str(words[verdict])


def detail_words(found: TrialResult) -> str:
    """How far apart the versions are, or what is missing to say so."""
    lift = found.lift
    if found.verdict is Verdict.BROKEN:
        return str(_("The versions were shown to numbers of visitors that a lot does not make."))
    if lift.difference is None or lift.low is None or lift.high is None:
        return str(_("%(n)s of %(needed)s visitors", n=number(lift.n), needed=number(lift.needed)))
    if lift.difference >= 0:
        facts = [_points(one) for one in (lift.difference, lift.low, lift.high)]
        words = _("With B %(n)s fewer tickets per 100 visitors (%(low)s to %(high)s)")
    else:
        facts = [_points(-one) for one in (lift.difference, lift.high, lift.low)]
        words = _("With B %(n)s more tickets per 100 visitors (%(low)s to %(high)s)")
    return str(words % dict(zip(("n", "low", "high"), facts, strict=True)))


def basis_words(found: TrialResult) -> str:
    """By whom it was decided; empty while it is not."""
    if found.lift.status != "ok":
        return ""
    words = _("Decided by the first %(n)s visitors; whoever comes later changes nothing.")
    return str(words % {"n": number(found.lift.n)})


def _points(part: float) -> str:
    return str(format_decimal(round(100 * part, 1)))
