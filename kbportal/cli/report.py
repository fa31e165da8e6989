"""`kbportal report`: the deflection report that managers see."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import click

from kbportal.cli import options
from kbportal.deflection.document import as_json
from kbportal.deflection.facts.stack import Narrowed
from kbportal.deflection.numbers.guardrails import compared, worse_while_rising
from kbportal.deflection.period import Period, days
from kbportal.kernel.clock import utc_now
from kbportal.settings import Settings
from kbportal.wiring import open_database, open_reports

_DEFAULT_DAYS = 28


@click.command()
@click.option("--from", "first", type=click.DateTime(["%Y-%m-%d"]), help="First day.")
@click.option("--to", "last", type=click.DateTime(["%Y-%m-%d"]), help="Last day, included.")
@click.option("--lang", help="Only this language.")
@click.option("--category", help="Only this category.")
@click.option("--surface", help="Only this surface, such as form or widget.")
@click.option("--arm", help="Only this arm of an experiment, such as holdout:control.")
@options.as_json
def report(
    first: datetime | None,
    last: datetime | None,
    lang: str | None,
    category: str | None,
    surface: str | None,
    arm: str | None,
    **given: Any,
) -> None:
    """What self-service deflected, every number with its n and its interval.

    \b
    Example:
        kbportal report --from 2026-10-01 --to 2026-10-31 --json
    """
    settings = options.settings_with()
    narrowed = Narrowed(lang=lang, category=category, surface=surface, arm=arm)
    document = _make(settings, _period(first, last, utc_now().date()), narrowed)
    if given["as_json"]:
        options.print_json(document)
    else:
        _print(document)


def _period(first: datetime | None, last: datetime | None, today: date) -> Period:
    end = last.date() if last else today
    start = first.date() if first else end - timedelta(days=_DEFAULT_DAYS - 1)
    if start > end:
        raise click.UsageError(f"--from {start} is later than --to {end}")
    return days(start, end)


def _make(settings: Settings, period: Period, narrowed: Narrowed) -> dict[str, Any]:
    """Counted up to this moment, however long that takes."""
    now, before = utc_now(), _before(period)
    stores = open_database(settings)
    try:
        desk = open_reports(settings, stores)
        desk.ledger.refresh(Period(before.since, period.until), now=now)
        made = desk.report(period, now=now, narrowed=narrowed, most_queries=None)
        earlier = desk.report(before, now=now, narrowed=narrowed)
        beside = compared(made, earlier)
        found = [one.id for one in worse_while_rising(beside, earlier)]
        return as_json(beside) | {"warnings": found}
    finally:
        stores.close()


def _before(period: Period) -> Period:
    return Period(period.since - (period.until - period.since), period.since)


def _print(document: dict[str, Any]) -> None:
    click.echo(f"{document['from']} to {document['to']}")
    click.echo("  ".join(f"{name} {count}" for name, count in document["outcomes"].items()))
    for name, metric in document["metrics"].items():
        click.echo(f"{name:<28} {_value(metric)}")


def _value(metric: dict[str, Any]) -> str:
    if metric["value"] is None:
        return f"{metric['status'].replace('_', ' ')} (n = {metric['n']})"
    interval = "" if metric["low"] is None else f"  [{metric['low']} to {metric['high']}]"
    return f"{metric['value']}{interval}  n = {metric['n']}  {metric['status']}"
