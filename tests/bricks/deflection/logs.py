"""Arbitrary logs of events, for what must hold for all of them."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import strategies as st

from kbportal.events.catalog import Event, EventType, Shown, Surface
from tests.builders import NOON

ARTICLES = st.sampled_from(["en/account/a", "en/b"])

EVENTS = st.builds(
    Event,
    event_id=st.integers(0, 99).map(str),
    ts=st.integers(0, 12 * 24 * 60).map(lambda minutes: NOON + timedelta(minutes=minutes)),
    type=st.sampled_from(EventType),
    surface=st.sampled_from(Surface),
    visitor=st.sampled_from(["v1", "v2", "v3", None]),
    user=st.sampled_from([None, None, None, "p1", "agent"]),
    locale=st.sampled_from(["en", "sk"]),
    arm=st.sampled_from([None, "holdout:control@10", "holdout:shown@90", "holdout:shown@50 t:b@5"]),
    query_norm=st.sampled_from([None, "in", "invoice", "heslo"]),
    results=st.lists(st.builds(Shown, ARTICLES), max_size=2).map(tuple),
    article=ARTICLES,
    dwell_ms=st.sampled_from([None, 0, 6_000, 12_000]),
    ticket=st.sampled_from(["t1", "t2", "t3"]),
    ua_class=st.sampled_from(["browser", "browser", "bot", "tool"]),
    channel=st.sampled_from([None, "form", "mail", "prefetch", "agent_shared"]),
    value=st.sampled_from([None, "yes", "no", "auto", "undone", "scrolled"]),
)
LOGS = st.lists(EVENTS, min_size=0, max_size=40) | st.lists(EVENTS, min_size=15, max_size=40)
