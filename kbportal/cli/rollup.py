"""`kbportal rollup`: count the days on which the managers' numbers rest."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import click

from kbportal.cli import options
from kbportal.deflection.period import days
from kbportal.kernel.clock import utc_now
from kbportal.wiring import open_database, open_reports


@click.command()
@click.option("--from", "first", type=click.DateTime(["%Y-%m-%d"]), help="First day.")
@click.option("--to", "last", type=click.DateTime(["%Y-%m-%d"]), help="Last day, included.")
@click.option("--rebuild", is_flag=True, help="Count every day again, not only what has changed.")
@options.as_json
def rollup(first: datetime | None, last: datetime | None, rebuild: bool, **given: Any) -> None:
    """Count what each day came to, where events have arrived since it was counted.

    The server does this by itself; twice is as good as once. Without days, all are looked at
    whose events are kept.

    \b
    Example:
        kbportal rollup --rebuild
    """
    settings, now = options.settings_with(), utc_now()
    end = last.date() if last else now.date()
    start = first.date() if first else end - timedelta(days=settings.retention_d)
    if start > end:
        raise click.UsageError(f"--from {start} is later than --to {end}")
    stores = open_database(settings)
    try:
        ledger = open_reports(settings, stores).ledger
        count = ledger.rebuild if rebuild else ledger.refresh
        counted = count(days(start, end), now=now)
    finally:
        stores.close()
    if given["as_json"]:
        options.print_json({"from": str(start), "to": str(end), "days_counted": counted})
    else:
        click.echo(f"{counted} days counted.")
