"""The holdout over many days: who would have been shown suggestions, and who then wrote to us."""

from __future__ import annotations

import numpy as np

from kbportal.deflection.facts.day import OUTCOMES, Column, Table
from kbportal.deflection.facts.stack import Stack
from kbportal.deflection.trials.assignment import CONTROL, HOLDOUT, SHOWN, arms
from kbportal.deflection.trials.experiment import Arms, Lift, assess


def measured_lift(stack: Stack, episodes: Table) -> Lift | None:
    """What withholding suggestions tells; None while nobody takes part.

    Counted are episodes in which at least one suggestion was shown or withheld beside the form,
    of each visitor the first, in the arm that it was assigned to. Each share of control that was
    in force is a stratum of its own.

    Args:
        episodes: Those that have matured.
    """
    first = first_of_each(stack, episodes)
    shares: dict[int, dict[str, Column]] = {}
    for at, facet in enumerate(stack.facets):
        if one := arms(facet.arm).get(HOLDOUT):
            control = one.share if one.arm == CONTROL else 100 - one.share
            if one.arm in (CONTROL, SHOWN) and 0 < control < 100:
                rows = shares.setdefault(control, {}).setdefault(one.arm, _none(stack))
                rows[at] = True
    sent = first["outcome"] == OUTCOMES.index("T")
    strata = [_arms(first, sent, rows, share / 100) for share, rows in shares.items()]
    strata = [one for one in strata if one.n]
    return assess(*strata) if strata else None


def first_of_each(stack: Stack, episodes: Table) -> Table:
    """The first triggered episode of each person, in any order."""
    triggered = episodes["shown"] | episodes["ghost"]
    mine = {name: values[triggered] for name, values in episodes.items()}
    person = stack.persons(mine["visitor"])
    order = np.lexsort((mine["facet"], mine["start"], person))
    _, at = np.unique(person[order], return_index=True)
    return {name: values[order[at]] for name, values in mine.items()}


def _arms(first: Table, sent: Column, rows: dict[str, Column], control: float) -> Arms:
    counts: list[int] = []
    crossed: list[int] = []
    for arm, others in ((CONTROL, first["shown"]), (SHOWN, first["ghost"])):
        mine = rows[arm][first["facet"]] if arm in rows else np.zeros(len(sent), dtype=bool)
        counts += [int(mine.sum()), int((mine & sent).sum())]
        crossed.append(int((mine & others).sum()))
    control_n, control_tickets, shown_n, shown_tickets = counts
    return Arms(control_n, control_tickets, shown_n, shown_tickets, control, *crossed)


def _none(stack: Stack) -> Column:
    return np.zeros(len(stack.facets), dtype=bool)
