"""`kbportal gaps`: what to write next, counted anew."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import click

from kbportal.cli import options
from kbportal.deflection.gaps.demand import needs
from kbportal.deflection.gaps.library import LiveLibrary
from kbportal.deflection.gaps.model import Asked, Gap, Need, State, Survey
from kbportal.deflection.gaps.publishing import reading_since
from kbportal.deflection.gaps.records import gaps_document
from kbportal.deflection.gaps.survey import survey as make_survey
from kbportal.deflection.model import Windows
from kbportal.kernel.addresses import fold_address
from kbportal.kernel.clock import utc_now
from kbportal.kernel.turns import turn
from kbportal.search.index.generation import live_folder, open_generation
from kbportal.search.query.engine import Engine
from kbportal.settings import Settings
from kbportal.storage import Stores
from kbportal.tickets.model import Ticket
from kbportal.wiring import gaps_lock, open_database

_SPAN = timedelta(days=7)
"""Events are read so much at a time: a busy portal's two months would not fit into memory."""
_PAGE = 500
_FIRST_WORDS = 200
"""Characters of a description that are compared: the need comes first, then the story."""
_TRIES, _PAUSE_S = 20, 0.1


@click.command()
@click.option("--lang", help="Only this language.")
@options.articles
@options.indexes
@options.as_json
def gaps(lang: str | None, as_json: bool, **folders: Any) -> None:
    """What to write next: needs that no article met, grouped by what they mean.

    Counts anew from the last eight weeks; the page for managers shows the same from then on.

    \b
    Example:
        kbportal gaps --lang en
    """
    settings = options.settings_with(**folders)
    counted = _one_at_a_time(settings)
    if counted is None:
        click.echo("kbportal: the gaps are being counted by another process.", err=True)
        sys.exit(1)
    made, found = counted
    shown = [one for one in found if lang in (None, one.lang)]
    if as_json:
        options.print_json(gaps_document(made, shown, cost=settings.cost_per_ticket))
    else:
        _print(made, shown)


def _one_at_a_time(settings: Settings) -> tuple[Survey, tuple[Gap, ...]] | None:
    """None while another process counts. A page that looks whether one does holds up nobody."""
    for _ in range(_TRIES):
        with turn(gaps_lock(settings)) as mine:
            if mine:
                return _count(settings)
        time.sleep(_PAUSE_S)
    return None


def _count(settings: Settings) -> tuple[Survey, tuple[Gap, ...]]:
    started, now = time.perf_counter(), utc_now()
    generation = open_generation(live_folder(settings.indexes))
    engine = Engine(generation, fallback_lang=settings.default_language)
    library = LiveLibrary(generation, engine, languages=settings.languages)
    stores = open_database(settings)
    try:
        kept = stores.gaps.gaps()
        since = reading_since(kept, now=now)
        found = list(_needs(stores, settings, since, now))
        made, told = make_survey(
            found, kept=kept, library=library, now=now,
            retention=timedelta(days=settings.retention_d),
        )  # fmt: skip
        made = replace(made, seconds=round(time.perf_counter() - started, 1))
        stores.gaps.keep_survey(made, told)
        return made, stores.gaps.gaps()
    finally:
        stores.close()


def _needs(stores: Stores, settings: Settings, since: datetime, until: datetime) -> Iterator[Need]:
    asked = {one.id: _asked(one) for one in _tickets(stores, since)}
    staff = frozenset(user.id for user in stores.people.users())
    windows = Windows(lookback=timedelta(hours=settings.lookback_h))
    around = max(windows.lookback, windows.session_gap)
    while since < until:
        end = min(since + _SPAN, until)
        yield from needs(
            stores.events.read(since - around, end + around), asked,
            since=since, until=end, windows=windows, staff=staff,
        )  # fmt: skip
        since = end


def _tickets(stores: Stores, since: datetime) -> Iterator[Ticket]:
    """Those that were filed since then and are no spam."""
    before: int | None = None
    while True:
        page = stores.tickets.list(before=before, limit=_PAGE, quarantined=False)
        yield from (one for one in page.tickets if one.created >= since)
        before = page.older
        if before is None or page.tickets[-1].created < since:
            return


def _asked(ticket: Ticket) -> Asked:
    return Asked(
        title=ticket.subject,
        text=f"{ticket.subject}. {ticket.description[:_FIRST_WORDS]}",
        lang=ticket.lang,
        category=ticket.category,
        solved_by=ticket.solved_by_article or "",
        person=f"m:{fold_address(ticket.email)}",
    )


def _print(made: Survey, found: list[Gap]) -> None:
    click.echo(f"{made.since:%Y-%m-%d} to {made.until:%Y-%m-%d}, in {made.seconds} s")
    for one in made.languages:
        left = f", {one.left_out} left out" if one.left_out else ""
        click.echo(f"{one.lang}: {one.needs} unmet needs, {one.single} in no gap{left}")
    for gap in found:
        if gap.evidence and gap.state is not State.DISMISSED:
            evidence = gap.evidence
            click.echo(
                f"{gap.lang}  {evidence.tickets:5} tickets {evidence.searches:5} searches  "
                f"{evidence.advice:<9} {gap.state:<8} {gap.name}"
            )
