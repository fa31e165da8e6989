"""`kbportal privacy`: what is too old goes, and what one person may ask for."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kbportal.cli import options
from kbportal.kernel.addresses import fold_address, is_address
from kbportal.kernel.clock import utc_now
from kbportal.kernel.errors import PortalError
from kbportal.people.audit import Action, audit_line
from kbportal.privacy.model import Erased, Swept
from kbportal.privacy.persons import read_person, write_export
from kbportal.privacy.retention import due
from kbportal.privacy.retention import sweep as sweep_now
from kbportal.settings import Settings
from kbportal.wiring import (
    ATTACHMENTS,
    forget_person,
    open_database,
    retention_of,
    retention_places,
)

if TYPE_CHECKING:
    from kbportal.storage import Stores

_WORDS = {
    "events": "events",
    "comments": "readers' comments",
    "failures": "failed sign-ins",
    "letters": "letters that went",
    "drafts": "unsent forms",
    "files": "unsent files",
    "tickets": "finished tickets",
}


@click.group()
def privacy() -> None:
    """How long things are kept, and what one person may ask for."""


@privacy.command()
@click.option("--dry-run", is_flag=True, help="Only count what would go.")
@options.as_json
def sweep(dry_run: bool, as_json: bool) -> None:
    """Delete what is older than the settings allow; the running server does it every day.

    \b
    Example:
        kbportal privacy sweep --dry-run
    """
    with _opened() as (settings, stores):
        places, kept = retention_places(settings, stores), retention_of(settings)
        swept = (due if dry_run else sweep_now)(places, kept, now=utc_now())
    if as_json:
        options.print_json({"dry_run": dry_run, **asdict(swept)})
    else:
        _print(swept, dry_run=dry_run)


@privacy.command()
@click.argument("email")
@click.option("--yes", is_flag=True, help="Do not ask.")
@options.as_json
def erase(email: str, yes: bool, as_json: bool) -> None:
    """Forget the person with this address: their words, files, letters and every link to them.

    What was counted stays counted. It cannot be undone.

    \b
    Example:
        kbportal privacy erase ann@example.com
    """
    address = _address(email)
    with _opened() as (settings, stores):
        if not yes:
            secret = settings.secret_key().encode()
            tickets = len(read_person(stores.privacy, address, secret=secret).document["tickets"])
            click.confirm(
                f"Forget {address} and {tickets} tickets of theirs, for good?", abort=True, err=True
            )
        erased = forget_person(settings, stores, address)
    if as_json:
        options.print_json(_facts(address, erased))
    elif erased.is_nothing:
        click.echo(f"Nothing is known of {address}.")
    else:
        click.echo(
            f"{address} is forgotten: {len(erased.numbers)} tickets, {erased.messages} messages, "
            f"{erased.files} files, {erased.letters} letters; {erased.events} events lead to "
            "nobody now.\nRun `kbportal index`, so that search forgets what it learnt from them."
        )


@privacy.command()
@click.argument("email")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path), default=Path("person.zip"))
@options.as_json
def export(email: str, file: Path, as_json: bool) -> None:
    """Write everything that is known of a person into a zip: person.json and their files.

    \b
    Example:
        kbportal privacy export ann@example.com ann.zip
    """
    from kbportal.storage import open_files

    address = _address(email)
    with _opened() as (settings, stores):
        found = read_person(stores.privacy, address, secret=settings.secret_key().encode())
        if found.is_empty:
            raise PortalError(f"Nothing is known of {address}.")
        # The line first: a line about a file that could not be written does less harm than a file
        # that no line tells of.
        handed_out = f"{len(found.document['tickets'])} tickets"
        stores.audit.add(audit_line(Action.PERSON_EXPORTED, by="", at=utc_now(), after=handed_out))
        gone = write_export(file.absolute(), found, open_files(settings.instance / ATTACHMENTS))
    tickets, visits = len(found.document["tickets"]), len(found.document["visits"])
    if as_json:
        options.print_json(
            {"file": str(file), "tickets": tickets, "visits": visits,
             "files": len(found.files) - gone, "gone": gone}
        )  # fmt: skip
    else:
        click.echo(f"{file}: {tickets} tickets, {len(found.files) - gone} files, {visits} visits.")


@contextmanager
def _opened() -> Iterator[tuple[Settings, Stores]]:
    settings = options.settings_with()
    stores = open_database(settings)
    try:
        yield settings, stores
    finally:
        stores.close()


def _address(email: str) -> str:
    if not is_address(email.strip()):
        raise click.UsageError(f"{email!r} is no e-mail address")
    return fold_address(email)


def _facts(address: str, erased: Erased) -> dict[str, object]:
    return {
        "address": address,
        "tickets": list(erased.numbers),
        "messages": erased.messages,
        "files": erased.files,
        "letters": erased.letters,
        "events": erased.events,
    }


def _print(swept: Swept, *, dry_run: bool) -> None:
    found = [f"{count:8} {_WORDS[name]}" for name, count in asdict(swept).items() if count]
    if not found:
        click.echo("Nothing is too old.")
        return
    click.echo("These would go:" if dry_run else "These went:")
    click.echo("\n".join(found))
