"""At the form: what is suggested, what is done with it, and whether a ticket comes of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from math import exp
from statistics import NormalDist

import numpy as np
import numpy.typing as npt

from kbportal.deflection.simulation.looking import Looked
from kbportal.deflection.simulation.site import COURSES, Course, Fate, Site

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

TO_FORM_S, TO_SUGGESTION_S, TO_EXPANSION_S = 20.0, 5.0, 10.0
TO_PRESS_S, TO_UNDO_S, TO_LEAVING_S = 140.0, 145.0, 150.0
LATE_START_S = 60.0
"""How long before a late ticket its form is started."""
_EPISODE_GAP_S = 86_400.0
_TOOK_MS, _TOOK_SPREAD = 12.0, NormalDist(0.0, 0.5)
"""How long an answer takes, log-normal: half of them no longer than this."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Columns, one row per need. Moments are seconds from the start of day 0, nan for never.

    form: whether the form was started, first at ``form_at``; ``asked_at`` is the visit in which
    they went on with it, the same or later that day. covered: there is something to suggest.
    course: a ``Course``, IGNORED where nothing is shown. expanded_at: when a suggestion that had
    been opened for ``read_s`` seconds was left. ticket_at, late_at: of a ticket at once, and of
    a later one, ``by_form`` or on another way; ``joined``: so soon that it is the same episode.
    acted_at: the last act on the form in this episode. ends: the last thing done for the need.
    withdrawn: 1 through an article, 2 undone again, 0 not.
    """

    form: Flags
    form_at: Floats
    asked_at: Floats
    covered: Flags
    course: Ints
    read_s: Floats
    expanded_at: Floats
    ticket_at: Floats
    late_at: Floats
    by_form: Flags
    joined: Flags
    acted_at: Floats
    ends: Floats
    withdrawn: Ints

    @classmethod
    def stacked(cls, parts: Sequence[Asked]) -> Asked:
        """The rows of all of them."""
        return cls(
            **{
                column.name: np.concatenate([getattr(part, column.name) for part in parts])
                for column in fields(cls)
            }
        )


def took_ms(part: float) -> float:
    """The time within which this part of all answers is made."""
    return _TOOK_MS * exp(_TOOK_SPREAD.inv_cdf(part))


def ask(
    site: Site,
    rng: np.random.Generator,
    looked: Looked,
    *,
    start: Floats,
    tongue: Ints,
    kind: Ints,
    control: Flags,
) -> Asked:
    """What these people do after they looked around; those in control are shown nothing."""
    count = len(start)
    form, form_at, asked_at = _begins(site, rng, looked, start)
    covered = rng.random(count) < site.covered
    shown = covered & ~control
    fate, late = _fates(site, rng, tongue=tongue, kind=kind, shown=shown)
    course = np.where(shown, _courses(site, rng, fate, kind), int(Course.IGNORED))
    read_s = np.where(
        course == Course.GLANCED, rng.uniform(1, 8, count), rng.uniform(11, 120, count)
    )
    expanded_at = _where(form & (course != Course.IGNORED), asked_at + TO_EXPANSION_S + read_s)
    ticket_at = _where(form & (fate == Fate.NOW), asked_at + rng.uniform(160, 700, count))
    delay_h = np.maximum(rng.lognormal(np.log(site.late_median_h), site.late_spread, count), 0.5)
    late_at = _where(form & late, asked_at + TO_LEAVING_S + delay_h * 3600)
    by_form = rng.random(count) < site.late_by_form
    pressed = course == Course.PRESSED
    left_at = np.where(pressed, asked_at + TO_PRESS_S, asked_at + TO_LEAVING_S)
    until = np.where(form, np.fmax(left_at, ticket_at), looked.until)
    joined = by_form & (late_at - LATE_START_S - until < _EPISODE_GAP_S)
    press_at = _where(form & (course >= Course.PRESSED), asked_at + TO_PRESS_S)
    acts = [asked_at, expanded_at, press_at, ticket_at, _where(joined, late_at)]
    withdrawn = (rng.random(count) < site.withdraws) * 1
    withdrawn = withdrawn * (1 + (rng.random(count) < site.withdraws_undone))
    return Asked(
        form=form,
        form_at=form_at,
        asked_at=asked_at,
        covered=covered,
        course=course,
        read_s=read_s,
        expanded_at=expanded_at,
        ticket_at=ticket_at,
        late_at=late_at,
        by_form=by_form,
        joined=joined,
        acted_at=np.fmax.reduce(acts),
        ends=np.fmax(until, late_at),
        withdrawn=withdrawn,
    )


def _begins(
    site: Site, rng: np.random.Generator, looked: Looked, start: Floats
) -> tuple[Flags, Floats, Floats]:
    """Who starts the form, when, and when they go on with it."""
    count = len(start)
    around = looked.searched[:, 0] | looked.landed
    likely = np.where(~np.isnan(looked.opened_at), site.form_after_open, site.form_after_none)
    form = rng.random(count) < np.where(around, likely, 1.0)
    form_at = np.where(around, looked.until + TO_FORM_S, start)
    again = rng.random(count) < site.comes_back_same_day
    pause_s = rng.uniform(1, 20, count) * 3600
    return form, form_at, form_at + np.where(again, pause_s, 0.0)


def _fates(
    site: Site, rng: np.random.Generator, *, tongue: Ints, kind: Ints, shown: Flags
) -> tuple[Ints, Flags]:
    """What becomes of each need, and whether a ticket follows late."""
    luck = rng.random((3, len(kind)))
    own = np.array([one.writes for one in site.tongues])[tongue]
    now = np.clip(site.writes_now + own + np.where(kind == 0, 1, -1) * site.unlike, 0.02, 0.9)
    fate = np.where(luck[0] < now + site.writes_late, int(Fate.LATE), int(Fate.NONE))
    fate = np.where(luck[0] < now, int(Fate.NOW), fate)
    turned = shown & (fate == Fate.NOW) & (luck[1] < site.turned)
    fate = np.where(turned, int(Fate.TURNED), fate)
    late = (fate == Fate.LATE) | (turned & (luck[2] < site.relapse))
    return fate, late


def _courses(site: Site, rng: np.random.Generator, fate: Ints, kind: Ints) -> Ints:
    """What each does with a suggestion; the kind that writes less presses more."""
    table = np.array([COURSES[one] for one in Fate])[fate]
    eager = site.presses * np.where(kind == 0, 0.6, 1.4)
    pressed = table[:, Course.PRESSED]
    scaled = np.where(fate == Fate.NONE, np.minimum(pressed * eager, 0.95), pressed)
    rest = (1 - scaled) / np.maximum(1 - pressed, 1e-9)
    table = table * rest[:, None]
    table[:, Course.PRESSED] = scaled
    luck = rng.random(len(fate))[:, None]
    chosen: Ints = (luck > np.cumsum(table, axis=1)).sum(axis=1)
    return np.minimum(chosen, int(Course.UNDONE))


def _where(condition: Flags, moments: Floats) -> Floats:
    return np.where(condition, moments, np.nan)
