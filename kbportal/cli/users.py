"""`kbportal users`: staff accounts."""

from __future__ import annotations

import sys

import click

from kbportal.cli import options
from kbportal.kernel.addresses import fold_address
from kbportal.kernel.clock import utc_now
from kbportal.kernel.ids import new_id
from kbportal.people.accounts import put_user
from kbportal.people.audit import account_lines
from kbportal.people.errors import UserMissing
from kbportal.people.model import Role
from kbportal.people.second_factor import take_away
from kbportal.wiring import open_database

_ROLES = ["agent", "editor", "manager", "admin"]


@click.group()
def users() -> None:
    """Staff accounts."""


@users.command()
@click.argument("email")
@click.option("--role", type=click.Choice(_ROLES), required=True)
@click.option("--name", default="", help="Shown to colleagues and customers.")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")
def add(email: str, role: str, name: str, password_stdin: bool) -> None:
    """Make or update a staff account.

    \b
    Example:
        kbportal users add ann@example.com --role agent
    """
    if password_stdin:
        password = sys.stdin.readline().rstrip("\r\n")
    else:
        password = click.prompt("Password", hide_input=True, confirmation_prompt=True)
    stores, now = open_database(options.settings_with()), utc_now()
    try:
        before = stores.people.user_by_email(fold_address(email))
        user, _ = put_user(
            stores.people, user_id=new_id(), email=email, name=name,
            role=Role(role), password=password, now=now,
        )  # fmt: skip
        for line in account_lines(before, user, at=now):
            stores.audit.add(line)
    finally:
        stores.close()
    click.echo(f"{email} may sign in as {role}.")


@users.command(name="reset-second-factor")
@click.argument("email")
def reset_second_factor(email: str) -> None:
    """Let somebody who lost their phone sign in by password again.

    \b
    Example:
        kbportal users reset-second-factor ann@example.com
    """
    settings = options.settings_with()
    stores = open_database(settings)
    try:
        user = stores.people.user_by_email(fold_address(email))
        if user is None:
            raise UserMissing(f"there is no account with the address {email}")
        take_away(
            stores.second_factors, user.id, by="", now=utc_now(), lang=settings.default_language
        )
    finally:
        stores.close()
    click.echo(f"{user.email} signs in by password alone now, and was signed out everywhere.")
