"""The other pages of the room: sorted, narrowed and paged by their addresses."""

from __future__ import annotations

import re

import pytest

from kbportal.deflection.contents import ArticleRow
from kbportal.events.catalog import EventType, Shown, Surface
from kbportal.kernel.clock import utc_now
from kbportal.people.model import Role
from kbportal.tickets.desk import resolve
from kbportal.web.insights.article_table import COLUMNS
from kbportal.web.insights.sorting import Choice, arranged, has_words
from kbportal.wiring import look_tickets_up, write_digests
from tests.builders import RESET, a_ticket, an_event
from tests.rooms.insights.test_dashboard import ago, solved
from tests.rooms.staff import signed_in


@pytest.fixture
def manager(portal):
    return signed_in(portal, Role.MANAGER)


def read(article, *visitors):
    return [
        ago(12, EventType.ARTICLE_VIEWED, visitor=one, article=article, dwell_ms=9_000,
            surface=Surface.ARTICLE)
        for one in visitors
    ]  # fmt: skip


def titles(page):
    return re.findall(r'<tr><th scope="row"><a href="[^"]+">([^<]+)</a>', page)


def test_articles_are_sorted_by_links(portal, manager):
    portal.events.append(
        [*read("en/account/reset-password", "a", "b"), *read("en/delivery/late-parcel", "c")]
    )

    by_views = manager.get("/insights/articles").text
    by_title = manager.get("/insights/articles?sort=title&order=desc").text

    assert titles(by_views) == ["Reset your password", "Your parcel is late"]
    assert titles(by_title) == ["Your parcel is late", "Reset your password"]
    assert re.search(r'aria-sort="descending"><a class="sort"[^>]*>Views', by_views)


def test_articles_are_narrowed_by_words_and_topic(portal, manager):
    portal.events.append(
        [*read("en/account/reset-password", "a"), *read("en/delivery/late-parcel", "c")]
    )

    assert titles(manager.get("/insights/articles?q=PARCEL").text) == ["Your parcel is late"]
    assert titles(manager.get("/insights/articles?topic=account").text) == ["Reset your password"]
    assert "Nothing in this list" in manager.get("/insights/articles?q=nothing").text


def test_a_long_table_has_pages(portal, manager):
    portal.events.append([e for n in range(30) for e in read(f"en/account/gone-{n:02}", "a")])

    first = manager.get("/insights/articles").text
    second = manager.get("/insights/articles?page=2").text

    assert "30 articles" in first
    assert "gone-00" in first
    assert "gone-29" not in first
    assert "gone-29" in second
    assert "Page 2 of 2" in second


@pytest.mark.parametrize("page", ["", "articles", "searches", "definitions"])
@pytest.mark.parametrize("query", ["page=-7&sort=x&order=y", "page=9999&category=%00&arm=<b>"])
def test_any_address_gives_a_page(manager, page, query):
    assert manager.get(f"/insights/{page}?{query}").status_code == 200


def test_searches_are_listed_by_what_went_wrong(portal, manager):
    hit = Shown("en/account/reset-password", "", 1, 1.0)
    portal.events.append(
        [
            ago(12, EventType.SEARCH, query_norm="dark mode", surface=Surface.SEARCH),
            ago(12, EventType.SEARCH, visitor="b", query_norm="password", surface=Surface.SEARCH,
                results=(hit,)),
        ]
    )  # fmt: skip

    everything = manager.get("/insights/searches").text
    in_vain = manager.get("/insights/searches?sort=nothing").text

    assert "dark mode" in everything
    assert "/en/search?q=password" in everything
    assert "dark mode" in in_vain
    assert "/en/search?q=password" not in in_vain


def test_a_day_can_be_opened_from_its_row(portal, manager):
    portal.events.append(solved(12, "a"))

    page = manager.get("/insights/").text

    assert re.search(r'href="/insights/\?from=(\d{4}-\d\d-\d\d)&amp;to=\1">', page)


def test_equal_rows_stay_in_their_order():
    rows = [(ArticleRow("en/b", views=1), None), (ArticleRow("en/a", views=1), None)]

    assert arranged(rows, Choice("views", rising=True, words=""), columns=COLUMNS) == rows


def test_words_are_found_without_accents():
    assert has_words("Zabudnuté heslo", Choice("title", rising=True, words="HESLO zabudnute"))
    assert not has_words("Zabudnuté heslo", Choice("title", rising=True, words="heslo mail"))


def test_the_numbers_by_mail_are_asked_for_and_stopped(portal, manager):
    (user,) = portal.people.users()
    assert "Send them to me every week" in manager.get("/insights/").text

    manager.post("/insights/digest", data={"wanted": "yes"})
    assert portal.digests.wants(user.id)
    assert "Stop the e-mail" in manager.get("/insights/?done=digest").text

    manager.post("/insights/digest", data={"wanted": "no"})
    assert not portal.digests.wants(user.id)


def test_an_agent_may_not_ask_for_the_numbers(portal):
    agent = signed_in(portal, Role.AGENT)

    assert agent.post("/insights/digest", data={"wanted": "yes"}).status_code == 403


def test_every_number_leads_to_its_rows(portal, manager):
    portal.events.append([*solved(12, "a"), *solved(13, "b")])
    (link,) = set(
        re.findall(r'href="(/insights/rows/confirmed_[^"]+)">n = 2', manager.get("/insights/").text)
    )

    page = manager.get(link.replace("&amp;", "&")).text

    assert "of these, 2 count towards it" in page
    assert page.count("Reset your password") == 2
    assert "Solved by an article" in page


def test_rows_are_a_file(portal, manager):
    portal.events.append([*solved(12, "a"), *solved(13, "b")])

    response = manager.get("/insights/rows/submission_rate.csv?days=28")
    file = response.get_data(as_text=True)

    assert response.headers["Content-Disposition"].startswith('attachment; filename="submission')
    assert [line.count(",") for line in file.splitlines()] == [12, 12, 12]
    assert "en/account/reset-password" in file


def test_numbers_without_rows_are_not_found(manager):
    assert manager.get("/insights/rows/nothing").status_code == 404
    assert manager.get("/insights/rows/self_service_score.csv").status_code == 404


def test_the_pages_are_there_as_json(portal, manager):
    portal.events.append([*solved(12, "a"), *solved(13, "b")])

    report = manager.get("/insights/report.json").json
    rows = manager.get("/insights/rows/confirmed_deflection_rate.json?only=1").json
    quality = manager.get("/insights/quality.json").json

    assert report["metrics"]["confirmed_deflection_rate"]["n"] == 2
    assert report["before"]["metrics"]["confirmed_deflection_rate"]["n"] == 0
    assert (rows["n"], rows["counted"], len(rows["rows"])) == (2, 2, 2)
    assert rows["rows"][0]["outcome"] == "X"
    assert quality["all"]["recall@3"]["status"] == "not_enough_data"


def test_agents_get_no_numbers_as_json(portal):
    assert signed_in(portal, Role.AGENT).get("/insights/report.json").status_code == 403


def test_the_weekly_letter_tells_what_the_page_tells(portal, manager):
    portal.events.append([*solved(20, "a"), *solved(21, "b")])
    manager.post("/insights/digest", data={"wanted": "yes"})

    assert (write_digests(portal), write_digests(portal)) == (1, 0)
    letter = portal.outbox.claim(sender="test", now=portal.clock())
    told = portal.outbox.content(letter)
    assert told.figures[0].id == "confirmed_deflection_rate"
    assert (told.figures[0].value, told.figures[0].n) == (1.0, 2)


def test_new_tickets_are_looked_up_by_the_search_of_customers(portal, manager):
    ticket = a_ticket(subject="I forgot my password", created=utc_now(), updated=utc_now())
    kept, _ = portal.tickets.file(
        ticket, an_event("ticket_created", event_id=ticket.id, ticket=ticket.id)
    )

    assert (look_tickets_up(portal), look_tickets_up(portal)) == (1, 0)
    resolve(portal.tickets, kept, article_id=RESET, now=utc_now())

    page = manager.get("/insights/searches").text
    assert "For 100% of 1 solved tickets, search had the right article among three" in page


def test_queries_that_were_put_differently_are_listed(portal, manager):
    asked = {"surface": Surface.SEARCH, "visitor": "a"}
    portal.events.append(
        [
            ago(12, EventType.SEARCH, query_norm="grinds badly", **asked),
            ago(12, EventType.SEARCH, query_norm="coarse coffee", minutes=2, **asked),
        ]
    )

    page = manager.get("/insights/searches?sort=again").text

    assert "grinds badly" in page
    assert "coarse coffee" not in page


def test_how_fast_suggestions_come_stands_beside_what_was_suggested(portal, manager):
    kind, shown = EventType.SUGGEST_SHOWN, (Shown(RESET),)
    asked = [ago(12, kind, visitor=f"v{n}", results=shown, took_ms=n) for n in range(100)]
    assert "Not enough data yet" in manager.get("/insights/searches").text
    portal.events.append(asked)

    page = manager.get("/insights/searches").text
    numbers = manager.get("/insights/numbers.csv").text

    assert "94 ms" in page
    assert "suggestion_latency_p95,94.0" in numbers
