"""Options that several commands share, and the settings they lead to."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from kbportal.settings import Settings, load

Command = Callable[..., Any]

articles = click.option(
    "--articles", type=click.Path(path_type=Path), help="Folder of the Markdown articles."
)
indexes = click.option(
    "--indexes", type=click.Path(path_type=Path), help="Folder of the built indexes."
)
as_json = click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
mode = click.option(
    "--mode",
    type=click.Choice(["hybrid", "keyword", "semantic"]),
    default="hybrid",
    show_default=True,
    help="Which signals count.",
)


def settings_with(**flags: Any) -> Settings:
    """The settings, with those flags over them that were given."""
    return load(flags=flags)


def print_json(document: Any) -> None:
    """One JSON document on standard output and nothing else."""
    click.echo(json.dumps(document, ensure_ascii=False, indent=2, default=str))
