"""What is often asked, with the whole answers."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from flask import Response, render_template

from kbportal.web.freshness import public_page
from kbportal.web.help.library import article_url, category_rows, shelf
from kbportal.web.help.rows import QuestionRow
from kbportal.web.prose import part_html


def faq(lang: str) -> Response:
    """The articles marked as often asked, by category."""
    groups = list(_groups(lang))
    return public_page(
        render_template("help/faq.html", groups=groups, categories=category_rows(lang))
    )


def _groups(lang: str) -> Iterator[tuple[str, list[QuestionRow]]]:
    """Title of a category and its questions."""
    order = {row.slug: (at, row.title) for at, row in enumerate(category_rows(lang))}
    found = sorted(shelf().faq(lang), key=lambda one: order.get(one.article.category, (99, "")))
    for slug, articles in groupby(found, key=lambda one: one.article.category):
        yield (
            order.get(slug, (99, slug))[1],
            [
                QuestionRow(
                    title=one.article.title,
                    url=article_url(lang, one.article.slug),
                    answer=part_html(one.html, prefix=f"{one.article.slug}-"),
                )
                for one in articles
            ],
        )
