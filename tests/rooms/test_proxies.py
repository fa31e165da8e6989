"""Who asks, and for which host: what a request says of that counts behind our proxies only."""

from __future__ import annotations

from dataclasses import replace

import pytest
from flask import request
from werkzeug.test import EnvironBuilder

from kbportal.web.security import client_key
from tests.cast import an_app

PEER, CLAIMED = "192.0.2.10", "198.51.100.7"
CLAIMS = {
    "X-Forwarded-For": CLAIMED,
    "X-Forwarded-Host": "evil.example",
    "X-Forwarded-Proto": "https",
    "X-Forwarded-Prefix": "/evil",
    "X-Real-IP": CLAIMED,
    "Forwarded": f"for={CLAIMED};host=evil.example;proto=https",
    "CF-Connecting-IP": CLAIMED,
    "True-Client-IP": CLAIMED,
    "X-Remote-User": "admin@example.com",
    "X-Original-URL": "/account/people",
}


def seen(portal, headers, *, proxies=0):
    """Client, host, scheme and root of a request as the portal takes it, and its answer."""
    app = an_app(replace(portal, settings=replace(portal.settings, trusted_proxies=proxies)))
    found = []

    @app.after_request
    def note(response):
        found.append((client_key(), request.host, request.scheme, request.script_root))
        return response

    asked = EnvironBuilder("/desk/", headers=headers, environ_base={"REMOTE_ADDR": PEER})
    response = app.test_client().open(asked)
    return found[0], response


@pytest.mark.parametrize("name", CLAIMS)
def test_without_a_proxy_no_header_says_who_asks_or_for_what(portal, name):
    plain, refused = seen(portal, {})

    found, response = seen(portal, {name: CLAIMS[name]})

    assert found == plain == (PEER, "localhost", "http", "")
    assert (response.status, response.location) == (refused.status, refused.location)


def test_behind_one_proxy_the_last_address_counts_and_no_earlier_one(portal):
    headers = {"X-Forwarded-For": f"{CLAIMED}, 203.0.113.5", "X-Forwarded-Host": "a.example"}

    (client, host, _, _), _ = seen(portal, headers, proxies=1)

    assert (client, host) == ("203.0.113.5", "a.example")


@pytest.mark.parametrize("name", ["Forwarded", "CF-Connecting-IP", "X-Real-IP", "X-Remote-User"])
def test_behind_a_proxy_other_headers_count_no_more_than_without(portal, name):
    (client, _, _, _), response = seen(portal, {name: CLAIMS[name]}, proxies=1)

    assert client == PEER
    assert response.status_code == 303
