"""The command `kbportal`: one module per noun, each thin over the bricks."""

from __future__ import annotations

import click

from kbportal import __version__
from kbportal.cli.errors import Commands
from kbportal.cli.evaluate import evaluate
from kbportal.cli.index import index
from kbportal.cli.lint import lint
from kbportal.cli.report import report
from kbportal.cli.search import search, suggest
from kbportal.cli.serve import serve
from kbportal.cli.users import users
from kbportal.cli.worker import use_one_thread_per_sum


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="kbportal")
def main() -> None:
    """A knowledge base that answers before the ticket is sent."""
    use_one_thread_per_sum()


for command in (evaluate, index, lint, report, search, serve, suggest, users):
    main.add_command(command)
