from __future__ import annotations

from datetime import timedelta

from kbportal.events.catalog import Surface
from kbportal.tickets.trail import StepKind, Trail, trail
from tests.builders import NOON, RESET, a_ticket, an_event

INVOICE = "en/payments/invoice"


def _minutes(number: float) -> timedelta:
    return timedelta(minutes=number)


def _trail(*events: object) -> Trail:
    return trail(events, a_ticket(created=NOON + _minutes(60)))  # type: ignore[arg-type]


def test_the_way_to_a_ticket_is_told_in_order() -> None:
    found = _trail(
        an_event("article_voted", after=_minutes(5), value="no", article=INVOICE),
        an_event("search", after=_minutes(1)),
        an_event("suggest_shown", after=_minutes(8)),
        an_event("article_viewed", after=_minutes(2), article=INVOICE),
        an_event("suggest_expanded", after=_minutes(9)),
        an_event("suggest_rejected", after=_minutes(10)),
    )

    assert [step.kind for step in found.steps] == [
        StepKind.SEARCHED,
        StepKind.READ,
        StepKind.VOTED_NO,
        StepKind.SHOWN,
        StepKind.EXPANDED,
        StepKind.REJECTED,
    ]
    assert (found.read, found.rejected) == ((INVOICE, RESET), (INVOICE, RESET))


def test_typing_is_one_search() -> None:
    found = _trail(
        *(
            an_event("search", after=timedelta(seconds=second), query_norm="invoice"[:letters])
            for second, letters in ((1, 3), (2, 5), (3, 7))
        )
    )

    assert [step.query for step in found.steps] == ["invoice"]


def test_an_expansion_is_told_once_with_its_longest_reading() -> None:
    found = _trail(
        an_event("suggest_expanded", after=_minutes(1)),
        an_event("suggest_expanded", after=_minutes(2), dwell_ms=40_000),
    )

    assert [(step.at, step.dwell_ms) for step in found.steps] == [(NOON + _minutes(1), 40_000)]


def test_other_visitors_later_events_and_automatic_expansions_are_left_out() -> None:
    found = _trail(
        an_event("search", visitor="v2"),
        an_event("search", visitor=None),
        an_event("search", after=_minutes(61)),
        an_event("search", after=-timedelta(days=2)),
        an_event("suggest_expanded", value="auto"),
    )

    assert found == Trail((), ())


def test_an_article_that_was_said_to_solve_it_days_ago_is_told() -> None:
    found = _trail(an_event("form_solved", after=-timedelta(days=3)))

    assert [step.article for step in found.said_solved] == [RESET]
    assert found.steps == ()


def test_a_ticket_without_a_visitor_has_no_trail() -> None:
    assert trail([an_event("search", visitor=None)], a_ticket(visitor=None)) == Trail((), ())


def test_a_press_that_was_undone_is_not_told() -> None:
    undone = an_event("suggest_rejected", after=_minutes(2), reason="undone")

    assert _trail(an_event("form_solved", after=_minutes(1)), undone) == Trail((), ())


def test_results_under_a_search_box_are_searching() -> None:
    found = _trail(
        an_event("suggest_shown", after=_minutes(1), surface=Surface.SEARCH, query_norm="invo"),
        an_event("search", after=_minutes(1.1), query_norm="invoice"),
        an_event("suggest_shown", after=_minutes(8)),
    )

    assert [step.kind for step in found.steps] == [StepKind.SEARCHED, StepKind.SHOWN]
    assert found.steps[0].query == "invoice"
