"""What an index is built from, and how to tell that it would come out the same."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, astuple, dataclass, field

from kbportal.articles.images import Image
from kbportal.articles.library import Reading
from kbportal.articles.model import Article, Category, Problem
from kbportal.articles.synonyms import Synonym
from kbportal.search.index.pages import Learned, Page


@dataclass(frozen=True, slots=True)
class Source:
    """What an index is built from.

    Attributes:
        pages: Already prepared pages, for corpora that are not Markdown; `articles` otherwise.
        learned: Texts of resolved tickets by the article that answered them.
        synonyms: By language.
        images: What the articles may show.
        readings: What need not be read from files again the next time.
    """

    articles: Sequence[Article] = ()
    categories: Sequence[Category] = ()
    problems: Sequence[Problem] = ()
    pages: Sequence[Page] = ()
    learned: Learned = field(default_factory=dict)
    synonyms: Mapping[str, Sequence[Synonym]] = field(default_factory=dict)
    readings: Mapping[str, Reading] = field(default_factory=dict)
    images: Sequence[Image] = ()

    @property
    def listed(self) -> Sequence[Article]:
        """The articles, whichever way they came."""
        return self.articles or [page.article for page in self.pages]

    @property
    def lessons(self) -> Learned:
        """What tickets taught, whichever way it came."""
        return {page.article.id: page.learned for page in self.pages} or self.learned

    def fingerprint(self, *facts: object) -> str:
        """Equal for sources, and further facts, that give the same index."""
        categories = sorted((asdict(one) for one in self.categories), key=json.dumps)
        synonyms = {lang: [astuple(one) for one in found] for lang, found in self.synonyms.items()}
        images = sorted((image.path, image.name) for image in self.images)
        return fingerprint(self.listed, self.lessons, categories, synonyms, images, *facts)


def fingerprint(articles: Iterable[Article], learned: Learned, *facts: object) -> str:
    """64 hexadecimal digits that change with any article, what it has learnt, or a fact."""
    digest = hashlib.sha256(json.dumps(facts, sort_keys=True).encode())
    for article in sorted(articles, key=lambda one: one.id):
        digest.update(f"{article.id}\0{article.slug}\0{article.fingerprint}\n".encode())
        digest.update(json.dumps(learned.get(article.id, ())).encode())
    return digest.hexdigest()
