"""`kbportal backup` and `kbportal restore`: a whole portal in one file, and back."""

from __future__ import annotations

from pathlib import Path

import click

from kbportal.backup.manifest import Manifest
from kbportal.cli import options
from kbportal.kernel.clock import utc_now
from kbportal.wiring import make_backup, restore_backup


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@options.as_json
def backup(file: Path, as_json: bool) -> None:
    """Copy database, files, secrets and settings into one file, while the portal serves.

    Articles are not in it: they are files of yours. Keep it safe: it holds what customers wrote.

    \b
    Example:
        kbportal backup /backup/kbportal.tar.gz
    """
    made = make_backup(options.settings_with(), file.absolute(), now=utc_now())
    if as_json:
        options.print_json({"file": str(file), "bytes": file.stat().st_size, **_facts(made)})
        return
    click.echo(f"{file}: {_counted(made)}, {file.stat().st_size:,} bytes.")
    if made.missing:
        click.echo(
            f"kbportal: {len(made.missing)} files that the database names were not there.", err=True
        )


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--replace", is_flag=True, help="Put it in the place of a portal; keeps that aside.")
@options.as_json
def restore(file: Path, replace: bool, as_json: bool) -> None:
    """Verify a backup, then put it in place; stop the portal first.

    \b
    Example:
        kbportal restore /backup/kbportal.tar.gz
    """
    settings = options.settings_with()
    made, aside = restore_backup(settings, file.absolute(), replace=replace, now=utc_now())
    if as_json:
        kept = str(aside) if aside else None
        options.print_json({"instance": str(settings.instance), "aside": kept, **_facts(made)})
        return
    click.echo(f"{settings.instance}: {_counted(made)}, as of {made.made[:16]} UTC.")
    if aside:
        click.echo(f"What was there before is in {aside}.")
    click.echo("Start the portal now; it brings the database up to date and builds the index.")


def _facts(made: Manifest) -> dict[str, object]:
    return {
        "schema": made.schema,
        "made": made.made,
        "tickets": made.tickets,
        "attachments": _attachments(made),
        "missing": list(made.missing),
    }


def _attachments(made: Manifest) -> int:
    return sum("/" in name for name in made.files)


def _counted(made: Manifest) -> str:
    return f"{made.tickets} tickets, {_attachments(made)} files of customers"
