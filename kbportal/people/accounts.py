"""Staff accounts: sessions that end, and changes that end them."""

from __future__ import annotations

from datetime import datetime, timedelta

from kbportal.kernel.addresses import fold_address, is_address
from kbportal.kernel.ids import new_token, token_digest
from kbportal.kernel.text import normalise
from kbportal.people.errors import AddressRefused, LastAdmin, UserMissing
from kbportal.people.model import Role, StaffSession, User
from kbportal.people.passwords import check_password, hash_password
from kbportal.people.ports import PeopleStore

IDLE = timedelta(hours=8)
ABSOLUTE = timedelta(days=7)
TOUCH_EVERY = timedelta(minutes=1)
"""How exactly idleness is known; writing at each request would cost more than it tells."""


def open_session(store: PeopleStore, user: User, *, now: datetime) -> str:
    """A new session's token, for a cookie."""
    token = new_token()
    store.add_session(StaffSession(token_digest(token), user.id, created=now, last_seen=now))
    return token


def current_user(store: PeopleStore, token: str | None, *, now: datetime) -> User | None:
    """Whose session this is, if it is one and has not ended."""
    if not token:
        return None
    digest = token_digest(token)
    found = store.session(digest)
    if found is None:
        return None
    session, user = found
    if user.disabled or now - session.last_seen >= IDLE or now - session.created >= ABSOLUTE:
        store.end_session(digest)
        return None
    if now - session.last_seen >= TOUCH_EVERY:
        store.touch_session(digest, now)
    return user


def sign_out(store: PeopleStore, token: str) -> None:
    """End this session; unknown tokens are no error."""
    store.end_session(token_digest(token))


def add_user(
    store: PeopleStore,
    *,
    user_id: str,
    email: str,
    name: str,
    role: Role,
    password: str,
    now: datetime,
) -> User:
    """Make an account. Raises AddressRefused, AddressTaken, PasswordRefused."""
    user = new_user(user_id=user_id, email=email, name=name, role=role, now=now)
    check_password(password, about=(user.email, user.name))
    store.add_user(user, password_hash=hash_password(password))
    return user


def put_user(
    store: PeopleStore,
    *,
    user_id: str,
    email: str,
    name: str,
    role: Role,
    password: str,
    now: datetime,
) -> tuple[User, bool]:
    """Make the account of this address, or give it this role and password and enable it.

    Returns:
        The account, and whether it is new.

    Raises:
        AddressRefused, PasswordRefused, LastAdmin
    """
    known = store.user_by_email(fold_address(email)) if is_address(email.strip()) else None
    if known is None:
        made = add_user(
            store, user_id=user_id, email=email, name=name, role=role, password=password, now=now
        )
        return made, True
    check_password(password, about=(known.email, known.name))
    set_role(store, known.id, role=role)
    set_password(store, known, password=password)
    store.set_disabled(known.id, False)
    if normalise(name):
        store.set_name(known.id, normalise(name)[:100])
    return _there(store.user(known.id)), False


def set_password(store: PeopleStore, user: User, *, password: str) -> None:
    """Change the password and end every session. Raises PasswordRefused."""
    check_password(password, about=(user.email, user.name))
    store.set_password_hash(user.id, hash_password(password))
    store.end_sessions_of(user.id)


def set_role(store: PeopleStore, user_id: str, *, role: Role) -> None:
    """Give another role and end every session. Raises UserMissing, LastAdmin."""
    user = _there(store.user(user_id))
    if role is not Role.ADMIN:
        _check_not_last(store, user)
    store.set_role(user_id, role)
    store.end_sessions_of(user_id)


def disable(store: PeopleStore, user_id: str) -> None:
    """Shut the account and end every session at once. Raises UserMissing, LastAdmin."""
    _check_not_last(store, _there(store.user(user_id)))
    store.set_disabled(user_id, True)
    store.end_sessions_of(user_id)


def new_user(*, user_id: str, email: str, name: str, role: Role, now: datetime) -> User:
    """An account's data in the form that is kept. Raises AddressRefused."""
    if not is_address(email.strip()):
        raise AddressRefused("not an e-mail address")
    folded = fold_address(email)
    return User(user_id, folded, normalise(name)[:100] or folded.partition("@")[0], role, now)


def _check_not_last(store: PeopleStore, user: User) -> None:
    admins = [u for u in store.users() if u.role is Role.ADMIN and not u.disabled]
    if [u.id for u in admins] == [user.id]:
        raise LastAdmin("the portal must keep one administrator")


def _there(user: User | None) -> User:
    if user is None:
        raise UserMissing("no such account")
    return user
