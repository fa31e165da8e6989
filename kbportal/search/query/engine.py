"""Search and suggest over one generation: the answers that customers get."""

from __future__ import annotations

import logging
import time
from dataclasses import replace

from kbportal.articles.shelf import ArticleCard
from kbportal.kernel.text import normalise
from kbportal.search.index.generation import Generation
from kbportal.search.index.whoosh_index import WhooshUnusable
from kbportal.search.query.asking import Asking
from kbportal.search.query.detection import language_of
from kbportal.search.query.ranking import Ranking
from kbportal.search.query.results import Hit, Mode, Results
from kbportal.search.query.spelling import mended, misspelt
from kbportal.search.text.analysis import MAX_CHARACTERS

__all__ = ["SHORTEST", "Engine", "Hit", "Mode", "Results"]

SHORTEST = 3
# Of articles in the language of the text, beside those in the language of the page.
MOST_ELSEWHERE = 3

log = logging.getLogger(__name__)


class Engine:
    """Answers queries from one generation; any number of threads may share it.

    Args:
        fallback_lang: Language whose articles may stand in where another has no answer.
    """

    def __init__(self, generation: Generation, *, fallback_lang: str = "") -> None:
        self._generation = generation
        self._fallback_lang = fallback_lang

    def search(
        self, text: str, *, lang: str, limit: int = 10, offset: int = 0, mode: Mode = Mode.HYBRID
    ) -> Results:
        """Every article that matches, best first. Never raises on any text.

        A text that means nothing here, as no article has a word of it, finds nothing. What is
        clearly written in another language of the portal is looked for there too: `fallback`. A
        misspelt word counts as what was probably meant, too.
        """
        started = time.perf_counter()
        asking = Asking(self._generation, text, mode)
        slips = misspelt(self._generation, text, lang=lang)
        found = asking.ranking(lang, slips=slips)
        if found and not found.means_something:
            found = None
        hits = found.hits(offset=offset, limit=limit) if found else ()
        elsewhere = self._elsewhere(asking, text, lang, answered=found is not None)
        results = self._results(asking, text, lang, started, hits, found, elsewhere)
        return replace(results, correction=mended(text, slips) if slips else None)

    def suggest(self, text: str, *, lang: str, limit: int = 3, mode: Mode = Mode.HYBRID) -> Results:
        """What may answer a text still being typed; nothing, when nothing is good enough.

        Where the text is clearly in another language of the portal, `fallback` has what may
        answer there; where nothing does, one of the fallback language may stand in. Never raises
        on any text.
        """
        started = time.perf_counter()
        asking = Asking(self._generation, text, mode)
        if len(normalise(text[:MAX_CHARACTERS])) < SHORTEST:
            return self._results(asking, text, lang, started, (), None, ())
        found = asking.ranking(lang)
        hits = found.confident_hits(limit) if found else ()
        elsewhere = self._elsewhere(asking, text, lang, answered=bool(hits))[:limit]
        return self._results(asking, text, lang, started, hits, found, elsewhere)

    def corrected(self, text: str, *, lang: str) -> str | None:
        """The text as it was probably meant, where a word of it is misspelt."""
        slips = misspelt(self._generation, text, lang=lang)
        return mended(text, slips) if slips else None

    def find_for_staff(self, query: str, *, lang: str, limit: int = 20) -> list[ArticleCard]:
        """Articles by a staff query: words, "phrases", title:…, OR, NOT. Drafts included."""
        index = self._generation.languages.get(lang)
        if index is None:
            return []
        try:
            found = index.whoosh.find(query, index.analyser.term, limit=limit)
        except WhooshUnusable:
            log.warning("No articles for staff: the index was deleted while it was open")
            return []
        cards = (self._generation.shelf.card(one, audience="staff") for one in found)
        return [card for card in cards if card]

    def _elsewhere(
        self, asking: Asking, text: str, lang: str, *, answered: bool
    ) -> tuple[Hit, ...]:
        """Hits in the language of the text, else one in the fallback language if need be."""
        typed = language_of(text, page=lang, languages=self._generation.languages)
        hits = _confident(asking, typed, MOST_ELSEWHERE) if typed != lang else ()
        if hits or answered or self._fallback_lang in ("", lang, typed):
            return hits
        return _confident(asking, self._fallback_lang, 1)

    def _results(
        self,
        asking: Asking,
        text: str,
        lang: str,
        started: float,
        hits: tuple[Hit, ...],
        found: Ranking | None,
        elsewhere: tuple[Hit, ...],
    ) -> Results:
        return Results(
            # Cut twice: some marks are longer once they are composed as they should be.
            query=normalise(text[:MAX_CHARACTERS])[:MAX_CHARACTERS],
            lang=lang,
            mode=asking.mode,
            degraded=asking.degraded,
            took_ms=round((time.perf_counter() - started) * 1000, 2),
            hits=hits,
            total=len(found.order) if found else 0,
            generation=self._generation.id,
            ranker=str(self._generation.manifest["ranker"]),
            fallback=elsewhere,
        )


def _confident(asking: Asking, lang: str, limit: int) -> tuple[Hit, ...]:
    found = asking.ranking(lang)
    return found.confident_hits(limit) if found else ()
