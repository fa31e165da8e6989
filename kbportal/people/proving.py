"""The present password, asked again before what an open browser alone must not do."""

from __future__ import annotations

from datetime import datetime

from kbportal.people import throttle
from kbportal.people.errors import PasswordWrong
from kbportal.people.model import User
from kbportal.people.passwords import decoy_hash, is_password
from kbportal.people.ports import PeopleStore
from kbportal.people.throttle import Attempt


def check_is_owner(
    store: PeopleStore, user: User, attempt: Attempt, *, secret: bytes, now: datetime
) -> None:
    """Whoever uses somebody's session does not get to guess their password without end.

    Raises:
        PasswordWrong: and the failure is counted, together with those of signing in.
        TooManyAttempts: before the password is even looked at.
    """
    keys = throttle.counters(attempt, secret=secret)
    throttle.check_allowed(store, keys, now=now)
    if not is_password(attempt.password, store.password_hash(user.id) or decoy_hash()):
        throttle.note_failure(store, keys, now=now)
        raise PasswordWrong("not the present password")
