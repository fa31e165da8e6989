"""What an article's page tells programs about it: search engines and whoever previews a link."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from kbportal.articles.shelf import ArticleCard
from kbportal.web.addresses import article_address, base, public_address
from kbportal.web.help.rows import CategoryRow
from kbportal.web.portal import portal


@dataclass(frozen=True, slots=True)
class ArticleFacts:
    """Absolute addresses, and the article's description in schema.org's words.

    Attributes:
        translations: Language code → address, `x-default` for readers of none of them; empty
            where there is but one language.
        graph: A JSON-LD document.
    """

    address: str
    translations: Mapping[str, str]
    graph: Mapping[str, Any]


def facts_of(
    one: ArticleCard, family: Mapping[str, ArticleCard], category: CategoryRow | None
) -> ArticleFacts:
    """The facts of an article.

    Args:
        family: Language → the article in it, itself included.
    """
    address = article_address(base(), one.lang, one.slug)
    graph = [_article(one, address), _crumbs(one, address, category)]
    return ArticleFacts(
        address, _translations(family), {"@context": "https://schema.org", "@graph": graph}
    )


def _translations(family: Mapping[str, ArticleCard]) -> dict[str, str]:
    if len(family) < 2:
        return {}
    here = base()
    found = {lang: article_address(here, lang, card.slug) for lang, card in family.items()}
    default = portal().settings.default_language
    return found | {"x-default": found[default]} if default in found else found


def _article(one: ArticleCard, address: str) -> dict[str, Any]:
    publisher = {"@type": "Organization", "name": portal().settings.site_name}
    said = {
        "@type": "Article",
        "headline": one.title,
        "description": one.summary,
        "inLanguage": one.lang,
        "dateModified": one.updated.isoformat() if one.updated else "",
        "mainEntityOfPage": address,
        "author": publisher,
        "publisher": publisher,
    }
    return {name: value for name, value in said.items() if value}


def _crumbs(one: ArticleCard, address: str, category: CategoryRow | None) -> dict[str, Any]:
    steps = [(_("Help"), public_address("help.home", lang=one.lang))]
    if category:
        where = public_address("help.category", lang=one.lang, slug=category.slug)
        steps.append((category.title, where))
    steps.append((one.title, address))
    return {
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": number, "name": name, "item": item}
            for number, (name, item) in enumerate(steps, 1)
        ],
    }
