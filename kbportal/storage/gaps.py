"""Gaps with what people decided about them, and the latest survey."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from sqlalchemy import delete, insert, select, update

from kbportal.deflection.gaps.model import Gap, State, Survey
from kbportal.deflection.gaps.records import (
    effect_from,
    effect_record,
    evidence_from,
    evidence_record,
    language_from,
)
from kbportal.storage.database import Database
from kbportal.storage.tables import gap_surveys, gaps

_COLUMNS = tuple(gaps.c)
_PLAIN = (
    "id", "lang", "name", "first_seen", "seen", "reason", "article", "changed", "published",
)  # fmt: skip
_DECIDED = ("state", "reason", "article", "changed", "published", "effect")


class SqlGapStore:
    """GapStore on any database that SQLAlchemy speaks to."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def survey(self) -> Survey | None:
        query = select(*gap_surveys.c).order_by(gap_surveys.c.made.desc()).limit(1)
        with self._database.reading() as connection:
            row = connection.execute(query).first()
        if row is None:
            return None
        facts = row.facts
        languages = tuple(language_from(one) for one in facts["languages"])
        return Survey(row.made, row.since, row.until, languages, float(facts["seconds"]))

    def gaps(self) -> tuple[Gap, ...]:
        query = select(*_COLUMNS).order_by(gaps.c.tickets.desc(), gaps.c.people.desc(), gaps.c.id)
        with self._database.reading() as connection:
            return tuple(_gap(row) for row in connection.execute(query))

    def gap(self, gap_id: str) -> Gap | None:
        query = select(*_COLUMNS).where(gaps.c.id == gap_id)
        with self._database.reading() as connection:
            row = connection.execute(query).first()
        return _gap(row) if row else None

    def keep_survey(self, made: Survey, gaps_now: Sequence[Gap]) -> None:
        facts = {"languages": [asdict(one) for one in made.languages], "seconds": made.seconds}
        with self._database.writing() as connection:
            # Nobody decides between what is read here and what is written.
            locked = select(*_COLUMNS).order_by(gaps.c.id).with_for_update()
            standing = {row.id: row for row in connection.execute(locked)}
            connection.execute(delete(gaps))
            rows = [_merged(_row(gap), standing.get(gap.id)) for gap in gaps_now]
            there = {gap.id for gap in gaps_now}
            # Decided on while the survey ran, which knew it as new and did not find it again.
            rows += [
                dict(row._mapping)
                for gap_id, row in standing.items()
                if gap_id not in there and row.state != State.NEW and row.changed > made.made
            ]
            if rows:
                connection.execute(insert(gaps), rows)
            connection.execute(delete(gap_surveys))
            connection.execute(
                insert(gap_surveys).values(
                    made=made.made, since=made.since, until=made.until, facts=facts
                )
            )

    def keep(self, gap: Gap, *, instead_of: Gap) -> bool:
        row = _row(gap)
        with self._database.writing() as connection:
            # Decided by the database in one statement: of two who press at once one is told.
            done = connection.execute(
                update(gaps)
                .where(gaps.c.id == gap.id, gaps.c.state == str(instead_of.state))
                .where(gaps.c.changed.is_not_distinct_from(instead_of.changed))
                .values(**{name: row[name] for name in _DECIDED})
            )
        return done.rowcount == 1


def _merged(row: dict[str, Any], standing: Any) -> dict[str, Any]:
    """What the survey found, with what somebody decided while it ran."""
    if standing is None or standing.changed == row["changed"]:
        return row
    return row | {name: getattr(standing, name) for name in _DECIDED}


def _row(gap: Gap) -> dict[str, Any]:
    evidence = gap.evidence
    return {name: getattr(gap, name) for name in _PLAIN} | {
        "state": str(gap.state),
        "anchors": list(gap.anchors),
        "tickets": evidence.tickets if evidence else 0,
        "people": evidence.people if evidence else 0,
        "evidence": evidence_record(evidence),
        "effect": effect_record(gap.effect),
    }


def _gap(row: Any) -> Gap:
    return Gap(
        **{name: getattr(row, name) for name in _PLAIN},
        state=State(row.state),
        anchors=tuple(row.anchors),
        evidence=evidence_from(row.evidence),
        effect=effect_from(row.effect),
    )
