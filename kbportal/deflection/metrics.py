"""What each number means: this table is its definition, and what the page prints beside it.

The letters are those of ``model``: F the episodes with a form start, T, X, I, U their outcomes,
X_D and I_D the parts that lasted, P the episodes with a press, L the look-back window.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Definition:
    """A metric's meaning: ``formula`` in the letters above, ``label`` a key for translation.

    unit: share (0 to 1), band (low and high only), ratio, count, money or ms (milliseconds).
    causal or confirmed numbers are ``headline``; ``activity`` says nothing about success.
    """

    id: str
    formula: str
    meaning: str
    unit: Literal["share", "band", "ratio", "count", "money", "ms"] = "share"
    kind: Literal["headline", "detail", "activity"] = "detail"

    @property
    def label(self) -> str:
        return f"metric.{self.id}"


_DEFINITIONS = (
    Definition(
        "confirmed_deflection_rate",
        "X_D / F",
        "Of the episodes with a form start, those in which somebody pressed “This solved it” "
        "and did not contact us for the durability window.",
        kind="headline",
    ),
    Definition(
        "causal_tickets_avoided",
        "(mean(ticket | control) − mean(ticket | shown)) · N_shown",
        "Tickets that suggestions prevented, measured against visitors who were shown none. "
        "N_shown are the visitors who were shown some. Has no value until the holdout has enough "
        "visitors.",
        unit="count",
        kind="headline",
    ),
    Definition(
        "possible_deflection_band",
        "[X_D / F, (X_D + I_D) / F]",
        "Between what was confirmed and what may also have been: those who read a suggestion "
        "and stayed away for the durability window. Never one number.",
        unit="band",
    ),
    Definition("submission_rate", "T / F", "Episodes with a form start that led to a ticket."),
    Definition(
        "take_back_rate",
        "1 − X_D / P",
        "Of the episodes with a press of “This solved it”, those with a ticket after all.",
    ),
    Definition(
        "abandonment_rate", "U / F", "Left without a ticket and without having read anything."
    ),
    Definition(
        "failed_deflection_rate",
        "tickets with an article read within L / tickets",
        "Of the tickets with a known visitor, those who had read an article in the look-back "
        "window before.",
    ),
    Definition(
        "post_submit_resolution",
        "tickets withdrawn through an article / tickets",
        "Tickets that their requester withdrew because an article helped after all, and did not "
        "open again.",
    ),
    Definition(
        "self_service_success",
        "episodes whose last vote is yes / episodes with a vote",
        "How those who voted found the article. Not deflection.",
    ),
    Definition(
        "deflection_ratio",
        "self-service interactions / submitted tickets",
        "The classic ratio: searches and article reads per ticket. It measures activity.",
        unit="ratio",
        kind="activity",
    ),
    Definition(
        "self_service_score",
        "unique self-service visitors / unique ticket submitters",
        "Visitors who searched or read, per visitor who sent a ticket. It measures activity.",
        unit="ratio",
        kind="activity",
    ),
    Definition(
        "zero_result_rate",
        "searches without result / searches",
        "Searches on the search page; typing is one search.",
    ),
    Definition(
        "no_open_rate",
        "searches with results of which none was opened in the session / searches with results",
        "Searches of visitors with an id.",
    ),
    Definition(
        "reformulation_rate",
        "searches followed by another one with nothing opened between / searches",
        "Within the session; searches of visitors with an id.",
    ),
    Definition(
        "search_ticket_rate",
        "searches followed by a ticket within L / searches",
        "Searches of visitors with an id.",
    ),
    Definition(
        "suggestion_coverage",
        "episodes with at least one suggestion shown, other than under a search box / F",
        "How often there was something to suggest; what the next key overtook counts, too.",
    ),
    Definition(
        "suggestion_open_rate",
        "episodes with a suggestion opened or expanded / episodes with one shown",
        "How often a suggestion looked worth reading. An automatic expansion is none.",
    ),
    Definition(
        "suggestion_latency_p95",
        "95th percentile of the time to answer, over answers with suggestions",
        "How long the server took, at most, for 95 of 100 answers that had something to suggest, "
        "shown or withheld.",
        unit="ms",
    ),
    Definition(
        "savings",
        "causal_tickets_avoided · cost per ticket, else X_D · cost per ticket",
        "What the holdout measured; without it what was confirmed, and nothing else.",
        unit="money",
        kind="headline",
    ),
)

METRICS: Mapping[str, Definition] = {definition.id: definition for definition in _DEFINITIONS}
"""Every metric by its id, in the order in which they are shown."""
