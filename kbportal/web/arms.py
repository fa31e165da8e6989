"""In which arms of experiments a visitor is, and whether suggestions are withheld from them."""

from __future__ import annotations

from flask import current_app

from kbportal.deflection.trials.assignment import CONTROL, HOLDOUT, Assigned, assign, holdout_shares
from kbportal.web.portal import portal


def holdout_arm(visitor: str | None) -> Assigned | None:
    """Their arm of the holdout; None while it is off, and for people without an id."""
    if visitor is None or not portal().settings.suggestions:
        return None
    control = portal().holdout.current().control
    if not control:
        return None
    return assign(visitor, experiment=HOLDOUT, key=arm_key(), shares=holdout_shares(control))


def is_control(arm: Assigned | None) -> bool:
    """Whether this arm sees no suggestions."""
    return arm is not None and arm.arm == CONTROL


def arm_key() -> bytes:
    """What arms are drawn with: nobody without it can choose one."""
    return str(current_app.secret_key).encode()
