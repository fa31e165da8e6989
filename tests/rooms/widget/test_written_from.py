"""The page that a ticket was written from: of what it says, only what cannot be a secret."""

from __future__ import annotations

import re

import pytest

from kbportal.wiring import Portal
from tests.rooms.help.forms import a_form
from tests.rooms.widget.conftest import SHOP
from tests.rooms.widget.test_framed_forms import OURS, token


def page_of_ticket(framed, portal: Portal, **fields: str) -> list[tuple[str, str]]:
    """What the ticket that is filed with these fields says of its page."""
    form = a_form(csrf_token=token(framed), page_along="1") | fields
    response = framed.post("/en/widget/contact", data=form, headers=OURS)
    assert response.status_code == 303, response.text
    return [(one.label, one.value) for one in portal.tickets.by_number(1001).answers]


def test_agents_see_the_page(framed, widget_portal: Portal):
    said = page_of_ticket(
        framed, widget_portal, page_url=f"{SHOP}/cart", page_title="Your cart · Shop"
    )

    assert said == [("Written on the page", f"Your cart · Shop ({SHOP}/cart)")]


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("/reset?token=abc123&email=a@example.com", "/reset"),
        ("/a#access_token=abc", "/a"),
        ("/reset/9f86d081884c7d659a2feaa0c55ad015", "/reset/…"),
        ("/users/jana@example.com/cart", "/users/[email]/cart"),
        ("", "/"),
        ("/" + "a/" * 2000, "/a/a/"),
    ],
)
def test_secrets_in_its_address_are_not_kept(framed, widget_portal: Portal, given, kept):
    ((_, value),) = page_of_ticket(framed, widget_portal, page_url=f"{SHOP}{given}")

    assert value.startswith(f"{SHOP}{kept}")
    assert not re.search(r"token|jana|9f86", value)
    assert len(value) <= 300


@pytest.mark.parametrize(
    "url",
    ["https://evil.example/", "javascript:alert(1)", f"{SHOP}.evil.example/",
     f"{SHOP}@evil.example/", "https://evil.example/shop.example",
     f" {SHOP}/", f"{SHOP}\\evil", "//shop.example/", ""],
)  # fmt: skip
def test_pages_of_other_sites_are_not_taken(framed, widget_portal: Portal, url):
    assert page_of_ticket(framed, widget_portal, page_url=url, page_title="x") == []


def test_whoever_leaves_it_out_leaves_it_out(framed, widget_portal: Portal):
    said = page_of_ticket(framed, widget_portal, page_url=f"{SHOP}/cart", page_along="")

    assert said == []


def test_the_writer_sees_it_first_and_again_when_the_form_comes_back(framed):
    blank = framed.get("/en/widget/contact").text
    fields = {"email": "", "page_url": f"{SHOP}/cart", "page_title": "<b>Cart"}
    form = a_form(csrf_token=token(framed)) | fields
    back = framed.post("/en/widget/contact", data=form, headers=OURS)

    assert re.search(r"<label[^>]*data-page hidden>", blank)
    assert back.status_code == 422
    assert re.search(r"<label[^>]*data-page>", back.text)
    assert "&lt;b&gt;Cart" in back.text
    assert not re.search(r'name="page_along"[^>]*checked', back.text)


def test_the_portals_own_form_knows_nothing_of_it(framed):
    assert "page_url" not in framed.get("/en/contact").text


@pytest.mark.parametrize(("method", "status"), [("POST", 413), ("GET", 200)])
def test_a_form_that_is_too_large_to_be_read_names_no_page(framed, method, status):
    response = framed.open(
        "/en/widget/contact", method=method, data={"description": "x" * 1_200_000}, headers=OURS
    )

    assert response.status_code == status
    assert "</html>" in response.text
