"""Single-use links that make an account: the first administrator's, and colleagues'."""

from __future__ import annotations

from datetime import datetime, timedelta

from kbportal.kernel.addresses import fold_address, is_address
from kbportal.kernel.ids import new_token, token_digest
from kbportal.people.accounts import new_user
from kbportal.people.errors import AddressRefused, InvitationRefused
from kbportal.people.model import Invitation, Role, User
from kbportal.people.passwords import check_password, hash_password
from kbportal.people.ports import PeopleStore

VALID_FOR = timedelta(hours=72)


def first_admin_token(store: PeopleStore, *, now: datetime) -> str | None:
    """The secret of a link by which the first administrator comes in; None once there is one.

    Links printed earlier stay good until one of them is used.
    """
    if store.has_admin():
        return None
    return _invitation(store, email=None, role=Role.ADMIN, now=now)


def invite(store: PeopleStore, *, email: str, role: Role, now: datetime) -> str:
    """The secret of a link for a colleague; good for this address alone. Raises AddressRefused."""
    if not is_address(email.strip()):
        raise AddressRefused("not an e-mail address")
    return _invitation(store, email=fold_address(email), role=role, now=now)


def look_at(store: PeopleStore, token: str, *, now: datetime) -> Invitation:
    """The invitation, unused. Raises InvitationRefused when it is none or not good any more."""
    found = store.invitation(token_digest(token))
    if found is None or found.used or found.expires <= now:
        raise InvitationRefused("the link was used or has expired")
    if found.email is None and store.has_admin():
        raise InvitationRefused("there is an administrator already")
    return found


def accept(
    store: PeopleStore,
    token: str,
    *,
    user_id: str,
    email: str,
    name: str,
    password: str,
    now: datetime,
) -> User:
    """Make the account that the link is for; of two who try at once, one succeeds.

    Raises:
        InvitationRefused, AddressRefused, PasswordRefused, AddressTaken: the link stays good
        after any but the first.
    """
    invitation = look_at(store, token, now=now)
    if invitation.email is not None and fold_address(email) != invitation.email:
        raise AddressRefused("the link is for another address")
    user = new_user(user_id=user_id, email=email, name=name, role=invitation.role, now=now)
    check_password(password, about=(user.email, user.name))
    done = store.redeem(token_digest(token), user, password_hash=hash_password(password), now=now)
    if not done:
        raise InvitationRefused("the link was used or has expired")
    return user


def _invitation(store: PeopleStore, *, email: str | None, role: Role, now: datetime) -> str:
    token = new_token()
    store.add_invitation(
        Invitation(token_digest(token), email, role, created=now, expires=now + VALID_FOR)
    )
    return token
