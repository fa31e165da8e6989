"""Keeping people out of the log: texts are scrubbed, persons become keyed hashes.

Everything here takes time in proportion to the length of the text, whatever it holds.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from typing import Literal

UaClass = Literal["browser", "bot", "tool"]

EMAIL, PHONE, CARD, IBAN = "[email]", "[phone]", "[card]", "[iban]"

_WORD = re.compile(r"\S+")
_DIGITS = re.compile(r"[+(]{0,2}\d[\d \-./()\u00a0]*")
_IBAN = re.compile(r"\b[A-Za-z]{2}\d{2}(?:[ \u00a0]?[A-Za-z0-9]){11,30}")
_AFTER_IBAN = re.compile(r"[A-Za-z0-9]")

# Length of an account number by its country (the registry of ISO 13616).
_IBAN_LENGTHS = {
    country: int(length)
    for length, countries in (
        ("15", "NO"),
        ("16", "BE"),
        ("18", "DK FI FO GL NL"),
        ("19", "MK SI"),
        ("20", "AT BA EE KZ LT LU XK"),
        ("21", "CH HR LI LV"),
        ("22", "BG BH DE GB GE IE ME RS VA"),
        ("23", "AE GI IL IQ TL"),
        ("24", "AD CZ ES MD PK RO SA SE SK TN VG"),
        ("25", "LY PT ST"),
        ("26", "IS TR"),
        ("27", "BI DJ FR GR IT MC MR SM"),
        ("28", "AL AZ BY CY DO GT HU LB NI PL SV"),
        ("29", "BR EG PS QA UA"),
        ("30", "JO KW MU YE"),
        ("31", "MT SC"),
        ("32", "LC"),
    )
    for country in countries.split()
}

_BOT_MARKS = (
    "bot", "crawl", "spider", "slurp", "facebookexternalhit", "embedly", "preview",
    "archiver", "mediapartners", "feedfetcher", "pingdom", "uptime", "lighthouse",
)  # fmt: skip
_TOOL_MARKS = (
    "curl", "wget", "python", "httpx", "aiohttp", "go-http-client", "java/", "okhttp", "libwww",
    "axios", "node-fetch", "undici", "postman", "insomnia", "powershell", "ruby", "php", "werkzeug",
)  # fmt: skip
_NOT_BOTS = ("cubot",)  # a make of telephones


def scrub(text: str) -> str:
    """Text with e-mail addresses, IBANs, card and telephone numbers replaced by their kind.

    Also takes out other runs of nine and more digits: better a lost order number than a kept
    telephone number.
    """
    text = _WORD.sub(_scrub_word, text)
    text = _IBAN.sub(_scrub_iban, text)
    return _DIGITS.sub(_scrub_digits, text)


def person_key(email: str, *, key: bytes) -> str:
    """A keyed hash (32 hexadecimal digits) that stands for the person with that address."""
    return hmac.new(
        key, email.strip().casefold().encode("utf-8", "surrogatepass"), hashlib.sha256
    ).hexdigest()[:32]


def ua_class(user_agent: str) -> UaClass:
    """Whether a User-Agent header names a crawler, a tool or, as far as one can see, a browser."""
    agent = user_agent[:512].lower()
    for brand in _NOT_BOTS:
        agent = agent.replace(brand, "")
    if any(mark in agent for mark in _BOT_MARKS):
        return "bot"
    if not agent.strip() or any(mark in agent for mark in _TOOL_MARKS):
        return "tool"
    return "browser"


def _scrub_word(match: re.Match[str]) -> str:
    word = match.group()
    local, _, domain = word.replace("＠", "@").partition("@")
    return EMAIL if local.strip("(<[\"'") and domain.strip(")>]\"'.,;") else word


def _scrub_iban(match: re.Match[str]) -> str:
    text = match.group()
    length = _IBAN_LENGTHS.get(text[:2].upper())
    if length is None:
        return text
    cut = _position_after(text, length)
    compact = re.sub(r"\s", "", text[:cut]).upper()
    if len(compact) != length or not _is_iban(compact):
        return text
    # What follows within the match belongs to other words, unless it sticks to the number.
    return text if _AFTER_IBAN.match(text, cut) else IBAN + text[cut:]


def _position_after(text: str, characters: int) -> int:
    """Where in the text its first so many non-space characters end."""
    seen = 0
    for at, char in enumerate(text, 1):
        seen += not char.isspace()
        if seen == characters:
            return at
    return len(text)


def _is_iban(compact: str) -> bool:
    if not compact.isascii():
        return False
    return int("".join(str(int(char, 36)) for char in compact[4:] + compact[:4])) % 97 == 1


def _scrub_digits(match: re.Match[str]) -> str:
    run = match.group()
    body = run.rstrip(" -./(\u00a0")
    digits = [int(char) for char in body if char.isdecimal()]
    kind = _kind_of_number(body, digits)
    return kind + run[len(body) :] if kind else run


def _kind_of_number(body: str, digits: list[int]) -> str | None:
    if 13 <= len(digits) <= 19 and _passes_luhn(digits):
        return CARD
    if len(digits) >= 9:
        return PHONE
    if len(digits) >= 7 and (body[0] in "+(0" or (len(digits) == 7 and "-" in body)):
        return PHONE
    return None


def _passes_luhn(digits: list[int]) -> bool:
    doubled = (digit * 2 - 9 * (digit > 4) for digit in digits[-2::-2])
    return (sum(digits[-1::-2]) + sum(doubled)) % 10 == 0
