"""The list of tickets: what is in it, in which order, and how one gets about."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from kbportal.kernel.clock import utc_now
from kbportal.tickets import desk
from kbportal.tickets.model import Status
from kbportal.web.desk import tickets as page
from tests.cast import an_app


def numbers(response):
    return [int(n) for n in re.findall(r'href="/desk/(\d+)"', response.text)]


def test_the_newest_ticket_comes_first(agent, filed):
    first, second = filed(), filed()

    assert numbers(agent.get("/desk/")) == [second.number, first.number]


def test_a_tab_shows_its_states_and_how_many_there_are(portal, agent, filed):
    waiting, _new = filed(), filed()
    desk.set_status(portal.tickets, waiting, status=Status.WAITING, now=utc_now())

    response = agent.get("/desk/?status=waiting")

    assert numbers(response) == [waiting.number]
    assert re.search(r"To do <span[^>]*>1<", response.text)
    assert re.search(r"All <span[^>]*>2<", response.text)


def test_a_language_can_be_chosen(agent, filed):
    filed(lang="en")
    slovak = filed(lang="sk")

    assert numbers(agent.get("/desk/?language=sk")) == [slovak.number]


def test_a_long_list_goes_on_where_it_stopped(agent, filed, monkeypatch):
    monkeypatch.setattr(page, "PER_PAGE", 2)
    filed_numbers = [filed().number for _ in range(3)]

    first = agent.get("/desk/?status=all")
    older = re.search(r'href="(/desk/\?[^"]*before=\d+[^"]*)"', first.text)
    assert older

    assert numbers(first) == filed_numbers[:0:-1]
    assert numbers(agent.get(older[1].replace("&amp;", "&"))) == filed_numbers[:1]


def test_a_number_leads_to_its_ticket(agent, filed):
    ticket = filed()

    assert agent.get(f"/desk/?number={ticket.number}").location == f"/desk/{ticket.number}"


@pytest.mark.parametrize("number", ["9999", "9" * 30, "abc", "<b>", "²", "-1"])
def test_a_number_that_does_not_exist_is_told(agent, number):
    response = agent.get("/desk/", query_string={"number": number})

    assert response.status_code == 200
    assert "There is no ticket with the number" in response.text
    assert "<b>" not in response.text


@pytest.mark.parametrize(
    "query", ["status=nonsense", "language=xx", "before=x", "before=-1", "before=99999999999999999"]
)
def test_nonsense_in_the_address_shows_the_list(agent, filed, query):
    filed()

    assert agent.get(f"/desk/?{query}").status_code == 200


def test_a_new_portal_says_what_will_be_here(agent):
    assert "No ticket yet" in agent.get("/desk/").text


def test_an_empty_tab_is_not_a_new_portal(agent, filed):
    filed()

    assert "Nothing in this list" in agent.get("/desk/?status=solved").text


def test_the_list_shows_what_customers_wrote_as_text(agent, filed):
    filed(subject="<script>a</script>", name="<img src=x>", description="<svg onload=b>")

    page_text = agent.get("/desk/").text

    assert "<script>a" not in page_text
    assert "<img src=x>" not in page_text
    assert "<svg onload" not in page_text


def test_the_list_works_without_an_index(portal, agent, filed, tmp_path):
    filed()
    settings = replace(portal.settings, indexes=tmp_path / "none")
    lone = an_app(replace(portal, settings=settings)).test_client()
    lone.set_cookie("kb_staff", agent.get_cookie("kb_staff").value)

    assert lone.get("/desk/").status_code == 200
