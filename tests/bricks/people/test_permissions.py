from __future__ import annotations

from dataclasses import replace

import pytest

from kbportal.kernel.addresses import is_address
from kbportal.people.model import Role, User
from kbportal.people.permissions import ALLOWED, Permission, may
from tests.builders import NOON

ADMIN = User("u1", "jana@example.com", "Jana", Role.ADMIN, NOON)


def test_every_permission_has_its_row() -> None:
    assert set(ALLOWED) == set(Permission)


@pytest.mark.parametrize("permission", Permission)
def test_an_administrator_may_and_nobody_may_not(permission: Permission) -> None:
    assert may(ADMIN, permission)
    assert not may(replace(ADMIN, disabled=True), permission)
    assert not may(None, permission)


def test_an_agent_answers_tickets_and_no_more() -> None:
    agent = replace(ADMIN, role=Role.AGENT)

    assert {p for p in Permission if may(agent, p)} == {Permission.DESK}


@pytest.mark.parametrize(
    "text", ["jana@example.com", "j.n+kb@mail.example.co.uk", "ján@príklad.sk", "o'neil@a-b.io"]
)
def test_an_address_is_recognised(text: str) -> None:
    assert is_address(text)


@pytest.mark.parametrize(
    "text",
    [
        "", "jana", "jana@", "@example.com", "jana@localhost", "a b@example.com", "a@b@c.com",
        "jana@example..com", ".jana@example.com", "jana@-example.com", "jana@example.com\nBcc: x",
        "Jana <jana@example.com>", "jana@192.168.1.1", "a@example.com,b@example.com",
        "x" * 65 + "@example.com", "jana@" + "x" * 64 + ".com",
        "u@a\u2474.com", "u@a\u2488.com", "u@a\u037a.com", "\u212aevin@example.com",
    ],
)  # fmt: skip
def test_anything_else_is_no_address(text: str) -> None:
    assert not is_address(text)
