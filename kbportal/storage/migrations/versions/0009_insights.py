"""How well search finds what agents answer with, and the numbers by mail."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "ticket_findings",
        sa.Column("ticket_id", sa.String(32), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("lang", sa.String(16), nullable=False),
        sa.Column("generation", sa.String(80), nullable=False),
        sa.Column("found", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("ticket_id", name="pk_ticket_findings"),
    )
    op.create_index("ix_ticket_findings_at", "ticket_findings", ["at"])
    op.create_table(
        "digest_readers",
        sa.Column("user_id", sa.String(32), nullable=False),
        sa.Column("lang", sa.String(16), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_digest_readers_user_id"),
        sa.PrimaryKeyConstraint("user_id", name="pk_digest_readers"),
    )
    op.create_table(
        "digests",
        sa.Column("week", sa.String(10), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("made", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("week", name="pk_digests"),
    )
