"""What looks like spam is set aside and never refused."""

from __future__ import annotations

from datetime import timedelta

import pytest

from kbportal.events.catalog import SUSPECTED
from kbportal.storage import Stores
from kbportal.tickets.submission import Filed, Submission, submit
from kbportal.tickets.suspicion import content_digest, marks_of_age
from tests.builders import NOON, a_submission


def sent(stores: Stores, form: Submission, *, after: timedelta = timedelta()) -> Filed:
    number = len(stores.tickets.list().tickets)
    return submit(
        form,
        stores.tickets,
        now=NOON + after,
        secret=b"key",
        ticket_id=f"t{number}",
        event_id=f"e{number}",
    )


def test_a_usual_ticket_is_above_suspicion(stores: Stores) -> None:
    text = "See https://example.com/a and https://example.com/b, please."

    assert sent(stores, a_submission(description=text)).ticket.quarantine == ()


def test_many_links_are_suspicious(stores: Stores) -> None:
    filed = sent(stores, a_submission(description="https://x.example " * 5))

    assert filed.ticket.quarantine == ("links",)
    assert filed.token


def test_the_same_words_again_and_again_are_suspicious(stores: Stores) -> None:
    texts = ("Buy  KETTLES", "buy kettles", "Buy Kéttles")
    found = [
        sent(stores, a_submission(description=text, draft_id=None)).ticket.quarantine
        for text in texts
    ]

    assert found == [(), (), ("repeated",)]


def test_the_same_words_a_day_later_are_not(stores: Stores) -> None:
    for _ in range(2):
        sent(stores, a_submission(draft_id=None))

    later = sent(stores, a_submission(draft_id=None), after=timedelta(hours=25))

    assert later.ticket.quarantine == ()


def test_what_the_room_noticed_is_kept_and_the_event_says_so(stores: Stores) -> None:
    filed = sent(stores, a_submission(marks=("trap",)))

    (event,) = stores.events.of_visitor("v1", NOON, NOON)
    assert filed.ticket.quarantine == ("trap",)
    assert event.reason == SUSPECTED


@pytest.mark.parametrize(
    ("age", "marks"),
    [(2, ("quick",)), (3, ()), (24 * 3600, ()), (24 * 3600 + 1, ("old",)), (-5, ("quick",))],
)
def test_a_form_has_its_time(age: int, marks: tuple[str, ...]) -> None:
    assert marks_of_age(timedelta(seconds=age)) == marks


def test_case_accents_and_spaces_make_no_other_words() -> None:
    assert content_digest("A", "Žltý  kôň") == content_digest("a", "zlty kon")
    assert content_digest("A", "b") != content_digest("A", "c")
