from __future__ import annotations

from datetime import timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from kbportal.deflection.model import Windows
from kbportal.deflection.trials.content_tests import (
    TrialResult,
    Verdict,
    deciding,
    experiment_of,
    result_of,
)
from kbportal.events.catalog import Event
from tests.builders import NOON, RESET, an_event

NAME = "t-12345678"
HOUR, LATER = timedelta(hours=1), NOON + timedelta(days=30)


def saw(visitor: str, arm: str, **facts: Any) -> Event:
    return an_event("article_viewed", visitor=visitor, arm=f"{NAME}:{arm}@50", **facts)


def sent(visitor: str, *, hours: float, **facts: Any) -> Event:
    return an_event("ticket_created", visitor=visitor, after=hours * HOUR, **facts)


def result(events: list[Event], **facts: Any) -> TrialResult:
    whole: dict[str, Any] = {"experiment": NAME, "article": RESET, "windows": Windows()}
    return result_of(events, **(whole | {"now": LATER} | facts))


def many(
    count_a: int, tickets_a: int, count_b: int, tickets_b: int, *, days: float = 0
) -> list[Event]:
    """Visitors of both versions, mixed over a day that begins so many days after NOON."""
    events = []
    for arm, count, tickets in (("a", count_a, tickets_a), ("b", count_b, tickets_b)):
        for n in range(count):
            who, at = f"{arm}{days}-{n}", 24 * (days + n / count)
            events.append(saw(who, arm, after=at * HOUR))
            if n * tickets // count < (n + 1) * tickets // count:
                events.append(sent(who, hours=at + 2))
    return events


def test_fewer_tickets_make_a_version_better() -> None:
    assert result(many(3_000, 2_000, 3_000, 1_500)).verdict is Verdict.B_IS_BETTER
    assert result(many(3_000, 1_500, 3_000, 2_000)).verdict is Verdict.A_IS_BETTER


def test_enough_visitors_without_a_difference_are_a_result() -> None:
    assert result(many(3_000, 1_500, 3_000, 1_500)).verdict is Verdict.NO_DIFFERENCE


def test_few_visitors_say_nothing_yet_however_clear_it_looks() -> None:
    found = result(many(20, 20, 20, 0))

    assert found.verdict is Verdict.RUNNING
    assert found.lift.n < found.lift.needed


def test_arms_of_unlikely_sizes_stop_it() -> None:
    assert result(many(3_000, 1_500, 3_600, 1_500)).verdict is Verdict.BROKEN


def test_whoever_comes_after_the_decision_changes_nothing() -> None:
    decided = result(many(3_000, 1_500, 3_000, 1_500))
    with_more = result(many(3_000, 1_500, 3_000, 1_500) + many(3_000, 2_000, 3_000, 100, days=3))

    assert decided.verdict is Verdict.NO_DIFFERENCE
    assert with_more == decided
    assert decided.lift.n == decided.lift.needed


@settings(max_examples=40, deadline=None)
@given(st.integers(1, 10), st.lists(st.booleans(), max_size=20))
def test_how_many_decide_is_settled_as_they_come(every: int, more: list[bool]) -> None:
    sent = [n % every == 0 for n in range(20_000)]
    enough = deciding(sent)

    assert enough is not None
    assert deciding(sent[:enough] + more) == enough
    assert deciding(sent[: enough - 1]) is None


def test_only_a_ticket_within_the_horizon_counts() -> None:
    found = result(
        [saw("v1", "a"), saw("v2", "a"), saw("v3", "a"), sent("v1", hours=71),
         sent("v2", hours=73), sent("v3", hours=-1)]
    )  # fmt: skip

    assert (found.a.n, found.lift.control_tickets) == (3, 1)


def test_the_version_seen_first_counts() -> None:
    found = result([saw("v1", "b"), saw("v1", "a", after=HOUR), sent("v1", hours=2)])

    assert (found.a.n, found.b.n, found.lift.shown_tickets) == (0, 1, 1)


def test_what_the_holdout_kept_back_was_not_seen() -> None:
    ghost = an_event("suggest_ghost", arm=f"holdout:control@10 {NAME}:b@50")

    assert result([ghost]).b.n == 0


def test_colleagues_robots_and_spam_do_not_count() -> None:
    events = [
        saw("v1", "a", user="u1"), saw("v2", "b", ua_class="bot"), saw("v3", "b"),
        sent("v3", hours=1, reason="suspected_spam"),
    ]  # fmt: skip

    found = result(events, staff=frozenset({"u1"}))

    assert (found.a.n, found.b.n, found.lift.shown_tickets) == (0, 1, 0)


def test_solved_counts_if_it_lasts_and_was_not_taken_back() -> None:
    def press(visitor: str) -> Event:
        return an_event("form_solved", visitor=visitor, after=HOUR)

    events = [saw(f"v{n}", "a") for n in range(4)] + [press(f"v{n}") for n in range(3)]
    events.append(sent("v1", hours=6 * 24))
    events.append(an_event("suggest_rejected", visitor="v2", reason="undone", after=2 * HOUR))

    assert result(events).a.solved.value == 1 / 4


def test_who_saw_it_just_now_waits() -> None:
    found = result([saw("v1", "a")], now=NOON + HOUR)

    assert (found.a.n, found.young) == (0, 1)


def test_two_browsers_of_one_person_are_one_visitor() -> None:
    events = [saw("v1", "a"), saw("v2", "b", after=HOUR),
              sent("v1", hours=2, user="k"), sent("v2", hours=3, user="k")]  # fmt: skip

    found = result(events)

    assert (found.a.n, found.b.n) == (1, 0)


def test_another_text_is_another_test() -> None:
    assert experiment_of(RESET, "1", "2") != experiment_of(RESET, "1", "3")
    assert len(experiment_of(RESET, "1", "2")) == 10


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 4), st.sampled_from("ab"), st.booleans()), max_size=25),
       st.randoms())  # fmt: skip
def test_neither_order_nor_repetition_matters(steps: list[tuple[int, str, bool]], lot: Any) -> None:
    events = [
        sent(f"v{who}", hours=at) if ticket else saw(f"v{who}", arm, after=at * HOUR)
        for at, (who, arm, ticket) in enumerate(steps)
    ]
    shuffled = [*events, *events[:5]]
    lot.shuffle(shuffled)

    found = result(shuffled)

    assert found == result(events)
    assert found.lift.n == found.a.n + found.b.n <= 5
