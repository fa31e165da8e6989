"""What people decide about a gap: pure steps from one state to the next, each can be undone."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from kbportal.deflection.gaps.model import Gap, State

LONGEST_REASON = 500


def drafted(gap: Gap, *, article: str, now: datetime) -> Gap:
    """A draft of this article was begun."""
    return replace(_decided(gap, State.DRAFTED, now), article=article)


def written(gap: Gap, *, article: str, is_public: bool, now: datetime) -> Gap:
    """This article answers it; it counts as published from the moment that customers can read it.

    What became of tickets before is forgotten: it is about another article.
    """
    decided = replace(_decided(gap, State.WRITTEN, now), article=article)
    return replace(decided, published=now if is_public else None)


def dismissed(gap: Gap, *, reason: str, now: datetime) -> Gap:
    """Nobody will write about it, and why."""
    return replace(_decided(gap, State.DISMISSED, now), reason=reason.strip()[:LONGEST_REASON])


def undone(gap: Gap, *, now: datetime) -> Gap:
    """As if nothing had been decided. A draft that was begun stays on disk."""
    return _decided(gap, State.NEW, now)


def _decided(gap: Gap, state: State, now: datetime) -> Gap:
    return replace(
        gap, state=state, reason="", article="", changed=now, published=None, effect=None
    )
