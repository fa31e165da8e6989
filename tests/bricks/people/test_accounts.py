from __future__ import annotations

from datetime import timedelta

import pytest

from kbportal.people import accounts, invitations
from kbportal.people.errors import (
    AddressRefused,
    AddressTaken,
    InvitationRefused,
    LastAdmin,
    PasswordRefused,
    SignInRefused,
    TooManyAttempts,
)
from kbportal.people.model import Role, User
from kbportal.people.ports import PeopleStore
from kbportal.people.signing_in import SignedIn, sign_in
from kbportal.people.throttle import Attempt
from tests.builders import NOON

SECRET = b"a key of the portal"
PASSWORD = "tanko-valley-brisk"


class NobodysFactors:
    """Second factors of accounts that have none: all that signing in asks."""

    def factor(self, user_id: str) -> None:
        return None


def _add(store: PeopleStore, email: str = "jana@example.com", role: Role = Role.ADMIN) -> User:
    return accounts.add_user(
        store, user_id=email[:8], email=email, name="Jana", role=role, password=PASSWORD, now=NOON
    )


def _sign_in(
    store: PeopleStore,
    *,
    email: str = "jana@example.com",
    password: str = PASSWORD,
    address: str = "192.0.2.1",
    device: str | None = None,
    after: timedelta = timedelta(),
) -> SignedIn:
    attempt = Attempt(email, password, address, device)
    found = sign_in(store, NobodysFactors(), attempt, secret=SECRET, now=NOON + after)  # type: ignore[arg-type]
    assert isinstance(found, SignedIn)
    return found


def _fail(store: PeopleStore, times: int, **facts: object) -> None:
    for _ in range(times):
        with pytest.raises(SignInRefused):
            _sign_in(store, **({"password": "wrong"} | facts))  # type: ignore[arg-type]


def test_the_right_password_opens_a_session(people: PeopleStore) -> None:
    user = _add(people)

    signed_in = _sign_in(people, email=" JANA@example.com ")

    assert accounts.current_user(people, signed_in.token, now=NOON) == user


@pytest.mark.parametrize("email", ["jana@example.com", "nobody@example.com", "", "x\ud800"])
def test_wrong_password_and_unknown_address_are_refused_alike(
    people: PeopleStore, email: str
) -> None:
    _add(people)

    with pytest.raises(SignInRefused) as caught:
        _sign_in(people, email=email, password="wrong\ud800")

    assert not caught.value.facts


def test_a_session_ends_when_idle(people: PeopleStore) -> None:
    _add(people)
    token = _sign_in(people).token

    assert accounts.current_user(people, token, now=NOON + timedelta(hours=7))
    assert accounts.current_user(people, token, now=NOON + timedelta(hours=14))
    assert not accounts.current_user(people, token, now=NOON + timedelta(hours=22))


def test_a_session_ends_after_a_week_however_busy(people: PeopleStore) -> None:
    _add(people)
    token = _sign_in(people).token

    seen = [
        accounts.current_user(people, token, now=NOON + timedelta(hours=hours))
        for hours in range(0, 24 * 8, 6)
    ]

    assert [user is not None for user in seen] == [True] * 28 + [False] * 4


def test_signing_out_ends_the_session(people: PeopleStore) -> None:
    _add(people)
    token = _sign_in(people).token

    accounts.sign_out(people, token)

    assert accounts.current_user(people, token, now=NOON) is None


def test_disabling_an_account_ends_its_sessions_and_its_access(people: PeopleStore) -> None:
    _add(people)
    user = _add(people, "petra@example.com", Role.AGENT)
    token = _sign_in(people, email=user.email).token

    accounts.disable(people, user.id)

    assert accounts.current_user(people, token, now=NOON) is None
    _fail(people, 1, email=user.email, password=PASSWORD)


def test_another_role_and_another_password_end_all_sessions(people: PeopleStore) -> None:
    _add(people)
    user = _add(people, "petra@example.com", Role.AGENT)
    tokens = [_sign_in(people, email=user.email).token]
    accounts.set_role(people, user.id, role=Role.MANAGER)
    tokens.append(_sign_in(people, email=user.email).token)
    accounts.set_password(people, user, password="another-long-one")

    assert [accounts.current_user(people, token, now=NOON) for token in tokens] == [None, None]


def test_the_last_administrator_stays(people: PeopleStore) -> None:
    user = _add(people)

    with pytest.raises(LastAdmin):
        accounts.disable(people, user.id)
    with pytest.raises(LastAdmin):
        accounts.set_role(people, user.id, role=Role.AGENT)


def test_five_failures_close_an_account_for_ten_minutes(people: PeopleStore) -> None:
    _add(people)
    _fail(people, 5)

    with pytest.raises(TooManyAttempts) as caught:
        _sign_in(people, address="198.51.100.7")

    assert 0 < int(str(caught.value.facts["retry_after_s"])) <= 601
    assert _sign_in(people, after=timedelta(minutes=11))


def test_a_strangers_guesses_do_not_lock_out_a_known_device(people: PeopleStore) -> None:
    _add(people)
    device = _sign_in(people).device
    _fail(people, 5, address="198.51.100.7")

    assert _sign_in(people, device=device)


def test_a_device_of_another_account_proves_nothing(people: PeopleStore) -> None:
    _add(people)
    _add(people, "petra@example.com", Role.AGENT)
    device = _sign_in(people, email="petra@example.com").device
    _fail(people, 5, address="198.51.100.7")

    with pytest.raises(TooManyAttempts):
        _sign_in(people, device=device)


def test_one_address_cannot_try_many_accounts(people: PeopleStore) -> None:
    _add(people)
    for number in range(20):
        _fail(people, 1, email=f"user{number}@example.com")

    with pytest.raises(TooManyAttempts):
        _sign_in(people)
    assert _sign_in(people, address="198.51.100.7")


def test_an_address_has_one_account(people: PeopleStore) -> None:
    _add(people)

    with pytest.raises(AddressTaken):
        accounts.add_user(
            people, user_id="other", email="Jana@Example.com", name="", role=Role.AGENT,
            password=PASSWORD, now=NOON,
        )  # fmt: skip


def _accept(store: PeopleStore, token: str, **facts: object) -> User:
    whole: dict[str, object] = {
        "user_id": "u1", "email": "jana@example.com", "name": "Jana", "password": PASSWORD,
        "now": NOON,
    }  # fmt: skip
    return invitations.accept(store, token, **(whole | facts))  # type: ignore[arg-type]


def test_the_first_administrator_comes_in_by_a_link_that_works_once(people: PeopleStore) -> None:
    token = invitations.first_admin_token(people, now=NOON)
    assert token

    assert _accept(people, token).role is Role.ADMIN
    assert invitations.first_admin_token(people, now=NOON) is None
    with pytest.raises(InvitationRefused):
        _accept(people, token, user_id="u2", email="eve@example.com")


def test_a_second_printed_link_dies_with_the_first_use(people: PeopleStore) -> None:
    one, other = (invitations.first_admin_token(people, now=NOON) for _ in range(2))
    assert one
    assert other
    _accept(people, one)

    with pytest.raises(InvitationRefused):
        _accept(people, other, user_id="u2", email="eve@example.com")


def test_a_link_expires_after_72_hours(people: PeopleStore) -> None:
    token = invitations.first_admin_token(people, now=NOON)
    assert token

    with pytest.raises(InvitationRefused):
        _accept(people, token, now=NOON + timedelta(hours=72))


def test_a_poor_password_leaves_the_link_good(people: PeopleStore) -> None:
    token = invitations.first_admin_token(people, now=NOON)
    assert token
    with pytest.raises(PasswordRefused):
        _accept(people, token, password="password1234")

    assert _accept(people, token)


def test_an_invitation_is_for_its_address(people: PeopleStore) -> None:
    token = invitations.invite(people, email="Petra@example.com", role=Role.EDITOR, now=NOON)

    with pytest.raises(AddressRefused):
        _accept(people, token, email="eve@example.com")
    assert _accept(people, token, email="petra@EXAMPLE.com").role is Role.EDITOR


def test_putting_an_account_makes_it_or_brings_it_up_to_date(people: PeopleStore) -> None:
    facts = {"user_id": "u1", "email": "Petra@example.com", "name": "Petra", "now": NOON}
    _add(people)
    _, made = accounts.put_user(people, role=Role.AGENT, password=PASSWORD, **facts)  # type: ignore[arg-type]
    accounts.disable(people, "u1")

    user, made_again = accounts.put_user(
        people,
        role=Role.MANAGER,
        password="another-long-one",
        **(facts | {"user_id": "u2"}),  # type: ignore[arg-type]
    )

    assert (made, made_again) == (True, False)
    assert (user.id, user.role, user.disabled) == ("u1", Role.MANAGER, False)
    assert _sign_in(people, email=user.email, password="another-long-one").user == user
