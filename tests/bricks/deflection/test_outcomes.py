from __future__ import annotations

from datetime import timedelta

from kbportal.deflection.model import Outcome, Windows
from kbportal.deflection.reading.episodes import episodes
from kbportal.deflection.reading.outcomes import Verdict, judge_all, ticket_times
from kbportal.events.catalog import Event, EventType
from tests.builders import NOON, RESET, an_event

WINDOWS = Windows()


def _hours(number: float) -> timedelta:
    return timedelta(hours=number)


def _verdicts(*events: Event) -> list[Verdict]:
    found = episodes(events, gap=WINDOWS.episode_gap)
    return judge_all(found, ticket_times(events), windows=WINDOWS)


def _first(*events: Event) -> Verdict:
    return _verdicts(*events)[0]


def _started(after: float = 0) -> Event:
    return an_event("form_started", after=_hours(after))


def _solved(after: float = 0.1) -> Event:
    return an_event("form_solved", after=_hours(after))


def _ticket(after: float, channel: str = "form") -> Event:
    return an_event("ticket_created", after=_hours(after), channel=channel)


def _expanded(after: float = 0.05, dwell_ms: int | None = 12_000) -> Event:
    return an_event("suggest_expanded", after=_hours(after), dwell_ms=dwell_ms)


def test_a_press_without_a_ticket_is_solved_and_lasting() -> None:
    verdict = _first(_started(), _expanded(), _solved())

    assert (verdict.outcome, verdict.lasting) == (Outcome.SOLVED, True)
    assert verdict.pressed == {RESET}


def test_a_solved_press_is_revoked_by_a_ticket_within_the_horizon() -> None:
    verdict = _first(_started(), _solved(), _ticket(30))

    assert verdict.outcome is Outcome.SUBMITTED


def test_a_ticket_by_any_channel_revokes() -> None:
    assert _first(_started(), _solved(), _ticket(50, "mail")).outcome is Outcome.SUBMITTED


def test_a_ticket_after_the_horizon_leaves_it_solved_but_not_lasting() -> None:
    verdict = _first(_started(), _solved(), _ticket(100))

    assert (verdict.outcome, verdict.lasting) == (Outcome.SOLVED, False)


def test_a_ticket_after_the_durability_window_revokes_nothing() -> None:
    assert _first(_started(), _solved(), _ticket(24 * 8)).lasting


def test_reading_a_suggestion_for_ten_seconds_is_informed() -> None:
    assert _first(_started(), _expanded()).outcome is Outcome.INFORMED


def test_opening_in_a_new_tab_and_reading_there_is_informed() -> None:
    opened = an_event("suggest_opened", after=_hours(0.1))
    read = an_event("article_viewed", after=_hours(0.2), dwell_ms=60_000)

    assert _first(_started(), opened, read).outcome is Outcome.INFORMED


def test_a_glance_at_a_suggestion_is_not_credited() -> None:
    assert _first(_started(), _expanded(dwell_ms=3_000)).outcome is Outcome.UNKNOWN
    assert _first(_started(), _expanded(dwell_ms=None)).outcome is Outcome.UNKNOWN


def test_reading_an_article_that_was_not_suggested_is_not_credited() -> None:
    read = an_event("article_viewed", after=_hours(0.1), dwell_ms=60_000)

    assert _first(_started(), read).outcome is Outcome.UNKNOWN


def test_leaving_is_unknown_and_needs_a_form_start() -> None:
    assert _first(_started()).outcome is Outcome.UNKNOWN
    assert _verdicts(an_event("search"), an_event("article_viewed")) == []


def test_a_form_that_was_sent_was_started() -> None:
    assert _first(_ticket(0)).outcome is Outcome.SUBMITTED
    assert _verdicts(_ticket(0, "mail")) == []


def test_a_ticket_of_another_visitor_takes_nothing_back() -> None:
    other = an_event("ticket_created", after=_hours(1), visitor="v2", channel="mail")

    assert _first(_started(), _solved(), other).outcome is Outcome.SOLVED


def test_the_windows_run_from_the_last_act_on_the_form() -> None:
    visits = [_started(hour) for hour in range(0, 100, 20)]

    verdict = _first(*visits, _solved(81), _ticket(150))

    assert verdict.outcome is Outcome.SUBMITTED
    assert verdict.settled == NOON + _hours(81) + timedelta(days=7)


def test_a_pause_of_a_day_begins_a_new_episode() -> None:
    assert len(_verdicts(_started(0), _started(23.9))) == 1
    assert len(_verdicts(_started(0), _started(24))) == 2


def test_choosing_a_language_is_no_part_of_an_episode() -> None:
    switched = an_event(EventType.LANGUAGE_SWITCHED, after=_hours(-1))

    assert _first(switched, _started()).episode.started == NOON


def test_a_press_that_was_undone_by_hand_was_none() -> None:
    undone = an_event("suggest_rejected", after=_hours(0.2), reason="undone")

    verdict = _first(_started(), _expanded(), _solved(), undone)

    assert (verdict.outcome, verdict.pressed) == (Outcome.INFORMED, frozenset())
    assert _first(_started(), _solved(), undone, _solved(0.3)).outcome is Outcome.SOLVED
