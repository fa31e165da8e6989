"""Where accounts are kept. A new adapter: implement PeopleStore, add it to the contract test."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from kbportal.people.model import Invitation, Role, StaffSession, User


class PeopleStore(Protocol):
    """Accounts, sessions, invitations and the count of failed attempts."""

    def add_user(self, user: User, *, password_hash: str) -> None:
        """Raises AddressTaken when the address has an account."""
        ...

    def user(self, user_id: str) -> User | None: ...

    def user_by_email(self, email: str) -> User | None: ...

    def users(self) -> tuple[User, ...]:
        """All accounts, by address."""
        ...

    def has_admin(self) -> bool:
        """Whether an enabled administrator exists."""
        ...

    def password_hash(self, user_id: str) -> str | None: ...

    def set_password_hash(self, user_id: str, password_hash: str) -> None: ...

    def set_role(self, user_id: str, role: Role) -> None: ...

    def set_name(self, user_id: str, name: str) -> None: ...

    def set_disabled(self, user_id: str, disabled: bool) -> None: ...

    def add_session(self, session: StaffSession) -> None: ...

    def session(self, token_digest: str) -> tuple[StaffSession, User] | None: ...

    def touch_session(self, token_digest: str, now: datetime) -> None: ...

    def end_session(self, token_digest: str) -> None: ...

    def end_sessions_of(self, user_id: str) -> None: ...

    def add_invitation(self, invitation: Invitation) -> None: ...

    def invitation(self, token_digest: str) -> Invitation | None: ...

    def redeem(self, token_digest: str, user: User, *, password_hash: str, now: datetime) -> bool:
        """Use the invitation and add the user in one transaction.

        False when it was used or has expired meanwhile, or when it was for the first
        administrator and there is one now. Raises AddressTaken.
        """
        ...

    def note_failure(self, key: str, now: datetime, *, forget_before: datetime) -> None:
        """Count a failed attempt under a key; older ones than ``forget_before`` are deleted."""
        ...

    def failures(self, key: str, since: datetime) -> tuple[datetime, ...]:
        """When attempts under that key failed, oldest first."""
        ...

    def forgive(self, key: str) -> None:
        """Forget the failures under a key."""
        ...
