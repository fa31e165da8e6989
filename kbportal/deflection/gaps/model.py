"""What a gap is: a group of needs in one language that no article met.

A *need* is one thing that one person wanted here and did not get: a search that found nothing or
after which nothing was opened, or a ticket that no article was found for. A *gap* is a group of
them that mean the same, of at least two people. Within a gap one person counts once: with a
ticket under tickets, otherwise under searches.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

PERIOD = timedelta(days=56)
"""What a survey looks at: four weeks, and the four before them to tell a trend."""
MONTH = timedelta(days=28)

FEWEST_PEOPLE = 2
"""A text that one person alone wrote about a matter could tell who they are; it is no gap yet."""


class Kind(StrEnum):
    """How somebody showed what they needed."""

    SEARCH = "search"
    TICKET = "ticket"


class Why(StrEnum):
    """What became of the attempt."""

    NOTHING_FOUND = "nothing_found"
    NOTHING_OPENED = "nothing_opened"
    SILENT = "silent"
    NOT_OPENED = "not_opened"
    OF_NO_HELP = "of_no_help"
    HELD_BACK = "held_back"
    NOT_ASKED = "not_asked"


@dataclass(frozen=True, slots=True)
class Asked:
    """What the survey must know of a ticket: its words, and what agents found for it.

    title: its subject. text: what is compared with other texts, the subject included.
    solved_by: id of the article that it was resolved with, or "".
    person: whatever tells its requester from others, whichever browser they wrote from.
    """

    title: str
    text: str
    lang: str
    category: str
    solved_by: str
    person: str


@dataclass(frozen=True, slots=True)
class Need:
    """One person's need.

    text: what is compared; title: what may be shown of it, once words that point to one person
    are taken out. who: a visitor, or something that stands for one person; person: another name
    of theirs, which a ticket tells. unmet: no article was found for it; met ones are kept because
    an article that does its work must show in the count of tickets. shown, opened: articles that
    were offered for it, and looked at.
    """

    title: str
    text: str
    lang: str
    who: str
    at: datetime
    kind: Kind
    why: Why
    unmet: bool = True
    shown: frozenset[str] = frozenset()
    opened: frozenset[str] = frozenset()
    solved_by: str = ""
    category: str = ""
    person: str = ""


class Advice(StrEnum):
    """What would help: another article, a translation of one, or a better one."""

    WRITE = "write"
    TRANSLATE = "translate"
    IMPROVE = "improve"


class State(StrEnum):
    """How far people have come with a gap."""

    NEW = "new"
    DRAFTED = "drafted"
    WRITTEN = "written"
    DISMISSED = "dismissed"


OPEN = frozenset({State.NEW, State.DRAFTED})


@dataclass(frozen=True, slots=True)
class Trend:
    """The second half of the period against the first: a ratio with its 95 % interval."""

    ratio: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Near:
    """An article that might have answered, and why it did not.

    answers: search itself is confident that it does. shown, opened: by how many people's needs;
    wrote: how many of those who opened it sent a ticket all the same. resolved: tickets that
    agents resolved with it.
    """

    article: str
    answers: bool = False
    shown: int = 0
    opened: int = 0
    wrote: int = 0
    resolved: int = 0


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a survey found out about one gap.

    tickets, searches: people, each counted once, in the whole period. weeks: the same people per
    week, oldest first. examples: texts that may be shown, the most central first. whys: people
    by what became of their attempt. elsewhere: an article in another language that answers.
    """

    tickets: int
    searches: int
    weeks: tuple[int, ...]
    trend: Trend | None
    examples: tuple[str, ...]
    whys: tuple[tuple[str, int], ...]
    near: tuple[Near, ...] = ()
    advice: Advice = Advice.WRITE
    elsewhere: str = ""
    category: str = ""

    @property
    def people(self) -> int:
        return self.tickets + self.searches


@dataclass(frozen=True, slots=True)
class Effect:
    """Tickets of this need four weeks before and after publishing, and of all untouched gaps.

    change: the factor by which they changed, beyond what the others did; below 1 they fell.
    None with its interval while there is not enough to tell.
    """

    before: int
    after: int
    others_before: int
    others_after: int
    change: float | None = None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class Gap:
    """A gap as it is kept. evidence: None once the needs have ceased.

    anchors: a few of its texts, fit to be shown, by which it is known again next time.
    """

    id: str
    lang: str
    name: str
    anchors: tuple[str, ...]
    first_seen: datetime
    seen: datetime
    state: State = State.NEW
    reason: str = ""
    article: str = ""
    changed: datetime | None = None
    published: datetime | None = None
    evidence: Evidence | None = None
    effect: Effect | None = None


@dataclass(frozen=True, slots=True)
class LanguageSurvey:
    """How one language was surveyed.

    needs: people's unmet needs; single: those that belong to no gap; left_out: those that were
    not compared because there were too many different texts. trust: in meaning, 0 where words
    alone were compared.
    """

    lang: str
    needs: int
    texts: int
    single: int
    left_out: int
    trust: float


@dataclass(frozen=True, slots=True)
class Survey:
    """One count of all unmet needs of a period."""

    made: datetime
    since: datetime
    until: datetime
    languages: tuple[LanguageSurvey, ...] = ()
    seconds: float = 0.0
