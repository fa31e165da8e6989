"""`kbportal lint`: what is wrong with the articles."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import click

from kbportal.articles.lint import lint as find_problems
from kbportal.articles.model import Problem
from kbportal.cli import options
from kbportal.kernel.clock import utc_now
from kbportal.kernel.errors import PortalError
from kbportal.wiring import read_articles


@click.command()
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@options.articles
@options.as_json
def lint(paths: tuple[Path, ...], articles: Path | None, as_json: bool) -> None:
    """Check articles: all of them, or those below PATHS. Exit 1 if any error.

    \b
    Example:
        kbportal lint articles/sk --json
    """
    settings = options.settings_with(articles=articles)
    library = read_articles(settings)
    problems = _below(paths, settings.articles, find_problems(library, today=utc_now().date()))
    if as_json:
        options.print_json([asdict(problem) for problem in problems])
    else:
        for problem in problems:
            click.echo(
                f"{problem.file}:{problem.line}: {problem.severity}: "
                f"{problem.message} [{problem.rule}]"
            )
        click.echo(f"{len(library.articles)} articles, {len(problems)} findings.", err=True)
    if any(problem.severity == "error" for problem in problems):
        sys.exit(1)


def _below(paths: Sequence[Path], root: Path, problems: Sequence[Problem]) -> list[Problem]:
    """The problems of files below one of these paths; of all files when none is given.

    Raises:
        PortalError: A path is not in the articles folder, or not there.
    """
    if not paths:
        return list(problems)
    wanted: list[str] = []
    for path in paths:
        full = path.resolve()
        if not full.exists() or not full.is_relative_to(root):
            raise PortalError(f"{path} is not a file or folder in {root}")
        wanted.append(full.relative_to(root).as_posix())
    return [
        problem
        for problem in problems
        if any(
            one == "." or problem.file == one or problem.file.startswith(f"{one}/")
            for one in wanted
        )
    ]
