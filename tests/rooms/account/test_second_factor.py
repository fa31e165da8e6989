"""Two-step sign-in as pages: setting it up, signing in with it, losing the phone."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from html import unescape

import pytest

from kbportal.kernel.clock import utc_now
from kbportal.people import accounts
from kbportal.people.audit import Action
from kbportal.people.model import Role
from kbportal.people.signing_in import HALF_WAY
from tests.cast import an_app
from tests.rooms.staff import PASSWORD, a_colleague, app_code, give_second_factor, signed_in

PAGE, CODE = "/account/second-factor", "/account/login/code"
RECOVERY = re.compile(r"\b\d{4}-\d{4}-\d{4}-\d{4}\b")


def password(client, email="agent@example.com", password=PASSWORD, **fields):
    return client.post("/account/login", data={"email": email, "password": password} | fields)


def code(client, given, **fields):
    return client.post(CODE, data={"code": given} | fields)


def offered(page):
    """The hidden offer and the key of a page that sets it up."""
    token = re.search(r'name="offer" value="([^"]+)"', page)[1]
    return token, re.search(r'class="app-key"[^>]*>([A-Z2-7 ]+)<', page)[1].replace(" ", "")


def set_up(client, **fields):
    """Go through the page as people do, with these fields instead of the right ones."""
    token, key = offered(client.get(PAGE).text)
    right = {"offer": token, "code": app_code(key), "password": PASSWORD}
    return client.post(PAGE, data=right | fields)


def acts(portal):
    return [line.action for line in portal.audit.page().lines]


@pytest.fixture
def ann(portal):
    """Key and recovery codes of an agent who has a second factor."""
    return give_second_factor(portal, a_colleague(portal))


def test_the_page_shows_the_key_as_picture_as_text_and_as_link(portal):
    page = signed_in(portal, Role.AGENT).get(PAGE).text
    _, key = offered(page)

    assert 'src="data:image/svg+xml;charset=utf-8,' in page
    assert re.search(r'class="app-key"[^>]*>(?:[A-Z2-7]{4} ){7}[A-Z2-7]{4}<', page)
    link = unescape(re.search(r'href="(otpauth:[^"]+)"', page)[1])
    assert f"secret={key}" in link
    assert "agent%40example.com" in link


def test_a_right_code_switches_it_on_and_shows_the_recovery_codes_once(portal):
    client = signed_in(portal, Role.AGENT)

    page = set_up(client).text

    assert len(set(RECOVERY.findall(page))) == 10
    assert "It is on" in client.get(PAGE).text
    assert RECOVERY.findall(client.get(PAGE).text + client.get("/account/").text) == []


def test_switching_it_on_gives_a_new_session_and_ends_all_others(portal):
    client = signed_in(portal, Role.AGENT)
    user = portal.people.user_by_email("agent@example.com")
    other = accounts.open_session(portal.people, user, now=utc_now())
    before = client.get_cookie("kb_staff").value

    set_up(client)

    assert client.get("/desk/").status_code == 200
    for token in (other, before):
        assert accounts.current_user(portal.people, token, now=utc_now()) is None


def test_a_wrong_code_keeps_the_key_so_that_nothing_is_scanned_again(portal):
    client = signed_in(portal, Role.AGENT)
    token, key = offered(client.get(PAGE).text)

    response = set_up(client, offer=token, code="000000")

    assert response.status_code == 422
    assert offered(response.text) == (token, key)
    assert portal.second_factors.owners() == frozenset()


@pytest.mark.parametrize(
    "fields", [{"password": "not this one at all"}, {"offer": "x"}, {"code": ""}]
)
def test_without_password_offer_or_code_it_stays_off(portal, fields):
    client = signed_in(portal, Role.AGENT)

    assert set_up(client, **fields).status_code == 422
    assert portal.second_factors.owners() == frozenset()


def test_what_was_offered_to_somebody_else_is_not_taken(portal):
    theirs, key = offered(signed_in(portal, Role.EDITOR).get(PAGE).text)

    response = set_up(signed_in(portal, Role.AGENT), offer=theirs, code=app_code(key))

    assert response.status_code == 422


def test_setting_it_up_again_by_an_old_page_changes_nothing(portal):
    client = signed_in(portal, Role.AGENT)
    token, key = offered(client.get(PAGE).text)
    set_up(client)
    before = portal.second_factors.owners()

    again = {"offer": token, "code": app_code(key), "password": PASSWORD}
    response = client.post(PAGE, data=again)

    assert response.status_code == 303
    assert RECOVERY.findall(response.text) == []
    assert portal.second_factors.owners() == before


def test_the_password_leads_to_the_page_for_the_code_and_opens_nothing(portal, ann, client):
    response = password(client, next="/desk/?status=solved")

    assert response.location == f"{CODE}?next=/desk/?status%3Dsolved"
    assert client.get_cookie("kb_staff") is None
    assert client.get_cookie("kb_device") is None
    assert client.get("/desk/").status_code == 303
    assert client.get(CODE).status_code == 200


def test_the_code_opens_the_session_and_leads_to_where_one_wanted_to_be(portal, ann, client):
    key, _ = ann
    password(client)

    response = code(client, f" {app_code(key)} ", next="/desk/?status=solved")

    assert response.location == "/desk/?status=solved"
    assert client.get("/desk/").status_code == 200
    assert client.get_cookie("kb_half_way") is None
    assert client.get_cookie("kb_device") is not None


def test_a_next_from_outside_is_ignored(portal, ann, client):
    key, _ = ann
    password(client, next="https://evil.example/")

    assert code(client, app_code(key), next="https://evil.example/").location == "/desk/"


def test_the_note_between_both_steps_is_guarded(portal, ann, client):
    cookie = password(client).headers["Set-Cookie"]

    assert cookie.startswith("kb_half_way=")
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie
    assert f"Max-Age={int(HALF_WAY.total_seconds())}" in cookie


def test_a_wrong_password_looks_the_same_with_and_without_a_second_factor(portal, ann, client):
    a_colleague(portal, Role.EDITOR)

    answers = [
        password(client, email=email, password="something else entirely")
        for email in ("agent@example.com", "editor@example.com", "nobody@example.com")
    ]

    # Addresses and form tokens differ, as they do for anybody.
    texts = {re.sub(r'value="[^"]*"', "", one.text) for one in answers}
    assert {one.status_code for one in answers} == {422}
    assert len(texts) == 1
    assert not any("kb_half_way" in str(one.headers) for one in answers)


def test_without_the_password_there_is_no_page_for_a_code(ann, client):
    assert client.get(CODE).location == "/account/login"
    assert "sign in again" in code(client, "123456").text


def test_after_five_minutes_the_password_is_asked_again(portal, ann):
    now = [utc_now()]
    client = an_app(replace(portal, clock=lambda: now[0])).test_client()
    password(client)
    now[0] += HALF_WAY

    assert client.get(CODE).status_code == 303
    response = code(client, app_code(ann[0], now[0]))

    assert response.status_code == 422
    assert 'name="password"' in response.text
    assert client.get_cookie("kb_staff") is None


def test_a_wrong_code_can_be_tried_again(portal, ann, client):
    password(client)

    response = code(client, "12345", next="/desk/?status=solved")

    assert response.status_code == 422
    assert 'value="/desk/?status=solved"' in response.text
    assert code(client, app_code(ann[0])).status_code == 303


def test_the_sixth_code_has_to_wait(portal, ann, client):
    password(client)
    for _ in range(5):
        code(client, "12345")

    response = code(client, app_code(ann[0]))

    assert response.status_code == 429
    assert int(response.headers["Retry-After"]) > 0
    assert client.get_cookie("kb_staff") is None


def test_a_recovery_code_signs_in_once(portal, ann, client):
    _, codes = ann
    password(client)

    assert code(client, codes[0].replace("-", " ")).status_code == 303
    assert acts(portal)[0] is Action.RECOVERY_CODE_USED
    password(client)
    assert code(client, codes[0]).status_code == 422


@pytest.mark.parametrize("given", ["", "x" * 9_999, "１２３４５６", "12\x0034", "-" * 40, "9" * 16])
def test_nonsense_is_a_wrong_code(portal, ann, client, given):
    password(client)

    assert code(client, given).status_code == 422


def test_a_page_left_open_asks_to_sign_in_again(portal, ann):
    client = an_app(portal, WTF_CSRF_ENABLED=True).test_client()

    response = code(client, "123456")

    assert response.status_code == 400
    assert 'name="password"' in response.text


@pytest.mark.parametrize(
    ("path", "act"), [("/off", Action.SECOND_FACTOR_OFF), ("/codes", Action.RECOVERY_CODES_MADE)]
)
def test_changes_need_the_password_and_give_a_new_session(portal, path, act):
    client = signed_in(portal, Role.AGENT)
    set_up(client)
    before = client.get_cookie("kb_staff").value

    assert client.post(PAGE + path, data={"password": "not this one"}).status_code == 422
    assert act not in acts(portal)
    assert client.post(PAGE + path, data={"password": PASSWORD}).status_code in {200, 303}

    assert acts(portal)[0] is act
    assert client.get("/desk/").status_code == 200
    assert accounts.current_user(portal.people, before, now=utc_now()) is None


@pytest.mark.parametrize(
    ("path", "field"), [(f"{PAGE}/off", "password"), ("/account/password", "current")]
)
def test_in_an_open_browser_the_password_is_not_guessed_without_end(portal, path, field):
    client = signed_in(portal, Role.AGENT)
    for _ in range(5):
        assert client.post(path, data={field: "not this one at all"}).status_code == 422

    response = client.post(path, data={field: PASSWORD, "password": PASSWORD})

    assert response.status_code == 429
    assert "Too many attempts" in response.text


@pytest.mark.parametrize("path", ["/off", "/codes"])
def test_what_is_not_there_cannot_be_changed(portal, path):
    client = signed_in(portal, Role.AGENT)

    assert client.post(PAGE + path, data={"password": PASSWORD}).location == PAGE
    assert acts(portal) == []


def test_an_administrator_sees_who_has_it_and_takes_it_away(portal, ann):
    admin, user = signed_in(portal, Role.ADMIN), portal.people.user_by_email("agent@example.com")
    session = accounts.open_session(portal.people, user, now=utc_now())
    assert admin.get("/account/people").text.count("forget_factor") == 1

    response = admin.post(f"/account/people/{user.id}", data={"act": "forget_factor"})

    assert response.status_code == 303
    assert portal.second_factors.owners() == frozenset()
    assert acts(portal)[0] is Action.SECOND_FACTOR_TAKEN
    assert accounts.current_user(portal.people, session, now=utc_now()) is None
    again = admin.post(f"/account/people/{user.id}", data={"act": "forget_factor"})
    assert again.status_code == 404


def test_administrators_cannot_take_their_own_away_without_the_password(portal):
    admin = signed_in(portal, Role.ADMIN)
    set_up(admin)
    own = portal.people.user_by_email("admin@example.com")

    response = admin.post(f"/account/people/{own.id}", data={"act": "forget_factor"})

    assert response.status_code == 400
    assert portal.second_factors.owners() == {own.id}


@pytest.fixture
def strict(portal):
    """The same portal, where a second factor is a must."""
    return replace(portal, settings=replace(portal.settings, require_second_factor=True))


def test_where_it_is_a_must_nothing_else_opens_before(strict):
    app = an_app(strict)
    client = signed_in(strict, Role.ADMIN, app=app)

    for path in ("/desk/", "/insights/", "/account/", "/account/people", "/style/"):
        assert client.get(path).location.startswith(f"{PAGE}?next={path}"), path
    for path in ("/account/people", "/account/password", "/desk/1001/answer"):
        assert client.post(path).status_code == 403, path
    assert 'class="rail-link" href=' not in client.get(PAGE).text


def test_where_it_is_a_must_one_goes_on_once_it_is_set_up(strict):
    client = signed_in(strict, Role.AGENT, app=an_app(strict))

    page = set_up(client, next="/desk/?status=solved").text

    assert 'href="/desk/?status=solved"' in page
    assert client.get("/desk/").status_code == 200


def test_where_it_is_a_must_one_may_still_sign_out(strict):
    client = signed_in(strict, Role.AGENT, app=an_app(strict))

    client.post("/account/logout")

    assert client.get("/desk/").location.startswith("/account/login")


def test_the_owner_hears_of_it_by_mail(portal):
    set_up(signed_in(portal, Role.AGENT))

    letter = portal.outbox.claim(sender="me", now=utc_now() + timedelta(minutes=1))

    assert (letter.to, letter.kind) == ("agent@example.com", "factor_on")
    assert portal.outbox.content(letter).codes_left == 10


def test_nothing_that_colleagues_or_lists_show_holds_a_key(portal, ann):
    key, codes = ann
    admin = signed_in(portal, Role.ADMIN)
    paths = ("/account/people", "/account/audit", "/insights/articles.csv", "/insights/queries.csv")

    shown = "".join(admin.get(path).text for path in paths)

    assert "agent@example.com" in shown
    assert not [one for one in (key, *codes) if one in shown]
