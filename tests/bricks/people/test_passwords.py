from __future__ import annotations

import pytest

from kbportal.people.errors import PasswordRefused
from kbportal.people.passwords import check_password, hash_password, is_password

ABOUT = ("jana.novakova@example.com", "Jana Nováková")


@pytest.mark.parametrize(
    ("password", "problem"),
    [
        ("short-one", "too_short"),
        ("x" * 1025, "too_long"),
        ("password1234", "common"),
        ("P@ssw0rd!2024", "common"),
        ("qwertyuiop12", "common"),
        ("1q2w3e4r5t6y", "common"),
        ("aaaaaaaaaaaa", "common"),
        ("123456789012", "common"),
        ("MojeHeslo2024", "common"),
        ("adminadminadmin", "common"),
        ("Salasana12345", "common"),
        ("jana.novakova", "personal"),
        ("NovakovaJana99", "personal"),
    ],
)
def test_what_is_guessed_first_is_refused(password: str, problem: str) -> None:
    with pytest.raises(PasswordRefused) as caught:
        check_password(password, about=ABOUT)

    assert caught.value.facts["problem"] == problem


@pytest.mark.parametrize(
    "password",
    [
        "tanko-valley-brisk",
        "Xk9#mmQ2pLw!",
        "zelený vlak o piatej",
        "a-long-Enough-secret",
        "ž" * 3 + "uvíkroť-hop",
    ],
)
def test_length_is_enough_without_rules_on_kinds_of_characters(password: str) -> None:
    check_password(password, about=ABOUT)


def test_a_hash_is_argon2id_and_opens_for_its_password_only() -> None:
    made = hash_password("tanko-valley-brisk")

    assert made.startswith("$argon2id$")
    assert is_password("tanko-valley-brisk", made)
    assert not is_password("tanko-valley-brisK", made)


def test_a_damaged_hash_opens_for_nobody() -> None:
    assert not is_password("tanko-valley-brisk", "not a hash")
