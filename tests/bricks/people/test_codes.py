"""Codes of apps and recovery codes, by themselves."""

from __future__ import annotations

import base64
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from kbportal.people import recovery, totp
from kbportal.people.signed import read_signed, sign
from tests.builders import NOON

# RFC 6238, appendix B: the key for SHA-1, and the last six of its eight digits.
RFC_KEY = base64.b32encode(b"12345678901234567890").decode()
RFC_CODES = {
    59: "287082",
    1111111109: "081804",
    1111111111: "050471",
    1234567890: "005924",
    2000000000: "279037",
    20000000000: "353130",
}
SECRET = b"a key of the portal"


def at(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


@pytest.mark.parametrize(("seconds", "code"), RFC_CODES.items())
def test_codes_are_those_of_the_standard(seconds: int, code: str) -> None:
    assert totp.step_of(RFC_KEY, code, now=at(seconds)) == seconds // 30


@pytest.mark.parametrize(("late_s", "good"), [(-60, False), (-30, True), (30, True), (60, False)])
def test_a_clock_may_be_wrong_by_one_step(late_s: int, good: bool) -> None:
    found = totp.step_of(RFC_KEY, "005924", now=at(1234567890 + late_s))

    assert (found is not None) is good


def test_a_code_that_was_taken_is_none_any_more() -> None:
    now = at(1234567890)
    step = totp.step_at(now)

    assert totp.step_of(RFC_KEY, "005924", now=now, after=step - 1) == step
    assert totp.step_of(RFC_KEY, "005924", now=now, after=step) is None


@pytest.mark.parametrize("typed", ["", "5924", "0005924", "00592４", "\ud800", "abcdef", "005 924"])
def test_anything_else_is_no_code(typed: str) -> None:
    assert totp.step_of(RFC_KEY, typed, now=at(1234567890)) is None


def test_an_app_reads_key_account_and_house() -> None:
    key = totp.new_secret()

    url = urlsplit(totp.app_address(key, account="jana@example.com", issuer="Acme: Help & co"))

    assert (url.scheme, url.netloc) == ("otpauth", "totp")
    assert parse_qs(url.query)["secret"] == [key]
    assert parse_qs(url.query)["issuer"] == ["Acme: Help & co"]
    assert len(base64.b32decode(key)) == 20


def test_recovery_codes_are_ten_of_more_than_fifty_bits() -> None:
    codes = recovery.new_codes()

    assert len(set(codes)) == recovery.HOW_MANY == 10
    assert 10**recovery.DIGITS > 2**50
    assert all(recovery.is_recovery(recovery.plain_code(one)) for one in codes)


@pytest.mark.parametrize(
    "typed", ["1234567890123456", "1234 5678 9012 3456 ", "1234–5678-9012‑3456"]
)
def test_a_recovery_code_may_be_typed_in_groups_or_not(typed: str) -> None:
    known = recovery.recovery_digest("1234-5678-9012-3456", user_id="u1", secret=SECRET)

    assert recovery.recovery_digest(typed, user_id="u1", secret=SECRET) == known


def test_the_digest_of_a_recovery_code_needs_the_portals_key_and_its_owner() -> None:
    made = {
        recovery.recovery_digest("1234-5678-9012-3456", user_id=owner, secret=secret)
        for owner in ("u1", "u2")
        for secret in (SECRET, b"another")
    }

    assert len(made) == 4


def test_what_is_signed_holds_for_its_purpose_its_key_and_its_time() -> None:
    text = sign("a", ("u1", "x"), secret=SECRET, until=NOON + timedelta(minutes=5))
    almost = NOON + timedelta(minutes=4, seconds=59)

    assert read_signed("a", text, secret=SECRET, now=almost) == ["u1", "x"]
    assert read_signed("a", text, secret=SECRET, now=NOON + timedelta(minutes=5)) is None
    assert read_signed("b", text, secret=SECRET, now=NOON) is None
    assert read_signed("a", text, secret=b"another", now=NOON) is None
    assert read_signed("a", text[:-1], secret=SECRET, now=NOON) is None
