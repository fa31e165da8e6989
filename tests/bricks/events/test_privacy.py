from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kbportal.events.privacy import person_key, scrub, ua_class


@pytest.mark.parametrize(
    ("text", "scrubbed"),
    [
        ("write to jana@example.com.", "write to [email]"),
        ("<jana.novakova+kb@mail.example.sk> asks", "[email] asks"),
        ("call +421 905 123 456 now", "call [phone] now"),
        ("0905/123 456", "[phone]"),
        ("(02) 1234 5678", "[phone]"),
        ("555-1234 is mine", "[phone] is mine"),
        ("card 4111 1111 1111 1111 refused", "card [card] refused"),
        ("4111-1111-1111-1111", "[card]"),
        ("from SK31 1200 0000 1987 4263 7541 please", "from [iban] please"),
        ("de89370400440532013000", "[iban]"),
        ("order 48213 from 2024", "order 48213 from 2024"),
        ("error 0x80070005 on iphone 15", "error 0x80070005 on iphone 15"),
        ("@home with two @ signs", "@home with two @ signs"),
        ("", ""),
    ],
)
def test_personal_data_leaves_and_the_rest_stays(text: str, scrubbed: str) -> None:
    assert scrub(text) == scrubbed


@given(st.text())
def test_scrubbing_twice_changes_nothing_more(text: str) -> None:
    assert scrub(scrub(text)) == scrub(text)


@pytest.mark.parametrize(
    "piece", ["a", "1", "1 ", "@", "a@", "sk31 ", "SK31a", "1-", "+", "(", "(1 ", "\u0661", "- "]
)
def test_a_hostile_text_takes_time_in_proportion(piece: str) -> None:
    text = piece * (100_000 // len(piece))

    started = time.perf_counter()
    scrub(text)

    assert time.perf_counter() - started < 0.5


@pytest.mark.parametrize(
    ("agent", "kind"),
    [
        (
            "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/126.0 Safari/537.36",
            "browser",
        ),
        ("Mozilla/5.0 (Linux; Android 12; CUBOT KINGKONG) Chrome/126.0", "browser"),
        ("Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)", "bot"),
        ("python-requests/2.32", "tool"),
        ("curl/8.5.0", "tool"),
        ("", "tool"),
    ],
)
def test_a_user_agent_is_classed_by_what_it_says(agent: str, kind: str) -> None:
    assert ua_class(agent) == kind


def test_a_persons_key_ignores_case_and_needs_the_secret() -> None:
    assert person_key("Jana@Example.com ", key=b"a") == person_key("jana@example.com", key=b"a")
    assert person_key("jana@example.com", key=b"a") != person_key("jana@example.com", key=b"b")
