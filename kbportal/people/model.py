"""The people of the staff: who they are and what they were given to come in with."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class Role(StrEnum):
    """What somebody is here for; what each may do stands in ``permissions``."""

    AGENT = "agent"
    EDITOR = "editor"
    MANAGER = "manager"
    ADMIN = "admin"


@dataclass(frozen=True, slots=True)
class User:
    """A staff account; ``email`` is kept in its folded form and is unique."""

    id: str
    email: str
    name: str
    role: Role
    created: datetime
    disabled: bool = False


@dataclass(frozen=True, slots=True)
class StaffSession:
    """A signed-in browser; only the digest of its token is kept."""

    token_digest: str
    user_id: str
    created: datetime
    last_seen: datetime


@dataclass(frozen=True, slots=True)
class Invitation:
    """A single-use link to make an account; ``email`` None lets the guest choose (first admin)."""

    token_digest: str
    email: str | None
    role: Role
    created: datetime
    expires: datetime
    used: datetime | None = None


@dataclass(frozen=True, slots=True)
class SecondFactor:
    """The app of an account. secret: base 32. last_step: time step of the latest code taken."""

    user_id: str
    secret: str = field(repr=False)
    since: datetime
    last_step: int
