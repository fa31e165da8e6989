"""What has to be done in the database. A new adapter: implement it, add it to the tests."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from kbportal.people.audit import AuditLine
from kbportal.privacy.model import Erased, Limits, PersonFile, Swept


class PrivacyStore(Protocol):
    """Everything about age and about persons, across all tables."""

    def due(self, limits: Limits) -> Swept:
        """What is beyond the limits now."""
        ...

    def sweep(self, limits: Limits) -> tuple[Swept, tuple[str, ...]]:
        """Delete it, in portions; also names of files whose contents must go.

        What was counted from events that are gone by now leads to nobody any more. Drafts and
        files that were never sent are not its business.
        """
        ...

    def person(self, address: str, *, key: str) -> PersonFile:
        """Everything about the person with this address; `key` is their keyed hash in events."""
        ...

    def erase(self, address: str, *, key: str, now: datetime, line: AuditLine) -> Erased:
        """Forget that person in one transaction, with a line in the audit log; keep the counts.

        Nothing at all is written when nothing is known of them.
        """
        ...
