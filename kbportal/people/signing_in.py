"""Signing in: the password, and then, where the account has a second factor, a code.

Between the two a browser carries a signed note of five minutes that names the account and hangs
on its password. It opens nothing: it only says whose code is awaited.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta

from kbportal.kernel.addresses import fold_address, is_address
from kbportal.people import recovery, throttle
from kbportal.people.accounts import open_session
from kbportal.people.audit import Action, audit_line
from kbportal.people.errors import CodeRefused, HalfWayEnded, SignInRefused
from kbportal.people.keyed import keyed_digest
from kbportal.people.model import SecondFactor, User
from kbportal.people.passwords import decoy_hash, hash_password, is_outdated, is_password
from kbportal.people.ports import PeopleStore, SecondFactorStore
from kbportal.people.signed import read_signed, sign
from kbportal.people.throttle import Attempt
from kbportal.people.totp import step_of

HALF_WAY = timedelta(minutes=5)
_PURPOSE = "half-way"


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A new session: ``token`` and ``device`` go into cookies, neither is kept by us."""

    user: User
    token: str
    device: str


@dataclass(frozen=True, slots=True)
class CodeAsked:
    """The password was right and a code is needed; ``half_way`` goes into a cookie."""

    half_way: str


@dataclass(frozen=True, slots=True)
class CodeAttempt:
    """Somebody with the right password. code: as typed; address and device as in `Attempt`."""

    half_way: str
    code: str
    address: str
    device: str | None = None


def sign_in(
    store: PeopleStore,
    factors: SecondFactorStore,
    attempt: Attempt,
    *,
    secret: bytes,
    now: datetime,
) -> SignedIn | CodeAsked:
    """Open a session for the right password, or ask for a code.

    Unknown addresses, disabled accounts and wrong passwords look and last the same, whether or
    not there is a second factor. A right password alone forgives no failure: who has it could
    guess codes without end.

    Raises:
        SignInRefused: and the failure is counted.
        TooManyAttempts: before the password is even looked at.
    """
    keys = throttle.counters(attempt, secret=secret)
    throttle.check_allowed(store, keys, now=now)
    email = fold_address(attempt.email)
    user = store.user_by_email(email) if is_address(email) else None
    password_hash = store.password_hash(user.id) if user else None
    right = is_password(attempt.password, password_hash or decoy_hash())
    if user is None or password_hash is None or user.disabled or not right:
        throttle.note_failure(store, keys, now=now)
        raise SignInRefused("address and password do not open an account")
    if is_outdated(password_hash):
        password_hash = hash_password(attempt.password)
        store.set_password_hash(user.id, password_hash)
    if factors.factor(user.id):
        facts = (user.id, _of_password(password_hash, secret))
        return CodeAsked(sign(_PURPOSE, facts, secret=secret, until=now + HALF_WAY))
    return _let_in(store, user, keys, secret=secret, now=now)


def is_half_way(store: PeopleStore, half_way: str, *, secret: bytes, now: datetime) -> bool:
    """Whether a code is still awaited from this browser."""
    return _whose(store, half_way, secret=secret, now=now) is not None


def give_code(
    store: PeopleStore,
    factors: SecondFactorStore,
    attempt: CodeAttempt,
    *,
    secret: bytes,
    now: datetime,
    lang: str,
) -> SignedIn:
    """Open the session for the right code, or for a recovery code, which is then used up.

    Raises:
        HalfWayEnded: The password has to be given again.
        CodeRefused: and the failure is counted, together with those of passwords.
        TooManyAttempts: before the code is even looked at.
    """
    user = _whose(store, attempt.half_way, secret=secret, now=now)
    factor = factors.factor(user.id) if user else None
    if user is None or factor is None:
        raise HalfWayEnded("the password has to be given again")
    tried = Attempt(user.email, "", attempt.address, attempt.device)
    keys = throttle.counters(tried, secret=secret)
    throttle.check_allowed(store, keys, now=now)
    if not _takes(factors, factor, attempt.code, secret=secret, now=now, lang=lang):
        throttle.note_failure(store, keys, now=now)
        raise CodeRefused("this code opens nothing")
    return _let_in(store, user, keys, secret=secret, now=now)


def _takes(
    factors: SecondFactorStore,
    factor: SecondFactor,
    typed: str,
    *,
    secret: bytes,
    now: datetime,
    lang: str,
) -> bool:
    """Whether the code is right; it is then used up, whoever else gives it at the same moment."""
    code, owner = recovery.plain_code(typed), factor.user_id
    if recovery.is_recovery(code):
        digest = recovery.recovery_digest(code, user_id=owner, secret=secret)
        line = audit_line(Action.RECOVERY_CODE_USED, by=owner, at=now, subject=owner)
        return factors.use_code(owner, digest, line=line, lang=lang)
    step = step_of(factor.secret, code, now=now, after=factor.last_step)
    return step is not None and factors.use_step(owner, step)


def _whose(store: PeopleStore, half_way: str, *, secret: bytes, now: datetime) -> User | None:
    facts = read_signed(_PURPOSE, half_way, secret=secret, now=now)
    if facts is None:
        return None
    user_id, said = facts
    user, password_hash = store.user(user_id), store.password_hash(user_id)
    if user is None or password_hash is None or user.disabled:
        return None
    same = hmac.compare_digest(said, _of_password(password_hash, secret))
    return user if same else None


def _of_password(password_hash: str, secret: bytes) -> str:
    """Tells passwords apart without telling anything of them."""
    return keyed_digest(secret, "half-way", password_hash)


def _let_in(
    store: PeopleStore, user: User, keys: tuple[str, str], *, secret: bytes, now: datetime
) -> SignedIn:
    store.forgive(keys[0])
    token = open_session(store, user, now=now)
    return SignedIn(user, token, throttle.new_device(user.email, secret=secret))
