"""A whole portal into one file, and back."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from kbportal import __version__
from kbportal.backup.errors import InstanceInTheWay
from kbportal.settings import FILE_NAME, Settings
from kbportal.wiring.letters import mail_lock

if TYPE_CHECKING:
    from kbportal.backup.manifest import Manifest


def make_backup(settings: Settings, file: Path, *, now: datetime) -> Manifest:
    """Copy the portal, which may be serving, into one file.

    Raises:
        BackupImpossible, StorageUnavailable: What was there under that name still is.
    """
    from kbportal.backup.writing import Place, write_backup
    from kbportal.storage import copies

    database = copies.database_file(settings.database)
    return write_backup(
        file,
        Place(settings.instance, Path.cwd() / FILE_NAME),
        copy_database=lambda path: copies.copy_database(database, path),
        portal=__version__,
        made=now.isoformat(timespec="seconds"),
    )


def restore_backup(
    settings: Settings, file: Path, *, replace: bool, now: datetime
) -> tuple[Manifest, Path | None]:
    """Verify a backup and put it in the place of this portal, which must not run.

    Returns:
        What was restored, and the folder in which the old portal is kept, if there was one.

    Raises:
        BackupUnusable, InstanceInTheWay: Nothing was changed.
    """
    from kbportal.backup.restoring import Target, restore
    from kbportal.kernel.turns import turn
    from kbportal.storage import copies

    target = Target(settings.instance, copies.database_file(settings.database))
    with turn(mail_lock(settings)) as mine:
        if not mine:
            raise InstanceInTheWay(
                f"a portal is running in {settings.instance}: stop it before you restore"
            )
        return restore(
            file, target,
            replace=replace, known_schema=newest_schema(), schema_of=copies.schema_of_copy, now=now,
        )  # fmt: skip


def newest_schema() -> str:
    """The version of the database that this portal makes."""
    from kbportal.storage.schema import newest_revision

    return newest_revision()
