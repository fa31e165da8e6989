from __future__ import annotations

from datetime import timedelta

from kbportal.storage import Stores
from kbportal.tickets import desk
from kbportal.tickets.evidence import Evidence, from_presses
from tests.builders import NOON, RESET, a_ticket, an_event

LATER = NOON + timedelta(days=30)


def test_a_resolved_ticket_teaches_its_scrubbed_text(stores: Stores) -> None:
    made = a_ticket(description="Write to jana@example.com.", lang="sk")
    ticket, _ = stores.tickets.file(made, an_event("ticket_created", visitor=None))
    desk.resolve(stores.tickets, ticket, article_id=RESET, now=LATER)

    learnt = list(stores.tickets.evidence(now=LATER))

    text = "I cannot sign in. Write to [email]"
    assert learnt == [Evidence(text, RESET, "sk", "ticket", LATER)]


def test_an_unresolved_ticket_teaches_nothing(stores: Stores) -> None:
    ticket, _ = stores.tickets.file(a_ticket(), an_event("ticket_created"))
    desk.resolve(stores.tickets, ticket, article_id=None, now=LATER)

    assert not list(stores.tickets.evidence(now=LATER))


def test_a_confirmed_press_teaches_its_query(stores: Stores) -> None:
    stores.events.append([an_event("form_solved", query_norm="zabudol som heslo", locale="sk")])

    learnt = list(stores.tickets.evidence(now=LATER))

    assert learnt == [Evidence("zabudol som heslo", RESET, "sk", "press", NOON)]


def test_a_press_that_a_ticket_took_back_teaches_nothing() -> None:
    press = an_event("form_solved")
    ticket = an_event("ticket_created", after=timedelta(days=6))

    assert not list(from_presses([press], [ticket], now=LATER))


def test_a_ticket_of_another_visitor_or_before_the_press_takes_nothing_back() -> None:
    press = an_event("form_solved")
    tickets = [
        an_event("ticket_created", visitor="v2", after=timedelta(days=1)),
        an_event("ticket_created", after=-timedelta(days=1)),
    ]

    assert len(list(from_presses([press], tickets, now=LATER))) == 1


def test_a_young_press_an_unknown_visitor_and_a_crawler_teach_nothing() -> None:
    presses = [
        an_event("form_solved", after=timedelta(days=25)),
        an_event("form_solved", visitor=None),
        an_event("form_solved", ua_class="bot"),
        an_event("form_solved", query_norm=None),
    ]

    assert not list(from_presses(presses, [], now=LATER))


def test_repeating_a_press_teaches_once() -> None:
    assert len(list(from_presses([an_event("form_solved")] * 9, [], now=LATER))) == 1


def test_a_press_that_was_undone_by_hand_teaches_nothing(stores: Stores) -> None:
    press = an_event("form_solved")
    undone = an_event("suggest_rejected", after=timedelta(minutes=1), reason="undone")
    stores.events.append([press, undone])

    assert not list(stores.tickets.evidence(now=LATER))
    other = an_event("suggest_rejected", reason="undone", article="en/other")
    assert len(list(from_presses([press], [other], now=LATER))) == 1
