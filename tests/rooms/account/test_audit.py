"""What the staff did, for administrators to look up."""

from __future__ import annotations

import pytest

from kbportal.kernel.clock import utc_now
from kbportal.people import invitations
from kbportal.people.audit import Action, audit_line
from kbportal.people.model import Role
from tests.builders import a_ticket, an_event
from tests.rooms.staff import PASSWORD, a_colleague, signed_in

AUDIT = "/account/audit"


@pytest.fixture
def admin(portal):
    return signed_in(portal, "admin")


def acts(portal):
    return [(line.action, line.before, line.after) for line in portal.audit.page().lines]


def test_what_is_done_to_accounts_leaves_lines(portal, admin):
    user = a_colleague(portal)
    for fields in ({"act": "role", "role": "manager"}, {"act": "disable"}, {"act": "enable"}):
        admin.post(f"/account/people/{user.id}", data=fields)
    admin.post("/account/people", data={"email": "new@example.com", "role": "editor"})

    assert acts(portal)[::-1] == [
        (Action.ROLE_CHANGED, "agent", "manager"),
        (Action.ACCOUNT_SHUT, "", ""),
        (Action.ACCOUNT_OPENED, "", ""),
        (Action.PERSON_INVITED, "", "editor"),
    ]


def test_what_was_refused_leaves_none(portal, admin):
    only = portal.people.user_by_email("admin@example.com")

    admin.post(f"/account/people/{only.id}", data={"act": "disable"})
    admin.post("/account/people/nobody", data={"act": "role", "role": "agent"})

    assert acts(portal) == []


def test_who_joins_leaves_a_line_of_their_own(portal, client):
    token = invitations.invite(
        portal.people, email="eva@example.com", role=Role.EDITOR, now=utc_now()
    )

    client.post(f"/account/join/{token}", data={"name": "Eva", "password": PASSWORD})

    (line,) = portal.audit.page().lines
    assert (line.action, line.by, line.after) == (Action.PERSON_JOINED, line.subject, "editor")


def test_a_verdict_about_spam_leaves_a_line_without_the_customers_words(portal):
    ticket, _ = portal.tickets.file(
        a_ticket(quarantine=("trap",), subject="Buy gold"), an_event("ticket_created")
    )

    signed_in(portal, "agent").post(f"/desk/{ticket.number}/release")

    (line,) = portal.audit.page().lines
    assert (line.action, line.subject) == (Action.SPAM_RELEASED, str(ticket.number))


def test_the_weekly_letter_leaves_a_line_when_somebody_begins_or_stops_it(portal):
    manager = signed_in(portal, "manager")
    for wanted in ("yes", "yes", "no", "no"):
        manager.post("/insights/digest", data={"wanted": wanted})

    assert [act for act, *_ in acts(portal)] == [Action.LETTER_STOPPED, Action.LETTER_WANTED]


def test_a_new_password_of_ones_own_leaves_a_line(portal):
    agent = signed_in(portal, "agent")
    agent.post("/account/password", data={"current": "wrong", "password": PASSWORD[::-1]})
    agent.post("/account/password", data={"current": PASSWORD, "password": PASSWORD[::-1]})

    (line,) = portal.audit.page().lines
    assert (line.action, line.by) == (Action.PASSWORD_SET, line.subject)


def test_administrators_read_the_lines_and_others_do_not(portal, admin):
    admin.post(f"/account/people/{a_colleague(portal).id}", data={"act": "disable"})

    page = admin.get(AUDIT).text

    assert "Ola admin" in page
    assert "Shut an account" in page
    assert "Ola agent" in page
    assert signed_in(portal, "manager").get(AUDIT).status_code == 403


def test_older_lines_are_on_further_pages(portal, admin):
    for number in range(55):
        line = audit_line(Action.LINKS_REVOKED, by="", at=utc_now(), subject=str(number + 1))
        portal.audit.add(line)
    older = portal.audit.page().older

    first, second = admin.get(AUDIT).text, admin.get(f"{AUDIT}?before={older}").text

    assert f"before={older}" in first
    assert first.count('class="audit-line"') == 50
    assert second.count('class="audit-line"') == 5


@pytest.mark.parametrize("before", ["x", "' OR 1=1", "0" * 32, "f" * 33])
def test_a_page_that_is_none_does_no_harm(admin, before):
    assert admin.get(AUDIT, query_string={"before": before}).status_code == 200


@pytest.mark.parametrize("action", Action)
def test_every_act_has_words(portal, admin, action):
    portal.audit.add(audit_line(action, by="gone", at=utc_now(), subject="7", after="x"))

    assert admin.get(AUDIT).status_code == 200
