"""Writing from a frame: no cookie is there to help, and none is needed."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from kbportal.events.catalog import is_from_search_box
from kbportal.web.security import limiter
from kbportal.wiring import Portal
from tests.cast import an_app
from tests.rooms.api.test_keys import TICKET, key
from tests.rooms.help.forms import a_form, recorded

OURS = {"Sec-Fetch-Site": "same-origin", "Origin": "http://localhost"}
PAGE = {"Referer": "http://localhost/en/widget/contact"}


def token(client) -> str:
    found = re.search(r'name="csrf_token" value="([^"]+)"', client.get("/en/widget/contact").text)
    assert found
    return found[1]


def send(client, headers=OURS, **fields):
    form = a_form(csrf_token=token(client)) | fields
    return client.post("/en/widget/contact", data=form, headers=headers)


def test_a_ticket_is_filed_without_any_cookie(framed, widget_portal: Portal):
    response = send(framed)

    assert response.status_code == 303
    assert response.location.startswith("/en/widget/tickets/")
    assert "Set-Cookie" not in response.headers
    page = framed.get(response.location)
    assert page.status_code == 200
    (event,) = recorded(widget_portal, "ticket_created")
    assert (event.surface, event.channel) == ("widget", "widget")


@pytest.mark.parametrize("bad", ["", "form", "form.x.y", "x" * 500])
def test_a_form_with_a_token_that_is_none_of_ours_comes_back_with_its_text(framed, bad):
    response = send(framed, csrf_token=bad)

    assert response.status_code == 400
    assert "It hums in B flat." in response.text
    assert send(framed).status_code == 303


def test_a_token_of_the_portals_own_forms_does_not_serve_in_a_frame(framed, widget_portal: Portal):
    whole = an_app(widget_portal, WTF_CSRF_ENABLED=True).test_client()
    page = whole.get("/en/contact").text
    other = re.search(r'name="csrf_token" value="([^"]+)"', page)

    assert send(framed, csrf_token=other and other[1]).status_code == 400


def test_the_token_of_a_frame_does_not_serve_on_the_portal(framed, widget_portal: Portal):
    whole = an_app(widget_portal, WTF_CSRF_ENABLED=True).test_client()

    response = whole.post("/en/contact", data=a_form(csrf_token=token(framed)))

    assert response.status_code == 400


def test_a_token_of_yesterday_is_old(framed, monkeypatch):
    old = token(framed)
    import time

    later = time.time() + timedelta(hours=25).total_seconds()
    monkeypatch.setattr("itsdangerous.timed.time.time", lambda: later)

    assert send(framed, csrf_token=old).status_code == 400


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site", "Origin": "https://shop.example"},
        {"Sec-Fetch-Site": "same-site", "Origin": "http://localhost"},
        {"Sec-Fetch-Site": "none"},
        {"Origin": "https://shop.example"},
        {"Origin": "null"},
        {"Origin": "http://localhost.evil.example"},
    ],
)
@pytest.mark.parametrize("path", ["/en/widget/contact", "/en/widget/articles/reset-password/vote"])
def test_a_form_that_another_page_sends_is_refused(framed, widget_portal: Portal, path, headers):
    response = framed.post(path, data=a_form(csrf_token=token(framed)), headers=headers)

    assert response.status_code == 403
    assert recorded(widget_portal, "ticket_created", "article_voted") == []


def test_what_happens_in_the_frame_is_the_widgets_and_one_visitors(framed, widget_portal: Portal):
    event = {"type": "form_started", "surface": "form", "locale": "en"}
    framed.get("/en/widget/search?q=password")
    framed.get("/api/v1/suggest?q=password&lang=en", headers=PAGE)
    framed.post("/api/v1/events", json=event, headers=PAGE)
    framed.get("/en/widget/articles/reset-password/seen.gif")

    events = recorded(widget_portal, "search", "suggest_shown", "form_started", "article_viewed")
    assert [one.surface for one in events] == ["widget"] * 4
    assert len({(one.visitor, one.session) for one in events}) == 1
    assert events[0].visitor


@pytest.mark.parametrize(
    "referer",
    ["https://evil.example/en/widget/contact", "http://localhost/en/contact",
     "http://localhost.evil.example/en/widget/", "http://[", "en/widget/", ""],
)  # fmt: skip
def test_what_happens_outside_is_not_the_widgets(framed, widget_portal: Portal, referer):
    event = {"type": "form_started", "surface": "form", "locale": "en"}

    framed.post("/api/v1/events", json=event, headers={"Referer": referer})

    (noted,) = recorded(widget_portal, "form_started")
    assert noted.surface == "form"


def test_people_who_ask_not_to_be_followed_are_not_followed_in_a_frame(
    framed, widget_portal: Portal
):
    framed.get("/en/widget/search?q=password", headers={"Sec-GPC": "1"})

    (event,) = recorded(widget_portal, "search")
    assert event.visitor is None


def test_cookies_that_a_browser_sends_along_change_nothing(framed, widget_portal: Portal):
    """Between sites of one family, as shop.example.com and help.example.com, browsers send them."""
    headers = {"Cookie": f"kb_visitor={'a' * 32}; kb_lang=sk; kb_session=x; kb_staff=y"}

    response = framed.get("/en/widget/search?q=password", headers=headers)

    assert "Set-Cookie" not in response.headers
    (event,) = recorded(widget_portal, "search")
    assert event.visitor != "a" * 32


def test_a_draft_is_kept_without_a_cookie(framed, widget_portal: Portal):
    form = a_form(csrf_token=token(framed), draft="d" * 43, version="0", writer="w")

    response = framed.post(
        "/en/widget/contact/draft", data=form, headers={**OURS, "Accept": "application/json"}
    )

    assert (response.status_code, response.json["version"]) == (200, 1)
    assert "Set-Cookie" not in response.headers


def test_a_script_whose_token_is_old_gets_one_for_the_frame(framed):
    headers = {**OURS, "Accept": "application/json"}
    form = a_form(csrf_token="old", draft="d" * 43)
    response = framed.post("/en/widget/contact/draft", data=form, headers=headers)

    again = form | {"csrf_token": response.json["csrf_token"]}

    assert response.status_code == 400
    assert framed.post("/en/widget/contact/draft", data=again, headers=headers).status_code == 200


def test_suggestions_of_the_search_box_are_told_from_those_of_the_form(
    framed, widget_portal: Portal
):
    for surface in ("form", "search"):
        path = f"/api/v1/suggest?q=password&lang=en&surface={surface}"
        framed.get(path, headers=PAGE)

    form, box = recorded(widget_portal, "suggest_shown")
    assert (form.surface, box.surface) == ("widget", "widget")
    assert (is_from_search_box(form), is_from_search_box(box)) == (False, True)


@pytest.fixture
def counted(widget_portal: Portal):
    """A browser whose address is counted."""
    client = an_app(widget_portal, RATELIMIT_ENABLED=True).test_client(use_cookies=False)
    limiter.reset()
    return client


def test_portal_widget_and_api_file_five_tickets_of_an_address_together(counted, widget_portal):
    doors = ["/en/contact", "/en/widget/contact"] * 2
    pages = [counted.post(door, data=a_form(draft=str(n))) for n, door in enumerate(doors)]
    calls = [counted.post("/api/v1/tickets", json=TICKET) for _ in range(2)]
    last = counted.post("/en/widget/contact", data=a_form(draft="last"))
    by_key = counted.post("/api/v1/tickets", json=TICKET, headers=key(widget_portal))

    assert [page.status_code for page in pages] == [303] * 4
    assert [call.status_code for call in calls] == [201, 429]
    assert (last.status_code, by_key.status_code) == (429, 201)


@pytest.mark.parametrize(
    ("page", "allowed"), [("tickets", 5), ("articles/reset-password/vote", 20)]
)
def test_a_page_and_its_twin_have_one_allowance(counted, page, allowed):
    form = {"email": "a@example.com", "answer": "yes"}

    codes = [counted.post(f"/en/{page}", data=form).status_code for _ in range(allowed)]
    twin = counted.post(f"/en/widget/{page}", data=form)

    assert (set(codes), twin.status_code) == ({303}, 429)


def test_searches_in_the_frame_count_as_searches(counted):
    codes = {counted.get("/en/search?q=password").status_code for _ in range(60)}
    twin = counted.get("/en/widget/search?q=password")

    assert (codes, twin.status_code) == ({200}, 429)
