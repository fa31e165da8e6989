"""Forms as browsers send them, and what the event log then holds."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from kbportal.events.catalog import Event
from kbportal.kernel.clock import utc_now
from kbportal.wiring import Portal


def a_form(**fields: Any) -> dict[str, Any]:
    """A ticket that was filled in well, by a browser that showed suggestions while typing."""
    whole = {
        "subject": "The kettle hums",
        "description": "It hums in B flat.",
        "email": "jana@example.com",
        "name": "Jana",
        "category": "",
        "draft": "draft-1",
        "opened": "",
        "enhanced": "1",
    }
    return whole | fields


def recorded(portal: Portal, *kinds: str) -> list[Event]:
    """Events of these types, oldest first, once the recorder has written them."""
    assert portal.recorder.flush()
    now = utc_now()
    events = portal.events.read(now - timedelta(hours=1), now + timedelta(hours=1))
    return [event for event in events if event.type in kinds]
