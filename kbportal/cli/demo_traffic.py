"""`kbportal demo traffic`: months of invented visitors, so that dashboards can be seen."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from itertools import groupby, islice
from typing import Any

import click

from kbportal.articles.library import Library
from kbportal.cli import options
from kbportal.cli.demo_tickets import file_requests, latest
from kbportal.cli.demo_words import words_in
from kbportal.cli.progress import progress_bar
from kbportal.deflection.model import Windows
from kbportal.deflection.period import days as days_of
from kbportal.deflection.reading.source import EventList
from kbportal.deflection.simulation.definitions import Span
from kbportal.deflection.simulation.noise import noise
from kbportal.deflection.simulation.people import Needs, draw
from kbportal.deflection.simulation.site import Disturbance, Site, Tongue
from kbportal.deflection.simulation.topics import Shelf, Topic, shelf
from kbportal.deflection.simulation.traffic import Writing, traffic
from kbportal.deflection.simulation.truth import as_metrics, truth
from kbportal.events.catalog import Event, EventType
from kbportal.kernel.clock import utc_now
from kbportal.kernel.errors import PortalError
from kbportal.settings import Settings
from kbportal.storage import Stores
from kbportal.wiring import open_database, open_reports, read_articles

PEOPLE_A_DAY = 235.0
"""Makes about 200 form starts a day."""
BOTS = 0.15
_FEWEST_ARTICLES = 4
_BATCH = 5_000
_LIKED, _WRITES, _NOTHING = (5, 3, 2, 2, 2), (0.0, 0.08, 0.04, -0.06, 0.02), (0.1, 0.2, 0.16)
"""How languages differ, in the order of the settings: visitors, writing, finding nothing."""

Advance = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Plan:
    """One simulation: its site, how it is written down, and its period up to now."""

    site: Site
    writing: Writing
    span: Span
    now: datetime


@click.command()
@click.option(
    "--days", type=click.IntRange(1, 400), default=90, show_default=True, help="Up to today."
)
@click.option(
    "--seed", type=click.IntRange(0, 2**31), default=1, show_default=True, help="Of the lot."
)
@options.as_json
def traffic_command(days: int, seed: int, **given: Any) -> None:
    """Fill an empty database with simulated visitors, to see the dashboards.

    \b
    Example:
        kbportal demo traffic --days 90
    """
    settings = options.settings_with()
    shelves = _shelves(settings, read_articles(settings))
    plan = _plan(settings, shelves, days=days, seed=seed, now=utc_now())
    stores = open_database(settings)
    try:
        _refuse_real_visits(stores)
        with progress_bar() as advance:
            events = _fill(stores, plan, seed, advance)
            _count_days(settings, stores, plan, events, advance)
    finally:
        stores.close()
    if given["as_json"]:
        options.print_json(_document(plan, settings, seed, len(events)))
    else:
        click.echo(f"{len(events):,} events of {days} days are in {settings.instance}.")
        click.echo(f"Look at them: KBPORTAL_INSTANCE={settings.instance} kbportal serve")


def _shelves(settings: Settings, library: Library) -> dict[str, Shelf]:
    """What can be found, by language; languages with hardly an article are left out."""
    public = sorted(
        (one for one in library.articles if one.is_public), key=lambda one: (one.lang, one.id)
    )
    found = {
        lang: [Topic(one.id, one.answers or (one.title,)) for one in group]
        for lang, group in groupby(public, key=lambda one: one.lang)
    }
    shelves = {
        lang: shelf(found[lang], missing=words_in(lang).missing)
        for lang in settings.languages
        if len(found.get(lang, ())) >= _FEWEST_ARTICLES
    }
    if not shelves:
        raise PortalError(
            f"There are not enough articles in {settings.articles} to visit; "
            f"at least {_FEWEST_ARTICLES} in one language are needed."
        )
    return shelves


def _plan(
    settings: Settings, shelves: dict[str, Shelf], *, days: int, seed: int, now: datetime
) -> Plan:
    site = Site(
        days=days,
        people_per_day=PEOPLE_A_DAY,
        tongues=tuple(
            Tongue(lang, _LIKED[n % 5], _WRITES[n % 5], _NOTHING[n % 3])
            for n, lang in enumerate(shelves)
        ),
    )
    beginning = datetime.combine(now.date(), time(), UTC) - timedelta(days=days - 1)
    windows = Windows(
        lookback=timedelta(hours=settings.lookback_h),
        horizon=timedelta(hours=settings.horizon_h),
        durability=timedelta(days=settings.durability_d),
    )
    span = Span(days * 86_400.0, (now - beginning).total_seconds(), windows)
    return Plan(site, Writing(site, shelves, beginning, seed, Disturbance(bots=BOTS)), span, now)


def _refuse_real_visits(stores: Stores) -> None:
    far = datetime.max.replace(tzinfo=UTC)
    seen = next(stores.events.read(datetime(1970, 1, 1, tzinfo=UTC), far), None)
    if seen or stores.tickets.list(limit=1).tickets:
        raise PortalError(
            "This database already holds visits or tickets, and simulated ones must not be mixed "
            "with them. Name a new folder: KBPORTAL_INSTANCE=demo kbportal demo traffic"
        )


def _fill(stores: Stores, plan: Plan, seed: int, advance: Advance) -> list[Event]:
    """Write everything; returns the events."""
    needs = _people(plan, seed)
    human = [event for event in traffic(needs, plan.writing) if _is_past(event, plan)]
    staff = tuple(user.id for user in stores.people.users())
    others = noise(plan.writing, human_events=len(human), staff=staff)
    every = human + [event for event in others if _is_past(event, plan)]
    requests = latest(event for event in human if event.type is EventType.TICKET_CREATED)
    filed = {event.event_id for event in requests}
    done = 0
    for batch in _batches(event for event in every if event.event_id not in filed):
        stores.event_log.append(batch)
        done += len(batch)
        advance("visits", done, len(every) - len(filed))
    file_requests(
        stores.tickets, requests, plan.writing.shelves, seed=seed, now=plan.now,
        advance=lambda done, total: advance("requests", done, total),
    )  # fmt: skip
    return every


def _count_days(
    settings: Settings, stores: Stores, plan: Plan, events: list[Event], advance: Advance
) -> None:
    """Count every day while its events are at hand; the server would take minutes to read them."""
    ledger = open_reports(settings, stores, source=EventList(events)).ledger
    beginning = plan.writing.beginning.date()
    for number in range(plan.site.days):
        day = beginning + timedelta(days=number)
        ledger.refresh(days_of(day, day), now=plan.now)
        advance("days", number + 1, plan.site.days)


def _people(plan: Plan, seed: int) -> Needs:
    site = plan.site
    count = int(site.people_per_day * (site.days + site.warm_up_d))
    return draw(site, seed, people=count, weekday=plan.writing.beginning.weekday())


def _is_past(event: Event, plan: Plan) -> bool:
    return plan.writing.beginning <= event.ts <= plan.now


def _batches(events: Iterable[Event]) -> Iterator[list[Event]]:
    rest = iter(events)
    while batch := list(islice(rest, _BATCH)):
        yield batch


def _document(plan: Plan, settings: Settings, seed: int, events: int) -> dict[str, Any]:
    """What was simulated, under the ids of the report's metrics."""
    weekday = plan.writing.beginning.weekday()
    told = truth(plan.site, seed + 1, plan.span, weekday=weekday)
    drawn = plan.site.people_per_day * (plan.site.days + plan.site.warm_up_d)
    return {
        "from": plan.writing.beginning.date().isoformat(),
        "to": plan.now.date().isoformat(),
        "seed": seed,
        "events": events,
        "truth": as_metrics(told, people=drawn, site=plan.site, cost=settings.cost_per_ticket),
    }
