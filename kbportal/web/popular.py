"""What people read most in a language, counted now and then beside the pages that show it.

The event log may be large, slow or locked: a page takes what was counted last and never waits
for a count, but for a moment for the first one.
"""

from __future__ import annotations

import logging
import threading
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from flask import Flask, current_app

from kbportal.events.ports import EventStore
from kbportal.kernel.clock import Clock
from kbportal.wiring import Portal

WINDOW = timedelta(days=30)
KEPT = timedelta(minutes=5)
LEAST_READERS, LEAST_ARTICLES = 5, 3
"""Below these it is chance, or one person, that decides: then nothing is called popular."""
MOST = 20
FIRST_COUNT_S = 0.2

_KEY = "kbportal_popular"
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Count:
    at: datetime
    articles: tuple[str, ...]


@dataclass(slots=True)
class Popular:
    """Counts of each language, renewed in the background once they are five minutes old."""

    events: EventStore
    clock: Clock
    _counts: dict[str, _Count] = field(default_factory=dict)
    _counting: dict[str, threading.Thread] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def articles(self, lang: str) -> tuple[str, ...]:
        """Ids of the most read articles, most read first; none where too little is known."""
        known = self._counts.get(lang)
        if known is None or self.clock() - known.at >= KEPT:
            counting = self._begin(lang)
            if known is None:
                counting.join(FIRST_COUNT_S)
                known = self._counts.get(lang)
        return known.articles if known else ()

    def count(self, lang: str) -> None:
        """Count now."""
        now = self.clock()
        try:
            found = self.events.most_read(lang, now - WINDOW, now, limit=MOST)
        except Exception as error:  # noqa: BLE001  no page fails for want of a count
            _log.warning("what is popular in %s could not be counted: %s", lang, error)
            found = ()
        read = tuple(article for article, readers in found if readers >= LEAST_READERS)
        self._counts[lang] = _Count(now, read if len(read) >= LEAST_ARTICLES else ())

    def _begin(self, lang: str) -> threading.Thread:
        with self._lock:
            running = self._counting.get(lang)
            if running is None or not running.is_alive():
                running = threading.Thread(target=self.count, args=(lang,), daemon=True)
                self._counting[lang] = running
                running.start()
            return running


def install(app: Flask, portal: Portal) -> None:
    """Give the app its counts."""
    app.extensions[_KEY] = Popular(portal.events, portal.clock)


def popular_articles(lang: str) -> tuple[str, ...]:
    """Ids of the articles that are read most in a language; none where too little is known."""
    counts: Popular = current_app.extensions[_KEY]
    return counts.articles(lang)
