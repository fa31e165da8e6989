"""Names and definitions of the metrics in the reader's language.

What is computed stands in `deflection.metrics`; a test holds this table to that one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from flask_babel import LazyString, lazy_gettext, ngettext
from flask_babel import gettext as _

from kbportal.deflection.model import Status, Windows


@dataclass(frozen=True, slots=True)
class MetricWords:
    """A metric as people say it. window: the span of `Windows` it depends on, empty for none."""

    name: LazyString
    meaning: LazyString
    window: str = ""


METRIC_WORDS: Mapping[str, MetricWords] = {
    "confirmed_deflection_rate": MetricWords(
        lazy_gettext("Confirmed deflection"),
        lazy_gettext(
            "Of those who began a ticket, the share who pressed “This solved it” and did not "
            "contact us again within the window."
        ),
        "durability",
    ),
    "causal_tickets_avoided": MetricWords(
        lazy_gettext("Tickets avoided, measured"),
        lazy_gettext(
            "Tickets that suggestions prevented, compared with visitors who were shown none."
        ),
        "horizon",
    ),
    "possible_deflection_band": MetricWords(
        lazy_gettext("Possible deflection"),
        lazy_gettext(
            "From what is confirmed up to what may be: also those who read a suggestion and "
            "stayed away. The truth lies somewhere between; it is never one number."
        ),
        "durability",
    ),
    "submission_rate": MetricWords(
        lazy_gettext("Submission rate"),
        lazy_gettext("Of those who began a ticket, the share who sent one within the window."),
        "horizon",
    ),
    "take_back_rate": MetricWords(
        lazy_gettext("Taken back"),
        lazy_gettext(
            "Of those who pressed “This solved it”, the share who sent a ticket after all."
        ),
        "durability",
    ),
    "abandonment_rate": MetricWords(
        lazy_gettext("Left without reading"),
        lazy_gettext(
            "Of those who began a ticket, the share who left without one and without reading a "
            "suggestion. Nobody knows why, so it counts for nothing."
        ),
        "horizon",
    ),
    "failed_deflection_rate": MetricWords(
        lazy_gettext("Read, and wrote all the same"),
        lazy_gettext(
            "Of the tickets of known visitors, the share whose sender had read an article within "
            "the window before."
        ),
        "lookback",
    ),
    "post_submit_resolution": MetricWords(
        lazy_gettext("Withdrawn after reading"),
        lazy_gettext(
            "Of all tickets, the share that their sender withdrew because an article helped "
            "after all."
        ),
    ),
    "self_service_success": MetricWords(
        lazy_gettext("Found the article helpful"),
        lazy_gettext("Of those who voted on an article, the share whose last vote is yes."),
    ),
    "deflection_ratio": MetricWords(
        lazy_gettext("Classic deflection ratio"),
        lazy_gettext(
            "Searches and article reads per ticket. It measures activity, not success: it rises "
            "also when people search in vain."
        ),
    ),
    "self_service_score": MetricWords(
        lazy_gettext("Self-service score"),
        lazy_gettext(
            "Visitors who searched or read, per visitor who sent a ticket. It measures activity."
        ),
    ),
    "zero_result_rate": MetricWords(
        lazy_gettext("Searches that found nothing"),
        lazy_gettext("Of all searches on the search page; typing counts as one search."),
    ),
    "no_open_rate": MetricWords(
        lazy_gettext("Searches with nothing opened"),
        lazy_gettext(
            "Of the searches that found something, the share after which no result was opened in "
            "that session."
        ),
        "session",
    ),
    "reformulation_rate": MetricWords(
        lazy_gettext("Searched again"),
        lazy_gettext(
            "Of all searches, the share followed by another one with nothing opened in between."
        ),
        "session",
    ),
    "search_ticket_rate": MetricWords(
        lazy_gettext("Search, then ticket"),
        lazy_gettext("Of all searches, the share followed by a ticket within the window."),
        "lookback",
    ),
    "suggestion_coverage": MetricWords(
        lazy_gettext("Had something to suggest"),
        lazy_gettext("Of those who began a ticket, the share who were shown a suggestion."),
    ),
    "suggestion_open_rate": MetricWords(
        lazy_gettext("Opened a suggestion"),
        lazy_gettext("Of those who were shown a suggestion, the share who opened one."),
    ),
    "suggestion_latency_p95": MetricWords(
        lazy_gettext("Time to suggest"),
        lazy_gettext(
            "Within this time the server had 95 of 100 answers ready, of those with something to "
            "suggest. The way to the browser and back is not in it."
        ),
    ),
    "savings": MetricWords(
        lazy_gettext("Savings, confirmed only"),
        lazy_gettext(
            "Confirmed deflections times the cost of a ticket from the settings. What was not "
            "confirmed is never counted."
        ),
        "durability",
    ),
}
SAVINGS_MEASURED = MetricWords(
    lazy_gettext("Savings, measured"),
    lazy_gettext("Tickets avoided, as the experiment measured, times the cost of a ticket."),
    "horizon",
)
"""What savings mean as soon as the experiment tells them."""

RULE_WORDS: Mapping[str, LazyString] = {
    "crawler": lazy_gettext("Crawlers, by their own name"),
    "tool": lazy_gettext("Programs that look around, such as a monitor"),
    "staff": lazy_gettext("Our own staff"),
    "too_fast": lazy_gettext("More than 60 articles within an hour"),
    "prefetch": lazy_gettext("Fetched ahead by a browser, not looked at"),
    "agent_shared": lazy_gettext("Opened through a link that an agent sent"),
    "no_interaction": lazy_gettext("Pages not known to be seen for 5 seconds"),
    "suspected_spam": lazy_gettext("Tickets suspected to be spam"),
    "automatic_expansion": lazy_gettext("Suggestions that expanded by themselves"),
}
"""What each rule of the noise filter leaves out."""

OUTCOME_WORDS: Mapping[str, tuple[LazyString, LazyString]] = {
    "X": (
        lazy_gettext("Solved by an article"),
        lazy_gettext("pressed “This solved it”, no ticket within the window"),
    ),
    "I": (
        lazy_gettext("Read a suggestion"),
        lazy_gettext("read one for 10 seconds or more, no press, no ticket"),
    ),
    "U": (
        lazy_gettext("Left, unknown why"),
        lazy_gettext("read nothing, no ticket; never credited"),
    ),
    "T": (lazy_gettext("Sent a ticket"), lazy_gettext("by any way, within the window")),
}
"""Name and explanation of each outcome, in the order of the chart."""


def status_word(status: Status) -> str:
    """How far a number can be trusted yet."""
    words: dict[Status, str] = {
        "ok": _("Settled"),
        "provisional": _("Provisional"),
        "not_enough_data": _("Not enough data yet"),
    }
    return words[status]


def window_word(window: str, windows: Windows) -> str:
    """The span that a metric depends on."""
    if not window:
        return str(_("this period"))
    span: timedelta = {
        "durability": windows.durability,
        "horizon": windows.horizon,
        "lookback": windows.lookback,
        "session": windows.session_gap,
    }[window]
    return span_word(span)


def span_word(span: timedelta) -> str:
    """A window as settings give it: "7 days", "72 hours", "30 minutes"."""
    hours, minutes = span // timedelta(hours=1), span // timedelta(minutes=1)
    if span >= timedelta(days=4) and hours % 24 == 0:
        return str(ngettext("%(num)d day", "%(num)d days", hours // 24))
    if minutes % 60 == 0:
        return str(ngettext("%(num)d hour", "%(num)d hours", hours))
    return str(ngettext("%(num)d minute", "%(num)d minutes", minutes))


def surface_word(surface: str) -> str:
    """Where something happened."""
    words = {
        "search": _("Search"),
        "form": _("Ticket form"),
        "article": _("Article"),
        "widget": _("Widget on another site"),
    }
    return str(words.get(surface, surface))


def arm_word(key: str) -> str:
    """An arm, ``experiment:arm``; that of the holdout in words."""
    words = {
        "holdout:control": _("Shown no suggestions, by lot"),
        "holdout:shown": _("Shown suggestions"),
    }
    return str(words.get(key, key))
