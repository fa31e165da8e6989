"""Tests of two versions of an article: how each stands, ending one, and taking that back."""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from weakref import WeakKeyDictionary

from flask import abort, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from kbportal.articles.shelf import Shelf, ShelvedArticle
from kbportal.articles.version_files import Ended, end_test, undo_end
from kbportal.articles.versions import path_of_b
from kbportal.deflection.trials.changes import ArticleChange
from kbportal.deflection.trials.content_tests import ArmResult, B, TrialResult, result_of
from kbportal.events.catalog import EventType
from kbportal.events.ports import EventStore
from kbportal.kernel.errors import PortalError
from kbportal.kernel.ids import new_id
from kbportal.people.audit import Action
from kbportal.web.auditing import new_line
from kbportal.web.insights.numbers import number, percent
from kbportal.web.insights.trial_words import basis_words, detail_words, verdict_words
from kbportal.web.portal import portal
from kbportal.web.versions import Trial, running

LONGEST = timedelta(days=180)
"""How far back a test is counted."""
REMEMBERED_S = 600.0
MOST = 25
"""Tests whose numbers are on the page; counting each reads the log."""

_OUTCOMES = (EventType.TICKET_CREATED, EventType.FORM_SOLVED, EventType.SUGGEST_REJECTED)
_log = logging.getLogger(__name__)

# Of a log: when it was read by the process's clock, the tests then, and how each stood.
_counted: WeakKeyDictionary[EventStore, tuple[float, dict[str, TrialResult]]] = WeakKeyDictionary()


@dataclass(frozen=True, slots=True)
class VersionRow:
    """One version: what is different about it, and what its readers did."""

    name: str
    title: str
    summary: str
    url: str
    n: str
    tickets: str
    solved: str


@dataclass(frozen=True, slots=True)
class TrialRow:
    """A running test. progress: how much of the visitors that it takes are there, in percent.

    basis: by whom it was decided; empty while it is not.
    """

    article: str
    experiment: str
    title: str
    verdict: str
    kind: str
    detail: str
    basis: str
    progress: int
    versions: tuple[VersionRow, VersionRow]
    has_text: bool


@dataclass(frozen=True, slots=True)
class EndedRow:
    """A test that was ended: the version that stayed, and whether that was taken back."""

    id: str
    at: datetime
    title: str
    won: str
    undone: bool


def trial_rows() -> list[TrialRow]:
    """The tests of the live articles, by id of the article; none without an index."""
    try:
        shelf = portal().live.current().shelf
    except PortalError as error:
        _log.info("no tests of articles: %s", error)
        return []
    # Until the next index, what was ended in the files is still on the shelf.
    over = {one.experiment for one in portal().article_changes.newest() if not one.undone}
    found = [(one, trial) for one, trial in running(shelf).items() if trial.experiment not in over]
    trials = dict(found[:MOST])
    results = _results({one: trial.experiment for one, trial in trials.items()})
    articles = {one: shelf.by_id(one) for one in trials}
    return [_row(a, trials[one], results[one]) for one, a in articles.items() if a]


def ended_rows() -> list[EndedRow]:
    """The tests that were ended last."""
    return [
        EndedRow(one.id, one.at, _title(one.article), one.won.upper(), one.undone is not None)
        for one in portal().article_changes.newest()
    ]


def end() -> AnyResponse:
    """Make version B the article, or leave the article as it is; either way the test ends.

    Raises:
        FilesChanged, FilesShut, VersionRefused: and nothing was changed.
    """
    article, b_wins = request.form.get("article", ""), request.form.get("won") == B
    a, b, trial = _pair(article)
    if trial.experiment != request.form.get("experiment"):
        abort(409)
    ended = end_test(portal().settings.articles, a.article, b.article, b_wins=b_wins)
    now, won = portal().clock(), "b" if b_wins else "a"
    change = ArticleChange(
        new_id(), now, article, trial.experiment, won,
        ended.before, ended.version_b, ended.after_digest,
    )  # fmt: skip
    act = Action.TEST_WON if b_wins else Action.TEST_ENDED
    try:
        portal().article_changes.add(change, new_line(act, article, before="a/b", after=won))
    except PortalError:
        # What nobody could undo later must not be done.
        undo_end(portal().settings.articles, a.article.path, b.article.path, ended)
        raise
    return redirect(url_for("insights.experiments", done="ended"), 303)


def undo() -> AnyResponse:
    """Put the files of an ended test back.

    Raises:
        FilesChanged, FilesShut: and nothing was changed.
    """
    change = portal().article_changes.one(request.form.get("change", "")[:32])
    if change is None or change.undone:
        abort(409)
    path = f"{change.article}.md"
    ended = Ended(change.before, change.version_b, change.after_digest)
    undo_end(portal().settings.articles, path, path_of_b(path), ended)
    line = new_line(Action.TEST_UNDONE, change.article, before=change.won, after="a/b")
    portal().article_changes.undo(change.id, line, now=portal().clock())
    return redirect(url_for("insights.experiments", done="undone"), 303)


def _pair(article: str) -> tuple[ShelvedArticle, ShelvedArticle, Trial]:
    shelf: Shelf = portal().live.current().shelf
    a, trial = shelf.by_id(article), running(shelf).get(article)
    if a is None or trial is None:
        abort(409)
    return a, trial.b, trial


def _row(a: ShelvedArticle, trial: Trial, found: TrialResult) -> TrialRow:
    one, b = a.article, trial.b.article
    url = url_for("help.article", lang=one.lang, slug=one.slug)
    return TrialRow(
        article=one.id,
        experiment=trial.experiment,
        title=one.title,
        verdict=verdict_words(found.verdict),
        kind=str(found.verdict),
        detail=detail_words(found),
        basis=basis_words(found),
        progress=min(100, 100 * found.lift.n // found.lift.needed),
        versions=(
            _version("A", one.title, one.summary, url, found.a),
            _version("B", b.title, b.summary, f"{url}?version={B}", found.b),
        ),
        has_text=bool(b.body.strip()),
    )


def _version(name: str, title: str, summary: str, url: str, found: ArmResult) -> VersionRow:
    share = _share(found.tickets.value, found.tickets.low, found.tickets.high)
    solved = _share(found.solved.value, found.solved.low, found.solved.high)
    return VersionRow(name, title, summary, url, number(found.n), share, solved)


def _share(value: float | None, low: float | None, high: float | None) -> str:
    if value is None or low is None or high is None:
        return "–"
    return f"{percent(value)} ({percent(low)} – {percent(high)})"


def _results(experiments: dict[str, str]) -> dict[str, TrialResult]:
    """How each test stands, by article; read anew every ten minutes: a long log takes a while."""
    log = portal().events
    read_at, known = _counted.get(log, (float("-inf"), {}))
    if time.monotonic() - read_at < REMEMBERED_S and experiments.keys() <= known.keys():
        return known
    now = portal().clock()
    events = list(log.of_trials(_OUTCOMES, now - LONGEST, now)) if experiments else []
    staff = frozenset(user.id for user in portal().people.users())
    found = {
        article: result_of(
            events,
            experiment=name,
            article=article,
            windows=portal().reports.ledger.windows,
            now=now,
            staff=staff,
        )
        for article, name in experiments.items()
    }
    if any(one.lift.n for one in found.values()):
        _counted[log] = (time.monotonic(), found)
    return found


def _title(article: str) -> str:
    try:
        card = portal().live.current().shelf.card(article, audience="staff")
    except PortalError:
        card = None
    return card.title if card else article
