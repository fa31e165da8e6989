"""What a database can do to us; everything else it says is a mistake of ours."""

from __future__ import annotations

from typing import ClassVar

from kbportal.kernel.errors import PortalError


class StorageUnavailable(PortalError):
    """Nothing was read or written; the same may work later.

    Facts: ``reason``: locked, full, read_only, corrupt or unreachable.
    """

    code: ClassVar[str] = "storage_unavailable"


class SchemaTooNew(PortalError):
    """A later version of the portal has used this database. Facts: ``found``, ``known``."""

    code: ClassVar[str] = "schema_too_new"
