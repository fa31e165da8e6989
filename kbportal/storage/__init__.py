"""What is kept: the only package that speaks SQL. One store per brick, on one database."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select

from kbportal.storage.article_changes import SqlChangeStore
from kbportal.storage.attachments import SqlAttachmentStore
from kbportal.storage.audit import SqlAuditStore, SqlSwitchStore
from kbportal.storage.comments import SqlCommentStore
from kbportal.storage.database import Database
from kbportal.storage.digests import SqlDigestStore
from kbportal.storage.drafts import SqlDraftStore
from kbportal.storage.errors import SchemaTooNew, StorageUnavailable
from kbportal.storage.events import SqlEventStore
from kbportal.storage.facts import SqlFactStore
from kbportal.storage.files import DiskFileStore
from kbportal.storage.gaps import SqlGapStore
from kbportal.storage.letters import SqlOutbox
from kbportal.storage.people import SqlPeopleStore
from kbportal.storage.privacy import SqlPrivacyStore
from kbportal.storage.quality import SqlQualityStore
from kbportal.storage.schema import upgrade
from kbportal.storage.second_factors import SqlSecondFactorStore
from kbportal.storage.service import SqlService
from kbportal.storage.tables import counters
from kbportal.storage.tickets import SqlTicketStore

__all__ = ["SchemaTooNew", "StorageUnavailable", "Stores", "open_files", "open_stores", "upgrade"]


@dataclass(frozen=True, slots=True)
class Stores:
    """All stores of one portal. ``event_log`` commits quickly and is the recorder's own.

    ``drafts`` commit as quickly: what is typed is in the browser, too.
    """

    tickets: SqlTicketStore
    drafts: SqlDraftStore
    attachments: SqlAttachmentStore
    people: SqlPeopleStore
    second_factors: SqlSecondFactorStore
    events: SqlEventStore
    facts: SqlFactStore
    service: SqlService
    comments: SqlCommentStore
    audit: SqlAuditStore
    switches: SqlSwitchStore
    gaps: SqlGapStore
    article_changes: SqlChangeStore
    event_log: SqlEventStore
    outbox: SqlOutbox
    privacy: SqlPrivacyStore
    quality: SqlQualityStore
    digests: SqlDigestStore
    _main: Database
    _log: Database

    def check(self) -> None:
        """Raises StorageUnavailable when the database does not answer."""
        with self._main.reading() as connection:
            connection.execute(select(counters.c.name).order_by(counters.c.name).limit(1)).all()

    def close(self) -> None:
        """Close idle connections."""
        self._main.close()
        self._log.close()


def open_stores(url: str) -> Stores:
    """The stores on the database at an SQLAlchemy address; it must have been upgraded."""
    main, log = Database(url), Database(url, durable=False)
    return Stores(
        tickets=SqlTicketStore(main),
        drafts=SqlDraftStore(log),
        attachments=SqlAttachmentStore(main),
        people=SqlPeopleStore(main),
        second_factors=SqlSecondFactorStore(main),
        events=SqlEventStore(main),
        facts=SqlFactStore(log),
        service=SqlService(main),
        comments=SqlCommentStore(main),
        audit=SqlAuditStore(main),
        switches=SqlSwitchStore(main),
        gaps=SqlGapStore(main),
        article_changes=SqlChangeStore(main),
        event_log=SqlEventStore(log),
        outbox=SqlOutbox(main),
        privacy=SqlPrivacyStore(main),
        quality=SqlQualityStore(main),
        digests=SqlDigestStore(main),
        _main=main,
        _log=log,
    )


def open_files(folder: Path) -> DiskFileStore:
    """The contents of files in a folder."""
    return DiskFileStore(folder)
