"""Gaps as a count leaves them, for tests of stores, pages and browsers."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from kbportal.deflection.gaps.model import Evidence, Gap, LanguageSurvey, Near, Survey, Trend
from kbportal.kernel.clock import utc_now
from kbportal.wiring import Portal
from tests.builders import RESET

NOW = utc_now().replace(microsecond=0)


def evidence(**facts: Any) -> Evidence:
    """Of twelve tickets and five searches that rose."""
    whole: dict[str, Any] = {
        "tickets": 12, "searches": 5, "weeks": (1, 1, 2, 2, 2, 3, 3, 3), "trend": None,
        "examples": ("Gift card code", "gift card for …"), "whys": (("silent", 12),),
        "category": "delivery",
    }  # fmt: skip
    return Evidence(**(whole | facts))


def a_gap(mark: str = "g1", **facts: Any) -> Gap:
    """A new gap in English."""
    whole: dict[str, Any] = {
        "lang": "en", "name": "Gift card code", "anchors": ("Gift card code",),
        "first_seen": NOW, "seen": NOW, "evidence": evidence(),
    }  # fmt: skip
    return Gap(id=mark, **(whole | facts))


def a_full_gap(mark: str = "g1", **facts: Any) -> Gap:
    """A gap of which everything is known that can be."""
    near = (Near(RESET, answers=True, shown=4, opened=3, wrote=2, resolved=1),)
    whys = (("silent", 7), ("of_no_help", 3), ("not_opened", 2), ("nothing_found", 5))
    full = evidence(near=near, trend=Trend(1.8, 1.1, 2.9), whys=whys)
    return a_gap(mark, **({"evidence": full} | facts))


def counted(portal: Portal, *gaps: Gap, **facts: Any) -> None:
    """A count that found these."""
    languages = (LanguageSurvey("en", 30, 20, 4, 7, 0.0),)
    made = Survey(NOW, NOW - timedelta(days=56), NOW, languages, 1.0)
    portal.gaps.keep_survey(replace(made, **facts), gaps)
