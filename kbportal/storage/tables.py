"""The tables. Migrations make them; a test holds both to the same shape."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
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
EVENTS_FROM = "events_from"
"""Before this day, counted from 1970, events were deleted for their age."""

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
    Column("created", Instant, nullable=False, index=True),
    Column("updated", Instant, nullable=False),
    Column("answers", JSON(none_as_null=True)),
    Column("finished", Instant),
    Column("quarantine", String(120)),
    Column("content_digest", String(64), index=True),
    Column("erased", Instant),
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

drafts = Table(
    "drafts",
    metadata,
    Column("digest", String(64), primary_key=True),
    Column("lang", String(16), nullable=False),
    Column("typed", JSON, nullable=False),
    Column("writer", String(64), nullable=False),
    Column("version", Integer, nullable=False),
    Column("created", Instant, nullable=False),
    Column("updated", Instant, nullable=False),
    Column("expires", Instant, nullable=False, index=True),
)

# A file belongs to a draft until it is sent, then to a ticket, and perhaps to one of its messages.
attachments = Table(
    "attachments",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("draft", String(64)),
    Column("ticket_id", String(32), ForeignKey("tickets.id"), index=True),
    Column("message_id", String(32), ForeignKey("messages.id")),
    Column("name", Text, nullable=False),
    Column("kind", String(16), nullable=False),
    Column("size_bytes", Integer, nullable=False),
    Column("digest", String(64), nullable=False),
    Column("stored", String(64), nullable=False, unique=True),
    Column("created", Instant, nullable=False, index=True),
    UniqueConstraint("draft", "digest", "name"),
)

# The same words in the index and in the question: only then is the index used.
IS_TRIAL = text("events.arm LIKE '%t-%'")

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
    # SQLite keeps texts of any length, and would copy the whole log to say so.
    Column("arm", String(200).with_variant(String(40), "sqlite")),
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
    Column("took_ms", Integer),
    Index(None, "ts"),
    Index(None, "visitor", "ts"),
    Index(None, "type", "ts"),
    Index(
        None,
        "user",
        "ts",
        sqlite_where=text('"user" IS NOT NULL'),
        postgresql_where=text('"user" IS NOT NULL'),
    ),
    Index(
        "ix_events_trials",
        "ts",
        sqlite_where=text("arm LIKE '%t-%'"),
        postgresql_where=text("arm LIKE '%t-%'"),
    ),
)

# Days since 1970 (UTC). closes: from then on only an event that arrives late changes the facts.
day_facts = Table(
    "day_facts",
    metadata,
    Column("day", Integer, primary_key=True, autoincrement=False),
    Column("rules", String(80), nullable=False),
    Column("fingerprint", String(64), nullable=False),
    Column("closes", Instant, nullable=False),
    Column("made_at", Instant, nullable=False),
    Column("took_ms", Integer, nullable=False),
    Column("data", LargeBinary, nullable=False),
)

# How many events were ever written for a day: grows with each, so that late ones are noticed.
event_days = Table(
    "event_days",
    metadata,
    Column("day", Integer, primary_key=True, autoincrement=False),
    Column("written", BigInteger, nullable=False),
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

# secret: base 32, as the app has it. last_step: half minutes since 1970, of the latest code taken.
second_factors = Table(
    "second_factors",
    metadata,
    Column("user_id", String(32), ForeignKey("users.id"), primary_key=True),
    Column("secret", String(64), nullable=False),
    Column("since", Instant, nullable=False),
    Column("last_step", BigInteger, nullable=False),
)

recovery_codes = Table(
    "recovery_codes",
    metadata,
    Column("user_id", String(32), ForeignKey("users.id"), primary_key=True),
    Column("digest", String(64), primary_key=True),
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

# The addresses that open a ticket: each is a secret of which the digest alone is kept.
ticket_links = Table(
    "ticket_links",
    metadata,
    Column("token_digest", String(64), primary_key=True),
    Column("ticket_id", String(32), ForeignKey("tickets.id"), nullable=False, index=True),
    Column("mailed", Boolean, nullable=False),
    Column("created", Instant, nullable=False),
    Column("revoked", Instant),
)

ratings = Table(
    "ratings",
    metadata,
    Column("ticket_id", String(32), ForeignKey("tickets.id"), primary_key=True),
    Column("value", String(16), nullable=False),
    Column("comment", Text, nullable=False),
    Column("created", Instant, nullable=False),
    Column("updated", Instant, nullable=False),
)

# address is folded: two ways to type it are one. claimed_by: the sender that has it in hand.
outbox = Table(
    "outbox",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("kind", String(16), nullable=False),
    Column("to", String(254), nullable=False),
    Column("address", Text, nullable=False),
    Column("lang", String(16), nullable=False),
    Column("ticket_id", String(32), ForeignKey("tickets.id"), index=True),
    Column("message_id", String(32), ForeignKey("messages.id")),
    Column("created", Instant, nullable=False),
    Column("due", Instant, nullable=False),
    Column("until", Instant, nullable=False),
    Column("state", String(16), nullable=False),
    Column("tries", Integer, nullable=False),
    Column("error", Text, nullable=False),
    Column("sent", Instant),
    Column("via", String(16), nullable=False),
    Column("claimed", Instant),
    Column("claimed_by", String(300), nullable=False),
    Index(None, "state", "due"),
    Index(None, "address", "due"),
)

proven_addresses = Table(
    "proven_addresses",
    metadata,
    Column("address", Text, primary_key=True),
    Column("proven", Instant, nullable=False),
)

# by: account id, or "" for the operator; ids of lines sort by time.
audit = Table(
    "audit",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("at", Instant, nullable=False),
    Column("by", String(64), nullable=False),
    Column("action", String(40), nullable=False),
    Column("subject", String(300), nullable=False),
    Column("before", String(200), nullable=False),
    Column("after", String(200), nullable=False),
)

switches = Table(
    "switches",
    metadata,
    Column("name", String(40), primary_key=True),
    Column("value", String(200), nullable=False),
)

# Whole files as they were before a test of an article ended, so that it can be undone.
article_changes = Table(
    "article_changes",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("at", Instant, nullable=False, index=True),
    Column("article", String(300), nullable=False),
    Column("experiment", String(40), nullable=False),
    Column("won", String(20), nullable=False),
    Column("before", Text, nullable=False),
    Column("version_b", Text, nullable=False),
    Column("after_digest", String(64), nullable=False),
    Column("undone", Instant),
)

# tickets and people are those of the latest survey, to sort by; evidence has the rest.
gaps = Table(
    "gaps",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("lang", String(16), nullable=False),
    Column("name", Text, nullable=False),
    Column("anchors", JSON, nullable=False),
    Column("first_seen", Instant, nullable=False),
    Column("seen", Instant, nullable=False),
    Column("state", String(16), nullable=False),
    Column("reason", Text, nullable=False),
    Column("article", String(300), nullable=False),
    Column("changed", Instant),
    Column("published", Instant),
    Column("tickets", Integer, nullable=False),
    Column("people", Integer, nullable=False),
    Column("evidence", JSON(none_as_null=True)),
    Column("effect", JSON(none_as_null=True)),
)

gap_surveys = Table(
    "gap_surveys",
    metadata,
    Column("made", Instant, primary_key=True, autoincrement=False),
    Column("since", Instant, nullable=False),
    Column("until", Instant, nullable=False),
    Column("facts", JSON, nullable=False),
)

# What search found for a ticket before anybody had solved it: article ids, best first.
ticket_findings = Table(
    "ticket_findings",
    metadata,
    Column("ticket_id", String(32), primary_key=True),
    Column("at", Instant, nullable=False, index=True),
    Column("lang", String(16), nullable=False),
    Column("generation", String(80), nullable=False),
    Column("found", JSON, nullable=False),
)

# Who of the staff gets the numbers by mail, in which language.
digest_readers = Table(
    "digest_readers",
    metadata,
    Column("user_id", String(32), ForeignKey("users.id"), primary_key=True),
    Column("lang", String(16), nullable=False),
    Column("since", Instant, nullable=False),
)

# What the letters of a week tell; week: its Monday.
digests = Table(
    "digests",
    metadata,
    Column("week", String(10), primary_key=True),
    Column("facts", JSON, nullable=False),
    Column("made", Instant, nullable=False),
)
