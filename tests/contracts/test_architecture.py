"""Who may import whom."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

from kbportal import storage

ROOT = Path(__file__).parents[2]
BRICKS = ("kernel", "markup", "articles", "embedding", "events", "people", "mail", "search",
          "tickets", "deflection", "feedback")  # fmt: skip
# What only building an index, or upgrading a database, needs: memory and time of every worker.
NOT_FOR_WORKERS = {"torch", "transformers", "sentence_transformers", "onnx", "scipy", "simplemma",
                   "alembic", "markdown"}  # fmt: skip
NOT_FOR_BRICKS = {"flask", "flask_babel", "flask_limiter", "flask_wtf", "werkzeug", "sqlalchemy"}


def test_the_staircase_holds():
    lint = Path(sys.executable).with_name("lint-imports")

    done = subprocess.run([lint, "--no-cache"], cwd=ROOT, capture_output=True, text=True)

    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("brick", BRICKS)
def test_no_brick_knows_the_web_or_sql(brick):
    found = {
        (path.name, name)
        for path in (ROOT / "kbportal" / brick).rglob("*.py")
        for name in _imported(path)
    }

    assert not [one for one in found if one[1] in NOT_FOR_BRICKS]


def test_every_folder_of_modules_is_a_package_that_is_checked_and_shipped():
    """A name such as `build`, ignored wherever it stands, once hid a room from git and ruff."""
    folders = {path.parent for path in (ROOT / "kbportal").rglob("*.py")}
    ignored = (ROOT / ".gitignore").read_text().split()

    assert [folder for folder in folders if not (folder / "__init__.py").is_file()] == []
    assert {f"{folder.name}/" for folder in folders} & set(ignored) == set()


def test_a_worker_starts_without_what_only_building_needs(tmp_path: Path):
    url = f"sqlite:///{tmp_path / 'kbportal.sqlite'}"
    storage.upgrade(url)
    start = (
        "import sys; import kbportal.cli.serve, kbportal.web.app\n"
        "from kbportal.wiring import build_portal\n"
        "from kbportal.settings import load\n"
        f"build_portal(load(environ={{}}, flags={{'database_url': {url!r}}})).close()\n"
        "print(*{name.partition('.')[0] for name in sys.modules})"
    )

    done = subprocess.run(
        [sys.executable, "-c", start], cwd=tmp_path, capture_output=True, text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip

    assert done.returncode == 0, done.stderr
    assert set(done.stdout.split()) & NOT_FOR_WORKERS == set()


def _imported(path: Path) -> set[str]:
    """First names of everything that a module imports, wherever in it."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module.split(".")[0])
    return found
