"""Whoever does not want to be followed is not, on any way in; and no log knows an address."""

from __future__ import annotations

import io
import logging
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from kbportal.events.catalog import Event, EventType
from kbportal.web.opting_out import COOKIE as OPTED_OUT
from kbportal.wiring import Portal
from tests.cast import an_app
from tests.rooms.help.forms import a_form, recorded

RESET = "en/account/reset-password"
HERE = "/en/articles/reset-password"
FROM = "203.0.113.77"
AGENT = "Mozilla/5.0 (X11; Linux) Kestrelfox/9"
EMAIL, PHONE, IBAN = "jana.k@example.org", "+421 905 123 456", "SK3112000000198742637541"
CARD = "4111 1111 1111 1111"
PERSONAL = f"{EMAIL} {PHONE} {IBAN} {CARD} password"

Act = Callable[[FlaskClient], object]
EVENTS = "/api/v1/events"


def told(kind: str, **facts: object) -> Act:
    event = {"type": kind, "surface": "form", "locale": "en"} | facts
    return lambda client: client.post(EVENTS, json=event)


TICKET = {"subject": "s", "description": "d", "email": EMAIL}
ACTS: dict[str, tuple[str, Act]] = {
    "search page": ("search", lambda c: c.get("/en/search", query_string={"q": PERSONAL})),
    "search call": (
        "search",
        lambda c: c.get("/api/v1/search", query_string={"q": PERSONAL, "lang": "en"}),
    ),
    "suggestions": (
        "suggest_shown",
        lambda c: c.get("/api/v1/suggest", query_string={"q": PERSONAL, "lang": "en"}),
    ),
    "step without scripts": (
        "suggest_shown",
        lambda c: c.post("/en/contact", data=a_form(subject=PERSONAL, enhanced="", draft="1")),
    ),
    "solved without scripts": (
        "form_solved",
        lambda c: c.post("/en/contact", data=a_form(subject=PERSONAL, solved=RESET, draft="2")),
    ),
    "picture": ("article_viewed", lambda c: c.get(f"{HERE}/seen.gif")),
    "vote": (
        "article_voted",
        lambda c: c.post(f"{HERE}/vote", data={"answer": "no", "comment": PERSONAL}),
    ),
    "form": ("ticket_created", lambda c: c.post("/en/contact", data=a_form())),
    "call": ("ticket_created", lambda c: c.post("/api/v1/tickets", json=TICKET)),
    "widget": ("search", lambda c: c.get("/en/widget/search", query_string={"q": PERSONAL})),
    **{
        f"told {kind}": (kind, told(kind, **facts))
        for kind, facts in {
            "suggest_expanded": {"article": RESET, "section": PERSONAL},
            "suggest_opened": {"article": RESET, "query_norm": PERSONAL},
            "suggest_rejected": {"article": RESET, "reason": PERSONAL},
            "form_started": {},
            "form_solved": {"article": RESET, "query_norm": PERSONAL},
            "form_quit": {},
            "article_viewed": {"article": RESET, "dwell_ms": 6000},
            "article_voted": {"article": RESET, "value": "yes", "reason": PERSONAL},
            "language_switched": {"value": "sk"},
        }.items()
    },
}
REFUSALS = {"Sec-GPC": {"Sec-GPC": "1"}, "DNT": {"DNT": "1"}, "cookie": {}}


@pytest.fixture(params=["cookie", "daily"])
def followed(request: pytest.FixtureRequest, seeded_portal: Portal) -> Portal:
    """A portal in each of the two ways of telling visitors apart, all of it in one arm."""
    settings = replace(seeded_portal.settings, visitor_identity=request.param)
    return replace(seeded_portal, settings=settings)


@pytest.fixture
def client(followed: Portal) -> FlaskClient:
    client = an_app(followed).test_client()
    client.environ_base["REMOTE_ADDR"] = FROM
    client.environ_base["HTTP_USER_AGENT"] = AGENT
    return client


def everything(portal: Portal) -> list[Event]:
    return recorded(portal, *EventType)


def test_every_way_in_that_a_customer_has_is_tried():
    """All types that anything records; withdrawing and ghosts hang on a ticket and on an arm."""
    tried = {kind for kind, _ in ACTS.values()}

    assert {str(kind) for kind in EventType} - tried == {"suggest_ghost", "ticket_withdrawn"}


@pytest.mark.parametrize("how", REFUSALS)
def test_whoever_says_no_is_counted_without_an_id(client, followed: Portal, how: str):
    client.set_cookie("kb_visitor", f"{'a' * 32}.{'b' * 32}.{0x6A000000:08x}")
    if how == "cookie":
        client.set_cookie(OPTED_OUT, "1")
    for name, value in REFUSALS[how].items():
        client.environ_base[f"HTTP_{name.upper().replace('-', '_')}"] = value

    events = done_one_by_one(client, followed)

    for event in events:
        assert (event.visitor, event.session, event.user, event.arm) == (None,) * 4, event.type
    for ticket in followed.tickets.list().tickets:
        assert ticket.visitor is None


def test_nothing_personal_reaches_the_log_of_events(client, followed: Portal):
    for event in done_one_by_one(client, followed):
        assert event.visitor
        kept = repr(event)
        assert not [one for one in (EMAIL, PHONE, IBAN, CARD, FROM, AGENT) if one in kept]


def done_one_by_one(client: FlaskClient, portal: Portal) -> list[Event]:
    """Everything that was recorded, of which each act has its part."""
    before = 0
    for name, (kind, do) in ACTS.items():
        do(client)
        events = everything(portal)
        assert kind in {str(event.type) for event in events[before:]}, name
        before = len(events)
    return everything(portal)


@pytest.fixture
def said() -> Iterator[io.StringIO]:
    """Everything that goes into any log, from the smallest notice on."""
    stream = io.StringIO()
    handler, root = logging.StreamHandler(stream), logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield stream
    root.removeHandler(handler)
    root.setLevel(level)


def test_no_table_no_file_and_no_log_knows_an_address_or_a_browser(
    client, followed: Portal, said: io.StringIO
):
    for _, do in ACTS.values():
        do(client)
    for path in ("/en/nowhere", "/en/search?q=%00", "/api/v1/suggest"):
        client.get(path)
    wrong = {"email": "ann@example.com", "password": "not this one, surely"}
    client.post("/account/login", data=wrong)
    everything(followed)

    kept = {path: path.read_bytes() for path in files(followed.settings.instance)}
    assert any(path.name.startswith("kbportal.sqlite") for path in kept)
    for needle in (FROM, AGENT, "Kestrelfox"):
        assert [path for path, content in kept.items() if needle.encode() in content] == []
        assert needle not in said.getvalue()


def files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]
