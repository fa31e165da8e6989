"""A library rendered: each article with its HTML, or with the reason why it has none."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from kbportal.articles.images import Image, sizes_of
from kbportal.articles.links import link_targets
from kbportal.articles.model import Article, Problem
from kbportal.markup.model import Rendered
from kbportal.markup.pool import RenderRefused, Source, render_many

_RULE = "render"


def render_articles(
    articles: Iterable[Article],
    *,
    among: Iterable[Article] | None = None,
    images: Iterable[Image] = (),
    workers: int = 2,
) -> Iterator[tuple[Article, Rendered | Problem]]:
    """Render articles in child processes: public ones first, then the others.

    A public article's link to one that is not public becomes plain text, so that no page
    points customers at what they may not see.

    Args:
        among: The whole library, when `articles` are only a part of it.
        images: What the articles may show.
    """
    pictures = list(images)
    wanted = list(articles)
    everything = wanted if among is None else list(among)
    public = [article for article in wanted if article.is_shown]
    others = [article for article in wanted if not article.is_shown]
    yield from _rendered(
        public, link_targets(a for a in everything if a.is_public), pictures, workers
    )
    if others:
        yield from _rendered(others, link_targets(everything), pictures, workers)


def _rendered(
    articles: list[Article], targets: dict[str, str], pictures: list[Image], workers: int
) -> Iterator[tuple[Article, Rendered | Problem]]:
    sources = (Source(article.id, article.body, article.path) for article in articles)
    addresses = targets | {image.path: image.address for image in pictures}
    outcomes = render_many(sources, workers=workers, targets=addresses, sizes=sizes_of(pictures))
    for article, (_, outcome) in zip(articles, outcomes, strict=True):
        if isinstance(outcome, RenderRefused):
            message = f"cannot be shown: {outcome}"
            yield article, Problem(article.path, article.body_line, _RULE, "error", message)
        else:
            yield article, outcome
