"""One person's rights: to have all that is known of them, and to be forgotten.

found = store.person(address, key=person_key(address, key=secret))
write_export(Path("person.zip"), found, files)
"""

from __future__ import annotations

import json
import os
import secrets
import shutil
import zipfile
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from kbportal.events.privacy import person_key
from kbportal.people.audit import Action, audit_line
from kbportal.privacy.model import Erased, PersonFile
from kbportal.privacy.ports import PrivacyStore
from kbportal.tickets.ports import FileStore

DOCUMENT = "person.json"


def read_person(store: PrivacyStore, address: str, *, secret: bytes) -> PersonFile:
    """Everything that is known of the person with an address."""
    return store.person(address, key=person_key(address, key=secret))


def erase(
    store: PrivacyStore, files: FileStore, address: str, *, secret: bytes, now: datetime
) -> Erased:
    """Forget that person; what is counted stays. Nothing happens the second time.

    The audit log says that somebody was forgotten and when, not who.

    Raises:
        StorageUnavailable: Nobody was forgotten.
    """
    key = person_key(address, key=secret)
    line = audit_line(Action.PERSON_ERASED, by="", at=now)
    erased = store.erase(address, key=key, now=now, line=line)
    files.drop(erased.stored)
    return replace(erased, stored=())


def write_export(target: Path, person: PersonFile, files: FileStore) -> int:
    """Write document and files into a new zip that only its owner may read.

    Returns:
        How many files the document names whose contents are gone.

    Raises:
        OSError: Nothing is there but what was.
    """
    fresh = target.with_name(f".{target.name}.{secrets.token_hex(4)}")
    gone = 0
    try:
        handle = os.open(fresh, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        with os.fdopen(handle, "wb") as file, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as z:
            z.writestr(DOCUMENT, json.dumps(person.document, ensure_ascii=False, indent=2))
            for one in person.files:
                content = files.open(one.stored)
                if content is None:
                    gone += 1
                    continue
                with content, z.open(one.name, "w") as kept:
                    shutil.copyfileobj(content, kept)
        fresh.replace(target)
    finally:
        with suppress(OSError):
            fresh.unlink()
    return gone
