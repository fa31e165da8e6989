"""Writing to us: nothing typed is ever lost, nothing is filed twice."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest
from flask.testing import FlaskClient

from kbportal.search.query.engine import Results
from kbportal.storage import StorageUnavailable
from kbportal.wiring import Portal
from tests.cast import an_app
from tests.rooms.help.forms import a_form, recorded


def sent_page(client: FlaskClient, **fields: Any) -> str:
    response = client.post("/en/contact", data=a_form(**fields))
    assert response.status_code == 303
    return response.location


def test_a_form_becomes_a_ticket_and_a_page_that_says_number_and_time(client):
    page = client.get(sent_page(client)).get_data(as_text=True)

    assert "Request 1001" in page
    assert "within 24 hours" in page
    assert "Monday to Friday" in page


def test_a_form_sent_twice_is_one_ticket(client, portal: Portal):
    assert sent_page(client) == sent_page(client)
    assert len(portal.tickets.list().tickets) == 1


def test_the_same_draft_with_another_text_is_given_back_to_be_sent_as_its_own(client):
    sent_page(client)

    response = client.post("/en/contact", data=a_form(description="Now it sings."))

    page = response.get_data(as_text=True)
    assert response.status_code == 409
    assert "Now it sings." in page
    assert 'name="draft" value="draft-1"' not in page


def test_a_form_with_mistakes_comes_back_with_what_was_typed(client):
    response = client.post("/en/contact", data=a_form(email="nonsense"))

    page = response.get_data(as_text=True)
    assert response.status_code == 422
    assert "It hums in B flat." in page
    assert 'aria-invalid="true"' in page
    assert "This does not look like an e-mail address" in page


FORGOTTEN = {"subject": "Forgot password", "description": "Forgot password!"}


def test_without_scripts_answers_are_offered_after_send_anyway(outspoken_client):
    form = a_form(enhanced="", **FORGOTTEN)

    page = outspoken_client.post("/en/contact", data=form).get_data(as_text=True)

    assert page.index("Send anyway") < page.index("Reset your password")
    assert "Forgot password!" in page


def test_an_answer_in_another_language_is_labelled_and_recorded(portal: Portal):
    class Engine:
        def __init__(self, engine: Any) -> None:
            self.engine = engine

        def suggest(self, text: str, *, lang: str, limit: int) -> Results:
            found = self.engine.search("password", lang="en", limit=2)
            return replace(found, hits=(), fallback=found.hits)

    class Live:
        def current(self) -> Any:
            live = portal.live.current()
            return replace(live, engine=Engine(live.engine))

    client = an_app(replace(portal, live=Live())).test_client()  # type: ignore[arg-type]

    page = client.post("/sk/contact", data=a_form(enhanced="", subject="Zabudnuté heslo")).text

    assert page.count("answer-card") == 1
    assert '<span class="tag" lang="en">English</span>' in page
    (event,) = recorded(portal, "suggest_shown")
    assert [one.article for one in event.results] == ["en/account/reset-password"]


def test_send_anyway_files_the_ticket(outspoken_client):
    form = a_form(enhanced="", step="send", **FORGOTTEN)

    assert outspoken_client.post("/en/contact", data=form).status_code == 303


def test_without_scripts_a_form_that_nothing_answers_goes_straight_through(client):
    form = a_form(enhanced="", subject="Qqq wwwzz", description="Zzzqq.")

    assert client.post("/en/contact", data=form).status_code == 303


def test_suggestions_that_are_switched_off_are_nowhere(portal: Portal):
    off = replace(portal, settings=replace(portal.settings, suggestions=False))
    client = an_app(off).test_client()
    form = a_form(enhanced="", **FORGOTTEN)

    assert "data-suggest" not in client.get("/en/contact").get_data(as_text=True)
    assert client.post("/en/contact", data=form).status_code == 303


def test_this_solved_it_files_nothing_and_is_recorded(client, portal: Portal):
    form = a_form(enhanced="", solved="en/account/reset-password", subject="forgot password")

    page = client.post("/en/contact", data=form).get_data(as_text=True)

    (event,) = recorded(portal, "form_solved")
    assert event.article == "en/account/reset-password"
    assert "Glad that helped" in page
    assert portal.tickets.list().tickets == ()


def test_a_frame_that_keeps_nothing_does_not_say_that_it_does(client):
    kept = "what you typed stays here for 7 days"

    assert kept in client.get("/en/contact").text
    framed = client.get("/en/widget/contact").text
    assert "Glad that helped. Nothing was sent." in framed
    assert kept not in framed


def test_a_database_that_is_away_costs_no_text(portal: Portal):
    class Away:
        def file(self, *_: object, **__: object) -> None:
            raise StorageUnavailable("locked")

        repeated = file

    client = an_app(replace(portal, tickets=Away())).test_client()  # type: ignore[arg-type]

    response = client.post("/en/contact", data=a_form())

    assert response.status_code == 503
    assert "Retry-After" in response.headers
    assert "It hums in B flat." in response.get_data(as_text=True)


def test_a_form_left_open_for_days_comes_back_with_its_text(portal: Portal):
    client = an_app(portal, WTF_CSRF_ENABLED=True).test_client()

    response = client.post("/en/contact", data=a_form())

    assert response.status_code == 400
    assert "It hums in B flat." in response.get_data(as_text=True)


def test_a_form_with_its_token_is_taken(portal: Portal):
    client = an_app(portal, WTF_CSRF_ENABLED=True).test_client()
    token = re.search(r'name="csrf_token" value="([^"]+)"', client.get("/en/contact").text)

    response = client.post("/en/contact", data=a_form(csrf_token=token and token[1]))

    assert response.status_code == 303


def test_too_many_tickets_wait_with_their_text(portal: Portal):
    client = an_app(portal, RATELIMIT_ENABLED=True).test_client()
    for number in range(5):
        sent_page(client, draft=f"d{number}")

    response = client.post("/en/contact", data=a_form(draft="d6"))

    assert response.status_code == 429
    assert "It hums in B flat." in response.get_data(as_text=True)


def test_a_robot_is_noticed_and_still_heard(client, portal: Portal, caplog):
    sent_page(client, website="https://spam.example")

    assert "trap" in caplog.text
    assert len(portal.tickets.list().tickets) == 1


def test_fields_that_the_form_does_not_have_are_refused(client):
    assert client.post("/en/contact", data=a_form(status="closed")).status_code == 400


@pytest.mark.parametrize(
    "text", ["</textarea><script>alert(1)</script>", '"><img src=x onerror=1>']
)
def test_what_is_typed_comes_back_inert(client, text):
    page = client.post("/en/contact", data=a_form(description=text, email="")).text

    assert "<script>alert" not in page
    assert "<img src=x" not in page
