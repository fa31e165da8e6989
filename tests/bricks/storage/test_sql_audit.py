from __future__ import annotations

from datetime import timedelta

import pytest

from kbportal.people.audit import LONGEST, Action, AuditLine, audit_line
from kbportal.storage import Stores
from tests.builders import NOON


def lines(count: int) -> list[AuditLine]:
    return [
        AuditLine(f"{n:032x}", NOON + timedelta(minutes=n), "u1", Action.ROLE_CHANGED, f"u{n}")
        for n in range(count)
    ]


def test_lines_come_back_the_newest_first_and_page_by_page(stores: Stores) -> None:
    for line in (kept := lines(5)):
        stores.audit.add(line)

    first = stores.audit.page(limit=3)
    second = stores.audit.page(limit=3, before=first.older)

    assert [*first.lines, *second.lines] == kept[::-1]
    assert second.older is None


def test_a_decision_and_its_line_are_kept_together_or_not_at_all(
    stores: Stores, database_url: str
) -> None:
    line = lines(1)[0]
    stores.audit.add(line)

    with pytest.raises(Exception, match=r"(?i)unique"):
        stores.switches.set_switch("holdout", "on 10", line)

    assert stores.switches.switch("holdout") is None


def test_the_last_decision_counts(stores: Stores) -> None:
    for value, line in zip(("on 10", "off 10"), lines(2), strict=True):
        stores.switches.set_switch("holdout", value, line)

    assert stores.switches.switch("holdout") == "off 10"
    assert len(stores.audit.page().lines) == 2


def test_a_line_cuts_what_is_too_long_for_one() -> None:
    line = audit_line(Action.TEST_WON, by="u1", at=NOON, subject="x" * 999, after="y" * 999)

    assert len(line.subject) == len(line.after) == LONGEST
