"""Articles offered beside a ticket: as a step where no script runs, and after sending."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from kbportal.events.catalog import EventType, Surface
from kbportal.kernel.errors import PortalError
from kbportal.search.query.engine import Hit, Results
from kbportal.web.help.hits import hit_rows, shown
from kbportal.web.help.library import engine, shelf
from kbportal.web.help.rows import HitRow
from kbportal.web.prose import part_html
from kbportal.web.timing import took_ms
from kbportal.web.versions import blended, version_b
from kbportal.web.visitor import is_withheld, recognised, record

CARDS = 3
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """A suggested article with its whole text, to be read without leaving the page."""

    hit: HitRow
    html: Markup


def suggested_answers(text: str, *, lang: str, noted: bool = True) -> list[AnswerRow]:
    """Up to three articles that may answer a text; none whenever anything is amiss.

    Where the language has none, one in another language, which the page must label.
    Recorded as shown if `noted`, which is for people who have not sent their ticket yet; of them
    those in the control arm of the holdout get none, and it is recorded what they would have got.
    Never raises: a ticket form must work without search.
    """
    try:
        results = engine().suggest(text, lang=lang, limit=CARDS)
        offered = results.offered(CARDS)
        rows = [_answer(row) for row in hit_rows(offered, lang=lang)]
    except PortalError as error:
        _log.info("no suggestions: %s", error)
        return []
    withheld = noted and is_withheld()
    if offered and noted:
        kind = EventType.SUGGEST_GHOST if withheld else EventType.SUGGEST_SHOWN
        _note(kind, text, results, offered)
    return [] if withheld else rows


def _answer(row: HitRow) -> AnswerRow:
    found = shelf().by_id(row.id)
    found = blended(found, version_b(recognised(), row.id, shelf())) if found else None
    prefix = f"{row.id.replace('/', '-')}-"
    return AnswerRow(row, part_html(found.html, prefix=prefix, demote=2) if found else Markup())


def _note(kind: EventType, text: str, results: Results, offered: Sequence[Hit]) -> None:
    record(
        kind,
        Surface.FORM,
        query=text,
        results=shown(offered),
        index_generation=results.generation,
        ranker_version=results.ranker,
        took_ms=took_ms(),
    )
