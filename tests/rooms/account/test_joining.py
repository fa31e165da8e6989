"""Coming in by a link: the first administrator, and those whom they invite."""

from __future__ import annotations

import re

import pytest

from kbportal.kernel.clock import utc_now
from kbportal.people.invitations import first_admin_token, invite
from kbportal.people.model import Role
from tests.rooms.staff import PASSWORD, signed_in


def join(client, token, **fields):
    form = {"name": "Ada", "email": "ada@example.com", "password": PASSWORD}
    return client.post(f"/account/join/{token}", data=form | fields)


@pytest.fixture
def first_link(portal):
    return first_admin_token(portal.people, now=utc_now())


def test_the_first_administrator_comes_in_by_the_printed_link(portal, client, first_link):
    assert client.get(f"/account/join/{first_link}").status_code == 200

    response = join(client, first_link)

    assert response.location == "/desk/"
    assert client.get("/account/people").status_code == 200
    assert portal.people.user_by_email("ada@example.com").role is Role.ADMIN


def test_the_link_works_once(portal, client, first_link):
    join(client, first_link)

    assert client.get(f"/account/join/{first_link}").status_code == 404
    assert join(client, first_link, email="eve@example.com").status_code == 404
    assert portal.people.user_by_email("eve@example.com") is None


def test_looking_at_the_link_does_not_use_it(client, first_link):
    for _ in range(3):
        assert client.get(f"/account/join/{first_link}").status_code == 200


@pytest.mark.parametrize("token", ["x", "x" * 5000, "%00", "..%2f"])
def test_a_link_that_never_was_one_is_not_found(client, token):
    assert client.get(f"/account/join/{token}").status_code in {400, 404}


@pytest.mark.parametrize(
    ("password", "said"),
    [("short", "too short"), ("password1234", "first"), ("ada ada ada ada", "name")],
)
def test_a_poor_password_is_refused_with_the_reason(client, first_link, password, said):
    response = join(client, first_link, password=password)

    assert response.status_code == 422
    assert said in response.text
    assert f'"{password}"' not in response.text
    assert client.get(f"/account/join/{first_link}").status_code == 200


def test_an_invitation_is_for_its_address_and_role(portal, client):
    token = invite(portal.people, email="tom@example.com", role=Role.AGENT, now=utc_now())

    join(client, token, email="eve@example.com", role="admin")

    assert portal.people.user_by_email("eve@example.com") is None
    assert portal.people.user_by_email("tom@example.com").role is Role.AGENT


def test_the_page_of_a_link_tells_its_address_to_nobody(client, first_link):
    response = client.get(f"/account/join/{first_link}")

    assert response.headers["Referrer-Policy"] == "no-referrer"
    assert "no-store" in response.headers["Cache-Control"]


def test_an_administrator_invites_and_sees_the_link_once(portal):
    admin = signed_in(portal, Role.ADMIN)

    page = admin.post("/account/people", data={"email": "new@example.com", "role": "editor"})

    link = re.search(r"http://localhost(/account/join/[\w-]{40,})", page.text)
    assert link
    assert link[1] not in admin.get("/account/people").text
    assert admin.application.test_client().get(link[1]).status_code == 200


@pytest.mark.parametrize(
    "email", ["", "no address", "admin@example.com", "a@b\r\nBcc: c@d.example"]
)
def test_an_address_that_cannot_be_invited_is_refused(portal, email):
    admin = signed_in(portal, Role.ADMIN)

    response = admin.post("/account/people", data={"email": email, "role": "agent"})

    assert response.status_code == 422
    assert "/account/join/" not in response.text
