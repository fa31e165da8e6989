"""What two arms of an experiment tell about each other, from counts alone.

The rules were chosen before there were data:

* Both arms are counted on the same population, everybody as assigned, whatever they then did.
* A number is shown once enough visitors are in (``needed_visitors``). What is enough depends on
  how many tickets there are in both arms together, and not on their difference, so that no lucky
  day is the first one to be seen. From then on it is an estimate like the others: each day's
  interval holds for that day, and whoever waits for one that leaves out 0 finds it more often
  than in one of twenty. What is *decided* by a number is decided once: see ``content_tests``.
* If the arms have sizes that the lot would produce in fewer than one case in a thousand,
  something treats them differently on the way, and no number is shown at all.
* Nor if the arms are not what they are called: if surely more than a twentieth of one arm got
  what the other one is to get. A few do, who use two browsers.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, erfc, hypot, sqrt
from statistics import NormalDist
from typing import Literal

from kbportal.deflection.numbers.intervals import CONFIDENCE, share

EFFECT = 0.05
"""The smallest difference worth finding: five tickets per hundred visitors."""
POWER = 0.8
SUSPICIOUS = 0.001
"""Arms of sizes that are less probable than this were not divided by the lot alone."""
LEAK = 0.05
"""The part of an arm that may get what the other one is to get."""

_CERTAINTY = NormalDist().inv_cdf((1 + CONFIDENCE) / 2) + NormalDist().inv_cdf(POWER)

LiftStatus = Literal["ok", "not_enough_data", "broken"]


@dataclass(frozen=True, slots=True)
class Arms:
    """Visitors of both arms, and those of them with a ticket.

    expected_control: the part of visitors, 0 to 1, that the lot puts into control.
    control_crossed: of control, those who were shown suggestions all the same; shown_crossed:
    of the others, those from whom they were withheld.
    """

    control_n: int
    control_tickets: int
    shown_n: int
    shown_tickets: int
    expected_control: float
    control_crossed: int = 0
    shown_crossed: int = 0

    @property
    def n(self) -> int:
        return self.control_n + self.shown_n


@dataclass(frozen=True, slots=True)
class Lift:
    """What the arms tell: mean(ticket | control) − mean(ticket | shown).

    difference, low, high: shares between -1 and 1, above 0 where showing saved tickets, with a
    95 % interval; None unless the status is ``ok``.
    n: visitors so far, of ``needed``; sample_ratio_p: how probable arms of these sizes are.
    """

    status: LiftStatus
    difference: float | None
    low: float | None
    high: float | None
    n: int
    needed: int
    sample_ratio_p: float
    control_n: int
    control_tickets: int
    shown_n: int
    shown_tickets: int


def assess(arms: Arms, *more: Arms, effect: float = EFFECT) -> Lift:
    """Whether enough is known, whether it can be trusted, and what it is.

    Args:
        more: One for each other share of control that was in force. Shares are compared only
            within their own time: otherwise a busy season would look like an effect.
        effect: The smallest difference that must be found if it is there.
    """
    strata = (arms, *more)
    n = sum(one.n for one in strata)
    needed = needed_by(*strata, effect=effect)
    probable = sample_ratio_p(*strata)
    found = difference(*strata)
    status: LiftStatus = "ok" if n >= needed and found else "not_enough_data"
    if probable < SUSPICIOUS or _leaks(strata):
        status = "broken"
    value, low, high = found if found and status == "ok" else (None, None, None)
    return Lift(
        status, value, low, high, n, needed, probable,
        control_n=sum(one.control_n for one in strata),
        control_tickets=sum(one.control_tickets for one in strata),
        shown_n=sum(one.shown_n for one in strata),
        shown_tickets=sum(one.shown_tickets for one in strata),
    )  # fmt: skip


def _leaks(strata: tuple[Arms, ...]) -> bool:
    """Whether surely more of an arm got the other one's treatment than may be."""
    arms = (
        (sum(one.control_crossed for one in strata), sum(one.control_n for one in strata)),
        (sum(one.shown_crossed for one in strata), sum(one.shown_n for one in strata)),
    )
    return any((share(crossed, n).low or 0.0) > LEAK for crossed, n in arms)


def difference(*strata: Arms) -> tuple[float, float, float] | None:
    """mean(ticket | control) − mean(ticket | shown), and its 95 % interval; None without both.

    Newcombe's interval from two Wilson intervals. Several strata weigh as many visitors as were
    shown suggestions in them, and their intervals are put together in the same way.

    Source: Newcombe, Interval estimation for the difference between independent proportions,
    Statistics in Medicine 1998, method 10; its generalisation: Zou and Donner, Construction of
    confidence limits about effect measures, Statistics in Medicine 2008.
    """
    known = [one for one in strata if one.control_n and one.shown_n]
    if not known:
        return None
    total = sum(one.shown_n for one in known)
    found = [(one.shown_n / total, *_newcombe(one)) for one in known]
    value = sum(weight * d for weight, d, _, _ in found)
    below = hypot(*(weight * (d - low) for weight, d, low, _ in found))
    above = hypot(*(weight * (high - d) for weight, d, _, high in found))
    return value, max(-1.0, value - below), min(1.0, value + above)


def sample_ratio_p(*strata: Arms) -> float:
    """How probable it is that the lot alone makes arms of such sizes, or stranger ones.

    Pearson's chi-square test with one degree of freedom, whose tail has a closed form.
    """
    surplus = sum(one.control_n - one.n * one.expected_control for one in strata)
    variance = sum(one.n * one.expected_control * (1 - one.expected_control) for one in strata)
    if variance == 0:
        return 1.0 if surplus == 0 else 0.0
    return erfc(abs(surplus) / sqrt(2 * variance))


def needed_visitors(*, control: float, shown: float, control_share: float) -> int:
    """Visitors of both arms that it takes to tell these two ticket rates apart.

    With 80 % power, at 5 % two-sided:
    ``N = (1.96 + 0.84)² · [p1(1−p1)/r + p2(1−p2)/(1−r)] / (p1−p2)²``.
    """
    spread = control * (1 - control) / control_share + shown * (1 - shown) / (1 - control_share)
    return max(1, ceil(_CERTAINTY**2 * spread / (control - shown) ** 2))


def needed_by(*strata: Arms, effect: float) -> int:
    """Visitors needed if the true difference were `effect` around the rate of all visitors."""
    n = sum(one.n for one in strata)
    tickets = sum(one.control_tickets + one.shown_tickets for one in strata)
    expected = sum(one.n * one.expected_control for one in strata) / n if n else 0.0
    r = min(max(expected or strata[0].expected_control, 0.001), 0.999)
    rate = tickets / n if n else 0.5
    shown = min(max(rate - r * effect, 0.0), 1.0 - effect)
    return needed_visitors(control=shown + effect, shown=shown, control_share=r)


def _newcombe(arms: Arms) -> tuple[float, float, float]:
    control = share(arms.control_tickets, arms.control_n)
    shown = share(arms.shown_tickets, arms.shown_n)
    assert control.value is not None
    assert control.low is not None
    assert control.high is not None
    assert shown.value is not None
    assert shown.low is not None
    assert shown.high is not None
    value = control.value - shown.value
    low = value - hypot(control.value - control.low, shown.high - shown.value)
    high = value + hypot(control.high - control.value, shown.value - shown.low)
    return value, low, high
