"""The managers' numbers for programs: what `kbportal report --json` prints.

They are nobody's but the operator's: only a key that was made for it opens them.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, timedelta

from flask import Response, jsonify
from flask_babel import gettext as _

from kbportal.deflection.document import as_json
from kbportal.deflection.facts.stack import Narrowed
from kbportal.deflection.numbers.guardrails import compared
from kbportal.deflection.period import Period, days
from kbportal.people.api_keys import INSIGHTS
from kbportal.web.api.callers import current_key
from kbportal.web.api.parameters import Day, Word, read_day, read_word
from kbportal.web.api.refusals import Refused
from kbportal.web.portal import portal

USUAL_DAYS, MOST_DAYS = 28, 400
TO = Day("to", "The last day, in UTC; today where none is given.")
FROM = Day(
    "from", f"The first day, at most {MOST_DAYS} before; {USUAL_DAYS} days in all unless given."
)
LANG = Word("lang", "Only this language.")
CATEGORY = Word("category", "Only this topic, by its slug.")
SURFACE = Word("surface", "Only this surface.")
ARM = Word("arm", "Only this arm of an experiment, as in holdout:shown.")
PARAMETERS = (FROM, TO, LANG, CATEGORY, SURFACE, ARM)

SAYS: Mapping[str, tuple[str | list[str], str]] = {
    "from": ("string", "First day, in UTC."),
    "to": ("string", "Last day."),
    "lang": (["string", "null"], "The language it is narrowed to."),
    "category": (["string", "null"], "The topic it is narrowed to."),
    "surface": (["string", "null"], "The surface it is narrowed to."),
    "arm": (["string", "null"], "The arm it is narrowed to."),
    "generated": ("string", "When it was made."),
    "counted_at": (["string", "null"], "When the oldest day was counted that may still change."),
    "notes": ("array", "What a reader must know, as codes."),
    "rules_version": ("integer", "Version of the rules against noise."),
    "windows": ("object", "The windows that everything is counted by."),
    "outcomes": ("object", "Form starts by outcome, young ones included."),
    "matured": ("object", "Those whose windows have closed."),
    "metrics": ("object", "Every metric: value, n, low, high, status."),
    "holdout": (["object", "null"], "The experiment that withholds suggestions."),
    "guardrails": ("object", "What must not get worse, with what it was before."),
    "funnel": ("object", "From form start to outcome."),
    "breakdowns": ("object", "By language, topic, surface and arm."),
    "filtered": ("object", "Events left out, by rule."),
    "articles": ("array", "What each article did."),
    "queries": ("array", "The most frequent queries."),
    "queries_total": ("integer", "How many different queries there are."),
    "days": ("array", "Each day's outcomes."),
}
"""Every key of the answer: its type and its meaning."""


def insights() -> Response:
    """The report of a period."""
    refuse_without_right()
    period = _period()
    before = Period(period.since - (period.until - period.since), period.since)
    narrowed = Narrowed(
        lang=read_word(LANG), category=read_word(CATEGORY), surface=read_word(SURFACE),
        arm=read_word(ARM),
    )  # fmt: skip
    desk, now = portal().reports, portal().clock()
    desk.ledger.refresh_at_once(Period(before.since, period.until), now=now)
    now_and_before = (desk.report(one, now=now, narrowed=narrowed) for one in (period, before))
    response = jsonify(as_json(compared(*now_and_before)))
    response.cache_control.no_store = True
    return response


def refuse_without_right() -> None:
    """Raises Refused for whoever has no key that may read the managers' numbers."""
    key = current_key()
    if key is None or INSIGHTS not in key.rights:
        raise Refused(403, "right_missing", _("This needs a key that may read these numbers."))


def _period() -> Period:
    today = portal().clock().astimezone(UTC).date()
    last = min(read_day(TO) or today, today)
    first = min(read_day(FROM) or last - timedelta(days=USUAL_DAYS - 1), last)
    return days(max(first, _earliest(last)), last)


def _earliest(last: date) -> date:
    return last - timedelta(days=MOST_DAYS - 1)
