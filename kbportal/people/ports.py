"""Where accounts are kept. A new adapter: implement PeopleStore, add it to the contract test."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Protocol

from kbportal.people.audit import AuditLine
from kbportal.people.model import Invitation, Role, SecondFactor, StaffSession, User


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


class SecondFactorStore(Protocol):
    """Second factors and the digests of recovery codes.

    What changes one is a single transaction: the change, its line in the audit log and a letter
    in that language to its owner; every session of theirs ends with it.
    """

    def factor(self, user_id: str) -> SecondFactor | None: ...

    def owners(self) -> frozenset[str]:
        """Ids of all accounts that have one."""
        ...

    def codes_left(self, user_id: str) -> int:
        """How many recovery codes are unused."""
        ...

    def switch_on(
        self, factor: SecondFactor, codes: Iterable[str], *, line: AuditLine, lang: str
    ) -> None:
        """Keep it in place of any that was there; `codes` are digests."""
        ...

    def replace_codes(
        self, user_id: str, codes: Iterable[str], *, line: AuditLine, lang: str
    ) -> bool:
        """Let these digests be all there are; False when the account has no second factor."""
        ...

    def switch_off(self, user_id: str, *, line: AuditLine, lang: str) -> bool:
        """Forget it and its codes; False when there was none."""
        ...

    def use_step(self, user_id: str, step: int) -> bool:
        """Take the code of a time step, once; False when it or a later one was taken."""
        ...

    def use_code(self, user_id: str, digest: str, *, line: AuditLine, lang: str) -> bool:
        """Take a recovery code, once; False when there is none. No session ends."""
        ...
