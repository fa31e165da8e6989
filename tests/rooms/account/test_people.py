"""One's own account, and what administrators do to those of others."""

from __future__ import annotations

import pytest

from kbportal.people.model import Role
from tests.rooms.staff import PASSWORD, a_colleague, signed_in

NEW_PASSWORD = "eleven orange kettles"


@pytest.fixture
def admin(portal):
    return signed_in(portal, Role.ADMIN)


def change(client, user, **fields):
    return client.post(f"/account/people/{user.id}", data=fields)


def test_an_administrator_sees_everybody(portal, admin):
    a_colleague(portal, name="<b>Tom</b>")

    page = admin.get("/account/people").text

    assert "&lt;b&gt;Tom&lt;/b&gt;" in page
    assert "admin@example.com" in page


def test_shutting_an_account_ends_its_sessions(portal, admin):
    agent = signed_in(portal, Role.AGENT)
    user = portal.people.user_by_email("agent@example.com")

    assert change(admin, user, act="disable").status_code == 303

    assert agent.get("/desk/").status_code == 303
    assert portal.people.user(user.id).disabled


def test_a_shut_account_can_be_opened_again(portal, admin):
    user = a_colleague(portal)
    change(admin, user, act="disable")

    change(admin, user, act="enable")

    assert not portal.people.user(user.id).disabled


def test_another_role_takes_hold_at_once(portal, admin):
    agent = signed_in(portal, Role.AGENT)
    user = portal.people.user_by_email("agent@example.com")

    change(admin, user, act="role", role="editor")

    assert portal.people.user(user.id).role is Role.EDITOR
    assert agent.get("/desk/").status_code == 303


@pytest.mark.parametrize("fields", [{"act": "disable"}, {"act": "role", "role": "agent"}])
def test_the_last_administrator_stays(portal, admin, fields):
    user = portal.people.user_by_email("admin@example.com")

    response = change(admin, user, **fields)

    assert response.status_code == 409
    assert portal.people.user(user.id).role is Role.ADMIN
    assert not portal.people.user(user.id).disabled


@pytest.mark.parametrize("fields", [{}, {"act": "explode"}, {"act": "role", "role": "king"}])
def test_nonsense_is_a_bad_request(portal, admin, fields):
    assert change(admin, a_colleague(portal), **fields).status_code == 400


@pytest.mark.parametrize("act", ["disable", "enable"])
def test_an_unknown_account_is_not_found(admin, act):
    assert admin.post("/account/people/nobody", data={"act": act}).status_code == 404


def test_the_own_page_shows_who_one_is(portal):
    page = signed_in(portal, Role.MANAGER).get("/account/").text

    assert "manager@example.com" in page
    assert "Manager" in page


def test_the_name_can_be_changed(portal):
    client = signed_in(portal, Role.AGENT)

    client.post("/account/name", data={"name": "  Olga   Nová "})

    assert portal.people.user_by_email("agent@example.com").name == "Olga Nová"
    assert client.post("/account/name", data={"name": " "}).status_code == 422


def test_changing_the_password_needs_the_present_one(portal):
    client = signed_in(portal, Role.AGENT)

    response = client.post(
        "/account/password", data={"current": "not this one at all", "password": NEW_PASSWORD}
    )

    assert response.status_code == 422


def test_changing_the_password_ends_the_other_sessions(portal):
    client = signed_in(portal, Role.AGENT)
    other = client.application.test_client()
    other.post("/account/login", data={"email": "agent@example.com", "password": PASSWORD})
    assert other.get("/desk/").status_code == 200

    client.post("/account/password", data={"current": PASSWORD, "password": NEW_PASSWORD})

    assert other.get("/desk/").status_code == 303
    assert client.get("/desk/").status_code == 200


def test_a_poor_new_password_is_refused(portal):
    client = signed_in(portal, Role.AGENT)

    response = client.post("/account/password", data={"current": PASSWORD, "password": "short"})

    assert response.status_code == 422
    assert "too short" in response.text


def test_no_form_gives_more_than_it_asks_for(portal):
    client = signed_in(portal, Role.AGENT)
    before = portal.people.user_by_email("agent@example.com")
    more = {"role": "admin", "email": "x@example.com", "id": "1", "disabled": "1", "created": "0"}

    client.post("/account/name", data={"name": before.name} | more)
    client.post("/account/password", data={"current": PASSWORD, "password": NEW_PASSWORD} | more)
    client.post("/account/language", data={"lang": "sk"} | more)

    assert portal.people.users() == (before,)
