"""The managers' page: honest about what is known, calm about what is not."""

from __future__ import annotations

import csv
import io
import re
from datetime import timedelta

import pytest

from kbportal.deflection.metrics import METRICS
from kbportal.deflection.reading.noise import RULES
from kbportal.events.catalog import EventType, Surface
from kbportal.kernel.clock import utc_now
from kbportal.people.model import Role
from kbportal.web.insights.tables import as_csv, harmless
from kbportal.web.insights.words import METRIC_WORDS, RULE_WORDS
from tests.builders import RESET, an_event
from tests.rooms.staff import signed_in


@pytest.fixture
def manager(portal):
    return signed_in(portal, Role.MANAGER)


def ago(days, kind, *, minutes=0, visitor="v1", **facts):
    when = utc_now() - timedelta(days=days) + timedelta(minutes=minutes)
    return an_event(kind, ts=when, visitor=visitor, session=visitor, **facts)


def solved(days, visitor):
    return [
        ago(days, EventType.FORM_STARTED, visitor=visitor),
        ago(days, EventType.SUGGEST_SHOWN, minutes=1, visitor=visitor),
        ago(days, EventType.SUGGEST_EXPANDED, minutes=2, visitor=visitor),
        ago(days, EventType.FORM_SOLVED, minutes=3, visitor=visitor),
    ]


def sent(days, visitor):
    return [
        ago(days, EventType.FORM_STARTED, visitor=visitor),
        ago(days, EventType.TICKET_CREATED, minutes=5, visitor=visitor, ticket=f"t-{visitor}"),
    ]


def headline(page):
    return re.search(r'id="m-confirmed_deflection_rate".*?measure-value">([^<]+)<', page, re.S)[1]


def test_a_new_portal_says_what_happens_next(manager):
    page = manager.get("/insights/").text

    assert "Nothing has been counted in this period yet" in page
    assert "After 7 days" in page


@pytest.mark.parametrize(("others", "is_told"), [(8, True), (12, False)])
def test_what_the_short_memory_of_the_widget_hides_is_told(portal, manager, others, is_told):
    start = ago(12, EventType.FORM_STARTED, visitor="w", surface=Surface.WIDGET)
    portal.events.append([start, *(event for n in range(others) for event in sent(12, f"v{n}"))])

    page = manager.get("/insights/").text

    assert ("the widget, which knows nobody for longer than two days" in page) is is_told


def test_the_headline_is_what_was_confirmed(portal, manager):
    portal.events.append([*solved(12, "a"), *sent(12, "b"), *sent(13, "c"), *sent(14, "d")])

    page = manager.get("/insights/").text

    assert headline(page) == "25%"
    assert "lastingly, for 25% of 4" in page
    assert "n = 4" in page
    assert "95 % interval" in page


def test_young_days_are_provisional(portal, manager):
    portal.events.append(solved(1, "a"))

    page = manager.get("/insights/").text

    assert "Provisional" in page
    assert "whether that lasts is not known yet" in page
    assert "url(#stripes)" in page


def test_the_causal_number_is_not_invented(portal, manager):
    portal.events.append(solved(12, "a"))

    page = manager.get("/insights/").text

    assert "It needs a holdout" in page
    assert re.search(r'id="m-causal_tickets_avoided".*?Not enough data yet', page, re.S)


def test_every_number_has_its_definition(portal, manager):
    portal.events.append(solved(12, "a"))

    page = manager.get("/insights/definitions").text

    for words in METRIC_WORDS.values():
        assert str(words.name) in page


def test_every_metric_and_every_rule_has_words():
    assert set(METRIC_WORDS) == set(METRICS)
    assert set(RULE_WORDS) == set(RULES)


def test_another_language_is_another_report(portal, manager):
    portal.events.append([*solved(12, "a"), *(e for e in sent(12, "b"))])

    assert headline(manager.get("/insights/?language=en").text) == "50%"
    assert "Nothing has been counted" in manager.get("/insights/?language=fi").text


def test_staff_and_crawlers_are_left_out_and_counted(portal, manager):
    portal.events.append([ago(2, EventType.ARTICLE_VIEWED, ua_class="bot") for _ in range(3)])

    page = manager.get("/insights/").text

    assert re.search(r"Crawlers, by their own name</dt><dd[^>]*>3<", page)


def test_articles_and_queries_stand_behind_the_numbers(portal, manager):
    search = {"surface": Surface.SEARCH, "results": ()}
    portal.events.append(
        [*solved(12, "a"), ago(3, EventType.SEARCH, query_norm="dark <mode>", **search)]
    )

    page = manager.get("/insights/").text

    assert 'href="/en/articles/reset-password">Reset your password</a>' in page
    assert "dark &lt;mode&gt;" in page
    assert "dark <mode>" not in page


@pytest.mark.parametrize(
    "query",
    ["days=1e9", "days=x", "from=2026-02-30", "from=9999-12-31&to=0001-01-01", "to=1999-01-01",
     "from=2999-01-01", "from=2000-01-01", "language=<script>", "from=2026-03-01&to=2026-01-01"],
)  # fmt: skip
def test_any_period_in_the_address_gives_a_page(manager, query):
    assert manager.get(f"/insights/?{query}").status_code == 200


def test_own_dates_choose_the_period(portal, manager):
    portal.events.append([*solved(12, "a"), *sent(40, "b")])
    day = (utc_now() - timedelta(days=40)).date()

    page = manager.get(f"/insights/?from={day}&to={day}").text

    assert "Submitted tickets" in page
    assert headline(page) == "0%"


@pytest.mark.parametrize("name", ["numbers", "articles", "queries", "days", "filtered"])
def test_every_table_is_a_file(portal, manager, name):
    portal.events.append([*solved(12, "a"), *sent(12, "b")])

    response = manager.get(f"/insights/{name}.csv?days=90")

    assert response.mimetype == "text/csv"
    assert response.headers["Content-Disposition"].startswith(f'attachment; filename="{name}-')
    rows = list(csv.reader(io.StringIO(response.get_data(as_text=True).removeprefix("\ufeff"))))
    assert len({len(row) for row in rows}) == 1
    assert len(rows) > 1 or name == "queries"


def test_a_table_that_is_none_is_not_found(manager):
    assert manager.get("/insights/secrets.csv").status_code == 404


@pytest.mark.parametrize(
    "cell", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1", "\0=1", "＝1", "\n@x"]
)
def test_no_cell_is_taken_for_a_formula(cell):
    assert str(harmless(cell)).startswith("'")


def test_numbers_stay_numbers_and_commas_are_quoted():
    assert as_csv([(-1, 0.5, None, 'a,"b"')]) == '\ufeff-1,0.5,,"a,""b"""\r\n'


def test_a_hostile_query_is_harmless_in_the_file(portal, manager):
    portal.events.append(
        [ago(3, EventType.SEARCH, query_norm="=cmd|' /c calc'!a1", surface=Surface.SEARCH)]
    )

    assert "'=cmd|" in manager.get("/insights/queries.csv").get_data(as_text=True)


def test_the_page_has_nothing_inline(portal, manager):
    portal.events.append([*solved(12, "a"), *solved(1, "b"), *sent(3, "c")])

    page = manager.get("/insights/").text

    assert "<style" not in page
    assert not re.search(r"<[^>]+\s(style|on\w+)=", page)
    assert RESET not in page
