"""Putting a verified backup in the place of a portal; what was there is kept aside.

Everything moves within the instance folder, which may be a disk of its own. A mark in it says
that moving has begun: until it is gone no portal starts there, so that none ever serves a half.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from pathlib import Path

from kbportal.backup.errors import InstanceInTheWay
from kbportal.kernel.durable import sync

MARK = "restoring"
"""A file of this name means that a restore was cut short."""
STAGING = ".restoring-"
ASIDE = "before-"
_LOCK = ".lock"
_NEVER_MOVED = {MARK, "limits.counts"}


def is_cut_short(instance: Path) -> bool:
    """Whether a restore began to move files here and did not end."""
    return (instance / MARK).exists()


def what_is_there(instance: Path, database: Path) -> list[Path]:
    """What a portal has left in its place: files to be kept aside."""
    found = {database.with_name(f"{database.name}{end}") for end in ("", "-wal", "-shm")}
    if instance.is_dir():
        found |= {path for path in instance.iterdir() if not _is_no_part(path.name)}
    return sorted(path for path in found if path.exists())


def refuse_unless_empty(instance: Path, database: Path) -> None:
    """Raises InstanceInTheWay where there is a portal already."""
    if what_is_there(instance, database):
        raise InstanceInTheWay(
            f"there is a portal in {instance}; --replace puts the backup in its place and keeps "
            "the old one aside"
        )


def put_in_place(
    staged: Path, instance: Path, database: Path, *, aside: str, copy: str
) -> Path | None:
    """Move the old portal aside and the staged one in.

    Args:
        staged: A folder below the instance with what was unpacked.
        database: Where the database belongs; `copy` is its name among what was staged.
        aside: What the folder for the old portal is called.

    Returns:
        That folder; None where there was nothing to keep.

    Raises:
        OSError: All is as before.
        InstanceInTheWay: Nor could that be done; the mark stays.
    """
    moves = _moves_aside(what_is_there(instance, database), instance / aside)
    kept = instance / aside if moves else None
    # The database comes last: without it nothing is there.
    parts = sorted(staged.iterdir(), key=lambda path: (path.name == copy, path.name))
    moves += [(one, database if one.name == copy else instance / one.name) for one in parts]
    mark = instance / MARK
    mark.touch(mode=0o600)
    sync(instance)
    try:
        _move_all(moves)
    except InstanceInTheWay:
        raise
    except BaseException:
        mark.unlink()
        raise
    sync(database.parent)
    sync(instance)
    mark.unlink()
    sync(instance)
    return kept


def _moves_aside(old: Iterable[Path], folder: Path) -> list[tuple[Path, Path]]:
    return [(path, folder / path.name) for path in old if path.name != MARK]


def _move_all(moves: list[tuple[Path, Path]]) -> None:
    done: list[tuple[Path, Path]] = []
    try:
        for source, target in moves:
            target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            shutil.move(source, target)
            done.append((source, target))
    except BaseException:  # whoever presses Ctrl-C wants all as it was, too
        _undo(done)
        raise


def _undo(done: list[tuple[Path, Path]]) -> None:
    try:
        for source, target in reversed(done):
            shutil.move(target, source)
    except OSError as error:
        raise InstanceInTheWay(
            f"the restore failed half-way and could not be undone ({error}): the old portal's "
            f"files are in a folder {ASIDE}… of the instance"
        ) from error


def _is_no_part(name: str) -> bool:
    return name.startswith((STAGING, ASIDE)) or name.endswith(_LOCK) or name in _NEVER_MOVED
