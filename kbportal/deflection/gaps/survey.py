"""One count of all unmet needs: groups, what is known of each, and what became of the old ones."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import blake2b
from itertools import pairwise

from kbportal.deflection.gaps.discretion import shared_words, showable
from kbportal.deflection.gaps.grouping import Group, Grouped, group, key_of
from kbportal.deflection.gaps.model import (
    FEWEST_PEOPLE,
    PERIOD,
    Evidence,
    Gap,
    Kind,
    LanguageSurvey,
    Need,
    State,
    Survey,
)
from kbportal.deflection.gaps.nearby import advised
from kbportal.deflection.gaps.people import by_person, count_people
from kbportal.deflection.gaps.ports import Library
from kbportal.deflection.gaps.publishing import published, with_effect
from kbportal.deflection.gaps.trends import trend

MOST_GAPS = 200
"""Of a language; the rest is rare."""
EXAMPLES, ANCHORS = 8, 5
_WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class _Counted:
    """A language's gaps, and when the tickets of each came, by gap id."""

    gaps: tuple[Gap, ...]
    tickets: Mapping[str, tuple[datetime, ...]]
    facts: LanguageSurvey


@dataclass(frozen=True, slots=True)
class _Words:
    """What may be shown in a language, and which texts (folded) are the beginnings of others."""

    shared: frozenset[str]
    cut_short: frozenset[str]


def survey(
    needs: Sequence[Need],
    *,
    kept: Sequence[Gap],
    library: Library,
    now: datetime,
    retention: timedelta = timedelta(days=400),
) -> tuple[Survey, tuple[Gap, ...]]:
    """Count everything anew; gaps that somebody decided on stay although their needs ceased.

    Args:
        needs: Those from `reading_since` until now, met tickets included.
        kept: The gaps of the survey before.
        retention: How long people's words are kept, those of gaps that nobody needs included.
    """
    needs = by_person(needs)
    languages = sorted({one.lang for one in needs} | {one.lang for one in kept})
    counted = [
        _language(
            lang,
            [one for one in needs if one.lang == lang],
            [one for one in kept if one.lang == lang],
            library,
            now,
        )
        for lang in languages
    ]
    tickets = {gap: times for one in counted for gap, times in one.tickets.items()}
    gaps = [published(gap, library, now) for one in counted for gap in one.gaps]
    untouched = [gap.id for gap in gaps if gap.state is State.NEW]
    told = tuple(
        with_effect(gap, tickets, untouched, now) for gap in gaps if now - gap.seen <= retention
    )
    facts = tuple(one.facts for one in counted)
    first = min((one.at for one in needs), default=now - PERIOD)
    return Survey(now, max(first, now - PERIOD), now, facts), told


def _language(
    lang: str, needs: Sequence[Need], kept: Sequence[Gap], library: Library, now: datetime
) -> _Counted:
    recent = [replace(one, unmet=one.unmet and one.at >= now - PERIOD) for one in needs]
    unmet = [one for one in recent if one.unmet]
    meaning = library.meaning(lang)
    grouped = group(recent, kept, meaning)
    words = _Words(shared_words(unmet), _cut_short(one.title for one in unmet))
    ids: dict[int, str] = {}
    gaps: list[Gap] = []
    ranked = sorted(enumerate(grouped.groups), key=lambda one: _rank(one[1]))
    for number, one in ranked:
        if count_people(one.needs) < FEWEST_PEOPLE or len(gaps) >= MOST_GAPS:
            continue
        gap = _gap(one, lang, words, library, now)
        ids[number] = gap.id
        gaps.append(gap)
    gaps += _faded(grouped, ids, gaps)
    return _Counted(
        tuple(gaps),
        _ticket_times(recent, grouped.place, ids),
        LanguageSurvey(
            lang=lang,
            needs=len(unmet),
            texts=grouped.texts,
            single=sum(
                len(one.needs) for one in grouped.groups if count_people(one.needs) < FEWEST_PEOPLE
            ),
            left_out=grouped.left_out,
            trust=meaning.share,
        ),
    )


def _gap(found: Group, lang: str, words: _Words, library: Library, now: datetime) -> Gap:
    examples = _examples(found.needs, lang, words, library)
    known = found.known_as
    anchors = tuple(examples[:ANCHORS])
    evidence = advised(_counted(found.needs, examples, now), found.needs, lang, library)
    if known is None:
        name = examples[0] if examples else "…"
        mark = f"{now.isoformat()} {lang} {found.needs[0].who} {found.needs[0].text}"
        fresh = blake2b(mark.encode("utf-8", "replace"), digest_size=8).hexdigest()
        return Gap(fresh, lang, name, anchors, now, now, evidence=evidence)
    if known.state is State.NEW and examples:
        return replace(known, name=examples[0], anchors=anchors, seen=now, evidence=evidence)
    return replace(known, seen=now, evidence=evidence)


def _faded(grouped: Grouped, ids: dict[int, str], gaps: Sequence[Gap]) -> list[Gap]:
    """Gaps that nobody needs any more, or too few people: kept where somebody decided on them."""
    there = {gap.id for gap in gaps}
    rare = [one.known_as for one in grouped.groups if one.known_as]
    left = [one for one in (*rare, *grouped.faded) if one.id not in there]
    for at, gap in enumerate(grouped.faded, len(grouped.groups)):
        ids[at] = gap.id
    for number, one in enumerate(grouped.groups):
        if one.known_as:
            ids[number] = one.known_as.id
    return [replace(one, evidence=None) for one in left if one.state is not State.NEW]


def _ticket_times(
    needs: Iterable[Need], place: Mapping[str, int], ids: Mapping[int, str]
) -> dict[str, tuple[datetime, ...]]:
    times: dict[str, list[datetime]] = {}
    for one in needs:
        gap = ids.get(place.get(key_of(one.text), -1))
        if one.kind is Kind.TICKET and gap:
            times.setdefault(gap, []).append(one.at)
    return {gap: tuple(sorted(found)) for gap, found in times.items()}


def _counted(needs: Sequence[Need], examples: Sequence[str], now: datetime) -> Evidence:
    """How many people, when, and what became of their attempts; each person once."""
    first: dict[str, Need] = {}
    for one in sorted(needs, key=lambda need: (need.kind is not Kind.TICKET, need.at)):
        first.setdefault(one.who, one)
    weeks = [0] * (PERIOD // _WEEK)
    for one in first.values():
        weeks[min(len(weeks) - 1, max(0, (one.at - (now - PERIOD)) // _WEEK))] += 1
    half = len(weeks) // 2
    tickets = sum(one.kind is Kind.TICKET for one in first.values())
    return Evidence(
        tickets=tickets,
        searches=len(first) - tickets,
        weeks=tuple(weeks),
        trend=trend(sum(weeks[:half]), sum(weeks[half:])),
        examples=tuple(examples),
        whys=tuple(Counter(str(one.why) for one in first.values()).most_common()),
    )


def _examples(needs: Iterable[Need], lang: str, words: _Words, library: Library) -> list[str]:
    """Texts that may be shown, the central ones first, whole ones before those with gaps.

    What is only the beginning of another one was cut short while it was typed.
    """
    found: dict[str, str] = {}
    for one in needs:
        text = showable(
            one.title, shared=words.shared, is_known=lambda word: library.knows(lang, word)
        )
        if text:
            found.setdefault(key_of(text), text)
        if len(found) >= 3 * EXAMPLES:
            break
    whole = [text for key, text in found.items() if key not in words.cut_short]
    return sorted(whole or found.values(), key=lambda text: "…" in text)[:EXAMPLES]


def _cut_short(texts: Iterable[str]) -> frozenset[str]:
    """Texts that end within a word with which another one goes on."""
    ordered = sorted({key_of(text) for text in texts})
    return frozenset(
        one
        for one, after in pairwise(ordered)
        if after.startswith(one) and after[len(one)].isalnum()
    )


def _rank(found: Group) -> tuple[int, int]:
    senders = {one.who for one in found.needs if one.kind is Kind.TICKET}
    return -len(senders), -count_people(found.needs)
