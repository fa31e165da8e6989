"""What each day came to, so that reports need not read the events again."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

# Events by day; moments are in microseconds.
_COUNT = """
INSERT INTO event_days (day, written)
SELECT ts / 86400000000, count(*) FROM events GROUP BY ts / 86400000000
"""


def upgrade() -> None:
    op.create_table(
        "day_facts",
        sa.Column("day", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("rules", sa.String(80), nullable=False),
        sa.Column("fingerprint", sa.String(64), nullable=False),
        sa.Column("closes", sa.BigInteger(), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("took_ms", sa.Integer(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("day", name="pk_day_facts"),
    )
    op.create_table(
        "event_days",
        sa.Column("day", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("written", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("day", name="pk_event_days"),
    )
    op.execute(_COUNT)
    op.create_index(
        "ix_events_user_ts",
        "events",
        ["user", "ts"],
        sqlite_where=sa.text('"user" IS NOT NULL'),
        postgresql_where=sa.text('"user" IS NOT NULL'),
    )
    op.create_index("ix_tickets_created", "tickets", ["created"])
    op.add_column("tickets", sa.Column("finished", sa.BigInteger(), nullable=True))
    op.execute("UPDATE tickets SET finished = updated WHERE status IN ('solved', 'closed')")
