"""The switch of the holdout: from how many visitors suggestions are withheld, if from any."""

from __future__ import annotations

import logging
import threading
import time
from dataclasses import dataclass
from typing import Protocol

from kbportal.deflection.trials.assignment import MAX_CONTROL
from kbportal.kernel.errors import PortalError
from kbportal.people.audit import AuditLine

HOLDOUT_SWITCH = "holdout"
DEFAULT_SHARE = 10

FRESH_S = 2.0
"""How long a process goes by what it read; then it reads again beside its work."""
STALE_S, PATIENCE_S = 10.0, 0.05
"""What is older than that is waited for, this long."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Holdout:
    """Whether it is on, and for which part of visitors, in percent; kept while it is off."""

    on: bool
    share: int

    @property
    def control(self) -> int:
        """The percent of visitors from whom suggestions are withheld now."""
        return self.share if self.on else 0


class SwitchStore(Protocol):
    """Decisions of the staff that every process follows. A new adapter: add it to its test."""

    def switch(self, name: str) -> str | None:
        """What was decided last; None while nothing was. Raises a PortalError."""
        ...

    def set_switch(self, name: str, value: str, line: AuditLine) -> None:
        """Decide anew, and say who did, in one transaction. Raises a PortalError."""
        ...


def usual_holdout(share: int) -> Holdout:
    """What holds until somebody decides: so many percent, or off with the default share."""
    share = max(0, min(share, MAX_CONTROL))
    return Holdout(on=share > 0, share=share or DEFAULT_SHARE)


def read_holdout(text: str | None) -> Holdout | None:
    """The decision that this text is, such as ``on 10``; None if it is none."""
    word, _, share = (text or "").partition(" ")
    if word not in {"on", "off"} or not share.isdecimal() or not 1 <= int(share) <= MAX_CONTROL:
        return None
    return Holdout(word == "on", int(share))


def holdout_text(holdout: Holdout) -> str:
    """The decision as it is kept, and as an audit line tells it."""
    return f"{'on' if holdout.on else 'off'} {holdout.share}"


class HoldoutSwitch:
    """The decision as this process knows it. Asking never waits for a database that is away."""

    def __init__(self, store: SwitchStore, usual: Holdout) -> None:
        self._store = store
        self._usual = self._known = usual
        self._asked = float("-inf")

    def current(self) -> Holdout:
        """What holds now: what was decided a few seconds ago at most, whoever decided it."""
        now = time.monotonic()
        age = now - self._asked
        if age > FRESH_S:
            self._asked = now
            reading = threading.Thread(target=self.refresh, name="holdout-switch", daemon=True)
            reading.start()
            if age > STALE_S:
                reading.join(PATIENCE_S)
        return self._known

    def refresh(self) -> None:
        """Read the decision now; if the store is away, what was known holds on."""
        self._asked = time.monotonic()
        try:
            decided = read_holdout(self._store.switch(HOLDOUT_SWITCH))
        except PortalError as error:
            _log.info("the holdout goes by what was known: %s", error)
        else:
            self._known = decided or self._usual

    def decide(self, holdout: Holdout, line: AuditLine) -> None:
        """Let this hold, for every process. Raises a PortalError, and nothing has changed."""
        self._store.set_switch(HOLDOUT_SWITCH, holdout_text(holdout), line)
        self._known = holdout
