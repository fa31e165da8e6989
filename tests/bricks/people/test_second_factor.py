"""Signing in by password and code: who comes in, how often one may try, what is told."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pyotp
import pytest

from kbportal.mail.model import Kind, State
from kbportal.people import accounts, second_factor
from kbportal.people.audit import Action
from kbportal.people.errors import (
    CodeRefused,
    FactorMissing,
    HalfWayEnded,
    OfferEnded,
    PasswordWrong,
    SignInRefused,
    TooManyAttempts,
)
from kbportal.people.model import Role, User
from kbportal.people.recovery import recovery_digest
from kbportal.people.second_factor import Accounts
from kbportal.people.signing_in import CodeAsked, CodeAttempt, SignedIn, give_code, sign_in
from kbportal.people.throttle import Attempt
from kbportal.storage import Stores
from tests.builders import NOON

SECRET = b"a key of the portal"
PASSWORD = "tanko-valley-brisk"
AGAIN = Attempt("ann@example.com", PASSWORD, "192.0.2.1")
GUESS = Attempt("ann@example.com", "not this one at all", "192.0.2.1")
LATER = timedelta(minutes=10)
"""Long enough that the code of setting it up is long past."""


@dataclass
class Ann:
    """Somebody with a second factor, an hour after it was set up."""

    stores: Stores
    user: User
    key: str
    codes: tuple[str, ...]

    def code(self, *, at: timedelta = LATER) -> str:
        return pyotp.TOTP(self.key).at(NOON + at)

    def password(
        self, password: str = PASSWORD, *, at: timedelta = LATER, device: str | None = None
    ) -> CodeAsked | SignedIn:
        attempt = Attempt(self.user.email, password, "192.0.2.1", device)
        stores = self.stores
        return sign_in(stores.people, stores.second_factors, attempt, secret=SECRET, now=NOON + at)

    def half_way(self, *, at: timedelta = LATER) -> str:
        asked = self.password(at=at)
        assert isinstance(asked, CodeAsked)
        return asked.half_way

    def give(
        self, code: str, half_way: str | None = None, *, at: timedelta = LATER,
        device: str | None = None,
    ) -> SignedIn:  # fmt: skip
        note = self.half_way(at=at) if half_way is None else half_way
        return give_code(
            self.stores.people, self.stores.second_factors,
            CodeAttempt(note, code, "192.0.2.1", device), secret=SECRET, now=NOON + at, lang="en",
        )  # fmt: skip

    @property
    def accounts(self) -> Accounts:
        return Accounts(self.stores.people, self.stores.second_factors, SECRET)


@pytest.fixture
def ann(stores: Stores) -> Ann:
    user = accounts.add_user(
        stores.people, user_id="u1", email="ann@example.com", name="Ann", role=Role.AGENT,
        password=PASSWORD, now=NOON,
    )  # fmt: skip
    key = second_factor.offer(user, secret=SECRET, now=NOON).key
    codes = second_factor.switch_on(
        Accounts(stores.people, stores.second_factors, SECRET), user,
        key=key, attempt=AGAIN, code=pyotp.TOTP(key).at(NOON), now=NOON, lang="en",
    )  # fmt: skip
    return Ann(stores, user, key, codes)


def wrong(ann: Ann) -> str:
    """Six digits that are no code of these minutes."""
    near = {ann.code(at=LATER + timedelta(seconds=30 * step)) for step in range(-1, 2)}
    return next(code for code in ("000000", "111111", "222222", "333333") if code not in near)


def test_the_password_alone_opens_nothing(ann: Ann) -> None:
    asked = ann.password()

    assert isinstance(asked, CodeAsked)
    assert not accounts.current_user(ann.stores.people, asked.half_way, now=NOON + LATER)


def test_password_and_code_open_a_session(ann: Ann) -> None:
    signed_in = ann.give(ann.code())

    assert accounts.current_user(ann.stores.people, signed_in.token, now=NOON + LATER) == ann.user


def test_a_wrong_password_is_refused_as_anywhere(ann: Ann) -> None:
    with pytest.raises(SignInRefused):
        ann.password("not this one at all")


def test_a_code_is_taken_once(ann: Ann) -> None:
    ann.give(ann.code())

    with pytest.raises(CodeRefused):
        ann.give(ann.code())


def test_after_a_code_no_earlier_one_is_taken(ann: Ann) -> None:
    ann.give(ann.code(at=LATER + timedelta(seconds=30)))

    with pytest.raises(CodeRefused):
        ann.give(ann.code())


def test_the_code_that_switched_it_on_opens_nothing(ann: Ann) -> None:
    with pytest.raises(CodeRefused):
        ann.give(ann.code(at=timedelta()), at=timedelta())


def test_of_many_who_give_one_code_at_once_one_comes_in(ann: Ann) -> None:
    note = ann.half_way()

    def attempt(_: int) -> bool:
        try:
            ann.give(ann.code(), note)
        except (CodeRefused, TooManyAttempts):
            return False
        return True

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(attempt, range(4))) == 1


def test_a_recovery_code_works_once_and_is_told(ann: Ann) -> None:
    ann.give(ann.codes[0])

    assert ann.stores.second_factors.codes_left("u1") == 9
    assert acts(ann)[0] == (Action.RECOVERY_CODE_USED, "u1", "u1")
    with pytest.raises(CodeRefused):
        ann.give(ann.codes[0])


@pytest.mark.sqlite
def test_what_is_kept_of_recovery_codes_is_digests(ann: Ann, tmp_path: Path) -> None:
    kept = b"".join(path.read_bytes() for path in tmp_path.glob("kbportal.sqlite*"))
    digest = recovery_digest(ann.codes[0], user_id="u1", secret=SECRET)

    assert digest.encode() in kept
    for code in ann.codes:
        assert code.encode() not in kept
        assert code.replace("-", "").encode() not in kept


def test_five_wrong_codes_close_the_account_however_often_the_password_is_right(ann: Ann) -> None:
    for _ in range(5):
        with pytest.raises(CodeRefused):
            ann.give(wrong(ann))

    with pytest.raises(TooManyAttempts):
        ann.password()
    assert isinstance(ann.password(at=LATER * 2 + timedelta(minutes=1)), CodeAsked)


def test_a_right_code_has_to_wait_as_well(ann: Ann) -> None:
    note = ann.half_way()
    for _ in range(5):
        with pytest.raises(CodeRefused):
            ann.give(wrong(ann), note)

    with pytest.raises(TooManyAttempts):
        ann.give(ann.code(), note)


def test_wrong_passwords_and_wrong_codes_count_together(ann: Ann) -> None:
    note = ann.half_way()
    for _ in range(3):
        with pytest.raises(SignInRefused):
            ann.password("not this one at all")
    for _ in range(2):
        with pytest.raises(CodeRefused):
            ann.give(wrong(ann), note)

    with pytest.raises(TooManyAttempts):
        ann.give(ann.code(), note)


def test_a_strangers_guesses_do_not_lock_out_a_known_device(ann: Ann) -> None:
    device = ann.give(ann.code()).device
    next_code = LATER + timedelta(minutes=1)
    for _ in range(5):
        with pytest.raises(CodeRefused):
            ann.give("000000", at=LATER)

    asked = ann.password(at=next_code, device=device)
    assert isinstance(asked, CodeAsked)
    assert ann.give(ann.code(at=next_code), asked.half_way, at=next_code, device=device)


@pytest.mark.parametrize("note", ["", "x", "u1", "WzE3ODAwMDAwMDAsInUxIl0.x"])
def test_a_note_that_is_not_ours_asks_for_the_password(ann: Ann, note: str) -> None:
    with pytest.raises(HalfWayEnded):
        ann.give(ann.code(), note)


def test_the_note_holds_for_five_minutes(ann: Ann) -> None:
    note = ann.half_way()
    at = LATER + timedelta(minutes=5)

    with pytest.raises(HalfWayEnded):
        ann.give(ann.code(at=at), note, at=at)


def set_password(ann: Ann) -> None:
    accounts.set_password(ann.stores.people, ann.user, password="another-long-one")


def shut(ann: Ann) -> None:
    ann.stores.people.set_disabled("u1", True)


def take_away(ann: Ann) -> None:
    second_factor.take_away(ann.stores.second_factors, "u1", by="", now=NOON, lang="en")


@pytest.mark.parametrize("change", [set_password, shut, take_away])
def test_the_note_dies_with_what_it_hangs_on(ann: Ann, change) -> None:  # type: ignore[no-untyped-def]
    note = ann.half_way()
    change(ann)

    with pytest.raises(HalfWayEnded):
        ann.give(ann.code(), note)


@contextmanager
def sessions_ended(ann: Ann) -> Iterator[None]:
    """A session from before is dead afterwards, and one act and one letter tell of it."""
    token = accounts.open_session(ann.stores.people, ann.user, now=NOON)
    before = len(acts(ann))
    yield
    assert accounts.current_user(ann.stores.people, token, now=NOON) is None
    assert len(acts(ann)) == before + 1


def acts(ann: Ann) -> list[tuple[Action, str, str]]:
    return [(one.action, one.by, one.subject) for one in ann.stores.audit.page().lines]


def next_letters(ann: Ann, *, at: datetime = NOON + LATER) -> list[Kind]:
    """The letters that go at a moment, and went."""
    found = []
    while letter := ann.stores.outbox.claim(sender="me", now=at):
        assert ann.stores.outbox.handing(letter)
        ann.stores.outbox.settle(letter, State.SENT, now=at)
        found.append(letter.kind)
    return found


def test_switching_on_leaves_a_line_and_writes_to_the_owner(ann: Ann) -> None:
    assert acts(ann) == [(Action.SECOND_FACTOR_ON, "u1", "u1")]
    assert next_letters(ann) == [Kind.FACTOR_ON]


def test_what_was_done_is_told_at_once_however_much_was_told_before(ann: Ann) -> None:
    told = next_letters(ann, at=NOON)
    ann.give(ann.codes[0])

    assert told == [Kind.FACTOR_ON]
    assert next_letters(ann, at=NOON + LATER) == [Kind.CODE_USED]


def test_switching_off_ends_sessions_and_is_told(ann: Ann) -> None:
    with sessions_ended(ann):
        second_factor.switch_off(ann.accounts, ann.user, attempt=AGAIN, now=NOON, lang="en")

    assert isinstance(ann.password(), SignedIn)
    assert ann.stores.second_factors.codes_left("u1") == 0
    # Of one moment in this test, and so in no order.
    assert set(next_letters(ann)) == {Kind.FACTOR_ON, Kind.FACTOR_OFF}


def test_new_recovery_codes_end_the_old_ones_and_all_sessions(ann: Ann) -> None:
    with sessions_ended(ann):
        codes = second_factor.new_recovery_codes(
            ann.accounts, ann.user, attempt=AGAIN, now=NOON, lang="en"
        )

    with pytest.raises(CodeRefused):
        ann.give(ann.codes[0])
    assert ann.give(codes[0])


def test_what_an_administrator_takes_away_ends_sessions_and_names_who_did_it(ann: Ann) -> None:
    with sessions_ended(ann):
        second_factor.take_away(ann.stores.second_factors, "u1", by="admin", now=NOON, lang="en")

    assert acts(ann)[0] == (Action.SECOND_FACTOR_TAKEN, "admin", "u1")
    with pytest.raises(FactorMissing):
        second_factor.take_away(ann.stores.second_factors, "u1", by="", now=NOON, lang="en")


def test_every_change_needs_the_password(ann: Ann) -> None:
    known = {"attempt": GUESS, "now": NOON, "lang": "en"}
    with pytest.raises(PasswordWrong):
        second_factor.switch_off(ann.accounts, ann.user, **known)  # type: ignore[arg-type]
    with pytest.raises(PasswordWrong):
        second_factor.new_recovery_codes(ann.accounts, ann.user, **known)  # type: ignore[arg-type]
    with pytest.raises(PasswordWrong):
        second_factor.switch_on(ann.accounts, ann.user, key=ann.key, code=ann.code(), **known)  # type: ignore[arg-type]

    assert len(acts(ann)) == 1


def test_whoever_uses_an_open_session_does_not_guess_the_password_without_end(ann: Ann) -> None:
    for _ in range(5):
        with pytest.raises(PasswordWrong):
            second_factor.switch_off(ann.accounts, ann.user, attempt=GUESS, now=NOON, lang="en")

    with pytest.raises(TooManyAttempts):
        second_factor.switch_off(ann.accounts, ann.user, attempt=AGAIN, now=NOON, lang="en")
    later = NOON + timedelta(minutes=11)
    second_factor.switch_off(ann.accounts, ann.user, attempt=AGAIN, now=later, lang="en")


def test_it_is_switched_on_by_a_right_code_alone(ann: Ann) -> None:
    second_factor.switch_off(ann.accounts, ann.user, attempt=AGAIN, now=NOON, lang="en")

    with pytest.raises(CodeRefused):
        second_factor.switch_on(
            ann.accounts, ann.user, key=ann.key, attempt=AGAIN, code=wrong(ann),
            now=NOON + LATER, lang="en",
        )  # fmt: skip
    assert ann.stores.second_factors.owners() == frozenset()


def test_a_key_is_offered_to_one_account_for_an_hour(ann: Ann) -> None:
    made = second_factor.offer(ann.user, secret=SECRET, now=NOON)
    other = User("u2", "eve@example.com", "Eve", Role.AGENT, NOON)

    assert second_factor.offered(made.token, ann.user, secret=SECRET, now=NOON) == made
    for user, after in ((other, timedelta()), (ann.user, timedelta(hours=1))):
        with pytest.raises(OfferEnded):
            second_factor.offered(made.token, user, secret=SECRET, now=NOON + after)


def test_no_text_about_it_shows_a_key(ann: Ann) -> None:
    factor = ann.stores.second_factors.factor("u1")
    made = second_factor.offer(ann.user, secret=SECRET, now=NOON)

    assert ann.key not in repr(factor)
    assert made.key not in repr(made)


def test_what_a_person_is_handed_holds_no_key(ann: Ann) -> None:
    document = ann.stores.privacy.person("ann@example.com", key="k").document

    assert document["has_staff_account"]
    assert ann.key not in repr(document)
