"""Two versions of an article: each visitor sees one of them, and the same one everywhere."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from kbportal.deflection.trials.assignment import arms
from kbportal.deflection.trials.content_tests import SHARES
from kbportal.kernel.clock import utc_now
from kbportal.kernel.ids import new_id
from kbportal.search.query.live import LiveIndex
from kbportal.settings import Settings
from kbportal.web.arms import arm_key
from kbportal.web.versions import arms_in, running
from kbportal.web.visitor import COOKIE
from kbportal.wiring import Portal, build_index, read_articles
from tests.cast import SMALL_LIBRARY, a_portal, an_app, outspoken, write_library
from tests.rooms.help.forms import a_form, recorded
from tests.rooms.staff import signed_in

RESET = "en/account/reset-password"
PAGE, API = "/en/articles/reset-password", "/api/v1/articles/en/reset-password"
B_TITLE, B_TEXT = "Zap your password", "Quokka says how."
PICTURE = '<svg viewBox="0 0 9 9"><title>Quokka</title></svg>'
LIBRARY = SMALL_LIBRARY | {
    "en/account/reset-password.b.md": (
        f"---\ntitle: {B_TITLE}\nslug: quokka\nredirect_from: [quokka-old]\n---\n{B_TEXT} "
        "![A quokka](quokka.svg) [plan](secret-plan.md)\n"
    ),
    "en/account/quokka.svg": PICTURE,
    "en/account/secret-plan.b.md": "---\ntitle: Quokka plan\n---\nQuokka.\n",
    "en/delivery/late-parcel.b.md": "---\ntitle: Quokka parcel\nstatus: draft\n---\nQuokka.\n",
}


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    root = tmp_path_factory.mktemp("versions")
    made = replace(
        Settings(), holdout_percent=0, languages=("en", "sk"), model="none",
        articles=write_library(root / "articles", LIBRARY), indexes=root / "indexes",
    )  # fmt: skip
    build_index(made, read_articles(made), now=utc_now())
    return made


@pytest.fixture
def tried(settings: Settings, tmp_path: Path) -> Iterator[Portal]:
    portal = outspoken(a_portal(settings, instance=tmp_path / "instance"))
    yield portal
    portal.close()


def a_visitor(portal: Portal, arm: str) -> FlaskClient:
    """A browser whose visitor is to see this version."""
    app = an_app(portal)
    with app.test_request_context():
        (trial,) = running(portal.live.current().shelf).values()
        drawn = (new_id() for _ in range(1_000))
        one = next(v for v in drawn if arms_in([trial.experiment], v)[trial.experiment].arm == arm)
        assert arm_key()
    client = app.test_client()
    client.set_cookie(COOKIE, one)
    return client


def test_each_visitor_sees_one_version_on_the_page_and_in_the_api(tried: Portal):
    for arm, title in (("a", "Reset your password"), ("b", B_TITLE)):
        client = a_visitor(tried, arm)

        assert f"<h1>{title}</h1>" in client.get(PAGE).text.replace("\n", "")
        assert client.get(API).json["title"] == title


def test_what_version_b_does_not_say_is_as_in_the_article(tried: Portal):
    answer = a_visitor(tried, "b").get(API).json

    assert answer["summary"] == "A link by e-mail."
    assert B_TEXT in answer["html"]
    assert answer["outline"] == []


def test_suggestions_and_searches_show_the_visitors_version(tried: Portal):
    client = a_visitor(tried, "b")
    asked = {"q": "forgot password", "lang": "en"}

    for path, key in (("/api/v1/suggest", "suggestions"), ("/api/v1/search", "hits")):
        first = client.get(path, query_string=asked).json[key][0]
        assert (first["id"], first["title"], first["section"]) == (RESET, B_TITLE, "")
    assert B_TITLE in client.get("/en/search?q=forgot+password").text
    step = client.post("/en/contact", data=a_form(subject="forgot password", enhanced=""))
    assert B_TITLE in step.text
    assert B_TEXT in step.text


def test_events_tell_which_version_was_shown(tried: Portal):
    client = a_visitor(tried, "b")

    client.get("/api/v1/suggest", query_string={"q": "forgot password", "lang": "en"})
    client.post("/api/v1/events", json={"type": "form_started", "surface": "form", "locale": "en"})

    (shown,), (started,) = recorded(tried, "suggest_shown"), recorded(tried, "form_started")
    (trial,) = running(tried.live.current().shelf).values()
    assert arms(shown.arm) == {trial.experiment: ("b", SHARES["b"])}
    assert started.arm is None


def test_who_has_no_id_yet_sees_the_article_and_is_in_no_test(tried: Portal):
    client = an_app(tried).test_client()

    page = client.get(PAGE)
    client.get("/api/v1/suggest", query_string={"q": "forgot password", "lang": "en"})

    assert "Quokka" not in page.text
    assert "Set-Cookie" not in page.headers
    assert recorded(tried, "suggest_shown")[0].arm is None


def test_a_page_that_was_opened_without_an_id_is_no_view_of_a_version(tried: Portal):
    client = an_app(tried).test_client()
    client.set_cookie(COOKIE, new_id())
    view = {"type": "article_viewed", "surface": "article", "locale": "en", "article": RESET}

    client.post("/api/v1/events", json=view | {"dwell_ms": 60_000})

    assert recorded(tried, "article_viewed")[0].arm is None


@pytest.mark.parametrize("headers", [{"Sec-GPC": "1"}, {"User-Agent": "Googlebot/2.1"}])
def test_robots_and_people_who_ask_not_to_be_followed_see_the_article(tried: Portal, headers):
    assert "Quokka" not in a_visitor(tried, "b").get(PAGE, headers=headers).text


def test_no_shared_cache_keeps_a_page_of_which_there_are_two(tried: Portal):
    pages = [a_visitor(tried, arm).get(path) for arm in "ab" for path in (PAGE, API)]
    other = an_app(tried).test_client().get("/en/articles/close-account")

    assert len({page.headers["ETag"] for page in pages}) == 4
    for page in pages:
        assert page.cache_control.private
        assert not page.cache_control.public
        assert "Cookie" in page.headers["Vary"]
    assert other.cache_control.public


def test_a_page_that_has_not_changed_is_not_sent_again(tried: Portal):
    client = a_visitor(tried, "b")
    tag = client.get(PAGE).headers["ETag"]

    assert client.get(PAGE, headers={"If-None-Match": tag}).status_code == 304


def test_a_version_has_no_place_of_its_own(tried: Portal):
    client = an_app(tried).test_client()
    paths = ["/en/", "/en/account", "/sitemap.xml", "/en/faq", "/en/search?q=quokka",
             "/api/v1/search?q=quokka&lang=en", "/en/feed.xml"]  # fmt: skip

    for path in paths:
        text = client.get(path, follow_redirects=True).text.replace("q=quokka", "")
        assert B_TITLE not in text, path
        assert "Quokka" not in text, path
    for slug in ("quokka", "quokka-old", "reset-password-b", "reset-password.b"):
        assert client.get(f"/en/articles/{slug}").status_code == 404
    assert client.get("/api/v1/search?q=quokka&lang=en").json["hits"] == []


def test_the_staffs_search_does_not_find_it_either(tried: Portal):
    engine = LiveIndex(tried.settings.indexes, fallback_lang="en").current().engine

    assert engine.find_for_staff("quokka", lang="en") == []
    assert engine.find_for_staff("xylophone", lang="en")


def test_versions_of_drafts_and_drafts_of_versions_are_not_tried(tried: Portal):
    shelf = tried.live.current().shelf

    assert list(running(shelf)) == [RESET]
    assert shelf.version_b("en/account/secret-plan") is None
    assert shelf.version_b("en/delivery/late-parcel") is None


def test_its_pictures_are_served_and_its_links_lead_nowhere_hidden(tried: Portal):
    client = a_visitor(tried, "b")
    html = client.get(API).json["html"]
    (picture,) = [part for part in html.split('"') if part.endswith(".svg")]

    assert client.get(picture).status_code == 200
    assert "secret-plan" not in html


def test_a_colleague_looks_at_either_version(tried: Portal):
    agent = signed_in(tried, "agent")

    assert B_TITLE not in agent.get(PAGE).text
    assert B_TITLE in agent.get(f"{PAGE}?version=b").text
    assert B_TITLE not in an_app(tried).test_client().get(f"{PAGE}?version=b").text


def test_old_ids_stay_in_their_version(tried: Portal):
    client = a_visitor(tried, "b")
    view = {"type": "article_viewed", "surface": "article", "locale": "en", "article": RESET}
    cookie = client.get_cookie(COOKIE)
    assert cookie
    old = int(cookie.value[:12], 16) - int(timedelta(minutes=5).total_seconds() * 1000)
    aged = an_app(tried).test_client()
    aged.set_cookie(COOKIE, f"{old:012x}{cookie.value[12:]}")

    aged.post("/api/v1/events", json=view | {"dwell_ms": 60_000})

    (trial,) = running(tried.live.current().shelf).values()
    assert trial.experiment in arms(recorded(tried, "article_viewed")[0].arm)


def test_visitors_are_told_while_versions_are_tried_and_not_otherwise(tried: Portal, client):
    told = "chance decides which one you see"

    assert told in an_app(tried).test_client().get("/en/privacy").text
    assert told not in client.get("/en/privacy").text
