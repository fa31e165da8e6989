"""How fast the managers' numbers are on millions of events, and what recording costs.

python -m benchmarks.deflection                       # 5 million events over 400 days
python -m benchmarks.deflection --events 500000 --days 60 --keep FOLDER --json
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

from flask.testing import FlaskClient

from benchmarks import report
from benchmarks.many_events import fill
from benchmarks.timing import summary, timed
from kbportal.cli.worker import use_one_thread_per_sum
from kbportal.deflection.period import days
from kbportal.events.catalog import Event, EventType, Surface
from kbportal.kernel.clock import utc_now
from kbportal.kernel.ids import new_id
from kbportal.people.accounts import add_user, open_session
from kbportal.people.model import Role
from kbportal.settings import Settings
from kbportal.web.app import create_app
from kbportal.web.staff import COOKIE
from kbportal.wiring import Portal, build_index, build_portal, open_database, read_articles

ROOT = Path(__file__).resolve().parent.parent
TARGET_PER_S, RECORDED_S = 500, 20


def main() -> None:
    """Make the events unless they are there, then measure."""
    options = _options()
    use_one_thread_per_sum()  # as the portal's own processes do
    measured: dict[str, Any] = {"machine": report.machine()}
    with tempfile.TemporaryDirectory() as temporary:
        folder = options.keep or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        settings = _settings(folder)
        measured["events"] = _events(settings, options)
        with _portal(settings) as portal:
            measured["roll-up of a day"] = _roll_ups(portal, options.rolled_up)
            measured["pages"] = _pages(portal, options.pages)
            measured["recording"] = _recording(portal)
    if options.json:
        print(json.dumps(measured, indent=2))
    else:
        print("\n".join(report.lines(measured)))


def _settings(folder: Path) -> Settings:
    return replace(
        Settings(),
        instance=folder,
        articles=ROOT / "articles",
        indexes=folder / "indexes",
        model="none",
    )


def _events(settings: Settings, options: argparse.Namespace) -> dict[str, Any]:
    open_database(settings).close()
    file = settings.instance / "kbportal.sqlite"
    stamp = settings.instance / "events.json"
    if not stamp.exists():
        began = time.perf_counter()
        written = fill(file, last=utc_now().date(), days=options.days, events=options.events)
        took = round(time.perf_counter() - began)
        stamp.write_text(json.dumps({"events": written, "days": options.days, "made_in_s": took}))
    kept: dict[str, Any] = json.loads(stamp.read_text())
    return kept | {"megabytes": file.stat().st_size // 1_000_000}


@contextmanager
def _portal(settings: Settings) -> Iterator[Portal]:
    if not settings.indexes.exists():
        build_index(settings, read_articles(settings), now=utc_now())
    portal = build_portal(settings)
    yield portal
    portal.close()


def _roll_ups(portal: Portal, some: int) -> dict[str, Any]:
    """Some days counted anew, then all that pages need and do not have yet."""
    ledger, now = portal.reports.ledger, utc_now()
    today = now.date()
    sample = [today - timedelta(days=20 + 5 * n) for n in range(some)]
    found = timed(lambda day: ledger.rebuild(days(day, day), now=now), sample)
    began = time.perf_counter()
    # What both periods of the longest page rest on.
    whole = days(today - timedelta(days=179), today)
    counted = ledger.refresh(whole, now=now)
    kept = portal.reports.ledger.books(whole, now=now).facts
    return {
        "one day": found,
        "days counted besides": counted,
        "in seconds": round(time.perf_counter() - began),
        "days": len(kept),
    }


def _pages(portal: Portal, times: int) -> dict[str, Any]:
    """The dashboard with the period before, as it is served to somebody signed in."""
    client = _manager(portal)
    found: dict[str, Any] = {}
    for length in (28, 90):
        address = f"/insights/?days={length}"
        _get(client, address)
        found[f"{length} days"] = timed(partial(_get, client), [address] * times)
        found[f"{length} days, new events"] = _with_news(portal, client, address, times)
        narrowed = f"{address}&language=sk"
        _get(client, narrowed)
        found[f"{length} days, narrowed"] = timed(partial(_get, client), [narrowed] * times)
    return found


def _with_news(portal: Portal, client: FlaskClient, address: str, times: int) -> dict[str, float]:
    """Something has happened before each request."""
    taken: list[float] = []
    for _ in range(times):
        portal.events.append([_event()])
        began = time.perf_counter()
        _get(client, address)
        taken.append((time.perf_counter() - began) * 1000)
    return summary(taken)


def _recording(portal: Portal) -> dict[str, Any]:
    """What handing over an event costs a page, and whether all of them arrive."""
    recorder = portal.recorder
    taken: list[float] = []
    began = time.perf_counter()
    for n in range(TARGET_PER_S * RECORDED_S):
        due = began + n / TARGET_PER_S
        if (wait := due - time.perf_counter()) > 0:
            time.sleep(wait)
        event = _event()
        before = time.perf_counter()
        recorder.record(event)
        taken.append((time.perf_counter() - before) * 1000)
    elapsed = time.perf_counter() - began
    recorder.flush(60)
    return {
        "one event": summary(taken),
        "per second": round(len(taken) / elapsed),
        "lost": recorder.dropped,
    }


def _event() -> Event:
    return Event(
        new_id(), utc_now(), EventType.SEARCH, Surface.SEARCH,
        visitor=new_id(), locale="en", query_norm="how do i change it",
    )  # fmt: skip


def _manager(portal: Portal) -> FlaskClient:
    who = new_id()
    user = add_user(
        portal.people, user_id=who, role=Role.MANAGER, now=utc_now(),
        email=f"{who}@example.com", name="Manager", password=new_id(),
    )  # fmt: skip
    app = create_app(portal)
    app.config.update(RATELIMIT_ENABLED=False)
    client = app.test_client()
    client.set_cookie(COOKIE, open_session(portal.people, user, now=utc_now()))
    return client


def _get(client: FlaskClient, address: str) -> None:
    response = client.get(address)
    if response.status_code != 200:
        raise RuntimeError(f"{address} answered {response.status}")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--events", type=int, default=5_000_000)
    parser.add_argument("--days", type=int, default=400)
    parser.add_argument("--rolled-up", type=int, default=10, help="days to count anew")
    parser.add_argument("--pages", type=int, default=40, help="requests of each kind")
    parser.add_argument("--keep", type=Path, help="keep the events here, or use those there")
    parser.add_argument("--json", action="store_true")
    return parser.parse_args()


if __name__ == "__main__":
    main()
