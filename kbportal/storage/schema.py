"""Bringing a database to the shape that this version of the portal works with.

Several workers may start at once: the first upgrades in one transaction, the others wait and
then find nothing to do. A migration that is cut short leaves the database as it was.
"""

from __future__ import annotations

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from kbportal.storage.database import Database, prepare_file
from kbportal.storage.errors import SchemaTooNew

UPGRADE_BUSY_S = 120.0
"""How long a worker waits for another one's upgrade."""
_ADVISORY_LOCK = 0x6B62_706F


def upgrade(url: str) -> None:
    """Make or upgrade the tables; nothing is written when they are as they should be.

    Raises:
        SchemaTooNew: when a later version of the portal has been here.
        StorageUnavailable
    """
    prepare_file(url)
    database = Database(url, busy_s=UPGRADE_BUSY_S)
    try:
        if _is_current(database):
            return
        with database.writing() as connection:
            if connection.dialect.name == "postgresql":
                connection.execute(text(f"SELECT pg_advisory_xact_lock({_ADVISORY_LOCK})"))
            _check_known(_revision(connection))
            config = _config()
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
    finally:
        database.close()


def current_revision(database: Database) -> str | None:
    """The schema's version as the database tells it; None when it is empty."""
    with database.reading() as connection:
        return _revision(connection)


def _is_current(database: Database) -> bool:
    found = current_revision(database)
    _check_known(found)
    return found == _scripts().get_current_head()


def _check_known(found: str | None) -> None:
    known = {script.revision for script in _scripts().walk_revisions()}
    if found is not None and found not in known:
        raise SchemaTooNew(
            f"the database was made by a later version of the portal (schema {found}); "
            "please install that version",
            found=found,
            known=sorted(known),
        )


def _revision(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


def _scripts() -> ScriptDirectory:
    return ScriptDirectory.from_config(_config())


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", "kbportal.storage:migrations")
    return config
