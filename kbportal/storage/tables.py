"""The tables. Migrations make them; a test holds both to the same shape."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
)

from kbportal.storage.types import Instant

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

TICKET_NUMBER, FIRST_ADMIN = "ticket_number", "first_admin"

# One row per thing that is counted or guarded; locking the row makes others wait their turn.
counters = Table(
    "counters",
    metadata,
    Column("name", String(40), primary_key=True),
    Column("value", Integer, nullable=False),
)

tickets = Table(
    "tickets",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("number", Integer, nullable=False, unique=True),
    Column("token_digest", String(64), nullable=False, unique=True),
    Column("subject", Text, nullable=False),
    Column("description", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("email", Text, nullable=False),
    Column("lang", String(16), nullable=False),
    Column("category", Text, nullable=False),
    Column("status", String(16), nullable=False, index=True),
    Column("solved_by_article", Text, index=True),
    Column("draft_id", String(64), unique=True),
    Column("visitor", String(64)),
    Column("channel", String(32), nullable=False),
    Column("created", Instant, nullable=False),
    Column("updated", Instant, nullable=False),
)

messages = Table(
    "messages",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("ticket_id", String(32), ForeignKey("tickets.id"), nullable=False),
    Column("author", String(16), nullable=False),
    Column("author_name", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("created", Instant, nullable=False),
    Index(None, "ticket_id", "created"),
)

events = Table(
    "events",
    metadata,
    Column("event_id", String(64), primary_key=True),
    Column("ts", Instant, nullable=False),
    Column("type", String(32), nullable=False),
    Column("surface", String(16), nullable=False),
    Column("visitor", String(64)),
    Column("session", String(64)),
    Column("user", String(64)),
    Column("locale", String(16), nullable=False),
    Column("arm", String(40)),
    Column("query_norm", String(512)),
    Column("index_generation", String(80)),
    Column("ranker_version", String(80)),
    Column("results", JSON(none_as_null=True)),
    Column("article", String(300)),
    Column("section", String(200)),
    Column("dwell_ms", Integer),
    Column("reason", String(200)),
    Column("ticket", String(64)),
    Column("ua_class", String(16), nullable=False),
    Column("channel", String(32)),
    Column("value", String(64)),
    Index(None, "ts"),
    Index(None, "visitor", "ts"),
    Index(None, "type", "ts"),
)

comments = Table(
    "comments",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("at", Instant, nullable=False, index=True),
    Column("article", String(300), nullable=False),
    Column("lang", String(16), nullable=False),
    Column("answer", String(8), nullable=False),
    Column("reason", String(40), nullable=False),
    Column("text", Text, nullable=False),
)

users = Table(
    "users",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("email", String(254), nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("role", String(16), nullable=False),
    Column("password_hash", Text, nullable=False),
    Column("disabled", Boolean, nullable=False),
    Column("created", Instant, nullable=False),
)

staff_sessions = Table(
    "staff_sessions",
    metadata,
    Column("token_digest", String(64), primary_key=True),
    Column("user_id", String(32), ForeignKey("users.id"), nullable=False, index=True),
    Column("created", Instant, nullable=False),
    Column("last_seen", Instant, nullable=False),
)

invitations = Table(
    "invitations",
    metadata,
    Column("token_digest", String(64), primary_key=True),
    Column("email", String(254)),
    Column("role", String(16), nullable=False),
    Column("created", Instant, nullable=False),
    Column("expires", Instant, nullable=False),
    Column("used", Instant),
)

failures = Table(
    "failures",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("key", String(64), nullable=False),
    Column("at", Instant, nullable=False),
    Index(None, "key", "at"),
    Index(None, "at"),
)
