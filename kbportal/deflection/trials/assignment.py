"""Who is in which arm of an experiment: drawn by lot once, and the same at every visit.

Nothing is stored. A keyed hash of the experiment and the visitor is a point on a line from 0 to
100; the arms divide that line. So an arm holds for as long as the visitor's id does, arms of two
experiments are independent, and nobody without the key can choose one. A visitor without an id
has no arm and sees what everybody saw before there were experiments.

An event tells the arms of its visitor in one text, ``holdout:control@10 t-7f3a:b@50``: in
experiment ``holdout`` the arm ``control``, which 10 % of the visitors are in.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Mapping
from typing import NamedTuple

HOLDOUT = "holdout"
"""The experiment that withholds suggestions."""
CONTROL, SHOWN = "control", "shown"
MAX_CONTROL = 50
"""The largest part of visitors, in percent, from whom suggestions may be withheld."""

_POINTS = 2**64
_ITEM = re.compile(r"([a-z0-9-]{1,40}):([a-z0-9-]{1,20})@([0-9]{1,3})")


class Assigned(NamedTuple):
    """An arm, and the part of visitors in percent that is in it."""

    arm: str
    share: int


def arm_of(visitor: str, *, experiment: str, key: bytes, shares: Mapping[str, int]) -> str:
    """The arm of a visitor.

    Args:
        shares: Percent of visitors by arm, in the order of the line, 100 in all. When a share
            changes, only visitors near the moved border change their arm.
    """
    if sum(shares.values()) != 100 or min(shares.values()) < 0:
        raise ValueError(f"shares must be percentages that add up to 100: {dict(shares)}")
    point = _point(f"{experiment} {visitor}", key)
    border = 0
    for arm, share in shares.items():
        border += share
        if point * 100 < border * _POINTS:
            return arm
    raise AssertionError("a point lies on the line")


def assign(
    visitor: str | None, *, experiment: str, key: bytes, shares: Mapping[str, int]
) -> Assigned | None:
    """The arm of a visitor with its share; None for people without an id."""
    if not visitor:
        return None
    arm = arm_of(visitor, experiment=experiment, key=key, shares=shares)
    return Assigned(arm, shares[arm])


def holdout_shares(control: int) -> dict[str, int]:
    """The shares of the holdout with so many percent of control."""
    control = max(0, min(control, MAX_CONTROL))
    return {CONTROL: control, SHOWN: 100 - control}


def arms_text(assigned: Mapping[str, Assigned]) -> str | None:
    """The arms by experiment as an event carries them; None without any."""
    items = (f"{name}:{one.arm}@{one.share}" for name, one in sorted(assigned.items()))
    return " ".join(items) or None


def arms(text: str | None) -> dict[str, Assigned]:
    """The arms by experiment that an event carries; what cannot be read is left out."""
    found = (_ITEM.fullmatch(item) for item in (text or "").split())
    return {one[1]: Assigned(one[2], int(one[3])) for one in found if one}


def _point(text: str, key: bytes) -> int:
    """0 <= point < 2^64, the same for the same text and key."""
    digest = hmac.new(key, text.encode("utf-8", "surrogatepass"), hashlib.sha256).digest()
    return int.from_bytes(digest[:8], "big")
