"""Search is judged by tickets that it cannot have learnt from."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from kbportal.deflection.search_quality import Judged, by_week, look_up, quality
from kbportal.privacy.retention import Retention, limits
from kbportal.tickets import desk
from tests.builders import NOON, RESET, a_ticket, an_event


def judged(*ranks, days=0):
    return [Judged(NOON + timedelta(days=days), "en", "g1", rank) for rank in ranks]


def filed(stores, **facts):
    ticket = a_ticket(**facts)
    event = an_event("ticket_created", event_id=ticket.id, ticket=ticket.id)
    return stores.tickets.file(ticket, event)[0]


def test_recall_counts_the_first_three_and_says_its_n():
    found = quality(judged(1, 3, 4, 0))

    assert (found.recall.value, found.recall.n) == (0.5, 4)
    assert found.mrr.value == pytest.approx((1 + 1 / 3 + 1 / 4) / 4)
    assert found.recall.low < 0.5 < found.recall.high


def test_without_tickets_there_is_no_number():
    assert quality([]).recall.status == "not_enough_data"


def test_weeks_begin_with_the_first_day_and_empty_ones_are_left_out():
    weeks = by_week([*judged(1), *judged(0, days=15)], first=NOON.date())

    assert [week.first - NOON.date() for week in weeks] == [timedelta(0), timedelta(days=14)]
    assert [week.quality.recall.value for week in weeks] == [1.0, 0.0]
    assert isinstance(weeks[0].first, date)


def test_a_ticket_is_looked_up_once_and_judged_when_an_article_solved_it(stores):
    ticket = filed(stores)
    asked = []

    def ask(text, lang):
        asked.append((text, lang))
        return "g1", ["en/other", RESET]

    assert [look_up(stores.quality, ask), look_up(stores.quality, ask)] == [1, 0]
    assert stores.quality.judged(NOON, NOON + timedelta(days=1)) == ()
    desk.resolve(stores.tickets, ticket, article_id=RESET, now=NOON)

    assert stores.quality.judged(NOON, NOON + timedelta(days=1)) == (
        Judged(ticket.created, "en", "g1", 2),
    )
    assert asked == [(f"{ticket.subject}. {ticket.description}", "en")]


def test_what_is_solved_already_is_not_looked_up(stores):
    ticket = filed(stores)
    desk.resolve(stores.tickets, ticket, article_id=RESET, now=NOON)

    assert look_up(stores.quality, lambda text, lang: ("g1", [RESET])) == 0


def test_a_text_that_search_cannot_take_holds_up_no_other(stores, caplog):
    filed(stores, subject="breaks")
    filed(stores)

    def ask(text, lang):
        if text.startswith("breaks"):
            raise ValueError("not this text")
        return "g1", [RESET]

    assert look_up(stores.quality, ask) == 1
    assert "could not be looked up" in caplog.text


def test_suspected_spam_is_not_looked_up(stores):
    filed(stores, quarantine=("trap",))

    assert look_up(stores.quality, lambda text, lang: ("g1", [RESET])) == 0


def test_findings_go_with_the_events_of_their_time(stores):
    ticket = filed(stores)
    look_up(stores.quality, lambda text, lang: ("g1", [RESET]))
    desk.resolve(stores.tickets, ticket, article_id=RESET, now=NOON)
    day = timedelta(days=1)

    stores.privacy.sweep(limits(Retention(events_d=30), now=NOON + 29 * day))
    assert len(stores.quality.judged(NOON, NOON + day)) == 1

    stores.privacy.sweep(limits(Retention(events_d=30), now=NOON + 31 * day))
    assert stores.quality.judged(NOON, NOON + day) == ()
