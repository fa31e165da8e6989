"""What to write next: the list, the evidence, and what people do about it."""

from __future__ import annotations

import csv
import io
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from kbportal.articles.library import read_library
from kbportal.articles.model import Status
from kbportal.deflection.gaps import decisions
from kbportal.deflection.gaps.model import Advice, Effect, Near, State
from kbportal.kernel.clock import utc_now
from kbportal.people.model import Role
from kbportal.wiring import Portal, hire_bookkeeper
from tests.builders import RESET, an_event
from tests.cast import a_portal, an_app
from tests.gaps import NOW, a_gap, counted, evidence
from tests.rooms.staff import signed_in


@pytest.fixture
def articles(tmp_path: Path) -> Path:
    """A folder of its own, since drafts are written into it."""
    return tmp_path / "articles"


@pytest.fixture
def portal(indexed, articles, tmp_path) -> Iterator[Portal]:
    portal = a_portal(indexed, instance=tmp_path / "instance", articles=articles)
    yield portal
    portal.close()


@pytest.fixture
def manager(portal):
    return signed_in(portal, Role.MANAGER)


def test_before_the_first_count_the_page_says_what_it_will_show(manager):
    page = manager.get("/insights/gaps").text

    assert "Nothing has been counted yet" in page
    assert "Count now" in page


def test_a_gap_is_listed_with_its_numbers_per_four_weeks(portal, manager):
    counted(portal, a_gap())

    page = manager.get("/insights/gaps").text

    assert "Gift card code" in page
    assert ">6<" in page
    assert "€48" in page
    assert "An article is missing" in page


def test_what_was_not_compared_is_said(portal, manager):
    counted(portal, a_gap())

    page = manager.get("/insights/gaps").text

    assert "7 needs were not compared" in page
    assert "4 needs of one person alone are in no gap" in page


def test_the_list_is_of_one_language_and_state_when_asked(portal, manager):
    gone = decisions.dismissed(a_gap("g2", name="Zebra"), reason="no zebras", now=NOW)
    counted(portal, a_gap(), gone, a_gap("g3", name="Poukážka", lang="sk"))

    slovak = manager.get("/insights/gaps?language=sk").text
    dismissed = manager.get("/insights/gaps?state=dismissed").text

    assert "Poukážka" in slovak
    assert "Gift card code" not in slovak
    assert "no zebras" in dismissed
    assert "Poukážka" not in dismissed


def test_customers_words_are_escaped(portal, manager):
    counted(portal, a_gap(name="<b>bold</b>", evidence=evidence(examples=("<i>x</i>",))))

    for address in ("/insights/gaps", "/insights/gaps/g1"):
        page = manager.get(address).text
        assert "<b>bold" not in page
        assert "<i>x" not in page


def test_an_article_nearby_says_why_it_did_not_answer(portal, manager):
    near = (Near(RESET, answers=True, shown=4, opened=3, wrote=2, resolved=1),)
    counted(portal, a_gap(evidence=evidence(near=near, advice=Advice.IMPROVE)))

    page = manager.get("/insights/gaps/g1").text

    assert "Reset your password" in page
    assert "2 people opened it and wrote to us all the same" in page
    assert "Agents solved 1 ticket with it" in page
    assert "English, slovenčina" in page


def test_the_file_holds_every_gap_and_no_formula(portal, manager):
    counted(portal, a_gap(name="=1+1"), a_gap("g2", name="Gift"))

    text = manager.get("/insights/gaps.csv").get_data(as_text=True)

    rows = list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))
    assert {row["name"] for row in rows} == {"'=1+1", "Gift"}
    assert {row["tickets_per_month"] for row in rows} == {"6.0"}


def test_programs_read_the_same(portal, manager):
    assert manager.get("/insights/gaps.json").status_code == 404
    counted(portal, a_gap(), a_gap("g2", lang="sk"))

    found = manager.get("/insights/gaps.json?language=sk").json

    assert [one["id"] for one in found["gaps"]] == ["g2"]
    assert found["gaps"][0]["tickets_per_month"] == 6
    assert found["languages"][0]["left_out"] == 7
    assert found["made"] == NOW.isoformat()


def begin(client, **fields):
    return client.post("/insights/gaps/g1/draft", data={"title": "Gift cards"} | fields)


def test_one_press_writes_a_draft_with_questions_evidence_and_owner(portal, manager, articles):
    counted(portal, a_gap())

    response = begin(manager)

    (article,) = read_library(articles, languages=("en",)).articles
    assert response.status_code == 303
    assert article.id == "en/delivery/gift-cards"
    assert article.status is Status.DRAFT
    assert article.answers == ("Gift card code",)
    assert article.owner == "manager@example.com"
    assert article.extra["gap"] == "g1"
    kept = portal.gaps.gap("g1")
    assert (kept.state, kept.article) == (State.DRAFTED, article.id)


def test_pressing_twice_writes_one_file(portal, manager, articles):
    counted(portal, a_gap())

    begin(manager)
    begin(manager)

    assert len(list(articles.rglob("*.md"))) == 1


def test_a_translation_goes_where_its_original_is(portal, manager, articles):
    missing = evidence(advice=Advice.TRANSLATE, elsewhere="en/delivery/late-parcel")
    counted(portal, a_gap(lang="sk", evidence=missing))

    page = manager.get("/insights/gaps/g1").text
    begin(manager, title="Zásielka mešká")

    assert "Your parcel is late" in page
    assert (articles / "sk/delivery/late-parcel.md").is_file()


def test_where_no_file_can_be_written_it_says_so_and_nothing_is_decided(portal, manager, articles):
    counted(portal, a_gap())
    articles.write_text("not a folder")

    response = begin(manager)

    assert response.status_code == 409
    assert "Nothing was changed" in response.text
    assert portal.gaps.gap("g1").state is State.NEW


def test_a_draft_needs_a_title(portal, manager, articles):
    counted(portal, a_gap())

    response = begin(manager, title=" ")

    assert response.status_code == 422
    assert not articles.exists()


def decide(client, **fields):
    return client.post("/insights/gaps/g1/decision", data=fields)


def test_dismissing_needs_a_reason_and_can_be_undone(portal, manager):
    counted(portal, a_gap())

    assert decide(manager, decision="dismissed").status_code == 422
    decide(manager, decision="dismissed", reason="We sell none")
    assert "We sell none" in manager.get("/insights/gaps/g1").text
    decide(manager, decision="undo")

    assert portal.gaps.gap("g1") == replace(a_gap(), changed=portal.gaps.gap("g1").changed)


def test_every_decision_leaves_a_line_without_a_customers_words(portal, manager):
    counted(portal, a_gap())

    begin(manager)
    decide(manager, decision="undo")
    decide(manager, decision="dismissed", reason="We sell none")

    lines = [(line.action, line.subject, line.after) for line in portal.audit.page().lines]
    assert lines[::-1] == [
        ("draft_written", "en/delivery/gift-cards", ""),
        ("gap_reopened", "g1", "new"),
        ("gap_dismissed", "g1", "dismissed"),
    ]


def test_an_article_that_answers_it_now_is_published_at_once_if_customers_can_read_it(
    portal, manager
):
    counted(portal, a_gap())

    decide(manager, decision="written", article=RESET)

    kept = portal.gaps.gap("g1")
    assert (kept.state, kept.article) == (State.WRITTEN, RESET)
    assert kept.published is not None
    assert "Whether tickets fell is counted on" in manager.get("/insights/gaps/g1").text


@pytest.mark.parametrize("fields", [{}, {"decision": "nonsense"}])
def test_a_decision_that_there_is_none_is_refused(portal, manager, fields):
    counted(portal, a_gap())

    assert decide(manager, **fields).status_code == 400


def test_an_article_that_there_is_none_is_refused(portal, manager):
    counted(portal, a_gap())

    assert decide(manager, decision="written", article="en/no/such").status_code == 422


@pytest.mark.parametrize(
    ("effect", "words"),
    [
        (Effect(40, 8, 100, 100, 0.2, 0.1, 0.4), "Tickets fell"),
        (Effect(40, 36, 100, 100, 0.9, 0.5, 1.6), "No clear change"),
        (Effect(3, 1, 100, 100), "Not enough data yet"),
    ],
)
def test_a_row_says_what_became_of_tickets(portal, manager, effect, words):
    long_ago = NOW - timedelta(days=40)
    written = replace(a_gap(), state=State.WRITTEN, article=RESET, published=long_ago)
    counted(portal, replace(written, effect=effect))

    assert words in manager.get("/insights/gaps?state=written").text


def test_a_gap_that_there_is_none_is_not_found(portal, manager):
    counted(portal)

    assert manager.get("/insights/gaps/nothing").status_code == 404
    assert manager.post("/insights/gaps/nothing/draft").status_code == 404


def test_agents_stay_outside_and_editors_may_draft(portal, articles):
    counted(portal, a_gap())
    app = an_app(portal)

    assert signed_in(portal, Role.AGENT, app=app).get("/insights/gaps").status_code == 403
    assert begin(signed_in(portal, Role.EDITOR, app=app)).status_code == 303


def test_a_count_that_has_only_begun_is_said_to_go_on(portal, manager):
    counted(portal, a_gap(), made=NOW - timedelta(hours=1))
    began = int(utc_now().timestamp())

    assert "It is being counted now" in manager.get(f"/insights/gaps?counting={began}").text
    assert "It is being counted now" not in manager.get("/insights/gaps?counting=7").text


def test_the_server_counts_once_a_day_beside_its_work(portal):
    portal.events.append([an_event("search", ts=utc_now() - timedelta(hours=1))])

    assert "gaps" in hire_bookkeeper(portal).round()

    until = time.monotonic() + 60
    while portal.gaps.survey() is None and time.monotonic() < until:
        time.sleep(0.1)
    assert portal.gaps.survey() is not None
