"""`kbportal search` and `kbportal suggest`: what customers would find."""

from __future__ import annotations

import html
import re
from pathlib import Path
from typing import Any

import click

from kbportal.cli import options
from kbportal.search.query.engine import Hit, Mode, Results
from kbportal.search.query.live import LiveIndex

_MARK = re.compile(r"</?mark>")


@click.command()
@click.argument("query")
@click.option("--lang", help="Language of the articles; the portal's first one if not given.")
@click.option("--limit", type=click.IntRange(1, 100), default=10, show_default=True)
@options.mode
@options.articles
@options.indexes
@options.as_json
def search(query: str, **given: Any) -> None:
    """Search the articles.

    \b
    Example:
        kbportal search "refund for a late parcel" --lang en --limit 3
    """
    _ask("search", query, given)


@click.command()
@click.argument("text")
@click.option("--lang", help="Language of the articles; the portal's first one if not given.")
@click.option("--limit", type=click.IntRange(1, 5), default=3, show_default=True)
@options.mode
@options.articles
@options.indexes
@options.as_json
def suggest(text: str, **given: Any) -> None:
    """Suggest articles for a ticket that is being typed; nothing when nothing is good.

    \b
    Example:
        kbportal suggest "zabudol som heslo" --lang sk
    """
    _ask("suggest", text, given)


def _ask(kind: str, text: str, given: dict[str, Any]) -> None:
    indexes: Path | None = given["indexes"]
    settings = options.settings_with(articles=given["articles"], indexes=indexes)
    engine = LiveIndex(settings.indexes, fallback_lang=settings.default_language).current().engine
    results: Results = getattr(engine, kind)(
        text,
        lang=given["lang"] or settings.default_language,
        limit=given["limit"],
        mode=Mode(given["mode"]),
    )
    if given["as_json"]:
        options.print_json(_document(results))
    else:
        _print(results)


def _document(results: Results) -> dict[str, Any]:
    return {
        "query": results.query,
        "lang": results.lang,
        "mode": results.mode.value,
        "degraded": results.degraded,
        "took_ms": results.took_ms,
        "hits": [_hit(hit) for hit in results.hits],
    }


def _hit(hit: Hit) -> dict[str, Any]:
    return {
        "id": hit.article_id,
        "slug": hit.slug,
        "title": hit.title,
        "lang": hit.lang,
        "url": hit.url,
        "section": hit.section,
        "snippet": hit.snippet,
        "score": hit.score,
    }


def _print(results: Results) -> None:
    shown = (*results.hits, *results.fallback)
    if not shown:
        click.echo("Nothing good enough.")
    for hit in shown:
        click.echo(f"{hit.score:.2f}  {hit.title}  {hit.url}")
        click.echo(f"      {html.unescape(_MARK.sub('', hit.snippet))}")
