"""One ticket: what an agent sees of it, and what they do with it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from kbportal.articles.forms import FormsFile
from kbportal.events.catalog import EventType, Shown
from kbportal.kernel.clock import utc_now
from kbportal.people.model import Role
from kbportal.search.query.live import LiveIndex
from kbportal.tickets.model import Answer, Author, Status
from tests.builders import RESET, an_event
from tests.cast import an_app
from tests.rooms.staff import signed_in

PAYLOADS = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "javascript:alert(1)",
    "{{ 7 * 7 }}",
    "<svg/onload=alert(1)>",
    "</textarea><b>",
]


def status(portal, ticket):
    return portal.tickets.by_id(ticket.id).status


def before(ticket, minutes, kind, **facts):
    when = {"ts": ticket.created - timedelta(minutes=minutes), "visitor": ticket.visitor}
    return an_event(kind, **(when | facts))


def test_what_was_answered_to_the_form_is_read_in_the_language_of_the_desk(portal, tmp_path, filed):
    (tmp_path / "forms.yml").write_text("order:\n  label: {en: Order number, sk: Objednávka}\n")
    given = (Answer("order", "Objednávka", "KW-1"), Answer("page", "Napísané na stránke", "Shop"))
    ticket = filed(lang="sk", answers=given)
    agent = signed_in(replace(portal, forms=FormsFile(tmp_path)), Role.AGENT)

    page = agent.get(f"/desk/{ticket.number}").text

    assert "<dt>Order number</dt><dd>KW-1</dd>" in page
    assert "<dt>Written on the page</dt><dd>Shop</dd>" in page


def test_an_answer_is_kept_and_the_ticket_waits(portal, agent, filed):
    ticket = filed()

    response = agent.post(f"/desk/{ticket.number}/answer", data={"body": "Try again, please."})

    assert response.location == f"/desk/{ticket.number}#newest"
    (message,) = portal.tickets.messages(ticket.id)
    assert (message.author, message.author_name) == (Author.AGENT, "Ola agent")
    assert status(portal, ticket) is Status.WAITING
    assert "Try again, please." in agent.get(f"/desk/{ticket.number}").text


def test_an_answer_sent_twice_is_kept_once(portal, agent, filed):
    ticket = filed()
    for _ in range(2):
        agent.post(f"/desk/{ticket.number}/answer", data={"body": "Hello", "message_id": "a" * 32})

    assert len(portal.tickets.messages(ticket.id)) == 1


def test_an_answer_that_was_changed_before_it_was_sent_again_is_another(portal, agent, filed):
    ticket = filed()
    for body in ("Hello", "Hello, and sorry"):
        agent.post(f"/desk/{ticket.number}/answer", data={"body": body, "message_id": "a" * 32})

    assert [one.body for one in portal.tickets.messages(ticket.id)] == ["Hello", "Hello, and sorry"]


@pytest.mark.parametrize("body", ["", "  \n ", "x" * 20_001])
def test_an_answer_that_cannot_be_sent_comes_back(portal, agent, filed, body):
    ticket = filed()

    response = agent.post(f"/desk/{ticket.number}/answer", data={"body": body})

    assert response.status_code == 422
    assert "body-error" in response.text
    assert body in response.text
    assert portal.tickets.messages(ticket.id) == ()


def test_resolving_names_the_article(portal, agent, filed):
    ticket = filed()

    agent.post(f"/desk/{ticket.number}/resolve", data={"article": RESET})

    kept = portal.tickets.by_id(ticket.id)
    assert (kept.status, kept.solved_by_article) == (Status.SOLVED, RESET)
    assert "Solved by:" in agent.get(f"/desk/{ticket.number}").text


def test_resolving_may_say_that_no_article_covers_it(portal, agent, filed):
    ticket = filed()

    agent.post(f"/desk/{ticket.number}/resolve", data={"article": "-"})

    kept = portal.tickets.by_id(ticket.id)
    assert (kept.status, kept.solved_by_article) == (Status.SOLVED, None)


def test_an_answer_that_was_typed_goes_out_with_the_solution(portal, agent, filed):
    ticket = filed()

    agent.post(f"/desk/{ticket.number}/resolve", data={"article": "-", "body": "Done."})

    assert [one.body for one in portal.tickets.messages(ticket.id)] == ["Done."]
    assert status(portal, ticket) is Status.SOLVED


@pytest.mark.parametrize("article", ["", "en/no/such", "' OR 1=1", "x" * 5000])
def test_resolving_needs_an_article_that_exists(portal, agent, filed, article):
    ticket = filed()

    response = agent.post(
        f"/desk/{ticket.number}/resolve", data={"article": article, "body": "Typed already"}
    )

    assert response.status_code == 422
    assert "Typed already" in response.text
    assert portal.tickets.messages(ticket.id) == ()
    assert status(portal, ticket) is Status.NEW


def test_looking_for_an_article_keeps_what_was_typed(agent, filed):
    ticket = filed(subject="Something else", description="Quite.")

    response = agent.post(
        f"/desk/{ticket.number}/find", data={"find": "parcel", "body": "Typed already"}
    )

    assert 'value="en/delivery/late-parcel"' in response.text
    assert "Typed already" in response.text


def test_agents_find_drafts_and_are_told_so(agent, filed):
    ticket = filed()

    found = agent.post(f"/desk/{ticket.number}/find", data={"find": "xylophone"}).text

    assert 'value="en/account/secret-plan"' in found
    assert "Draft" in found


@pytest.mark.parametrize("query", ["", '"', "title:", "NOT", "[a TO z]", "*" * 200, "a" * 5000])
def test_any_query_gives_a_page(agent, filed, query):
    ticket = filed()

    assert agent.post(f"/desk/{ticket.number}/find", data={"find": query}).status_code == 200


def test_the_state_can_be_set(portal, agent, filed):
    ticket = filed()

    agent.post(f"/desk/{ticket.number}/status", data={"status": "closed"})

    assert status(portal, ticket) is Status.CLOSED


@pytest.mark.parametrize(("wanted", "code"), [("new", 409), ("withdrawn", 409), ("lost", 400)])
def test_a_state_that_agents_do_not_give_is_refused(portal, agent, filed, wanted, code):
    ticket = filed()

    response = agent.post(f"/desk/{ticket.number}/status", data={"status": wanted})

    assert response.status_code == code
    assert status(portal, ticket) is Status.NEW


@pytest.mark.parametrize("number", ["1", "999999999999999999999999"])
def test_a_ticket_that_does_not_exist_is_not_found(agent, number):
    assert agent.get(f"/desk/{number}").status_code == 404
    assert agent.post(f"/desk/{number}/answer", data={"body": "x"}).status_code == 404


@pytest.mark.parametrize("payload", PAYLOADS)
def test_what_customers_write_is_plain_text(agent, filed, payload):
    ticket = filed(subject=payload, description=payload, name=payload)

    page = agent.get(f"/desk/{ticket.number}").text

    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert "<svg/onload" not in page
    assert 'href="javascript' not in page
    assert "49" not in page.partition("<h1>")[2].partition("</h1>")[0]
    assert "</textarea><b>" not in page


def test_the_way_that_led_here_stands_beside_the_ticket(portal, agent, filed):
    ticket = filed()
    portal.events.append(
        [
            before(ticket, 60 * 26, EventType.FORM_SOLVED),
            before(ticket, 40, EventType.SEARCH, query_norm="mail <i>lost", results=()),
            before(ticket, 30, EventType.ARTICLE_VIEWED, dwell_ms=60_000),
            before(ticket, 5, EventType.SUGGEST_SHOWN, results=(Shown(RESET), Shown("en/x/gone"))),
            before(ticket, 3, EventType.SUGGEST_REJECTED),
        ]
    )

    page = agent.get(f"/desk/{ticket.number}").text

    assert "Said an article had solved it" in page
    assert "mail &lt;i&gt;lost" in page
    assert "Read" in page
    assert "Still needed help after" in page
    assert page.count("Reset your password") >= 4
    assert "Gone" in page


def test_nobody_elses_way_is_shown(portal, agent, filed):
    ticket = filed()
    portal.events.append([before(ticket, 9, EventType.SEARCH, visitor="other", query_norm="mine")])

    assert "“mine”" not in agent.get(f"/desk/{ticket.number}").text


def test_somebody_who_asked_not_to_be_followed_has_no_way(agent, filed):
    ticket = filed(visitor=None, session=None)

    assert "asked not to be followed" in agent.get(f"/desk/{ticket.number}").text


def test_the_desk_works_without_an_index(portal, agent, filed, tmp_path):
    ticket = filed()
    bare = replace(portal, live=LiveIndex(tmp_path / "none"))
    lone = an_app(bare).test_client()
    lone.set_cookie("kb_staff", agent.get_cookie("kb_staff").value)

    assert lone.get(f"/desk/{ticket.number}").status_code == 200
    lone.post(f"/desk/{ticket.number}/answer", data={"body": "Still here."})
    assert len(portal.tickets.messages(ticket.id)) == 1


def test_what_an_agent_did_is_not_recorded_as_a_visit(portal, agent, filed):
    ticket = filed()
    agent.get(f"/desk/{ticket.number}")
    agent.post(f"/desk/{ticket.number}/find", data={"find": "parcel"})

    assert portal.recorder.flush()
    now = utc_now()
    kinds = {e.type for e in portal.events.read(now - timedelta(hours=1), now + timedelta(hours=1))}
    assert kinds == {EventType.TICKET_CREATED}
