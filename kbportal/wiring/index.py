"""Articles, the model, and the index that is built from both."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from kbportal.articles.library import Library, read_library
from kbportal.embedding.hashing import HashingEmbedder
from kbportal.embedding.ports import Embedder, ModelUnusable
from kbportal.search.index.reading import read_changes
from kbportal.settings import Settings
from kbportal.tickets.evidence import lessons
from kbportal.tickets.ports import TicketStore

if TYPE_CHECKING:
    from kbportal.search.build.builder import Built, Progress

NO_MODEL = "none"
HASHING_MODEL = "hashing"


def choose_embedder(settings: Settings) -> Embedder | None:
    """The model that the settings name; None for keywords alone.

    Raises:
        ModelUnusable: It is not here.
    """
    if settings.model == NO_MODEL:
        return None
    if settings.model == HASHING_MODEL:
        return HashingEmbedder()
    from kbportal.embedding.sentence_transformer import SentenceTransformerEmbedder

    return SentenceTransformerEmbedder(
        settings.model,
        query_prefix=settings.model_query_prefix,
        passage_prefix=settings.model_passage_prefix,
        dimensions=settings.model_dimensions,
    )


def read_articles(settings: Settings) -> Library:
    """The knowledge base as it is on disk."""
    return read_library(settings.articles, languages=settings.languages)


def read_changed_articles(settings: Settings, *, now: datetime) -> Library:
    """The same, without reading files again that have not changed since the last index."""
    return read_changes(settings.articles, settings.indexes, languages=settings.languages, now=now)


def build_index(
    settings: Settings,
    library: Library,
    *,
    now: datetime,
    learned: dict[str, tuple[str, ...]] | None = None,
    progress: Progress = lambda stage, done, total: None,
) -> tuple[Built, ModelUnusable | None]:
    """Bring the index in step with the articles; a model that is missing costs only meaning.

    Returns:
        What was built, and what was wrong with the model if anything was.
    """
    # Not at the top: a web worker, which uses the rest of this module, never builds.
    from kbportal.search.build.builder import MANY_ARTICLES, Source, build

    wrong: ModelUnusable | None = None
    embedder: Embedder | None = None
    try:
        embedder = choose_embedder(settings)
    except ModelUnusable as error:
        wrong = error
    source = Source(
        articles=library.articles,
        categories=library.categories,
        problems=library.problems,
        learned=learned or {},
        synonyms=library.synonyms,
        readings=library.readings,
        images=library.images,
    )
    built = build(
        source, settings.indexes,
        embedder=embedder, now=now, keywords_first=MANY_ARTICLES, progress=progress,
    )  # fmt: skip
    return built, wrong


def learn_from_tickets(tickets: TicketStore, *, now: datetime) -> dict[str, tuple[str, ...]]:
    """Texts that articles have answered: agents resolved them so, or customers confirmed it."""
    return lessons(tickets.evidence(now=now))
