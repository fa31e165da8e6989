"""Who may frame which page, and what a page in a frame is like."""

from __future__ import annotations

import re

import pytest

from kbportal.settings import SettingsInvalid, load
from kbportal.web.security import HEADERS
from tests.rooms.widget.conftest import SHOP

FRAMED = ["/en/widget/", "/en/widget/search?q=password", "/en/widget/articles/reset-password",
          "/en/widget/contact", "/en/widget/faq", "/en/widget/categories/account",
          "/sk/widget/articles/obnovenie-hesla", "/en/widget/nothing",
          "/en/widget/articles/reset-password/vote"]  # fmt: skip
ELSEWHERE = ["/en/", "/en/contact", "/en/articles/reset-password", "/account/login", "/widget.js",
             "/api/v1/openapi.json", "/xx/widget/", "/en/widgets", "/"]  # fmt: skip


def ancestors(response) -> str:
    policy = response.headers["Content-Security-Policy"]
    return next(part for part in policy.split("; ") if part.startswith("frame-ancestors"))


@pytest.mark.parametrize("path", FRAMED)
def test_listed_sites_and_no_others_may_frame_a_page_of_the_widget(framed, path):
    response = framed.get(path)

    assert ancestors(response) == f"frame-ancestors {SHOP}"
    assert "X-Frame-Options" not in response.headers


@pytest.mark.parametrize("path", FRAMED)
def test_all_else_is_guarded_as_everywhere(framed, path):
    response = framed.get(path)

    same = set(HEADERS) - {"Content-Security-Policy", "X-Frame-Options"}
    assert {name: response.headers[name] for name in same} == {n: HEADERS[n] for n in same}
    assert (
        response.headers["Content-Security-Policy"].replace(SHOP, "'none'")
        == (HEADERS["Content-Security-Policy"])
    )
    assert response.headers["X-Robots-Tag"] == "noindex"


@pytest.mark.parametrize("path", ELSEWHERE)
def test_no_other_page_may_be_framed_by_anybody(framed, path):
    response = framed.get(path)

    assert ancestors(response) == "frame-ancestors 'none'"
    assert response.headers["X-Frame-Options"] == "DENY"


@pytest.mark.parametrize("path", FRAMED)
def test_without_a_list_nobody_may_frame_the_widget(client, path):
    response = client.get(path)

    assert ancestors(response) == "frame-ancestors 'none'"
    assert response.headers["X-Frame-Options"] == "DENY"


@pytest.mark.parametrize("path", FRAMED)
def test_links_of_a_framed_page_stay_in_the_frame(framed, path):
    page = framed.get(path).text

    links = re.findall(r'<a [^>]*href="(/[^"]*)"[^>]*>', page)
    leaving = re.findall(r'<a [^>]*href="(/[^"]*)" target="_blank"', page)
    inside = [one for one in links if re.match("/[a-z]{2}/widget/", one)]
    assert inside
    # A language without this page leads home; the frame is led on from there.
    homes = {f"/{lang}/" for lang in ("en", "sk", "fi")}
    assert set(links) - set(inside) - set(leaving) <= homes
    assert not re.search(r'action="/[a-z]{2}/(?!widget/)', page)


@pytest.mark.parametrize(
    ("path", "twin"),
    [
        ("/en/articles/reset-password", "/en/widget/articles/reset-password"),
        ("/en/search?q=a%20b", "/en/widget/search?q=a%20b"),
        ("/sk/", "/sk/widget/"),
        ("/", "/en/widget/"),
        ("/en/articles/a%3Fb?q=%3F", "/en/widget/articles/a%3Fb?q=%3F"),
        ("/en/articles/%C5%BElt%C3%BD", "/en/widget/articles/%C5%BElt%C3%BD"),
    ],
)
def test_a_page_opened_in_a_frame_leads_to_its_twin(framed, path, twin):
    response = framed.get(path, headers={"Sec-Fetch-Dest": "iframe"})

    assert (response.status_code, response.location) == (302, twin)
    assert response.headers["Cache-Control"] == "no-store"
    assert framed.get(path, headers={"Sec-Fetch-Dest": "document"}).location != twin


def test_control_characters_in_an_address_are_refused_in_a_frame_too(framed):
    response = framed.get(
        "/en/articles/a%0d%0aSet-Cookie:x",
        headers={"Sec-Fetch-Dest": "iframe"},
        follow_redirects=True,
    )

    assert response.status_code == 400


def test_canonical_addresses_are_the_portals_own(framed):
    page = framed.get("/en/widget/articles/reset-password").text

    assert not re.search(r'<link rel="canonical"[^>]*/widget/', page)


def test_the_pages_outside_do_not_link_into_the_frame(framed):
    assert "/widget/" not in framed.get("/en/").text + framed.get("/sitemap.xml").text


@pytest.mark.parametrize("path", FRAMED)
def test_no_cookie_is_set_in_a_frame(framed, path):
    assert "Set-Cookie" not in framed.get(path).headers


@pytest.mark.parametrize(
    "origin",
    ["*", "null", "https://*.example.com", "https://shop.example/", "https://shop.example/a",
     "shop.example", "https://shop.example; script-src *", "https://a b", "https://SHOP.example",
     "ftp://shop.example", "https://shop.example:", "https://u@shop.example", "'self'", "data:"],
)  # fmt: skip
def test_an_origin_that_is_none_is_refused_at_the_start(tmp_path, origin):
    with pytest.raises(SettingsInvalid, match="widget_origins"):
        load(root=tmp_path, environ={}, flags={"widget_origins": (origin,)})


@pytest.mark.parametrize(
    "origin", ["https://shop.example", "http://localhost:9100", "http://127.0.0.1:8000"]
)
def test_origins_are_taken_as_browsers_write_them(tmp_path, origin):
    environ = {"KBPORTAL_WIDGET_ORIGINS": origin}

    assert load(root=tmp_path, environ=environ).widget_origins == (origin,)
