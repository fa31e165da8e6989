"""Drafts of the ticket form, attachments, answers to further questions, quarantine."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "drafts",
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("lang", sa.String(16), nullable=False),
        sa.Column("typed", sa.JSON(), nullable=False),
        sa.Column("writer", sa.String(64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created", sa.BigInteger(), nullable=False),
        sa.Column("updated", sa.BigInteger(), nullable=False),
        sa.Column("expires", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name="pk_drafts"),
    )
    op.create_index("ix_drafts_expires", "drafts", ["expires"])
    op.create_table(
        "attachments",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("draft", sa.String(64), nullable=True),
        sa.Column("ticket_id", sa.String(32), nullable=True),
        sa.Column("message_id", sa.String(32), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("size_bytes", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("stored", sa.String(64), nullable=False),
        sa.Column("created", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_attachments"),
        sa.ForeignKeyConstraint(
            ["ticket_id"], ["tickets.id"], name="fk_attachments_ticket_id"
        ),
        sa.ForeignKeyConstraint(
            ["message_id"], ["messages.id"], name="fk_attachments_message_id"
        ),
        sa.UniqueConstraint("draft", "digest", "name", name="uq_attachments_draft_digest_name"),
        sa.UniqueConstraint("stored", name="uq_attachments_stored"),
    )
    op.create_index("ix_attachments_ticket_id", "attachments", ["ticket_id"])
    op.create_index("ix_attachments_created", "attachments", ["created"])
    op.add_column("tickets", sa.Column("answers", sa.JSON(), nullable=True))
    op.add_column("tickets", sa.Column("quarantine", sa.String(120), nullable=True))
    op.add_column("tickets", sa.Column("content_digest", sa.String(64), nullable=True))
    op.create_index("ix_tickets_content_digest", "tickets", ["content_digest"])
