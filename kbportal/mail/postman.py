"""The thread that sends letters while the server runs: one at a time, of all worker processes."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from kbportal.kernel.clock import Clock
from kbportal.kernel.turns import Rounds, turn
from kbportal.mail.ports import Carrier, Outbox
from kbportal.mail.rules import pause
from kbportal.mail.sending import Office, Round, send_due

LOOKS_EVERY_S = 2.0
ANOTHER_WORKS_S = 5.0
LONGEST_REST_S = 300.0
KEPT = timedelta(days=90)
"""How long the outbox remembers letters that went."""

_dice = random.SystemRandom()


class Postman:
    """Looks for letters that are due, again and again, until stopped."""

    def __init__(
        self,
        outbox: Outbox,
        carrier: Carrier,
        office: Office,
        *,
        lock: Path,
        clock: Clock,
        chance: Callable[[], float] = _dice.random,
    ) -> None:
        self._outbox, self._carrier, self._office = outbox, carrier, office
        self._lock, self._clock, self._chance = lock, clock, chance
        self._rounds = Rounds("postman", self._take_turn, every_s=ANOTHER_WORKS_S)

    def start(self) -> None:
        """Begin; once per process, after it was forked."""
        self._rounds.start()

    def stop(self, timeout: float = 8.0) -> None:
        """Finish the letter in hand, if that does not last too long, and end."""
        self._rounds.stop(timeout)

    def _take_turn(self) -> None:
        with turn(self._lock) as mine:
            if mine:
                self._work()

    def _work(self) -> None:
        """Send as long as all goes well; what goes wrong in the database ends it."""
        now = self._clock()
        self._outbox.recover(sender=self._office.name, now=now)
        self._outbox.purge(now - KEPT)
        in_vain = 0
        while self._rounds.go_on():
            done = self.round()
            in_vain = 0 if done.reachable else in_vain + 1
            rest = min(pause(in_vain, chance=self._chance()).total_seconds(), LONGEST_REST_S)
            self._rounds.rest(rest if in_vain else LOOKS_EVERY_S)

    def round(self) -> Round:
        """Send what is due."""
        return send_due(
            self._outbox, self._carrier, self._office,
            clock=self._clock, chance=self._chance, go_on=self._rounds.go_on,
        )  # fmt: skip
