"""Where concrete classes are chosen: the database, the model, the index. Nowhere else."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from kbportal import __version__
from kbportal.articles.forms import FormsFile
from kbportal.articles.library import Library, read_library
from kbportal.backup.errors import InstanceInTheWay
from kbportal.backup.placing import is_cut_short
from kbportal.deflection.changes import ChangeStore
from kbportal.deflection.gaps.ports import GapStore
from kbportal.deflection.holdout import HoldoutSwitch, usual_holdout
from kbportal.embedding.hashing import HashingEmbedder
from kbportal.embedding.ports import Embedder, ModelUnusable
from kbportal.events.ports import EventStore
from kbportal.events.recorder import Recorder
from kbportal.feedback.ports import CommentStore
from kbportal.kernel.clock import Clock, utc_now
from kbportal.mail.ports import Carrier, Outbox
from kbportal.people.audit import AuditStore
from kbportal.people.ports import PeopleStore
from kbportal.privacy.ports import PrivacyStore
from kbportal.search.index.reading import read_changes
from kbportal.settings import FILE_NAME, Settings
from kbportal.tickets.attachments import Keeping
from kbportal.tickets.evidence import lessons
from kbportal.tickets.ports import AttachmentStore, DraftStore, FileStore, TicketStore

# Libraries that only the server needs are imported by the functions that need them: an index is
# brought up to date in a second or two, of which they would take half.
if TYPE_CHECKING:
    from kbportal import storage
    from kbportal.backup.manifest import Manifest
    from kbportal.deflection.bookkeeper import Bookkeeper, Job
    from kbportal.deflection.digest import DigestStore
    from kbportal.deflection.reading import Source
    from kbportal.deflection.reporter import Reporter
    from kbportal.deflection.search_quality import QualityStore
    from kbportal.mail.digest import Digest
    from kbportal.mail.postman import Postman
    from kbportal.mail.sending import Office
    from kbportal.privacy.model import Erased
    from kbportal.privacy.retention import Places, Retention
    from kbportal.search.build.builder import Built, Progress
    from kbportal.search.query.live import LiveIndex

_NICENESS = 10
NO_MODEL = "none"
HASHING_MODEL = "hashing"
ATTACHMENTS = "attachments"
"""Folder of the instance that holds the contents of files."""
OUTGOING = "outgoing"
"""Folder of the instance that holds letters where no mail server is set."""


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
    holdout = HoldoutSwitch(stores.switches, usual_holdout(settings.holdout_percent))
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
    """
    from kbportal import storage

    if is_cut_short(settings.instance):
        raise InstanceInTheWay(
            f"a restore into {settings.instance} was cut short; run it again, with --replace"
        )
    settings.instance.mkdir(parents=True, exist_ok=True, mode=0o700)
    storage.upgrade(settings.database)
    return storage.open_stores(settings.database)


def make_backup(settings: Settings, file: Path, *, now: datetime) -> Manifest:
    """Copy the portal, which may be serving, into one file.

    Raises:
        BackupImpossible, StorageUnavailable: What was there under that name still is.
    """
    from kbportal.backup.writing import Place, write_backup
    from kbportal.storage import copies

    database = copies.database_file(settings.database)
    return write_backup(
        file,
        Place(settings.instance, Path.cwd() / FILE_NAME),
        copy_database=lambda path: copies.copy_database(database, path),
        portal=__version__,
        made=now.isoformat(timespec="seconds"),
    )


def restore_backup(
    settings: Settings, file: Path, *, replace: bool, now: datetime
) -> tuple[Manifest, Path | None]:
    """Verify a backup and put it in the place of this portal, which must not run.

    Returns:
        What was restored, and the folder in which the old portal is kept, if there was one.

    Raises:
        BackupUnusable, InstanceInTheWay: Nothing was changed.
    """
    from kbportal.backup.restoring import Target, restore
    from kbportal.mail.postman import at_work
    from kbportal.storage import copies

    target = Target(settings.instance, copies.database_file(settings.database))
    with at_work(mail_lock(settings)) as mine:
        if not mine:
            raise InstanceInTheWay(
                f"a portal is running in {settings.instance}: stop it before you restore"
            )
        return restore(
            file, target,
            replace=replace, known_schema=newest_schema(), schema_of=copies.schema_of_copy, now=now,
        )  # fmt: skip


def newest_schema() -> str:
    """The version of the database that this portal makes."""
    from kbportal.storage.schema import newest_revision

    return newest_revision()


def open_reports(
    settings: Settings, stores: storage.Stores, *, source: Source | None = None
) -> Reporter:
    """Where the reports on self-service are made.

    Args:
        source: Where the events are at hand, if not in the database alone.
    """
    from kbportal.deflection.ledger import Ledger
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


def choose_carrier(settings: Settings, *, say: Callable[[str], None]) -> Carrier:
    """The mail server that the settings name; without one, letters become files.

    Args:
        say: Tells the operator where such a file is.

    Raises:
        SettingsInvalid: The file with the password cannot be read.
    """
    if not settings.sends_mail:
        from kbportal.mail.console import ConsoleCarrier

        return ConsoleCarrier(settings.instance / OUTGOING, say=say)
    from kbportal.mail.smtp import Server, SmtpCarrier

    return SmtpCarrier(
        Server(
            host=settings.mail_host,
            port=settings.mail_port,
            security=settings.mail_security,
            user=settings.mail_user,
            password=settings.password_for_mail(),
        )
    )


def mail_office(settings: Settings, *, address: str = "http://127.0.0.1:8000") -> Office:
    """What letters of this portal have in common.

    Args:
        address: Where the portal answers, for links where no site_url is set.
    """
    from kbportal.mail.message import Sender
    from kbportal.mail.sending import Office
    from kbportal.mail.words import House

    return Office(
        house=House(settings.site_name, settings.reply_time_h, settings.contact_hours),
        sender=Sender(settings.site_name, settings.mail_from or "help@portal.invalid"),
        site_url=(settings.site_url or address).rstrip("/"),
        languages=settings.languages,
        secret=settings.secret_key().encode(),
        name=f"{socket.gethostname()}:{settings.instance}"[:300],
    )


def retention_of(settings: Settings) -> Retention:
    """How long the settings let things be kept."""
    from kbportal.privacy.retention import Retention

    return Retention(settings.retention_d, settings.ticket_retention_d)


def retention_places(settings: Settings, stores: Portal | storage.Stores) -> Places:
    """Where a portal keeps what goes by age."""
    from kbportal.privacy.retention import Places
    from kbportal.storage import open_files

    files = open_files(settings.instance / ATTACHMENTS)
    return Places(stores.privacy, stores.drafts, Keeping(stores.attachments, files))


def sweep_old(portal: Portal) -> None:
    """Delete what is older than the settings allow; to be called once a day while serving."""
    from kbportal.privacy.retention import sweep

    sweep(
        retention_places(portal.settings, portal),
        retention_of(portal.settings),
        now=portal.clock(),
    )


def forget_person(settings: Settings, stores: storage.Stores, address: str) -> Erased:
    """Forget the person with an address, wherever this portal keeps anything of them.

    Raises:
        StorageUnavailable: Nobody was forgotten.
    """
    from kbportal.kernel.addresses import fold_address
    from kbportal.mail.console import forget_letters
    from kbportal.privacy.persons import erase
    from kbportal.storage import open_files

    erased = erase(
        stores.privacy, open_files(settings.instance / ATTACHMENTS), address,
        secret=settings.secret_key().encode(), now=utc_now(),
    )  # fmt: skip
    as_files = forget_letters(settings.instance / OUTGOING, fold_address(address))
    return replace(erased, letters=max(erased.letters, as_files))


def mail_lock(settings: Settings) -> Path:
    """The file whose lock lets one process send at a time."""
    return settings.instance / "mail.lock"


def gaps_lock(settings: Settings) -> Path:
    """The file whose lock lets one process count the gaps at a time."""
    return settings.instance / "gaps.lock"


def count_gaps_apart(settings: Settings) -> subprocess.Popen[bytes]:
    """Count the gaps in a process of its own, which lets customers come first.

    It needs libraries and memory that no worker shall carry, and may take minutes. The caller
    waits for its end, so that no dead process is left.
    """
    child = subprocess.Popen(
        [sys.executable, "-m", "kbportal", "gaps", "--json"],
        env=os.environ | _as_environment(settings),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
    )
    with suppress(OSError):
        os.setpriority(os.PRIO_PROCESS, child.pid, _NICENESS)
    return child


def _as_environment(settings: Settings) -> dict[str, str]:
    """What a process that works on the same portal must be told, flags of ours included."""
    return {
        "KBPORTAL_INSTANCE": str(settings.instance),
        "KBPORTAL_ARTICLES": str(settings.articles),
        "KBPORTAL_INDEXES": str(settings.indexes),
        "KBPORTAL_LANGUAGES": ",".join(settings.languages),
        "KBPORTAL_DATABASE_URL": settings.database_url,
    }


def hire_postman(portal: Portal, *, address: str, say: Callable[[str], None]) -> Postman:
    """What sends this portal's letters while it serves; start it in the process that serves."""
    from kbportal.mail.postman import Postman

    return Postman(
        portal.outbox,
        choose_carrier(portal.settings, say=say),
        mail_office(portal.settings, address=address),
        lock=mail_lock(portal.settings),
        clock=portal.clock,
    )


def hire_bookkeeper(portal: Portal, *, jobs: Sequence[Job] = ()) -> Bookkeeper:
    """What keeps the numbers of the managers up to date while the portal serves.

    Args:
        jobs: Further work for the same thread.
    """
    from kbportal.deflection.bookkeeper import Bookkeeper, Job, roll_ups

    daily = Job("retention", timedelta(days=1), lambda now, go_on: sweep_old(portal))
    return Bookkeeper(
        [roll_ups(portal.reports.ledger), daily, *_jobs_for_managers(portal), *jobs],
        lock=portal.settings.instance / "bookkeeper.lock",
        clock=portal.clock,
    )


def choose_embedder(settings: Settings) -> Embedder | None:
    """The model that the settings name; None for keywords alone.

    Raises:
        ModelUnusable: It is not here.
    """
    if settings.model == NO_MODEL:
        return None
    if settings.model == HASHING_MODEL:
        return HashingEmbedder()
    from kbportal.embedding.sentence_transformer import SentenceTransformerEmbedder

    return SentenceTransformerEmbedder(
        settings.model,
        query_prefix=settings.model_query_prefix,
        passage_prefix=settings.model_passage_prefix,
        dimensions=settings.model_dimensions,
    )


def read_articles(settings: Settings) -> Library:
    """The knowledge base as it is on disk."""
    return read_library(settings.articles, languages=settings.languages)


def read_changed_articles(settings: Settings, *, now: datetime) -> Library:
    """The same, without reading files again that have not changed since the last index."""
    return read_changes(settings.articles, settings.indexes, languages=settings.languages, now=now)


def build_index(
    settings: Settings,
    library: Library,
    *,
    now: datetime,
    learned: dict[str, tuple[str, ...]] | None = None,
    progress: Progress = lambda stage, done, total: None,
) -> tuple[Built, ModelUnusable | None]:
    """Bring the index in step with the articles; a model that is missing costs only meaning.

    Returns:
        What was built, and what was wrong with the model if anything was.
    """
    # Not at the top: a web worker, which uses the rest of this module, never builds.
    from kbportal.search.build.builder import MANY_ARTICLES, Source, build

    wrong: ModelUnusable | None = None
    embedder: Embedder | None = None
    try:
        embedder = choose_embedder(settings)
    except ModelUnusable as error:
        wrong = error
    source = Source(
        articles=library.articles,
        categories=library.categories,
        problems=library.problems,
        learned=learned or {},
        synonyms=library.synonyms,
        readings=library.readings,
        images=library.images,
    )
    built = build(
        source, settings.indexes,
        embedder=embedder, now=now, keywords_first=MANY_ARTICLES, progress=progress,
    )  # fmt: skip
    return built, wrong


def learn_from_tickets(tickets: TicketStore, *, now: datetime) -> dict[str, tuple[str, ...]]:
    """Texts that articles have answered: agents resolved them so, or customers confirmed it."""
    return lessons(tickets.evidence(now=now))


def look_tickets_up(portal: Portal) -> int:
    """Note what search finds for new tickets, so that it can be judged once they are solved.

    To be called every minute or so, by any number of processes; how many were looked up.
    """
    from kbportal.deflection.search_quality import DEPTH, look_up
    from kbportal.search.index.generation import IndexMissing

    try:
        live = portal.live.current()
    except IndexMissing:
        return 0

    def ask(text: str, lang: str) -> tuple[str, list[str]]:
        hits = live.engine.search(text, lang=lang, limit=DEPTH).hits
        return live.id, [hit.article_id for hit in hits]

    return look_up(portal.quality, ask)


def write_digests(portal: Portal) -> int:
    """Put this week's letters to managers into the outbox, once; how many were written.

    To be called every so often, by any number of processes.
    """
    from kbportal.deflection.digest import days_of, digest, top_missing, write_letters
    from kbportal.deflection.period import Period, days

    now = portal.clock()

    def make(week: date) -> Digest:
        period = days(*days_of(week))
        before = Period(period.since - (period.until - period.since), period.since)
        portal.reports.ledger.refresh(Period(before.since, period.until), now=now)
        reports = (portal.reports.report(one, now=now) for one in (period, before))
        missing = top_missing(portal.gaps)
        return digest(*reports, week=week, currency=portal.settings.currency, missing=missing)

    return write_letters(portal.digests, portal.outbox, make=make, now=now)


def _jobs_for_managers(portal: Portal) -> list[Job]:
    """What the managers' pages need beside the roll-ups."""
    from kbportal.deflection.bookkeeper import Job

    return [
        Job(
            "tickets looked up", timedelta(minutes=1), lambda _now, _go_on: look_tickets_up(portal)
        ),
        Job("weekly letters", timedelta(minutes=15), lambda _now, _go_on: write_digests(portal)),
    ]
