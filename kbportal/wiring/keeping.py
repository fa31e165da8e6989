"""How long things are kept, and how a person is forgotten."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from kbportal.kernel.clock import utc_now
from kbportal.settings import Settings
from kbportal.tickets.attachments import Keeping
from kbportal.wiring.letters import OUTGOING
from kbportal.wiring.portal import ATTACHMENTS

if TYPE_CHECKING:
    from kbportal import storage
    from kbportal.privacy.model import Erased
    from kbportal.privacy.retention import Places, Retention
    from kbportal.wiring.portal import Portal


def retention_of(settings: Settings) -> Retention:
    """How long the settings let things be kept."""
    from kbportal.privacy.retention import Retention

    return Retention(settings.retention_d, settings.ticket_retention_d)


def retention_places(settings: Settings, stores: Portal | storage.Stores) -> Places:
    """Where a portal keeps what goes by age."""
    from kbportal.privacy.retention import Places
    from kbportal.storage import open_files

    files = open_files(settings.instance / ATTACHMENTS)
    return Places(stores.privacy, stores.drafts, Keeping(stores.attachments, files))


def sweep_old(portal: Portal) -> None:
    """Delete what is older than the settings allow; to be called once a day while serving."""
    from kbportal.privacy.retention import sweep

    sweep(
        retention_places(portal.settings, portal),
        retention_of(portal.settings),
        now=portal.clock(),
    )


def forget_person(settings: Settings, stores: storage.Stores, address: str) -> Erased:
    """Forget the person with an address, wherever this portal keeps anything of them.

    Raises:
        StorageUnavailable: Nobody was forgotten.
    """
    from kbportal.kernel.addresses import fold_address
    from kbportal.mail.console import forget_letters
    from kbportal.privacy.persons import erase
    from kbportal.storage import open_files

    erased = erase(
        stores.privacy, open_files(settings.instance / ATTACHMENTS), address,
        secret=settings.secret_key().encode(), now=utc_now(),
    )  # fmt: skip
    as_files = forget_letters(settings.instance / OUTGOING, fold_address(address))
    return replace(erased, letters=max(erased.letters, as_files))
