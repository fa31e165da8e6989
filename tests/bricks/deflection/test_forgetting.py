"""Facts outlive their events, but nothing in them leads to anybody any more."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
from hypothesis import given, settings

from kbportal.deflection.facts.day import DayFacts, from_bytes, to_bytes
from kbportal.deflection.facts.forgetting import VISITORS, forgotten
from kbportal.deflection.model import Windows
from kbportal.deflection.period import days
from kbportal.deflection.reading.roll_up import roll_up_from
from kbportal.deflection.reading.source import EventList
from kbportal.deflection.report import as_json, report
from kbportal.events.catalog import Event
from tests.bricks.deflection.logs import LOGS
from tests.builders import NOON, an_event

DAY = NOON.date()
PERIOD = days(DAY, DAY + timedelta(days=12))
NOW = NOON + timedelta(days=60)
KEY = b"k" * 32


def facts_of(log: list[Event]) -> list[DayFacts]:
    source = EventList(log)
    return [
        roll_up_from(source, day=day, windows=Windows(), staff=frozenset(), now=NOW)
        for day in PERIOD.days
    ]


def numbers_of(facts: list[DayFacts]) -> set[int]:
    columns = (
        values
        for one in facts
        for table in one.tables.values()
        for name, values in table.items()
        if name in VISITORS
    )
    return {int(one) for one in np.concatenate(list(columns))} - {0}


@given(LOGS)
@settings(max_examples=60, deadline=None)
def test_every_number_stays_what_it_was_but_queries_are_not_told(log: list[Event]) -> None:
    facts = facts_of(log)

    kept = [from_bytes(to_bytes(one)) for one in forgotten(facts, key=KEY)]

    before, after = (as_json(report(one, period=PERIOD, now=NOW)) for one in (facts, kept))
    assert (after.pop("queries"), after.pop("queries_total")) == ([], 0)
    assert {row.pop("found_for") for row in after["articles"]} <= {()}
    del before["queries"], before["queries_total"]
    for row in before["articles"]:
        del row["found_for"]
    assert after == before


@given(LOGS)
@settings(max_examples=60, deadline=None)
def test_no_number_of_a_visitor_and_no_text_is_left(log: list[Event]) -> None:
    facts = facts_of(log)

    kept = forgotten(facts, key=KEY)

    assert len(numbers_of(kept)) == len(numbers_of(facts))
    assert not numbers_of(kept) & numbers_of(facts)
    assert not numbers_of(kept) & numbers_of(forgotten(facts, key=b"another" * 4))
    assert not any(one.texts for one in kept)


def test_forgotten_and_known_days_are_reported_together() -> None:
    later = timedelta(days=3)
    facts = facts_of([an_event("search"), an_event("search", after=later, query_norm="invoice")])

    made = report([*forgotten(facts[:2], key=KEY), *facts[2:]], period=PERIOD, now=NOW)

    assert made.metrics["zero_result_rate"].n == 2
    assert [(row.query, row.searches) for row in made.queries] == [("invoice", 1)]
