"""Categories: what the folders of a library are called, in each language."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from kbportal.articles.article_file import humanised
from kbportal.articles.fields import Fields
from kbportal.articles.model import Article, Category, Problem
from kbportal.articles.yaml_file import Unusable, read_values
from kbportal.markup.anchors import slug_of

CATEGORY_FILE = "_category.yml"
_DEFAULT_ORDER = 100


def categories_of(
    root: Path, articles: Iterable[Article], *, problems: list[Problem]
) -> list[Category]:
    """The category of each article, once per language, by language and slug.

    `<lang>/<folder>/_category.yml` gives title, summary, icon and order. Where a language does
    not say, icon and order are those of another language, and the title is the folder's name.
    """
    used = sorted({(article.lang, article.category) for article in articles})
    written = _written(root, sorted({lang for lang, _ in used}), problems)
    drawn = {
        one.slug: one
        for one in reversed(written.values())
        if one.icon or one.order != _DEFAULT_ORDER
    }
    found = []
    for lang, slug in used:
        own = written.get((lang, slug)) or Category(lang, slug, humanised(slug))
        other = drawn.get(slug, own)
        order = other.order if own.order == _DEFAULT_ORDER else own.order
        found.append(replace(own, icon=own.icon or other.icon, order=order))
    return found


def _written(
    root: Path, languages: Iterable[str], problems: list[Problem]
) -> dict[tuple[str, str], Category]:
    found = {}
    for lang in languages:
        for file in sorted((root / lang).glob(f"*/{CATEGORY_FILE}")):
            category = _read(file, root, problems)
            if category:
                found[lang, category.slug] = category
    return found


def _read(file: Path, root: Path, problems: list[Problem]) -> Category | None:
    path = file.relative_to(root).as_posix()
    try:
        values = read_values(file, root)
    except Unusable as error:
        problems.append(Problem(path, error.line, "bad-category", "warning", str(error)))
        return None
    return _category(Fields(values, lines={}, path=path), file, path, problems)


def _category(fields: Fields, file: Path, path: str, problems: list[Problem]) -> Category:
    lang, slug = path.split("/")[0], slug_of(file.parent.name)
    order = fields.text("order")
    if order and not order.lstrip("-").isdecimal():
        message = f"`order: {order[:20]}` is no whole number"
        problems.append(Problem(path, 1, "bad-category", "warning", message))
        order = ""
    return Category(
        lang=lang,
        slug=slug,
        title=fields.text("title") or humanised(file.parent.name),
        summary=fields.text("summary"),
        icon=fields.text("icon"),
        order=int(order) if order else _DEFAULT_ORDER,
    )
