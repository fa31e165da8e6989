"""What a survey asks of others, and where gaps are kept.

A new adapter: implement it, add it to the test of its sibling.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from kbportal.deflection.gaps.meaning import Meaning
from kbportal.deflection.gaps.model import Gap, Survey


@dataclass(frozen=True, slots=True)
class Found:
    """An article that search finds; answers: search itself would suggest it."""

    article: str
    category: str
    answers: bool


class Library(Protocol):
    """What there is already."""

    def meaning(self, lang: str) -> Meaning:
        """What texts of a language are compared by."""
        ...

    def knows(self, lang: str, word: str) -> bool:
        """Whether articles of the language use a folded word."""
        ...

    def nearest(self, text: str, *, lang: str) -> Sequence[Found]:
        """The articles of the language that come nearest, best first."""
        ...

    def elsewhere(self, text: str, *, lang: str) -> str:
        """Id of an article that answers in another language and is not in this one; or ""."""
        ...

    def is_public(self, article: str) -> bool:
        """Whether customers can read it now."""
        ...


class GapStore(Protocol):
    """Gaps and the latest survey. Raises a PortalError ``storage_unavailable`` when it cannot."""

    def survey(self) -> Survey | None:
        """The latest one."""
        ...

    def gaps(self) -> tuple[Gap, ...]:
        """All that are kept, those with the most tickets first."""
        ...

    def gap(self, gap_id: str) -> Gap | None: ...

    def keep_survey(self, made: Survey, gaps: Sequence[Gap]) -> None:
        """Put the survey and its gaps in the place of all before, in one transaction.

        What people decided since the survey began is not overwritten by what it had read.
        """
        ...

    def keep(self, gap: Gap, *, instead_of: Gap) -> bool:
        """Write a decision; false when somebody else decided since ``instead_of`` was read."""
        ...
