"""What simulated people ask about: the articles of a library, and what no article answers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from kbportal.events.catalog import Shown

TOGETHER = 3
"""How many articles are found together, at most."""


@dataclass(frozen=True, slots=True)
class Topic:
    """An article and what people say who need it."""

    article: str
    questions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Shelf:
    """What can be found in one language.

    groups: each is found as a whole, so that two different searches of one person have no
    article in common. missing: questions that no article answers.
    """

    groups: tuple[tuple[Topic, ...], ...]
    missing: tuple[str, ...]

    def results(self, group: int) -> tuple[Shown, ...]:
        """What a search for that group's topics shows."""
        return tuple(
            Shown(topic.article, rank=rank, score=round(1.0 - rank / 10, 2))
            for rank, topic in enumerate(self.groups[group], 1)
        )


Shelves = Mapping[str, Shelf]


def shelf(topics: Iterable[Topic], *, missing: Sequence[str]) -> Shelf:
    """A shelf of these topics; neighbours are found together. It needs four groups at least."""
    every = tuple(topics)
    size = max(1, min(TOGETHER, len(every) // 4))
    groups = tuple(every[at : at + size] for at in range(0, len(every), size))
    return Shelf(groups, tuple(missing) or ("?",))


def made_up(langs: Iterable[str], *, count: int = 24) -> dict[str, Shelf]:
    """Shelves of numbered topics, for sites that nobody looks at."""
    return {
        lang: shelf(
            (
                Topic(f"{lang}/help/topic-{n}", (f"how to do thing {n}", f"thing {n} is broken"))
                for n in range(count)
            ),
            missing=[f"something else {n}" for n in range(8)],
        )
        for lang in langs
    }
