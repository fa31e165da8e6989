"""Sharing finished files between generations: they are never changed, so one copy is enough."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path


def link(source: Path, target: Path) -> None:
    """Share one file; copy it where the disk knows no hard links."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)


def link_files(
    source: Path, target: Path, *, keep: Callable[[str], bool], folders: bool = True
) -> None:
    """Share the files of a folder whose names are to be kept, and its folders as a whole."""
    for entry in sorted(source.iterdir()):
        if entry.is_dir() and folders:
            shutil.copytree(entry, target / entry.name, copy_function=_link)
        elif entry.is_file() and keep(entry.name):
            link(entry, target / entry.name)


def _link(source: str, target: str) -> str:
    link(Path(source), Path(target))
    return target
