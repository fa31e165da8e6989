"""What editors ask besides the usual: seen before it is demanded, kept with the ticket."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from kbportal.articles.forms import FormsFile
from kbportal.tickets.model import Answer
from kbportal.wiring import Portal
from tests.cast import an_app, outspoken
from tests.rooms.help.forms import a_form

FORMS = """\
order:
  topics: [delivery]
  label: {en: Order number, sk: Číslo objednávky}
  hint: {en: It starts with KW.}
device:
  topics: [account]
  required: yes
  label: {en: Device}
  choices: [{en: Kettle, sk: Kanvica}, {en: Lamp}]
"""


@pytest.fixture
def asking(portal: Portal, tmp_path: Path) -> Portal:
    folder = tmp_path / "articles"
    folder.mkdir()
    (folder / "forms.yml").write_text(FORMS, encoding="utf-8")
    return replace(portal, forms=FormsFile(folder))


@pytest.fixture
def client(asking: Portal) -> FlaskClient:
    return an_app(asking).test_client()


def test_questions_wait_unseen_until_their_topic_is_chosen(client):
    page = client.get("/en/contact").text
    chosen = client.get("/en/contact?category=delivery").text

    assert 'data-topics="delivery" hidden disabled' in page
    assert 'data-topics="delivery">' in chosen
    assert "It starts with KW." in chosen


def test_without_scripts_they_come_after_the_topic_was_chosen(client, portal: Portal):
    form = a_form(category="delivery", enhanced="")
    page = client.post("/en/contact", data=form)

    assert "One more step" in page.text
    assert 'data-topics="delivery">' in page.text
    assert "It hums in B flat." in page.text
    assert portal.tickets.list().tickets == ()
    assert (
        client.post("/en/contact", data=form | {"asked": "order", "step": "send"}).status_code
        == 303
    )


def test_answers_are_kept_with_the_ticket_and_seen_by_its_requester(client, portal: Portal):
    form = {"asked": "order", "field-order": " KW-1 ", "category": "delivery"}

    sent = client.post("/sk/contact", data=a_form(**form)).location

    (ticket,) = portal.tickets.list().tickets
    assert ticket.answers == (Answer("order", "Číslo objednávky", "KW-1"),)
    page = client.get(sent.removesuffix("/sent")).text
    assert "Číslo objednávky" in page
    assert "KW-1" in page


@pytest.mark.parametrize(
    ("given", "says"), [("", "Please answer this."), ("Toaster", "Please choose one of these.")]
)
def test_an_answer_that_is_needed_is_asked_for_clearly(client, given, says):
    form = {"asked": "device", "field-device": given, "category": "account"}
    page = client.post("/en/contact", data=a_form(**form))

    assert page.status_code == 422
    assert f'<a href="#field-device">{says}</a>' in page.text
    assert 'id="field-device-error"' in page.text


def test_a_question_that_must_be_answered_is_not_passed_by(client, portal: Portal):
    page = client.post("/en/contact", data=a_form(category="account"))

    assert page.status_code == 422
    assert 'data-topics="account">' in page.text
    assert portal.tickets.list().tickets == ()


def test_a_question_that_need_not_be_answered_holds_nobody_up(client):
    assert client.post("/en/contact", data=a_form(category="delivery")).status_code == 303


def test_answers_to_questions_of_another_topic_are_left_out(client, portal: Portal):
    form = {"field-order": "KW-1", "field-gone": "x", "category": ""}

    client.post("/en/contact", data=a_form(**form))

    (ticket,) = portal.tickets.list().tickets
    assert ticket.answers == ()


def test_answers_survive_the_step_with_articles_and_the_draft(asking: Portal):
    client = an_app(outspoken(asking)).test_client()
    form = a_form(
        draft="d" * 43, enhanced="", category="delivery", asked="order",
        subject="Forgot password", **{"field-order": "KW-1"},
    )  # fmt: skip

    step = client.post("/en/contact", data=form).text

    assert "Send anyway" in step
    assert 'name="field-order" value="KW-1"' in step
    assert 'name="asked" value="order"' in step
    assert 'value="KW-1"' in client.get("/en/contact").text


def test_a_form_can_be_told_to_suggest_nothing(asking: Portal):
    (asking.forms._root / "forms.yml").write_text("suggestions: {contact: off}\n")
    client = an_app(outspoken(asking)).test_client()
    form = a_form(enhanced="", subject="Forgot password")

    assert "data-suggest" not in client.get("/en/contact").text
    assert client.post("/en/contact", data=form).status_code == 303
