from __future__ import annotations

import pytest

from kbportal.events.catalog import EventType
from kbportal.kernel.ids import token_digest
from kbportal.storage import Stores
from kbportal.tickets.errors import SubmissionRefused
from kbportal.tickets.submission import Filed, Submission, check, submit
from tests.builders import NOON, a_submission

SECRET = b"a key of the portal"


def _submit(stores: Stores, form: Submission, *, attempt: int = 1) -> Filed:
    return submit(
        form,
        stores.tickets,
        now=NOON,
        secret=SECRET,
        ticket_id=f"{attempt:032x}",
        event_id=f"{attempt + 1000:032x}",
    )


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("subject", " \u200b ", "required"),
        ("description", "\n\n", "required"),
        ("email", "", "required"),
        ("email", "jana", "invalid"),
        ("email", "jana@example.com\r\nBcc: eve@example.com", "invalid"),
        ("subject", "x" * 201, "too_long"),
        ("description", "x" * 20_001, "too_long"),
        ("draft_id", "x" * 201, "too_long"),
    ],
)
def test_a_field_at_fault_is_named(field: str, value: str, code: str) -> None:
    assert check(a_submission(**{field: value})) == {field: code}


def test_name_and_category_may_stay_empty() -> None:
    assert check(a_submission(name="", category="")) == {}


def test_a_refused_form_files_nothing(stores: Stores) -> None:
    with pytest.raises(SubmissionRefused) as caught:
        _submit(stores, a_submission(email=""))

    assert caught.value.facts["errors"] == {"email": "required"}
    assert not stores.tickets.list().tickets


def test_a_ticket_gets_a_number_and_an_address_only_its_requester_knows(stores: Stores) -> None:
    filed = _submit(stores, a_submission())

    assert filed.is_new
    assert filed.ticket.number == 1001
    assert filed.token
    assert len(filed.token) >= 40
    assert filed.ticket.token_digest == token_digest(filed.token)


def test_a_ticket_and_its_event_are_filed_together(stores: Stores) -> None:
    ticket = _submit(stores, a_submission()).ticket

    (event,) = stores.events.of_visitor("v1", NOON, NOON)

    assert (event.type, event.ticket, event.channel) == (
        EventType.TICKET_CREATED,
        ticket.id,
        "form",
    )


def test_sending_the_same_draft_again_gives_the_same_ticket_and_address(stores: Stores) -> None:
    first, second = (_submit(stores, a_submission(), attempt=n) for n in (1, 2))

    assert (second.ticket, second.token, second.is_new) == (first.ticket, first.token, False)
    assert len(stores.events.of_visitor("v1", NOON, NOON)) == 1


def test_the_same_draft_with_another_text_does_not_give_the_address_away(stores: Stores) -> None:
    _submit(stores, a_submission())

    again = _submit(stores, a_submission(description="Something else"), attempt=2)

    assert (again.ticket.number, again.token, again.is_new) == (1001, None, False)


def test_two_people_may_number_their_drafts_alike(stores: Stores) -> None:
    _submit(stores, a_submission(draft_id="1"))

    other = _submit(stores, a_submission(draft_id="1", email="petra@example.com"), attempt=2)

    assert (other.ticket.number, other.is_new) == (1002, True)


def test_without_a_draft_id_each_submission_is_a_ticket(stores: Stores) -> None:
    first, second = (_submit(stores, a_submission(draft_id=None), attempt=n) for n in (1, 2))

    assert (first.ticket.number, second.ticket.number) == (1001, 1002)
    assert first.token != second.token


def test_nothing_links_the_events_of_a_person_who_is_not_to_be_followed(stores: Stores) -> None:
    _submit(stores, a_submission(visitor=None, session=None))

    (event,) = stores.events.read(NOON, NOON.replace(hour=13))

    assert (event.visitor, event.user) == (None, None)


@pytest.mark.parametrize("field", ["subject", "description", "name", "category", "draft_id"])
def test_half_a_character_does_no_harm(stores: Stores, field: str) -> None:
    assert _submit(stores, a_submission(**{field: "fine \ud800\x00 text"})).is_new
