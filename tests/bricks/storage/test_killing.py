"""A ticket that was acknowledged is there with its files, whenever the process dies."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from kbportal.storage import open_files, open_stores

FILER = """
import sys, uuid
from pathlib import Path
from kbportal.storage import open_files, open_stores
from kbportal.tickets.attachments import Keeping, attach
from tests.builders import NOON, a_ticket, an_event

stores = open_stores(sys.argv[1])
keeping = Keeping(stores.attachments, open_files(Path(sys.argv[2])))
while True:
    name = uuid.uuid4().hex
    attach("a.txt", name.encode() * 2000, name, keeping, now=NOON)
    attach("b.txt", name.encode(), name, keeping, now=NOON)
    event = an_event("ticket_created", event_id=uuid.uuid4().hex)
    stores.tickets.file(a_ticket(id=name, token_digest=name), event, draft=name)
    print(name, flush=True)
"""


def test_no_acknowledged_ticket_and_none_of_its_files_is_lost(
    database_url: str, tmp_path: Path
) -> None:
    folder = tmp_path / "attachments"
    acknowledged: list[str] = []
    for round_ in range(4):
        filer = subprocess.Popen(
            [sys.executable, "-c", FILER, database_url, str(folder)],
            stdout=subprocess.PIPE,
            text=True,
        )
        assert filer.stdout
        acknowledged.append(filer.stdout.readline().strip())
        time.sleep(0.05 * round_)
        os.kill(filer.pid, signal.SIGKILL)
        acknowledged += filer.stdout.read().split("\n")[:-1]
        filer.wait()

    stores, files = open_stores(database_url), open_files(folder)
    for name in acknowledged:
        found = stores.attachments.of_ticket(name)
        assert [one.name for one in found] == ["a.txt", "b.txt"]
        for one in found:
            content = files.open(one.stored)
            assert content
            with content:
                assert len(content.read()) == one.size_bytes
    assert len(acknowledged) >= 4
