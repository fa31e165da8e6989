"""Votes on articles, and what is written beside them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from kbportal.kernel.clock import utc_now
from kbportal.wiring import Portal
from tests.cast import an_app
from tests.rooms.help.forms import recorded
from tests.rooms.staff import signed_in

VOTE = "/en/articles/late-parcel/vote"
ANSWER = {"answer": "no", "reason": "unclear", "comment": "Which carrier? Ask jana@example.com."}


def kept(portal: Portal) -> list[tuple[str, str, str]]:
    now = utc_now()
    found = portal.comments.newest(now - timedelta(days=1), now + timedelta(days=1))
    return [(one.article, one.reason, one.text) for one in found]


def test_a_comment_is_kept_apart_from_the_vote(client: FlaskClient, portal: Portal):
    assert client.post(VOTE, data=ANSWER).status_code == 303

    (event,) = recorded(portal, "article_voted")
    assert kept(portal) == [("en/delivery/late-parcel", "unclear", "Which carrier? Ask [email]")]
    assert "carrier" not in str(event)


def test_a_vote_without_a_comment_keeps_none(client, portal: Portal):
    client.post(VOTE, data=ANSWER | {"comment": "  "})

    assert kept(portal) == []
    assert recorded(portal, "article_voted")


@pytest.mark.parametrize("wrong", [{"answer": "maybe"}, {"reason": "because"}])
def test_a_vote_that_cannot_be_is_refused_whole(client, portal: Portal, wrong):
    assert client.post(VOTE, data=ANSWER | wrong).status_code == 422
    assert kept(portal) == []


def test_a_comment_on_a_page_that_was_open_too_long_comes_back(portal: Portal):
    page = an_app(portal, WTF_CSRF_ENABLED=True).test_client().post(VOTE, data=ANSWER)

    assert page.status_code == 400
    assert "Which carrier? Ask jana@example.com." in page.text
    assert 'value="unclear" checked' in page.text
    assert kept(portal) == []


def test_a_comment_that_came_too_fast_comes_back(portal: Portal):
    client = an_app(portal, RATELIMIT_ENABLED=True).test_client()

    pages = [client.post(VOTE, data=ANSWER) for _ in range(21)]

    assert pages[-1].status_code == 429
    assert "Which carrier?" in pages[-1].text
    assert len(kept(portal)) == 20


def test_managers_read_what_was_written_as_text(client, portal: Portal):
    client.post(VOTE, data=ANSWER | {"comment": "<script>alert(1)</script> wrong"})
    client.post(VOTE, data={"answer": "yes"})

    page = signed_in(portal, "manager").get("/insights/").text

    assert "&lt;script&gt;alert(1)&lt;/script&gt; wrong" in page
    assert "What readers wrote" in page
