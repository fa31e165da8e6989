"""What colleagues do on the portal is told apart from what customers do."""

from __future__ import annotations

from datetime import timedelta

from kbportal.kernel.clock import utc_now
from tests.rooms.staff import signed_in


def _users_of_events(portal):
    now = utc_now()
    assert portal.recorder.flush()
    return {e.user for e in portal.events.read(now - timedelta(hours=1), now + timedelta(hours=1))}


def test_a_search_by_a_colleague_carries_their_account(portal):
    signed_in(portal, "agent").get("/api/v1/search?q=password&lang=en")

    (user,) = portal.people.users()
    assert _users_of_events(portal) == {user.id}


def test_a_search_by_a_customer_carries_no_account(client, portal):
    client.get("/api/v1/search?q=password&lang=en")

    assert _users_of_events(portal) == {None}
