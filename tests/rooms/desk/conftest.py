from __future__ import annotations

from collections.abc import Callable
from itertools import count
from typing import Any

import pytest
from flask.testing import FlaskClient

from kbportal.kernel.clock import utc_now
from kbportal.kernel.ids import new_id
from kbportal.people.model import Role
from kbportal.tickets.model import Ticket
from kbportal.tickets.submission import submit
from kbportal.wiring import Portal
from tests.builders import a_submission
from tests.rooms.staff import signed_in


@pytest.fixture
def agent(portal: Portal) -> FlaskClient:
    return signed_in(portal, Role.AGENT)


@pytest.fixture
def filed(portal: Portal) -> Callable[..., Ticket]:
    """Files a ticket, another one at each call."""

    number = count(1)

    def file(**facts: Any) -> Ticket:
        # The same words again and again would look like spam.
        facts = {"description": f"The reset link does not arrive ({next(number)})."} | facts
        form = a_submission(draft_id=None, **facts)
        return submit(
            form, portal.tickets, now=utc_now(), secret=b"x" * 32, ticket_id=new_id(),
            event_id=new_id(),
        ).ticket  # fmt: skip

    return file
