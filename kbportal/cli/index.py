"""`kbportal index`: articles to a searchable index."""

from __future__ import annotations

import gc
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kbportal.articles.library import Library
from kbportal.articles.model import Problem
from kbportal.articles.problems import summarised
from kbportal.cli import options
from kbportal.cli.progress import progress_bar
from kbportal.kernel.clock import utc_now
from kbportal.kernel.errors import PortalError
from kbportal.settings import Settings
from kbportal.wiring import build_index, learn_from_tickets, open_database, read_changed_articles

if TYPE_CHECKING:
    from kbportal.search.build.builder import Built


@click.command()
@options.articles
@options.indexes
@options.as_json
def index(articles: Path | None, indexes: Path | None, as_json: bool) -> None:
    """Build or update the search index.

    \b
    Example:
        kbportal index --articles help/ --indexes /var/lib/kbportal/indexes
    """
    settings = options.settings_with(articles=articles, indexes=indexes)
    built = build_now(settings)
    if as_json:
        options.print_json(_document(built))
        return
    click.echo(_sentence(built))
    for problem in summarised(built.problems):
        click.echo(f"  {problem.severity}: {problem.file}:{problem.line}: {problem.message}")


def build_now(settings: Settings) -> Built:
    """Build with a progress bar; say on standard error what is wrong with the model, if so.

    Raises:
        PortalError: There is nothing to build from.
    """
    if not settings.articles.is_dir():
        raise PortalError(f"There is no folder {settings.articles} with articles.")
    now = utc_now()
    with progress_bar() as progress:
        built, wrong = build_index(
            settings,
            _library(settings, now),
            now=now,
            learned=_learned(settings),
            progress=progress,
        )
    if wrong or built.degraded == "model_unusable":
        reason = wrong or built.model_problem or "The model could not be used."
        click.echo(f"kbportal: {reason} Search goes by keywords alone.", err=True)
    return built


def _library(settings: Settings, now: datetime) -> Library:
    """The articles, out of the garbage collector's sight.

    Looking through tens of thousands of them again and again takes a third of the time.
    """
    gc.disable()
    library = read_changed_articles(settings, now=now)
    gc.freeze()
    gc.enable()
    return library


def _learned(settings: Settings) -> dict[str, tuple[str, ...]]:
    """What resolved tickets teach; nothing where this portal has no database yet."""
    if not settings.database_url and not (settings.instance / "kbportal.sqlite").exists():
        return {}
    try:
        stores = open_database(settings)
    except PortalError as error:
        click.echo(f"kbportal: {error} Nothing is learnt from tickets this time.", err=True)
        return {}
    try:
        return learn_from_tickets(stores.tickets, now=utc_now())
    finally:
        stores.close()


def _document(built: Built) -> dict[str, Any]:
    document = asdict(built)
    document["problems"] = [asdict(problem) for problem in built.problems]
    return document


def _sentence(built: Built) -> str:
    languages = ", ".join(f"{lang} {count}" for lang, count in built.languages.items())
    return (
        f"{built.articles} articles ({languages}), {built.passages} passages: "
        f"{built.embedded} embedded, {built.reused} reused, {built.seconds} s. "
        f"Generation {built.generation}. {_problems(built.problems)}"
    )


def _problems(problems: Sequence[Problem]) -> str:
    return f"{len(problems)} problems:" if problems else "No problems."
