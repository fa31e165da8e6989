"""The door: who comes in, how often one may try, and what is told to those who may not."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from kbportal.kernel.clock import utc_now
from kbportal.people import accounts
from kbportal.people.accounts import ABSOLUTE, IDLE
from kbportal.people.model import Role
from kbportal.web.local_paths import local_path
from tests.cast import an_app
from tests.rooms.staff import PASSWORD, a_colleague, signed_in


def sign_in(client, email="agent@example.com", password=PASSWORD, **fields):
    return client.post("/account/login", data={"email": email, "password": password} | fields)


def without_token(response):
    return re.sub(r'name="csrf_token" value="[^"]*"', "", response.text)


def staff_cookie(response):
    cookies = response.headers.getlist("Set-Cookie")
    return next(one for one in cookies if one.startswith(("kb_staff=", "__Host-kb_staff=")))


def test_the_right_password_leads_to_the_first_room(portal, client):
    a_colleague(portal)

    response = sign_in(client)

    assert response.status_code == 303
    assert response.location == "/desk/"
    assert client.get("/desk/").status_code == 200


def test_one_comes_back_to_where_one_wanted_to_be(portal, client):
    a_colleague(portal)
    asked = client.get("/desk/?status=solved")

    assert asked.location == "/account/login?next=/desk/?status%3Dsolved"
    assert sign_in(client, next="/desk/?status=solved").location == "/desk/?status=solved"


def test_a_signed_in_colleague_is_not_asked_again(portal):
    response = signed_in(portal, Role.AGENT).get("/account/login?next=/account/")

    assert response.location == "/account/"


def test_a_wrong_password_and_an_unknown_address_look_the_same(portal, client):
    a_colleague(portal)

    wrong = sign_in(client, password="something else entirely")
    unknown = sign_in(client, email="nobody@example.com")

    assert wrong.status_code == unknown.status_code == 422
    assert without_token(wrong).replace("agent@", "nobody@") == without_token(unknown)
    assert "kb_staff" not in str(wrong.headers)


def test_the_sixth_try_has_to_wait(portal, client):
    a_colleague(portal)
    for _ in range(5):
        sign_in(client, password="something else entirely")

    response = sign_in(client)

    assert response.status_code == 429
    assert int(response.headers["Retry-After"]) > 0


def test_the_cookie_is_guarded(portal, client):
    a_colleague(portal)

    cookie = staff_cookie(sign_in(client))

    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie
    assert "Path=/" in cookie


def test_with_https_the_cookie_is_bound_to_the_host(portal):
    a_colleague(portal)
    settings = replace(portal.settings, site_url="https://help.example.com")
    client = an_app(replace(portal, settings=settings)).test_client()

    response = client.post(
        "/account/login",
        data={"email": "agent@example.com", "password": PASSWORD},
        base_url="https://help.example.com",
    )

    assert staff_cookie(response).startswith("__Host-kb_staff=")
    assert "Secure" in staff_cookie(response)


def test_signing_in_anew_ends_the_session_before(portal, client):
    a_colleague(portal)
    sign_in(client)
    before = client.get_cookie("kb_staff").value

    sign_in(client)

    assert accounts.current_user(portal.people, before, now=utc_now()) is None


def test_signing_out_ends_the_session_at_once(portal):
    client = signed_in(portal, Role.AGENT)
    token = client.get_cookie("kb_staff").value

    client.post("/account/logout")

    assert client.get("/desk/").status_code == 303
    assert accounts.current_user(portal.people, token, now=utc_now()) is None


@pytest.mark.parametrize("pause", [IDLE, ABSOLUTE])
def test_a_session_ends_by_itself(portal, pause):
    later = replace(portal, clock=lambda: utc_now() + pause)

    assert signed_in(portal, Role.AGENT, app=an_app(later)).get("/desk/").status_code == 303


def test_a_shut_account_is_out_at_once(portal):
    client = signed_in(portal, Role.AGENT)
    user = portal.people.user_by_email("agent@example.com")

    accounts.disable(portal.people, user.id)

    assert client.get("/desk/").status_code == 303


def test_a_form_sent_after_the_session_ended_tells_how_to_keep_it(client):
    response = client.post("/desk/1001/answer", data={"body": "A long answer"})

    assert response.status_code == 401
    assert "your text is still in it" in response.text


def test_a_link_in_a_mail_asks_once_more_from_our_own_page(client):
    response = client.get("/desk/1001", headers={"Sec-Fetch-Site": "cross-site"})

    assert response.status_code == 200
    assert response.headers["Refresh"] == "0"


def test_staff_pages_are_kept_by_nobody(portal):
    response = signed_in(portal, Role.AGENT).get("/desk/")

    assert "no-store" in response.headers["Cache-Control"]
    assert response.headers["X-Robots-Tag"] == "noindex"


BYPASSES = """
//evil.example ///evil.example ////evil.example /\\evil.example \\\\evil.example \\/evil.example
/\\/evil.example //\\evil.example /%2f/evil.example /%2f%2fevil.example %2f%2fevil.example
/%5cevil.example %5c%5cevil.example http://evil.example https://evil.example HTTPS://evil.example
https:evil.example https:/evil.example https:\\\\evil.example //evil.example/%2e%2e
javascript:alert(1) JavaScript:alert(1) java%0ascript:alert(1) data:text/html,x vbscript:x
//user@evil.example /@evil.example /desk@evil.example //127.0.0.1@evil.example
//evil.example:80 //[::1] /desk//evil.example /desk/..//evil.example /../evil.example
/.//evil.example /./evil.example /..;/evil.example /desk;x=//evil.example ./evil ../evil evil
evil.example .evil.example desk/ ?next=//evil.example #//evil.example /desk/#x
/desk/?next=https://evil.example /desk/?a=/x /desk/\\evil /desk%00 /desk%0d%0aSet-Cookie:x
/%09/evil.example /〱evil.example //evil。example /ｅvil /\u202edesk /desk/<script> /desk/'x
/desk/"x /desk/{x} /desk/|x /desk/^x /desk/`x /desk:80 /:evil.example //evil.example?
//evil.example#
"""
UNSPEAKABLE = ["", " /desk/", "/desk/ ", "\t/desk/", "/\t/evil.example", "/\n/evil.example",
               "/desk/\r\nX: y", "/desk/\x00", "/desk/\u2028", "/" + "a" * 600]  # fmt: skip


@pytest.mark.parametrize("given", [*BYPASSES.split(), *UNSPEAKABLE])
def test_no_address_leads_out_of_the_portal(given):
    assert local_path(given) is None


@pytest.mark.parametrize(
    "given",
    ["/", "/desk/", "/desk/1001", "/desk/?status=all&language=sk", "/insights/?from=2026-01-02"],
)
def test_addresses_of_ours_are_kept(given):
    assert local_path(given) == given


def test_a_next_from_outside_is_ignored(portal, client):
    a_colleague(portal)

    assert sign_in(client, next="https://evil.example/").location == "/desk/"


def test_the_language_of_the_staff_pages_can_be_chosen(client):
    response = client.post("/account/language", data={"lang": "sk", "next": "/account/login"})

    assert response.location == "/account/login"
    assert client.get_cookie("kb_lang").value == "sk"


def test_an_unknown_language_changes_nothing(client):
    client.post("/account/language", data={"lang": "<x>"})

    assert client.get_cookie("kb_lang") is None
