"""What can be wrong with work on a ticket."""

from __future__ import annotations

from typing import ClassVar

from kbportal.kernel.errors import PortalError


class SubmissionRefused(PortalError):
    """The form cannot be taken as it is. Facts: ``errors``, a mapping of field to code."""

    code: ClassVar[str] = "submission_refused"


class TicketMissing(PortalError):
    """There is no such ticket."""

    code: ClassVar[str] = "ticket_missing"


class StatusRefused(PortalError):
    """The ticket cannot be put into that state this way. Facts: ``status``."""

    code: ClassVar[str] = "ticket_status_refused"


class MessageRefused(PortalError):
    """The text is empty or too long. Facts: ``problem`` (``required`` or ``too_long``)."""

    code: ClassVar[str] = "message_refused"


class LinkEnded(PortalError):
    """The address opened a ticket once, and does no more. Facts: ``reason``."""

    code: ClassVar[str] = "ticket_link_ended"


class AttachmentRefused(PortalError):
    """A file that is not taken.

    Facts: ``name`` and ``problem``: kind, content, picture, empty, too_large, too_many or busy.
    """

    code: ClassVar[str] = "attachment_refused"
