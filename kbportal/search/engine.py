"""Search and suggest over one generation: the answers that customers get."""

from __future__ import annotations

import logging
import re
import time
from dataclasses import replace

import numpy as np

from kbportal.articles.shelf import ArticleCard
from kbportal.embedding.ports import ModelUnusable
from kbportal.kernel.text import normalise
from kbportal.search.analysis import MAX_CHARACTERS, within_limits, words
from kbportal.search.generation import Generation
from kbportal.search.ranking import Ranking, ranked
from kbportal.search.results import Hit, Mode, Results
from kbportal.search.scoring import Vector, score
from kbportal.search.whoosh_index import WhooshIndex, WhooshUnusable

__all__ = ["SHORTEST", "Engine", "Hit", "Mode", "Results"]

SHORTEST = 3
# The model reads more than the keywords: it is no slower on long texts than its token limit.
_MOST_ENCODED = 2000
_QUOTED = re.compile(r'["„“”«»]([^"„“”«»]{2,200})["„“”«»]')

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
        """Every article that matches, best first. Never raises on any text."""
        started = time.perf_counter()
        vector, degraded = self._encode(text, mode)
        found = self._ranked(text, lang, mode, vector)
        hits = found.hits(offset=offset, limit=limit) if found else ()
        return self._results(text, lang, mode, degraded, started, hits, found)

    def suggest(self, text: str, *, lang: str, limit: int = 3, mode: Mode = Mode.HYBRID) -> Results:
        """What may answer a text still being typed; nothing, when nothing is good enough.

        Where the language has no good answer, one of the fallback language may stand in
        `fallback`. Never raises on any text.
        """
        started = time.perf_counter()
        if len(normalise(text[:MAX_CHARACTERS])) < SHORTEST:
            return self._results(text, lang, mode, self._degraded(mode), started, (), None)
        vector, degraded = self._encode(text, mode)
        found = self._ranked(text, lang, mode, vector)
        hits = found.confident_hits(limit) if found else ()
        fallback: tuple[Hit, ...] = ()
        if not hits and self._fallback_lang not in ("", lang):
            other = self._ranked(text, self._fallback_lang, mode, vector)
            fallback = other.confident_hits(1) if other else ()
        results = self._results(text, lang, mode, degraded, started, hits, found)
        return replace(results, fallback=fallback)

    def corrected(self, text: str, *, lang: str) -> str | None:
        """The text with words that no article has replaced by the nearest that one has."""
        index = self._generation.languages.get(lang)
        typed = words(within_limits(text))
        try:
            meant = [_correction(index.whoosh, word) for word in typed] if index else typed
        except WhooshUnusable:
            log.warning("No corrections: the index was deleted while it was open")
            return None
        return " ".join(meant) if meant != typed else None

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

    def _ranked(self, text: str, lang: str, mode: Mode, vector: Vector | None) -> Ranking | None:
        index = self._generation.languages.get(lang)
        query = within_limits(text)
        if index is None or not query or not index.articles:
            return None
        if mode is Mode.SEMANTIC and vector is None:
            return None
        keywords = mode is not Mode.SEMANTIC
        scoring = score(index, query, vector=vector, keywords=keywords)
        found = ranked(self._generation.shelf, index, query, scoring)
        return _with_quoted(found, text) if keywords else found

    def _encode(self, text: str, mode: Mode) -> tuple[Vector | None, str | None]:
        """The query's vector, or None and why there is none."""
        degraded = self._degraded(mode)
        encoder = self._generation.encoder
        typed = normalise(text[:_MOST_ENCODED])
        if mode is Mode.KEYWORD or encoder is None or not typed:
            return None, degraded
        try:
            vector = encoder.encode(typed)
            if vector.shape != (self._generation.dimension,) or not np.isfinite(vector).all():
                raise ModelUnusable("The query encoder gave something that is no vector.")
            return vector, None
        except ModelUnusable as error:
            return None, error.code
        except Exception:  # the model's runtime has faults of its own; keywords still answer
            log.exception("The query encoder failed; searching by keywords")
            return None, "encoder_failed"

    def _degraded(self, mode: Mode) -> str | None:
        return (self._generation.degraded or None) if mode is not Mode.KEYWORD else None

    def _results(
        self,
        text: str,
        lang: str,
        mode: Mode,
        degraded: str | None,
        started: float,
        hits: tuple[Hit, ...],
        found: Ranking | None,
    ) -> Results:
        return Results(
            query=normalise(text[:MAX_CHARACTERS]),
            lang=lang,
            mode=mode,
            degraded=degraded,
            took_ms=round((time.perf_counter() - started) * 1000, 2),
            hits=hits,
            total=len(found.order) if found else 0,
            generation=self._generation.id,
            ranker=str(self._generation.manifest["ranker"]),
        )


def _with_quoted(found: Ranking, text: str) -> Ranking:
    """Only the articles with these phrases, when all that was typed stands in quotation marks.

    Anything more is a story that quotes a message, not a search for a phrase.
    """
    typed = text[:MAX_CHARACTERS]
    quoted = _QUOTED.findall(typed)
    if not quoted or words(_QUOTED.sub(" ", typed)):
        return found
    phrases = [found.index.analyser.run(phrase) for phrase in quoted]
    try:
        return found.only(found.index.whoosh.with_phrases(phrases))
    except WhooshUnusable:
        log.warning("No phrases: the index was deleted while it was open")
        return found


def _correction(whoosh: WhooshIndex, word: str) -> str:
    """The word as some article spells it, or as it is."""
    if len(word) <= SHORTEST or whoosh.is_spelt(word):
        return word
    return whoosh.correction(word) or word
