"""What an index is built from, and how to tell that it would come out the same."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, astuple, dataclass, field

from kbportal.articles.model import Article, Category, Problem
from kbportal.articles.shelf import PassageRow
from kbportal.articles.synonyms import Synonym
from kbportal.search.pages import Learned, Page


@dataclass(frozen=True, slots=True)
class Source:
    """What an index is built from.

    Attributes:
        pages: Already prepared pages, for corpora that are not Markdown; `articles` otherwise.
        learned: Texts of resolved tickets by the article that answered them.
        synonyms: By language.
    """

    articles: Sequence[Article] = ()
    categories: Sequence[Category] = ()
    problems: Sequence[Problem] = ()
    pages: Sequence[Page] = ()
    learned: Learned = field(default_factory=dict)
    synonyms: Mapping[str, Sequence[Synonym]] = field(default_factory=dict)

    def fingerprint(self, *facts: object) -> str:
        """Equal for sources, and further facts, that give the same index."""
        listed = self.articles or [page.article for page in self.pages]
        learned = {page.article.id: page.learned for page in self.pages} or self.learned
        categories = sorted((asdict(one) for one in self.categories), key=json.dumps)
        synonyms = {lang: [astuple(one) for one in found] for lang, found in self.synonyms.items()}
        return fingerprint(listed, learned, categories, synonyms, *facts)


def fingerprint(articles: Iterable[Article], learned: Learned, *facts: object) -> str:
    """64 hexadecimal digits that change with any article, what it has learnt, or a fact."""
    digest = hashlib.sha256(json.dumps(facts, sort_keys=True).encode())
    for article in sorted(articles, key=lambda one: one.id):
        digest.update(f"{article.id}\0{article.slug}\0{article.fingerprint}\n".encode())
        digest.update(json.dumps(learned.get(article.id, ())).encode())
    return digest.hexdigest()


def by_language(pages: Sequence[Page]) -> dict[str, list[Page]]:
    """Pages by language, public ones first: their order is the order of rows everywhere."""
    by_lang: dict[str, list[Page]] = {}
    for page in sorted(pages, key=lambda p: (not p.article.is_public, p.article.id)):
        by_lang.setdefault(page.article.lang, []).append(page)
    return dict(sorted(by_lang.items()))


def passage_rows(by_lang: Mapping[str, list[Page]]) -> list[PassageRow]:
    rows: list[PassageRow] = []
    for lang, pages in by_lang.items():
        passages = ((page.article.id, passage) for page in pages for passage in page.passages)
        rows += (
            PassageRow(lang, row, article_id, p.section, p.heading, p.text)
            for row, (article_id, p) in enumerate(passages)
        )
    return rows
