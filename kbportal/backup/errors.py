"""What can be wrong with a backup, each said in one sentence that tells what to do."""

from __future__ import annotations

from typing import ClassVar

from kbportal.kernel.errors import PortalError


class BackupUnusable(PortalError):
    """It was not restored, and nothing was changed.

    Facts: ``problem``: damaged, foreign or newer.
    """

    code: ClassVar[str] = "backup_unusable"


class InstanceInTheWay(PortalError):
    """There is a portal where the backup should go, or one is running there. Nothing changed."""

    code: ClassVar[str] = "instance_in_the_way"


class BackupImpossible(PortalError):
    """This portal cannot be copied by us, or the file cannot be written."""

    code: ClassVar[str] = "backup_impossible"
