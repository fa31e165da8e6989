"""The operator's name and colour."""

from __future__ import annotations

import re
from dataclasses import replace

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
