"""The weekly letter: its numbers with their doubt, in the reader's language."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date

from kbportal.mail.digest import Digest, Figure, Missing, as_facts, digest_of
from kbportal.mail.digest_words import INSIGHTS
from kbportal.mail.words import Written, write
from tests.hostile import hostile_texts
from tests.mailing import HOUSE

RATE = Figure("confirmed_deflection_rate", 0.072, 0.054, 0.1, 624, 0.083, "share")
AVOIDED = Figure("causal_tickets_avoided", None, None, None, 0, None, "count")
SAVED = Figure("savings", 360.4, 271.0, 475.0, 624, 552.0, "money")
TOLD = Digest(
    date(2026, 2, 2), date(2026, 3, 1), "EUR", (RATE, AVOIDED, SAVED),
    missing=(Missing("dark mode", 32),),
)  # fmt: skip
LINK = "https://help.acme.example/insights/"


def written(told: Digest = TOLD, lang: str = "en") -> Written:
    return write(told, lang=lang, links={INSIGHTS: LINK}, house=HOUSE)


def test_each_number_has_its_interval_its_n_and_what_it_was_before():
    text = written().text

    assert "Confirmed deflection: 7.2%\n  95 % interval: 5.4% to 10% · n = 624" in text
    assert "28 days before: 8.3%" in text


def test_what_is_not_known_is_said_to_be_so():
    assert "Tickets avoided, measured: Not enough data yet" in written().text


def test_what_is_missing_and_the_page_are_named():
    text = written().text

    assert "  dark mode (32)" in text
    assert LINK in text.splitlines()
    assert "You can stop them on that page." in text
    assert "Please write on the page above" not in text


def test_a_rise_that_was_bought_dearly_is_no_success():
    assert "Taken back" in written(replace(TOLD, worse=("take_back_rate",))).text
    assert "This is no success yet" not in written().text


def test_it_speaks_the_readers_language_and_writes_numbers_so():
    letter = written(lang="sk")

    assert letter.subject.startswith("Ako si viedla samoobsluha")
    assert "7,2" in letter.text
    assert "2. februára 2026" in letter.text


def test_savings_say_what_they_rest_on():
    assert "Savings, confirmed only" in written().text
    assert "Savings, measured" in written(replace(TOLD, measured=True)).text


def test_it_survives_being_kept():
    assert digest_of(json.loads(json.dumps(as_facts(TOLD)))) == TOLD


def test_no_query_can_add_a_line():
    for evil in (*hostile_texts(40, seed=1), "a\nb", "a\r\nBcc: x", "a\u2028b"):
        text = written(replace(TOLD, missing=(Missing(evil, 1),))).text
        quoted = text.partition("do not find:\n")[2].partition("\n\n")[0]
        assert len(quoted.splitlines()) == 1
