"""Which visitor ids are one person, as far as a set of events tells."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace

from kbportal.events.catalog import Event


class Identities:
    """The groups of visitor ids (``v`` + id) and persons (``u`` + user) that met in an event."""

    def __init__(self, events: Iterable[Event]) -> None:
        self._above: dict[str, str] = {}
        for event in events:
            if event.visitor and event.user:
                self._join("v" + event.visitor, "u" + event.user)

    def of(self, event: Event) -> str | None:
        """What all events of one person have in common; None when nobody is known."""
        if event.visitor:
            return self._top("v" + event.visitor)
        return self._top("u" + event.user) if event.user else None

    def members(self, people: Collection[str]) -> tuple[set[str], set[str]]:
        """The visitor ids and the users of these people."""
        nodes = set(people) | {node for node in self._above if self._top(node) in people}
        visitors = {node[1:] for node in nodes if node.startswith("v")}
        return visitors, {node[1:] for node in nodes if node.startswith("u")}

    def names(self) -> dict[str, str]:
        """For each node of a group with a visitor the smallest visitor id of it."""
        smallest: dict[str, str] = {}
        for node in self._above:
            if node.startswith("v"):
                top = self._top(node)
                smallest[top] = min(smallest.get(top, node[1:]), node[1:])
        return {node: smallest[top] for node in self._above if (top := self._top(node)) in smallest}

    def _join(self, one: str, other: str) -> None:
        for node in (one, other):
            self._above.setdefault(node, node)
        high, low = sorted((self._top(one), self._top(other)), reverse=True)
        self._above[low] = high

    def _top(self, node: str) -> str:
        above = self._above
        while (next_one := above.get(node, node)) != node:
            above[node] = above.get(next_one, next_one)
            node = above[node]
        return node


def merged_by_person(events: Sequence[Event]) -> tuple[Event, ...]:
    """The events with one visitor id for all ids of one person.

    Ids meet in a common ``user``. The smallest id stands for all, so that order does not matter.
    An event with a ``user`` but no visitor goes to that person's visitor, if there is one.
    """
    names = Identities(events).names()
    return tuple(_renamed(event, names) for event in events)


def _renamed(event: Event, names: dict[str, str]) -> Event:
    node = "v" + event.visitor if event.visitor else "u" + (event.user or "")
    name = names.get(node, event.visitor)
    return event if name == event.visitor else replace(event, visitor=name)
