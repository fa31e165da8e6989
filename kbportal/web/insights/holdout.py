"""What is said of the experiment that withholds suggestions: a number, or why there is none."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from flask import url_for
from flask_babel import format_decimal

from kbportal.deflection.trials.experiment import SUSPICIOUS, Lift
from kbportal.web.insights.numbers import number, percent, points

_RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")

State = Literal["off", "ok", "not_enough_data", "broken"]


@dataclass(frozen=True, slots=True)
class Holdout:
    """The experiment as people read it. progress: 0 to 100, how many of the needed are in.

    lift, low, high: percentage points; empty unless the state is ``ok``. control, shown: the share
    of each arm that sent a ticket, empty while the number is not to be seen. chance: how probable
    arms of these sizes are. is_lopsided: whether it is that which broke the experiment; else
    visitors got what the other arm was to get. switch: where it is turned on and off.
    """

    state: State
    n: str = ""
    needed: str = ""
    progress: float = 0.0
    lift: str = ""
    low: str = ""
    high: str = ""
    control: str = ""
    control_n: str = ""
    shown: str = ""
    shown_n: str = ""
    chance: str = ""
    is_lopsided: bool = False
    switch: str = ""


def holdout(lift: Lift | None) -> Holdout:
    """The state of the experiment in the period."""
    switch = url_for("insights.experiments")
    if lift is None or lift.n == 0:
        return Holdout("off", switch=switch)
    is_told = lift.status == "ok"
    return Holdout(
        state=lift.status,
        n=number(lift.n),
        needed=number(lift.needed),
        progress=round(min(100.0, 100 * lift.n / max(1, lift.needed)), 1),
        lift=_points(lift.difference),
        low=_points(lift.low),
        high=_points(lift.high),
        control=_share(lift.control_tickets, lift.control_n) if is_told else "",
        control_n=number(lift.control_n),
        shown=_share(lift.shown_tickets, lift.shown_n) if is_told else "",
        shown_n=number(lift.shown_n),
        chance=_chance(lift.sample_ratio_p),
        is_lopsided=lift.sample_ratio_p < SUSPICIOUS,
        switch=switch,
    )


def _chance(probable: float) -> str:
    """As people write it: 0.042, or 3 · 10⁻¹²."""
    if probable >= SUSPICIOUS or probable == 0:
        return str(format_decimal(probable, "0.###"))
    digit, _, power = f"{probable:.0e}".partition("e")
    return f"{digit}\N{NO-BREAK SPACE}·\N{NO-BREAK SPACE}10{str(int(power)).translate(_RAISED)}"


def _points(value: float | None) -> str:
    return "" if value is None else points(value)


def _share(tickets: int, n: int) -> str:
    return percent(tickets / n) if n else ""
