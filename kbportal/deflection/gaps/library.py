"""What there is already, as the live index knows it."""

from __future__ import annotations

from collections.abc import Sequence

from kbportal.deflection.gaps.meaning import LETTERS_ALONE, Meaning
from kbportal.deflection.gaps.ports import Found
from kbportal.search.index.generation import Generation
from kbportal.search.query.engine import Engine

MOST = 3


class LiveLibrary:
    """Library of one generation; hold it no longer than one survey.

    Args:
        languages: Those that the portal is offered in.
    """

    def __init__(self, generation: Generation, engine: Engine, *, languages: Sequence[str]) -> None:
        self._generation = generation
        self._engine = engine
        self._languages = languages

    def meaning(self, lang: str) -> Meaning:
        index = self._generation.languages.get(lang)
        encoder = self._generation.encoder
        if index is None or encoder is None or index.vectors is None:
            return LETTERS_ALONE
        return Meaning(encoder.encode, index.calibration.trust, index.vectors.means)

    def knows(self, lang: str, word: str) -> bool:
        index = self._generation.languages.get(lang)
        return index is not None and index.analyser.lookup(word) is not None

    def nearest(self, text: str, *, lang: str) -> Sequence[Found]:
        sure = self._engine.suggest(text, lang=lang, limit=MOST).hits
        hits = sure or self._engine.search(text, lang=lang, limit=1).hits
        return [Found(hit.article_id, hit.category, answers=bool(sure)) for hit in hits]

    def elsewhere(self, text: str, *, lang: str) -> str:
        shelf = self._generation.shelf
        for other in self._languages:
            if other == lang:
                continue
            for hit in self._engine.suggest(text, lang=other, limit=1).hits:
                card = shelf.card(hit.article_id)
                if card and lang not in shelf.translations(card.key):
                    return hit.article_id
        return ""

    def is_public(self, article: str) -> bool:
        return self._generation.shelf.card(article) is not None
