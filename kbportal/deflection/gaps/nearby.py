"""The articles that might have answered a gap, why they did not, and what that advises."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace

from kbportal.deflection.gaps.model import Advice, Evidence, Kind, Near, Need
from kbportal.deflection.gaps.ports import Found, Library

MOST_NEAR, ASKED, ASKED_ELSEWHERE = 4, 3, 2
_OFTEN = 2


def advised(evidence: Evidence, needs: Sequence[Need], lang: str, library: Library) -> Evidence:
    """The evidence with the nearest articles, the advice, and a category to write in."""
    texts = list(dict.fromkeys(one.text for one in needs))[:ASKED]
    answers = [library.nearest(text, lang=lang) for text in texts]
    near = nearest(needs, answers)
    own = [one for one in near if one.article.partition("/")[0] == lang]
    advice, elsewhere = Advice.WRITE, ""
    if any(one.answers or one.resolved >= _OFTEN for one in own):
        advice = Advice.IMPROVE
    else:
        asked = (library.elsewhere(text, lang=lang) for text in texts[:ASKED_ELSEWHERE])
        elsewhere = next(filter(None, asked), "")
        advice = Advice.TRANSLATE if elsewhere else Advice.WRITE
    categories = Counter(one.category for found in answers for one in found[:1] if one.category)
    categories.update(one.category for one in needs if one.category)
    return replace(
        evidence,
        near=near,
        advice=advice,
        elsewhere=elsewhere,
        category=categories.most_common(1)[0][0] if categories else "",
    )


def nearest(needs: Iterable[Need], answers: Sequence[Sequence[Found]]) -> tuple[Near, ...]:
    """What search finds for these needs and what people were shown, with what came of it.

    Args:
        answers: What search found for each of some texts; an article counts as found when it
            comes first for half of them, and as an answer when search would suggest it for half.
    """
    first = Counter(found[0].article for found in answers if found)
    sure = Counter(one.article for found in answers for one in found if one.answers)
    half = len(answers) / 2
    shown, opened, wrote = _people_by_article(needs)
    resolved = Counter(one.solved_by for one in needs if one.solved_by)
    often = {article for article, people in (shown | opened).items() if len(people) >= _OFTEN}
    likely = {article for article, count in (first + sure).items() if count >= half}
    made = [
        Near(
            article,
            answers=bool(sure[article]) and sure[article] >= half,
            shown=len(shown.get(article, ())),
            opened=len(opened.get(article, ())),
            wrote=len(wrote.get(article, ())),
            resolved=resolved[article],
        )
        for article in sorted(likely | often | set(resolved))
    ]
    made.sort(key=lambda one: (-one.resolved, not one.answers, -one.opened, -one.shown))
    return tuple(made[:MOST_NEAR])


_People = dict[str, set[str]]


def _people_by_article(needs: Iterable[Need]) -> tuple[_People, _People, _People]:
    """By article those who were shown it, opened it, and wrote to us although they had."""
    shown: _People = {}
    opened: _People = {}
    wrote: _People = {}
    for one in needs:
        for article in one.shown:
            shown.setdefault(article, set()).add(one.who)
        for article in one.opened:
            opened.setdefault(article, set()).add(one.who)
            if one.kind is Kind.TICKET:
                wrote.setdefault(article, set()).add(one.who)
    return shown, opened, wrote
