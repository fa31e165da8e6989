"""The command `kbportal`: one module per noun, each thin over the bricks."""

from __future__ import annotations

import click

from kbportal import __version__
from kbportal.cli.errors import Commands
from kbportal.cli.worker import use_one_thread_per_sum

_MODULES = {
    name: f"kbportal.cli.{module}"
    for name, module in (
        ("backup", "backup"),
        ("demo", "demo"),
        ("evaluate", "evaluate"),
        ("gaps", "gaps"),
        ("index", "index"),
        ("keys", "keys"),
        ("lint", "lint"),
        ("mail", "mail"),
        ("privacy", "privacy"),
        ("report", "report"),
        ("restore", "backup"),
        ("rollup", "rollup"),
        ("search", "search"),
        ("serve", "serve"),
        ("suggest", "search"),
        ("users", "users"),
    )
}


@click.group(
    cls=Commands, modules=_MODULES, context_settings={"help_option_names": ["-h", "--help"]}
)
@click.version_option(__version__, prog_name="kbportal")
def main() -> None:
    """A knowledge base that answers before the ticket is sent."""
    use_one_thread_per_sum()
