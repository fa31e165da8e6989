"""The operator's name and colour."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from kbportal.settings import SettingsInvalid, load
from kbportal.wiring import Portal
from tests.cast import an_app


@pytest.fixture
def branded(portal: Portal) -> FlaskClient:
    settings = replace(portal.settings, accent="#7a1fa2", site_name="Acme <Help>")
    return an_app(replace(portal, settings=settings)).test_client()


def test_a_colour_of_one_s_own_comes_as_a_stylesheet(branded):
    address = re.search(r'href="(/brand.css[^"]*)"', branded.get("/en/").text)

    response = branded.get(address and address[1])

    assert response.text == ":root{--brand:#7a1fa2}\n"
    assert response.mimetype == "text/css"


def test_the_mark_has_the_colour_too(branded):
    assert "#7a1fa2" in branded.get("/brand.svg").text


def test_without_a_colour_nothing_more_is_fetched(client):
    assert "brand.css" not in client.get("/en/").text
    assert client.get("/brand.css").text == ""


@pytest.mark.parametrize("path", ["/en/", "/en/contact", "/en/nowhere", "/account/login"])
def test_the_name_is_on_every_page_and_inert(branded, path):
    page = branded.get(path).text

    assert "Acme &lt;Help&gt;" in page
    assert "Kettlewick Help" not in page


@pytest.mark.parametrize("colour", ["red", "#fff", "#12345g", "#1f6f5c;}", "#1f6f5c\n"])
def test_what_is_no_colour_is_refused_at_the_start(tmp_path, colour):
    with pytest.raises(SettingsInvalid, match="accent"):
        load(root=tmp_path, environ={"KBPORTAL_ACCENT": colour})


SQUARE = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"><path d="M0 0h9v9z"/></svg>'
WIDE = SQUARE.replace(b"0 0 24 24", b"0 0 120 24")
PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x40\0\0\0\x20\x08\x06\0\0\0" + bytes(40)


def with_logo(portal: Portal, folder: Path, body: bytes, **facts: str) -> FlaskClient:
    (folder / "logo").write_bytes(body)
    settings = replace(portal.settings, logo=str(folder / "logo"), **facts)
    return an_app(replace(portal, settings=settings)).test_client()


def test_a_logo_stands_beside_the_name_and_is_served_from_here(portal: Portal, tmp_path: Path):
    client = with_logo(portal, tmp_path, SQUARE)
    page = client.get("/en/").text

    found = re.search(r'<img class="brand-logo" src="([^"]+)" width="32" height="32" alt="">', page)

    assert found
    assert "<span>Kettlewick Help</span>" in page
    logo = client.get(found[1])
    assert (logo.data, logo.mimetype) == (SQUARE, "image/svg+xml")
    assert f'rel="icon" href="{found[1]}"' in page


def test_a_wide_logo_is_the_name(portal: Portal, tmp_path: Path):
    page = with_logo(portal, tmp_path, WIDE).get("/en/").text

    assert 'width="160" height="32" alt="Kettlewick Help"' in page
    assert "<span>Kettlewick Help</span>" not in page
    assert 'rel="icon" href="/brand.svg"' in page


def test_a_dark_logo_is_for_the_dark(portal: Portal, tmp_path: Path):
    (tmp_path / "dark").write_bytes(PNG)
    client = with_logo(portal, tmp_path, WIDE, logo_dark=str(tmp_path / "dark"))

    found = re.search(r'<source srcset="([^"]+)" media="\(prefers-color-scheme: dark\)"',
                      client.get("/en/").text)  # fmt: skip

    assert found
    assert client.get(found[1]).mimetype == "image/png"


def test_without_a_logo_there_is_no_address_for_one(client):
    assert client.get("/brand/logo").status_code == 404


@pytest.mark.parametrize(
    ("body", "complaint"),
    [
        (b"GIF89a", "neither a PNG nor an SVG"),
        (b"<html xmlns='http://www.w3.org/1999/xhtml'/>", "neither a PNG nor an SVG"),
        (SQUARE.replace(b"<path", b"<script/><path"), "scripts"),
        (SQUARE.replace(b"<path", b"<foreignObject/><path"), "foreign parts"),
        (SQUARE.replace(b"<path", b"<path onclick='x()'"), "does or loads"),
        (SQUARE.replace(b"<path", b"<use href='https://x.example/a'/><path"), "does or loads"),
        (b"<!DOCTYPE svg [<!ENTITY a 'b'>]>" + SQUARE, "DOCTYPE"),
        (SQUARE.replace(b" viewBox='0 0 24 24'", b"").replace(b"0 0 24 24", b""), "viewBox"),
        (SQUARE.replace(b"24 24", b"0 24"), "sensible"),
        (PNG[:20], "whole PNG"),
        (SQUARE + b" " * 200_000, "larger than 200 kB"),
    ],
)
def test_a_logo_that_is_not_one_is_refused_at_the_start(tmp_path, body, complaint):
    (tmp_path / "logo.svg").write_bytes(body)

    with pytest.raises(SettingsInvalid, match=f"logo: .*{complaint}"):
        load(root=tmp_path, environ={"KBPORTAL_LOGO": "logo.svg"})


def test_a_logo_that_is_not_there_is_refused_at_the_start(tmp_path):
    with pytest.raises(SettingsInvalid, match=r"logo: .*cannot be opened"):
        load(root=tmp_path, environ={"KBPORTAL_LOGO": "gone.png"})


def test_links_stand_in_the_footer_of_their_languages(portal: Portal):
    links = (
        "Shop|https://shop.example",
        "sk|Súkromie|https://shop.example/sk",
        "Mail|mailto:a@b.c",
    )
    client = an_app(
        replace(portal, settings=replace(portal.settings, footer_links=links))
    ).test_client()

    assert '<a href="https://shop.example">Shop</a>' in client.get("/en/").text
    assert "Súkromie" not in client.get("/en/").text
    assert '<a href="https://shop.example/sk">Súkromie</a>' in client.get("/sk/").text


@pytest.mark.parametrize(
    "link",
    ["Shop", "|https://x.example", "Shop|javascript:alert(1)", "Shop|//x.example", "xx|A|/b",
     "a|b|c|d", "Shop|https://x .example"],
)  # fmt: skip
def test_what_is_no_link_is_refused_at_the_start(tmp_path, link):
    with pytest.raises(SettingsInvalid, match="footer_links"):
        load(root=tmp_path, environ={"KBPORTAL_FOOTER_LINKS": link})
