"""What the staff did and decided; changes of articles that can be undone; room for arms."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "audit",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("by", sa.String(64), nullable=False),
        sa.Column("action", sa.String(40), nullable=False),
        sa.Column("subject", sa.String(300), nullable=False),
        sa.Column("before", sa.String(200), nullable=False),
        sa.Column("after", sa.String(200), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_audit"),
    )
    op.create_table(
        "switches",
        sa.Column("name", sa.String(40), nullable=False),
        sa.Column("value", sa.String(200), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_switches"),
    )
    op.create_table(
        "article_changes",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("article", sa.String(300), nullable=False),
        sa.Column("experiment", sa.String(40), nullable=False),
        sa.Column("won", sa.String(20), nullable=False),
        sa.Column("before", sa.Text(), nullable=False),
        sa.Column("version_b", sa.Text(), nullable=False),
        sa.Column("after_digest", sa.String(64), nullable=False),
        sa.Column("undone", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_article_changes"),
    )
    op.create_index("ix_article_changes_at", "article_changes", ["at"])
    # Few events have part in a trial; without this all would be read to find them.
    trials = sa.text("arm LIKE '%t-%'")
    op.create_index(
        "ix_events_trials", "events", ["ts"], sqlite_where=trials, postgresql_where=trials
    )
    # SQLite keeps texts of any length; there it would copy the whole log.
    if op.get_bind().dialect.name != "sqlite":
        op.alter_column("events", "arm", type_=sa.String(200))
