"""The command line in a folder of its own, with a small library of one language."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from kbportal.cli import main
from kbportal.settings import ENV_PREFIX, Settings
from kbportal.wiring import build_index, read_articles
from tests.builders import NOON, TOPICS, UNSCHOOLED, shop_articles
from tests.cast import write_library

LIBRARY = {
    article.path: (
        f"---\ntitle: {article.title}\nsummary: About it.\n"
        f"answers: [{article.answers[0]}]\n---\n{article.body}"
    )
    for article in shop_articles()
}


@dataclass(frozen=True)
class Said:
    """What a command said and how it ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)

    @property
    def complaint(self) -> str:
        """The one line on standard error."""
        (line,) = self.err.splitlines()
        return line


Run = Callable[..., Said]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working folder, and no setting from outside but these."""
    for name in [name for name in os.environ if name.startswith(ENV_PREFIX)]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("KBPORTAL_LANGUAGES", UNSCHOOLED)
    monkeypatch.setenv("KBPORTAL_MODEL", "hashing")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def run(home: Path) -> Run:
    """Runs a command; a traceback fails the test."""

    def ran(*arguments: str, **options: Any) -> Said:
        result = CliRunner().invoke(main, arguments, prog_name="kbportal", **options)
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        return Said(result.exit_code, result.stdout, result.stderr)

    return ran


@pytest.fixture
def library(home: Path) -> Path:
    """One article per topic."""
    assert len(LIBRARY) == len(TOPICS)
    return write_library(home / "articles", LIBRARY)


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The indexes folder of that library, built once."""
    root = tmp_path_factory.mktemp("built")
    settings = replace(
        Settings(),
        holdout_percent=0,
        articles=write_library(root / "articles", LIBRARY),
        indexes=root / "indexes",
        languages=(UNSCHOOLED,),
        model="hashing",
    )
    build_index(settings, read_articles(settings), now=NOON)
    return settings.indexes


@pytest.fixture
def indexed(library: Path, built: Path) -> Path:
    """That library, indexed."""
    shutil.copytree(built, library.parent / "indexes")
    return library
