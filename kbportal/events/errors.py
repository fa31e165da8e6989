"""What can be wrong with an event that somebody hands in."""

from __future__ import annotations

from typing import ClassVar

from kbportal.kernel.errors import PortalError


class UnknownEvent(PortalError):
    """The type is not in the catalogue. Facts: ``type``."""

    code: ClassVar[str] = "event_unknown"


class InvalidEvent(PortalError):
    """A field is missing or cannot be so. Facts: ``type``, ``field``, ``problem``."""

    code: ClassVar[str] = "event_invalid"
