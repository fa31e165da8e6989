"""From a file to a portal: unpacked aside, verified in every byte, and only then put in place."""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from kbportal.backup.errors import BackupUnusable
from kbportal.backup.manifest import DATABASE, Manifest
from kbportal.backup.placing import ASIDE, STAGING, put_in_place, refuse_unless_empty
from kbportal.backup.reading import unpack, verify_database


@dataclass(frozen=True, slots=True)
class Target:
    """Where a portal belongs."""

    instance: Path
    database: Path


def restore(
    file: Path,
    target: Target,
    *,
    replace: bool,
    known_schema: str,
    schema_of: Callable[[Path], str],
    now: datetime,
) -> tuple[Manifest, Path | None]:
    """Put a backup in place, wholly or not at all.

    Args:
        replace: Keep a portal that is there aside, instead of refusing.
        known_schema: The newest version of the database that this portal can use.
        schema_of: Verifies a copy of the database and gives its version.

    Returns:
        What was restored, and the folder with the old portal, if there was one.

    Raises:
        BackupUnusable, InstanceInTheWay: Nothing was changed.
    """
    if not replace:
        refuse_unless_empty(target.instance, target.database)
    for left_over in target.instance.glob(f"{STAGING}*"):
        shutil.rmtree(left_over, ignore_errors=True)
    staged = target.instance / f"{STAGING}{secrets.token_hex(4)}"
    staged.mkdir(parents=True, mode=0o700)
    try:
        manifest = unpack(file, staged, known_schema=known_schema)
        verify_database(staged / DATABASE, manifest, schema_of)
        aside = _free_name(target.instance, f"{ASIDE}{now:%Y%m%dT%H%M%S}")
        kept = put_in_place(staged, target.instance, target.database, aside=aside, copy=DATABASE)
    except RecursionError as error:  # a manifest of a million brackets
        raise BackupUnusable("the backup's manifest cannot be read", problem="damaged") from error
    finally:
        shutil.rmtree(staged, ignore_errors=True)
    return manifest, kept


def _free_name(folder: Path, name: str) -> str:
    return name if not (folder / name).exists() else f"{name}-{secrets.token_hex(2)}"
