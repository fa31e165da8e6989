"""A portal with everything that its rooms need: the database, the index, the clock."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from kbportal.articles.forms import FormsFile
from kbportal.backup.errors import InstanceInTheWay
from kbportal.backup.placing import is_cut_short
from kbportal.deflection.gaps.ports import GapStore
from kbportal.deflection.trials.changes import ChangeStore
from kbportal.deflection.trials.holdout import HoldoutSwitch, usual_holdout
from kbportal.events.ports import EventStore
from kbportal.events.recorder import Recorder
from kbportal.feedback.ports import CommentStore
from kbportal.kernel.clock import Clock, utc_now
from kbportal.mail.ports import Outbox
from kbportal.people.audit import AuditStore
from kbportal.people.ports import PeopleStore, SecondFactorStore
from kbportal.privacy.ports import PrivacyStore
from kbportal.settings import Settings
from kbportal.tickets.ports import AttachmentStore, DraftStore, FileStore, TicketStore

if TYPE_CHECKING:
    from kbportal import storage
    from kbportal.deflection.digest import DigestStore
    from kbportal.deflection.reading.source import Source
    from kbportal.deflection.reporter import Reporter
    from kbportal.deflection.search_quality import QualityStore
    from kbportal.search.query.live import LiveIndex

ATTACHMENTS = "attachments"
"""Folder of the instance that holds the contents of files."""


@dataclass(frozen=True, slots=True)
class Portal:
    """Everything a room may need."""

    settings: Settings
    live: LiveIndex
    tickets: TicketStore
    drafts: DraftStore
    attachments: AttachmentStore
    files: FileStore
    forms: FormsFile
    people: PeopleStore
    second_factors: SecondFactorStore
    events: EventStore
    outbox: Outbox
    privacy: PrivacyStore
    comments: CommentStore
    audit: AuditStore
    holdout: HoldoutSwitch
    gaps: GapStore
    quality: QualityStore
    digests: DigestStore
    article_changes: ChangeStore
    recorder: Recorder
    reports: Reporter
    clock: Clock
    check_database: Callable[[], None]
    close_database: Callable[[], None]

    def close(self) -> None:
        """Write the events that wait, and give back every connection."""
        self.recorder.close()
        self.close_database()


def build_portal(settings: Settings, *, clock: Clock = utc_now) -> Portal:
    """Open the database, bringing it up to date, and the live index, which may be missing.

    Raises:
        StorageUnavailable, SchemaTooNew: The database cannot be used.
    """
    from kbportal.search.query.live import LiveIndex
    from kbportal.storage import open_files

    stores = open_database(settings)
    usual = usual_holdout(settings.holdout_percent, is_public=bool(settings.site_url))
    holdout = HoldoutSwitch(stores.switches, usual)
    holdout.refresh()
    return Portal(
        settings=settings,
        live=LiveIndex(settings.indexes, fallback_lang=settings.default_language),
        tickets=stores.tickets,
        drafts=stores.drafts,
        attachments=stores.attachments,
        files=open_files(settings.instance / ATTACHMENTS),
        forms=FormsFile(settings.articles),
        people=stores.people,
        second_factors=stores.second_factors,
        events=stores.events,
        outbox=stores.outbox,
        privacy=stores.privacy,
        comments=stores.comments,
        audit=stores.audit,
        holdout=holdout,
        gaps=stores.gaps,
        quality=stores.quality,
        digests=stores.digests,
        article_changes=stores.article_changes,
        recorder=Recorder(stores.event_log),
        reports=open_reports(settings, stores),
        clock=clock,
        check_database=stores.check,
        close_database=stores.close,
    )


def open_database(settings: Settings) -> storage.Stores:
    """The stores on a database that is brought up to date first.

    Raises:
        StorageUnavailable, SchemaTooNew: It cannot be used.
        InstanceInTheWay: A restore was cut short there.
        SecretsExposed: Others may read what is there.
    """
    from kbportal import storage
    from kbportal.wiring.exposure import check_not_exposed

    if is_cut_short(settings.instance):
        raise InstanceInTheWay(
            f"a restore into {settings.instance} was cut short; run it again, with --replace"
        )
    settings.instance.mkdir(parents=True, exist_ok=True, mode=0o700)
    check_not_exposed(settings)
    storage.upgrade(settings.database)
    return storage.open_stores(settings.database)


def open_reports(
    settings: Settings, stores: storage.Stores, *, source: Source | None = None
) -> Reporter:
    """Where the reports on self-service are made.

    Args:
        source: Where the same events are at hand, instead of the database.
    """
    from kbportal.deflection.ledger.ledger import Ledger
    from kbportal.deflection.model import Windows
    from kbportal.deflection.reporter import Reporter

    ledger = Ledger(
        stores.facts,
        source or stores.events,
        windows=Windows(
            lookback=timedelta(hours=settings.lookback_h),
            horizon=timedelta(hours=settings.horizon_h),
            durability=timedelta(days=settings.durability_d),
        ),
        staff=lambda: frozenset(user.id for user in stores.people.users()),
        lock=settings.instance / "rollup.lock",
    )
    return Reporter(
        ledger,
        stores.service,
        cost_per_ticket=settings.cost_per_ticket,
        identity=settings.visitor_identity,
    )
