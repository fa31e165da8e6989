"""What is done in the background while a portal serves."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from kbportal.settings import Settings
from kbportal.wiring.keeping import sweep_old
from kbportal.wiring.letters import write_digests

if TYPE_CHECKING:
    from kbportal.deflection.bookkeeper import Bookkeeper, Job
    from kbportal.wiring.portal import Portal

_NICENESS = 10
_GAPS_EVERY = timedelta(days=1)


def hire_bookkeeper(portal: Portal, *, jobs: Sequence[Job] = ()) -> Bookkeeper:
    """What keeps the numbers of the managers up to date while the portal serves.

    Args:
        jobs: Further work for the same thread.
    """
    from kbportal.deflection.bookkeeper import Bookkeeper, Job, roll_ups

    kept = timedelta(days=portal.settings.retention_d)
    daily = Job("retention", timedelta(days=1), lambda now, go_on: sweep_old(portal))
    return Bookkeeper(
        [
            roll_ups(portal.reports.ledger, back=kept),
            daily,
            _gaps_job(portal),
            *_jobs_for_managers(portal),
            *jobs,
        ],
        lock=portal.settings.instance / "bookkeeper.lock",
        clock=portal.clock,
    )


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


def gaps_lock(settings: Settings) -> Path:
    """The file whose lock lets one process count the gaps at a time."""
    return settings.instance / "gaps.lock"


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


def _gaps_job(portal: Portal) -> Job:
    """Counting the gaps once a day, as soon as anything has happened that could be one."""
    from kbportal.deflection.bookkeeper import Job

    def run(now: datetime, go_on: Callable[[], bool]) -> None:
        made = portal.gaps.survey()
        if made and now - made.made < _GAPS_EVERY:
            return
        if any(True for _ in portal.events.read(now - _GAPS_EVERY, now)):
            child = count_gaps_apart(portal.settings)
            # The thread of the bookkeeper has more to do than to wait for minutes.
            threading.Thread(target=child.wait, daemon=True).start()

    return Job("gaps", timedelta(hours=1), run)


def _as_environment(settings: Settings) -> dict[str, str]:
    """What a process that works on the same portal must be told, flags of ours included."""
    return {
        "KBPORTAL_INSTANCE": str(settings.instance),
        "KBPORTAL_ARTICLES": str(settings.articles),
        "KBPORTAL_INDEXES": str(settings.indexes),
        "KBPORTAL_LANGUAGES": ",".join(settings.languages),
        "KBPORTAL_DATABASE_URL": settings.database_url,
    }


def _jobs_for_managers(portal: Portal) -> list[Job]:
    """What the managers' pages need beside the roll-ups."""
    from kbportal.deflection.bookkeeper import Job

    return [
        Job(
            "tickets looked up", timedelta(minutes=1), lambda _now, _go_on: look_tickets_up(portal)
        ),
        Job("weekly letters", timedelta(minutes=15), lambda _now, _go_on: write_digests(portal)),
    ]
