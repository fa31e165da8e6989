"""Switching a second factor on and off: always with the password, always told to its owner."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from kbportal.people import recovery
from kbportal.people.audit import Action, audit_line
from kbportal.people.errors import CodeRefused, FactorMissing, OfferEnded
from kbportal.people.model import SecondFactor, User
from kbportal.people.ports import PeopleStore, SecondFactorStore
from kbportal.people.proving import check_is_owner
from kbportal.people.signed import read_signed, sign
from kbportal.people.throttle import Attempt
from kbportal.people.totp import new_secret, step_of

OFFERED_FOR = timedelta(hours=1)
_PURPOSE = "second factor"


@dataclass(frozen=True, slots=True)
class Offer:
    """A key for an app that is not in force yet. token: the same, signed, for a hidden field.

    Nothing is kept of it: opening the page changes nothing, and two tabs do not disturb each other.
    """

    key: str = field(repr=False)
    token: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Accounts:
    """Where accounts and second factors are, and the portal's signing key."""

    people: PeopleStore
    factors: SecondFactorStore
    secret: bytes = field(repr=False)


def offer(user: User, *, secret: bytes, now: datetime) -> Offer:
    """A new key for this account's app."""
    key = new_secret()
    return Offer(key, sign(_PURPOSE, (user.id, key), secret=secret, until=now + OFFERED_FOR))


def offered(token: str, user: User, *, secret: bytes, now: datetime) -> Offer:
    """The offer that was made to this account. Raises OfferEnded."""
    facts = read_signed(_PURPOSE, token, secret=secret, now=now)
    if facts is None or facts[0] != user.id:
        raise OfferEnded("the key is too old, or was never offered to this account")
    return Offer(facts[1], token)


def switch_on(
    accounts: Accounts,
    user: User,
    *,
    key: str,
    attempt: Attempt,
    code: str,
    now: datetime,
    lang: str,
) -> tuple[str, ...]:
    """Put the app in force once it showed a right code; the recovery codes, to be shown once.

    Raises:
        PasswordWrong, TooManyAttempts, CodeRefused: Nothing was changed.
    """
    _check_is_owner(accounts, user, attempt, now=now)
    step = step_of(key, recovery.plain_code(code), now=now)
    if step is None:
        raise CodeRefused("not a code of this app")
    codes = recovery.new_codes()
    accounts.factors.switch_on(
        # The code that was just typed opens nothing any more.
        SecondFactor(user.id, key, now, step),
        _digests(codes, user, accounts.secret),
        line=audit_line(Action.SECOND_FACTOR_ON, by=user.id, at=now, subject=user.id),
        lang=lang,
    )
    return codes


def new_recovery_codes(
    accounts: Accounts, user: User, *, attempt: Attempt, now: datetime, lang: str
) -> tuple[str, ...]:
    """New codes in place of all that were left. Raises as `switch_on`, or FactorMissing."""
    _check_is_owner(accounts, user, attempt, now=now)
    codes = recovery.new_codes()
    line = audit_line(Action.RECOVERY_CODES_MADE, by=user.id, at=now, subject=user.id)
    digests = _digests(codes, user, accounts.secret)
    if not accounts.factors.replace_codes(user.id, digests, line=line, lang=lang):
        raise FactorMissing("the account has no second factor")
    return codes


def switch_off(
    accounts: Accounts, user: User, *, attempt: Attempt, now: datetime, lang: str
) -> None:
    """Sign in by password alone from now on. Raises as `switch_on`, or FactorMissing."""
    _check_is_owner(accounts, user, attempt, now=now)
    line = audit_line(Action.SECOND_FACTOR_OFF, by=user.id, at=now, subject=user.id)
    if not accounts.factors.switch_off(user.id, line=line, lang=lang):
        raise FactorMissing("the account has no second factor")


def take_away(
    factors: SecondFactorStore, user_id: str, *, by: str, now: datetime, lang: str
) -> None:
    """Help somebody who lost their phone. by: account id, or "" for the operator.

    Raises:
        FactorMissing: There is none to take.
    """
    line = audit_line(Action.SECOND_FACTOR_TAKEN, by=by, at=now, subject=user_id)
    if not factors.switch_off(user_id, line=line, lang=lang):
        raise FactorMissing("the account has no second factor")


def _check_is_owner(accounts: Accounts, user: User, attempt: Attempt, *, now: datetime) -> None:
    check_is_owner(accounts.people, user, attempt, secret=accounts.secret, now=now)


def _digests(codes: tuple[str, ...], user: User, secret: bytes) -> list[str]:
    return [recovery.recovery_digest(one, user_id=user.id, secret=secret) for one in codes]
