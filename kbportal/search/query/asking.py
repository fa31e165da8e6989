"""One text asked of a generation: encoded once, ranked in as many languages as it takes."""

from __future__ import annotations

import logging
import re
from collections.abc import Sequence

import numpy as np

from kbportal.embedding.ports import ModelUnusable
from kbportal.kernel.text import normalise
from kbportal.search.index.generation import Generation
from kbportal.search.index.whoosh_index import WhooshUnusable
from kbportal.search.query.ranking import Ranking, ranked
from kbportal.search.query.results import Mode
from kbportal.search.query.scoring import Vector, score
from kbportal.search.query.widening import as_articles_say, widened, with_readings
from kbportal.search.text.analysis import MAX_CHARACTERS, within_limits, words
from kbportal.search.text.synonyms import Reading
from kbportal.search.weights.fertility import UNKNOWN, fertility

_QUOTED = re.compile(r'["„“”«»]([^"„“”«»]{2,200})["„“”«»]')

log = logging.getLogger(__name__)


class Asking:
    """One text, in one mode. Not shared between threads.

    Attributes:
        degraded: Why meaning is not used, or None.
    """

    def __init__(self, generation: Generation, text: str, mode: Mode) -> None:
        self._generation = generation
        self._text = text
        self.mode = mode
        self._vectors: dict[str, Vector | None] = {}
        self.degraded = (generation.degraded or None) if mode is not Mode.KEYWORD else None

    def ranking(self, lang: str, *, slips: Sequence[Reading] = ()) -> Ranking | None:
        """The articles of one language in order; None where there is nothing to ask.

        Args:
            slips: Misspelt words and what was meant: read like synonyms, so that nothing is lost
                where the typed word was right after all.
        """
        index = self._generation.languages.get(lang)
        query = within_limits(self._text)
        if index is None or not query or not index.articles:
            return None
        readings = (*self._readings(lang), *slips)
        typed = normalise(as_articles_say(index, self._text[:MAX_CHARACTERS], readings))
        vector = self._vector(typed)
        keywords = self.mode is not Mode.SEMANTIC
        if not keywords and vector is None:
            return None
        scoring = score(index, query, vector=vector, keywords=keywords)
        if keywords:
            scoring = widened(index, scoring, readings)
        shown = with_readings(query, readings)
        pieces = self._fertility(typed) if vector is not None else UNKNOWN
        found = ranked(self._generation.shelf, index, shown, scoring, fertility=pieces)
        return _with_quoted(found, self._text) if keywords else found

    def _readings(self, lang: str) -> tuple[Reading, ...]:
        table = self._generation.synonyms.get(lang)
        return table.readings(self._text) if table else ()

    def _fertility(self, typed: str) -> float:
        encoder = self._generation.encoder
        return fertility(encoder.tokens(typed), len(words(typed))) if encoder else UNKNOWN

    def _vector(self, typed: str) -> Vector | None:
        if typed not in self._vectors:
            self._vectors[typed] = self._encode(typed)
        return self._vectors[typed]

    def _encode(self, typed: str) -> Vector | None:
        """The text's vector; None, and why in `degraded`, where there is none."""
        encoder = self._generation.encoder
        if self.mode is Mode.KEYWORD or encoder is None or not typed:
            return None
        try:
            vector = encoder.encode(typed)
            if vector.shape != (self._generation.dimension,) or not np.isfinite(vector).all():
                raise ModelUnusable("The query encoder gave something that is no vector.")
            return vector
        except ModelUnusable as error:
            self.degraded = error.code
        except Exception:  # the model's runtime has faults of its own; keywords still answer
            log.exception("The query encoder failed; searching by keywords")
            self.degraded = "encoder_failed"
        return None


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
