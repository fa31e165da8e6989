"""Articles as search sees them: what is said where, cut into passages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import overload

from kbportal.articles.model import Article
from kbportal.articles.shelf import PassageRow, Shelf, ShelfPage
from kbportal.markup.model import Rendered
from kbportal.search.text.chunking import Passage

LEAD_WORDS = 40
NAME_WORDS = 12

Learned = Mapping[str, tuple[str, ...]]
"""Article id → texts of resolved tickets that it answered."""


@dataclass(frozen=True, slots=True)
class Page:
    """One article with what readers see and what search matches."""

    article: Article
    rendered: Rendered
    passages: tuple[Passage, ...]
    learned: tuple[str, ...] = ()

    @property
    def questions(self) -> tuple[str, ...]:
        """Every text known to be answered here: the editor's and the customers'."""
        return self.article.answers + self.learned

    @property
    def body(self) -> str:
        return "\n".join(f"{passage.heading}\n{passage.text}" for passage in self.passages)

    @property
    def name(self) -> str:
        """The title or, of an article without one, its first words."""
        return self.article.title or " ".join(self.body.split()[:NAME_WORDS])

    @property
    def text(self) -> str:
        """All that is said in the article, title and questions included."""
        return "\n".join((self.article.title, self.article.summary, *self.questions, self.body))

    @property
    def lead(self) -> str:
        """What the article says it is about: title, questions, summary and the first words."""
        first = " ".join(self.body.split()[:LEAD_WORDS])
        return "\n".join((self.article.title, *self.questions, self.article.summary, first))


class ShelvedPages(Sequence[Page]):
    """Pages read off a shelf one by one, when they are asked for: a library may be large.

    What readers see of them stays on the shelf; `rendered` is empty.
    """

    def __init__(self, shelf: Shelf, articles: Sequence[Article], learned: Learned) -> None:
        self._shelf, self._articles, self._learned = shelf, articles, learned

    @property
    def articles(self) -> Sequence[Article]:
        """The articles alone, which are in memory."""
        return self._articles

    def __len__(self) -> int:
        return len(self._articles)

    @overload
    def __getitem__(self, at: int) -> Page: ...
    @overload
    def __getitem__(self, at: slice) -> ShelvedPages: ...
    def __getitem__(self, at: int | slice) -> Page | ShelvedPages:
        if isinstance(at, slice):
            return ShelvedPages(self._shelf, self._articles[at], self._learned)
        article = self._articles[at]
        rows = self._shelf.passages_of(article.id)
        passages = tuple(Passage(row.section, row.heading, row.text) for row in rows)
        return Page(article, Rendered(""), passages, self._learned.get(article.id, ()))


def as_shelved(page: Page) -> ShelfPage:
    """A page as it is put on the shelf."""
    rows = [
        PassageRow(page.article.id, number, passage.section, passage.heading, passage.text)
        for number, passage in enumerate(page.passages)
    ]
    return page.article, page.rendered, rows
