"""`kbportal keys`: keys of the JSON API."""

from __future__ import annotations

import re

import click

from kbportal.cli import options
from kbportal.kernel.clock import utc_now
from kbportal.people import api_keys
from kbportal.people.audit import Action, audit_line
from kbportal.settings import Settings
from kbportal.wiring import open_database

_ALLOWANCE = re.compile(r"([0-9]{1,9})(?:/min)?")


def _allowance(_ctx: click.Context, _option: click.Parameter, value: str) -> int:
    match = _ALLOWANCE.fullmatch(value)
    if match is None:
        raise click.BadParameter("say it like 600/min")
    return int(match[1])


@click.group()
def keys() -> None:
    """Keys of the JSON API."""


@keys.command()
@click.argument("name")
@click.option("--limit", callback=_allowance, default="600/min", show_default=True,
              help="Calls a minute, of any kind.")  # fmt: skip
@click.option("--insights", is_flag=True, help="Let it read the managers' numbers.")
def add(name: str, limit: int, insights: bool) -> None:
    """Make a key and print it, this once.

    \b
    Example:
        kbportal keys add app --limit 1200/min
    """
    settings, rights = options.settings_with(), (api_keys.INSIGHTS,) if insights else ()
    key = api_keys.add_key(settings.instance, name, per_minute=limit, now=utc_now(), rights=rights)
    click.echo(key)
    _note(settings, Action.KEY_MADE, name, after=" ".join((f"{limit}/min", *rights)))


@keys.command(name="list")
@options.as_json
def list_keys(as_json: bool) -> None:
    """Show what keys there are, though not the keys themselves.

    \b
    Example:
        kbportal keys list
    """
    found = api_keys.read_keys(options.settings_with().instance)
    if as_json:
        rows = [
            {"name": k.name, "per_minute": k.per_minute, "made": k.made, "rights": list(k.rights)}
            for k in found
        ]
        options.print_json(rows)
        return
    for one in found:
        may = f"  may read {', '.join(one.rights)}" if one.rights else ""
        click.echo(f"{one.name}  {one.per_minute}/min  made {one.made[:10]}{may}")


@keys.command()
@click.argument("name")
def remove(name: str) -> None:
    """Take a key away.

    \b
    Example:
        kbportal keys remove app
    """
    settings = options.settings_with()
    api_keys.remove_key(settings.instance, name)
    click.echo(f"{name} has no key any more.")
    _note(settings, Action.KEY_REMOVED, name)


def _note(settings: Settings, action: Action, name: str, *, after: str = "") -> None:
    """Keep a line about a key, which is a file and good whether or not there is a database."""
    stores = open_database(settings)
    try:
        stores.audit.add(audit_line(action, by="", at=utc_now(), subject=name, after=after))
    finally:
        stores.close()
