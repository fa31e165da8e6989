"""`kbportal evaluate`: how good search is, measured on a data set."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import click

from kbportal.cli import options
from kbportal.cli.progress import progress_bar
from kbportal.kernel.clock import utc_now
from kbportal.search.evaluation.dataset import read_dataset
from kbportal.search.query.engine import Mode
from kbportal.wiring import choose_embedder


@click.command()
@click.argument("dataset", type=click.Path(path_type=Path))
@click.option("--lang", default="", help="Language of all documents and queries.")
@options.mode
@click.option("--learn", type=click.Path(path_type=Path), help="Resolved tickets to take in first.")
@click.option("--perturb", default="", help="Damage queries: nodiacritics, typo or prefix:60.")
@click.option("--seed", default=0, show_default=True, help="Of the damage.")
@click.option("--limit-queries", type=click.IntRange(1), help="Ask only the first N.")
@click.option(
    "--indexes",
    type=click.Path(path_type=Path),
    help="Keep the built index here, so that another run reuses its vectors.",
)
@options.as_json
def evaluate(dataset: Path, as_json: bool, **given: Any) -> None:
    """Run a retrieval data set (BEIR layout) through the engine that serves customers.

    \b
    Example:
        kbportal evaluate my-tickets/ --perturb typo --json
    """
    # Not at the top: it brings the builder, and the server's parent process has no use for it.
    from kbportal.search.evaluation import evaluate as evaluation

    settings = options.settings_with()
    loaded = read_dataset(dataset, learn=given["learn"])
    chosen = evaluation.Options(
        lang=given["lang"],
        mode=Mode(given["mode"]),
        perturb=given["perturb"],
        seed=given["seed"],
        limit_queries=given["limit_queries"] or 0,
    )
    with tempfile.TemporaryDirectory() as scratch, progress_bar() as progress:
        figures = evaluation.evaluate(
            loaded,
            given["indexes"] or Path(scratch),
            embedder=choose_embedder(settings),
            now=utc_now(),
            options=chosen,
            progress=progress,
        )
    if as_json:
        options.print_json(figures)
        return
    for name, value in figures.items():
        click.echo(f"{name:<14} {value}")
