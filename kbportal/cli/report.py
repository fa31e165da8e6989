"""`kbportal report`: the deflection report that managers see."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import click

from kbportal.cli import options
from kbportal.deflection.model import Windows
from kbportal.deflection.report import Period, as_json, days, reading_span
from kbportal.deflection.report import report as make_report
from kbportal.kernel.clock import utc_now
from kbportal.settings import Settings
from kbportal.wiring import open_database

_DEFAULT_DAYS = 28


@click.command()
@click.option("--from", "first", type=click.DateTime(["%Y-%m-%d"]), help="First day.")
@click.option("--to", "last", type=click.DateTime(["%Y-%m-%d"]), help="Last day, included.")
@click.option("--lang", help="Only this language.")
@options.as_json
def report(first: datetime | None, last: datetime | None, lang: str | None, **given: Any) -> None:
    """What self-service deflected, every number with its n and its interval.

    \b
    Example:
        kbportal report --from 2026-10-01 --to 2026-10-31 --json
    """
    settings = options.settings_with()
    document = _make(settings, _period(first, last, utc_now().date()), lang)
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


def _make(settings: Settings, period: Period, lang: str | None) -> dict[str, Any]:
    now = utc_now()
    windows = Windows(
        lookback=timedelta(hours=settings.lookback_h),
        horizon=timedelta(hours=settings.horizon_h),
        durability=timedelta(days=settings.durability_d),
    )
    stores = open_database(settings)
    try:
        span = reading_span(period, windows=windows, now=now)
        made = make_report(
            stores.events.read(span.since, span.until),
            period=period,
            now=now,
            windows=windows,
            staff=frozenset(user.id for user in stores.people.users()),
            lang=lang,
            cost_per_ticket=settings.cost_per_ticket,
        )
        return as_json(made)
    finally:
        stores.close()


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
