"""Reading the articles, of thousands of files only those that have changed since the last build.

What a file said is on the shelf of the live generation; what it was recognised by, and what there
was to report, lies in one small file beside the generations. When in doubt everything is read.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import astuple
from datetime import datetime
from pathlib import Path

from kbportal import __version__
from kbportal.articles.library import Library, Reading, read_library
from kbportal.articles.model import Problem
from kbportal.articles.shelf import Shelf
from kbportal.kernel.errors import PortalError
from kbportal.search.index.generation import live_folder
from kbportal.search.index.manifest import RANKER

_FILE = ".readings.json"
_VERSION = f"{__version__}/{RANKER}"


def read_changes(
    root: Path, indexes: Path, *, languages: Sequence[str] | None, now: datetime
) -> Library:
    """The library as it is on disk; see `articles.library.read_library`."""
    earlier = _recalled(indexes)
    return read_library(root, languages=languages, earlier=earlier, now=now)


def remember_readings(indexes: Path, readings: Mapping[str, Reading]) -> None:
    """Note what need not be read again, in one step: a crash leaves the former note."""
    files = {
        path: (*one.stamp, one.article.fingerprint, [astuple(found) for found in one.problems])
        for path, one in readings.items()
    }
    unfinished = indexes / f"{_FILE}.{os.getpid()}"
    unfinished.write_text(json.dumps({"version": _VERSION, "files": files}), encoding="utf-8")
    unfinished.replace(indexes / _FILE)


def _recalled(indexes: Path) -> dict[str, Reading]:
    try:
        record = json.loads((indexes / _FILE).read_text(encoding="utf-8"))
        if record["version"] != _VERSION:
            return {}
        return _readings(record["files"], live_folder(indexes) / "shelf.sqlite")
    except (OSError, ValueError, KeyError, TypeError, PortalError):
        return {}


def _readings(files: Mapping[str, Sequence[object]], path: Path) -> dict[str, Reading]:
    """Those readings of which the shelf has the article."""
    found: dict[str, Reading] = {}
    shelf = Shelf(path)
    try:
        for article in shelf.records():
            size, changed, moved, inode, fingerprint, problems = files.get(article.path, [None] * 6)
            if fingerprint == article.fingerprint:
                stamp = (size, changed, moved, inode)
                told = tuple(Problem(*one) for one in problems)  # type: ignore[attr-defined]
                found[article.path] = Reading(stamp, article, told)  # type: ignore[arg-type]
    finally:
        shelf.close()
    return found
