"""How Alembic runs the migrations: on the connection and in the transaction it is given."""

from __future__ import annotations

from alembic import context

from kbportal.storage.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
