"""Bringing a database to the shape that this version of the portal works with.

Several workers may start at once: the first upgrades in one transaction, the others wait and
then find nothing to do. A migration that is cut short leaves the database as it was.

Alembic is imported only where there is something to do: a worker that finds its tables as they
should be starts without its 13 MB and its fifth of a second.
"""

from __future__ import annotations

from importlib.resources import files
from typing import TYPE_CHECKING

from sqlalchemy import Connection, inspect, text

from kbportal.storage.database import Database, prepare_file
from kbportal.storage.errors import SchemaTooNew

if TYPE_CHECKING:
    from alembic.config import Config

UPGRADE_BUSY_S = 120.0
"""How long a worker waits for another one's upgrade."""
_ADVISORY_LOCK = 0x6B62_706F
_VERSIONS = "kbportal.storage.migrations.versions"


def upgrade(url: str) -> None:
    """Make or upgrade the tables; nothing is written when they are as they should be.

    Raises:
        SchemaTooNew: when a later version of the portal has been here.
        StorageUnavailable
    """
    prepare_file(url)
    database = Database(url, busy_s=UPGRADE_BUSY_S)
    try:
        if current_revision(database) == newest_revision():
            return
        with database.writing() as connection:
            if connection.dialect.name == "postgresql":
                connection.execute(text(f"SELECT pg_advisory_xact_lock({_ADVISORY_LOCK})"))
            _upgrade_within(connection)
    finally:
        database.close()


def current_revision(database: Database) -> str | None:
    """The schema's version as the database tells it; None when it is empty."""
    with database.reading() as connection:
        return _revision(connection)


def newest_revision() -> str:
    """The version of the newest migration, whose file is named after it."""
    names = [entry.name for entry in files(_VERSIONS).iterdir() if entry.name[0].isdigit()]
    return max(names).partition("_")[0]


def _revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    found = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return str(found) if found else None


def _upgrade_within(connection: Connection) -> None:
    from alembic import command
    from alembic.script import ScriptDirectory

    config = _config()
    found = _revision(connection)
    known = {one.revision for one in ScriptDirectory.from_config(config).walk_revisions()}
    if found is not None and found not in known:
        raise SchemaTooNew(
            f"the database was made by a later version of the portal (schema {found}); "
            "please install that version",
            found=found,
            known=sorted(known),
        )
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def _config() -> Config:
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", "kbportal.storage:migrations")
    return config
