from __future__ import annotations

from datetime import timedelta

from kbportal.storage import Stores
from kbportal.tickets import desk
from kbportal.tickets.evidence import (
    MOST_PRESSES_A_DAY,
    MOST_TEXTS,
    Evidence,
    Source,
    from_presses,
    lessons,
)
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


def taught(
    text: str, *, hours: float = 0, source: Source = "ticket", article: str = RESET
) -> Evidence:
    return Evidence(text, article, "en", source, NOON + timedelta(hours=hours))


def test_an_article_learns_from_tickets_and_from_presses_in_their_order() -> None:
    found = [taught("no mail came", hours=2, source="press"), taught("cannot sign in", hours=1)]

    assert lessons(found) == {RESET: ("cannot sign in", "no mail came")}


def test_the_same_text_teaches_once() -> None:
    found = [taught("Cannot sign in"), taught("cannot sign in", hours=1)]

    assert lessons(found) == {RESET: ("cannot sign in",)}


def test_a_burst_of_presses_teaches_no_more_than_a_few_texts() -> None:
    burst = [taught(f"text {n}", hours=n / 60, source="press") for n in range(50)]

    assert len(lessons(burst)[RESET]) == MOST_PRESSES_A_DAY


def test_presses_of_another_day_and_tickets_of_the_same_one_still_teach() -> None:
    burst = [taught(f"text {n}", hours=n / 60, source="press") for n in range(50)]
    others = [taught("a ticket", hours=2), taught("tomorrow", hours=24, source="press")]

    assert lessons([*burst, *others])[RESET][-2:] == ("a ticket", "tomorrow")


def test_an_article_keeps_its_latest_texts() -> None:
    found = lessons(taught(f"text {n}", hours=n) for n in range(MOST_TEXTS + 1))

    assert (len(found[RESET]), found[RESET][0]) == (MOST_TEXTS, "text 1")


def test_a_text_without_letters_teaches_nothing() -> None:
    assert lessons([taught("?!"), taught("a b")]) == {}
