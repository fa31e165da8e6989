"""The same page in another language can always be opened."""

from __future__ import annotations

import re
from html import unescape

from flask import Flask
from flask.testing import FlaskClient

from kbportal.wiring import Portal
from tests.cast import an_app
from tests.contracts.walk import addresses

_CHOICE = re.compile(r'class="menu-choice" href="([^"]+)"')


def pages_of(app: Flask, client: FlaskClient) -> dict[str, str]:
    """Address → text of every customer page, whatever its status."""
    ticket = {"subject": "s", "description": "d", "email": "b@example.com"}
    token = client.post("/api/v1/tickets", json=ticket).json["url"].rpartition("/")[2]
    found = {path: client.get(path) for path in addresses(app, token=(token, "nobody-knows"))}
    return {path: one.text for path, one in found.items() if one.mimetype == "text/html"}


def test_no_language_menu_leads_to_an_error(seeded_portal: Portal):
    app = an_app(seeded_portal)
    client = app.test_client()
    offered = {
        unescape(href): path
        for path, page in pages_of(app, client).items()
        for href in _CHOICE.findall(page)
    }

    lost = {href: path for href, path in offered.items()
            if client.get(href, follow_redirects=True).status_code != 200}  # fmt: skip

    assert len(offered) > 20
    assert lost == {}
