"""Who is one person among those who needed something: counted once, and never taken for two.

A browser's id tells a person from others until it is replaced; the address on a ticket does for
longer. By the id alone, somebody who wrote again a month later, or once without an id, would be
two people, and what they alone wrote be taken for what several did.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from kbportal.deflection.gaps.model import Need


def by_person(needs: Sequence[Need]) -> list[Need]:
    """The needs by address where one is known: that on the ticket, or the only one of a browser."""
    owners: dict[str, set[str]] = {}
    for one in needs:
        if one.person:
            owners.setdefault(one.who, set()).add(one.person)
    return [_named(one, owners) for one in needs]


def count_people(needs: Iterable[Need]) -> int:
    """How many people needed something."""
    return len({one.who for one in needs})


def names_of(need: Need) -> frozenset[str]:
    """All that tells who it was: two needs without a name in common are of two people."""
    return frozenset(filter(None, (need.who, need.person)))


def _named(need: Need, owners: Mapping[str, set[str]]) -> Need:
    persons = {need.person} if need.person else owners.get(need.who, set())
    if len(persons) != 1:
        return need
    return replace(need, who=next(iter(persons)), person=need.who)
