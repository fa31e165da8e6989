"""Passwords: which are good enough, and how they are kept (argon2id).

Twelve characters or more, nothing about their kinds: length is what helps. Refused is what is
guessed first. ``common_passwords.txt`` holds a few hundred base words, not a leaked collection;
comparing with digits, signs, letter swaps and repetition taken out makes each of them stand for
its thousands of variants.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from kbportal.kernel.text import fold
from kbportal.people.errors import PasswordRefused

MIN_LENGTH, MAX_LENGTH = 12, 1024
FEWEST_DIFFERENT = 5
"""A password of fewer different characters is one key held down, or nearly."""

_SWAPS = str.maketrans("013457@$!|+", "oleastasiit")
_WALKS = (
    "abcdefghijklmnopqrstuvwxyz", "01234567890123456789", "qwertyuiop", "qwertzuiop",
    "asdfghjkl", "yxcvbnm", "zxcvbnm", "azertyuiop", "qsdfghjklm", "1qaz2wsx3edc4rfv5tgb6yhn",
    "1q2w3e4r5t6z7u8i9o0p", "1q2w3e4r5t6y7u8i9o0p", "qazwsxedcrfvtgbyhn",
)  # fmt: skip
_hasher = PasswordHasher()


def hash_password(password: str) -> str:
    """The argon2id hash, with its salt and cost in it."""
    return _hasher.hash(password)


def is_password(password: str, password_hash: str) -> bool:
    """Whether the password made that hash; takes equally long for right and wrong."""
    if len(password) > MAX_LENGTH:
        return False
    try:
        return _hasher.verify(password_hash, password)
    except (VerificationError, InvalidHashError, UnicodeEncodeError):
        return False


def is_outdated(password_hash: str) -> bool:
    """Whether the hash was made at a lower cost than is usual now."""
    return _hasher.check_needs_rehash(password_hash)


@cache
def decoy_hash() -> str:
    """A hash to verify against where there is no account, so that it takes equally long."""
    return hash_password("nobody has this as a password")


def check_password(password: str, *, about: tuple[str, ...] = ()) -> None:
    """Refuse a password that is too short, too long or guessed first.

    Args:
        about: The person's address and name, of which a password must not be made.

    Raises:
        PasswordRefused: with ``problem``: too_short, too_long, common or personal.
    """
    if len(password) < MIN_LENGTH:
        raise PasswordRefused("the password is too short", problem="too_short")
    if len(password) > MAX_LENGTH or not password.isprintable():
        raise PasswordRefused("the password cannot be used", problem="too_long")
    if _is_common(password):
        raise PasswordRefused("the password is among the first guessed", problem="common")
    if _is_made_of(_letters(password), _personal(about)):
        raise PasswordRefused("the password is the person's own name", problem="personal")


def _is_common(password: str) -> bool:
    plain = fold(password)
    if len(set(plain)) < FEWEST_DIFFERENT or _is_walk(plain):
        return True
    candidates = {_letters(password), _letters(password.strip("0123456789!?.-_#*$@+ "))}
    candidates.add("".join(char for char in plain if char.isalpha()))
    return any(_is_made_of(candidate, _common()) for candidate in candidates)


def _letters(password: str) -> str:
    """Lower-case letters only, with digits that stand for letters read as such."""
    return "".join(char for char in fold(password).translate(_SWAPS) if char.isalpha())


def _is_made_of(letters: str, words: frozenset[str]) -> bool:
    """Whether the letters are one to three of the words and nothing else (also one repeated)."""
    reached = {0}
    for _ in range(3):
        reached = {
            start + len(word)
            for start in reached
            for word in words
            if letters.startswith(word, start)
        }
        if len(letters) in reached and letters:
            return True
    return not letters


def _is_walk(plain: str) -> bool:
    """Whether it follows rows of the keyboard, the alphabet or the digits in runs of 4 and more."""
    rows = [row for walk in _WALKS for row in (walk, walk[::-1])]
    at = 0
    while at < len(plain):
        length = max((_run(plain, at, row) for row in rows), default=0)
        if length < 4:
            return len(plain) - at <= 2 and at >= 8
        at += length
    return True


def _run(plain: str, at: int, row: str) -> int:
    """How many characters from ``at`` on stand in the row in this order."""
    length = 0
    while at + length < len(plain) and plain[at : at + length + 1] in row:
        length += 1
    return length


def _personal(about: tuple[str, ...]) -> frozenset[str]:
    words = {word for text in about for word in _split(text)}
    whole = {_letters(text.partition("@")[0]) for text in about}
    return frozenset(word for word in words | whole if len(word) >= 3)


def _split(text: str) -> list[str]:
    apart = "".join(char if char.isalnum() else " " for char in text)
    return [_letters(word) for word in apart.split()]


@cache
def _common() -> frozenset[str]:
    lines = files("kbportal.people").joinpath("common_passwords.txt").read_text(encoding="utf-8")
    words = (line.strip() for line in lines.splitlines() if not line.startswith("#"))
    return frozenset(_letters(word) for word in words if word)
