"""`kbportal mail`: the letters to customers, seen from a terminal."""

from __future__ import annotations

import random
import sys
from dataclasses import asdict
from typing import Any

import click

from kbportal.cli import options
from kbportal.kernel.clock import utc_now
from kbportal.kernel.turns import turn
from kbportal.mail.model import TROUBLED, Letter, State
from kbportal.mail.sending import Round, send_due
from kbportal.wiring import choose_carrier, mail_lock, mail_office, open_database


@click.group()
def mail() -> None:
    """Letters to customers: what waits, what went, what could not."""


@mail.command()
@options.as_json
def send(as_json: bool) -> None:
    """Send what is due, once; the running server does it by itself.

    Exit code 1 when the mail server cannot be reached or a letter could not be sent.

    \b
    Example:
        kbportal mail send
    """
    done = _send()
    if as_json:
        options.print_json({"busy": done is None, **asdict(done or Round())})
    elif done is None:
        click.echo("The running server is sending; nothing to do.")
    else:
        click.echo(
            f"{done.sent} sent, {done.postponed} put off, {done.failed} failed, "
            f"{done.unsure} perhaps sent."
        )
    if done and not (done.reachable and not done.failed and not done.unsure):
        sys.exit(1)


@mail.command()
@options.as_json
def status(as_json: bool) -> None:
    """What waits, what went and what somebody has to look at.

    Exit code 1 when letters failed or perhaps were sent.

    \b
    Example:
        kbportal mail status --json
    """
    found = _status()
    if as_json:
        options.print_json(found)
    else:
        _print(found)
    if any(found["letters"][state] for state in TROUBLED):
        sys.exit(1)


def _send() -> Round | None:
    """None when another process is sending."""
    settings = options.settings_with()
    # In JSON nothing else may appear on standard output.
    carrier = choose_carrier(settings, say=lambda line: click.echo(line, err=True))
    stores = open_database(settings)
    office = mail_office(settings)
    try:
        with turn(mail_lock(settings)) as mine:
            if not mine:
                return None
            stores.outbox.recover(sender=office.name, now=utc_now())
            return send_due(
                stores.outbox, carrier, office,
                clock=utc_now, chance=random.SystemRandom().random,
            )  # fmt: skip
    finally:
        stores.close()


def _status() -> dict[str, Any]:
    settings = options.settings_with()
    stores = open_database(settings)
    try:
        return {
            "via": settings.mail_host or str(settings.instance / "outgoing"),
            "letters": {str(state): count for state, count in stores.outbox.counts().items()},
            "oldest_waiting": stores.outbox.oldest_waiting(),
            "troubled": [_trouble(*one) for one in stores.outbox.troubled()],
        }
    finally:
        stores.close()


def _trouble(letter: Letter, number: int | None) -> dict[str, Any]:
    return {
        "id": letter.id,
        "kind": str(letter.kind),
        "ticket": number,
        "state": str(letter.state),
        "tries": letter.tries,
        "written": letter.created,
        "error": letter.error,
    }


def _print(found: dict[str, Any]) -> None:
    click.echo(f"Letters go to {found['via']}.")
    for state in State:
        if count := found["letters"][state]:
            click.echo(f"{state:>8} {count:6}")
    if found["oldest_waiting"]:
        click.echo(
            f"The oldest that waits was written at {found['oldest_waiting']:%Y-%m-%d %H:%M} UTC."
        )
    for one in found["troubled"]:
        about = f"ticket {one['ticket']}" if one["ticket"] else "links"
        click.echo(f"{one['state']}: {one['kind']} ({about}), {one['tries']} tries: {one['error']}")
    if found["troubled"]:
        click.echo("Decide on them at the desk, under E-mails.")
