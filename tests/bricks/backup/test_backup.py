"""A backup is whole or it is nothing, and what was there is there until it is verified."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import os
import random
import resource
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from kbportal.backup import placing
from kbportal.backup.errors import BackupImpossible, BackupUnusable, InstanceInTheWay
from kbportal.backup.placing import MARK
from kbportal.kernel.errors import PortalError
from kbportal.kernel.turns import turn
from kbportal.settings import Settings
from kbportal.tickets.attachments import Keeping, attach
from kbportal.wiring import (
    ATTACHMENTS,
    mail_lock,
    make_backup,
    open_database,
    restore_backup,
)
from tests.bricks.storage.test_killing import FILER
from tests.builders import NOON, a_ticket, an_event

NOW = datetime(2026, 3, 3, 4, 5, 6, tzinfo=UTC)
CONTENT = random.Random(1).randbytes(20_000).hex().encode()
"""Most of a backup, so that a bit of it that flips matters; empty pages of a database do not."""


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def old(tmp_path: Path) -> Settings:
    """A portal with one ticket, which has a file."""
    settings = replace(Settings(), instance=tmp_path / "old")
    settings.secret_key()
    (settings.instance / "visitor_key").write_text("must be forgotten")
    file_a_ticket(settings, "one")
    return settings


@pytest.fixture
def new(tmp_path: Path) -> Settings:
    return replace(Settings(), instance=tmp_path / "new")


@pytest.fixture
def archive(old: Settings, tmp_path: Path) -> Path:
    make_backup(old, tmp_path / "backup.tar.gz", now=NOW)
    return tmp_path / "backup.tar.gz"


def file_a_ticket(settings: Settings, name: str) -> None:
    from kbportal.storage import open_files

    stores = open_database(settings)
    keeping = Keeping(stores.attachments, open_files(settings.instance / ATTACHMENTS))
    attach("screen.txt", CONTENT + name.encode(), "draft", keeping, now=NOON)
    ticket = a_ticket(id=name[:20], draft_id=name[:20])
    stores.tickets.file(ticket, an_event("ticket_created"), draft="draft")
    stores.close()


def ticket_ids(settings: Settings) -> set[str]:
    stores = open_database(settings)
    found = {one.id for one in stores.tickets.list(limit=10_000).tickets}
    stores.close()
    return found


def everything(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name not in {"mail.lock", "kbportal.sqlite-shm"}
    }


def test_a_restored_portal_is_the_one_that_was_copied(old, new, archive):
    manifest, aside = restore_backup(new, archive, replace=False, now=NOW)

    assert (manifest.tickets, aside) == (1, None)
    assert ticket_ids(new) == {"one"}
    assert new.secret_key() == old.secret_key()
    stores = open_database(new)
    (file,) = stores.attachments.of_ticket("one")
    stores.close()
    assert (new.instance / ATTACHMENTS / file.stored).read_bytes() == CONTENT + b"one"


def test_a_database_that_is_named_from_here_can_be_copied(old, new, tmp_path):
    named = replace(old, database_url=f"sqlite:///{old.instance.name}/kbportal.sqlite")

    make_backup(named, tmp_path / "named.tar.gz", now=NOW)
    there = replace(new, database_url="sqlite:///new/kbportal.sqlite")
    restore_backup(there, tmp_path / "named.tar.gz", replace=False, now=NOW)

    assert ticket_ids(new) == {"one"}


def test_nobody_else_may_read_a_backup_or_what_comes_out_of_it(new, archive):
    restore_backup(new, archive, replace=False, now=NOW)

    assert archive.stat().st_mode & 0o777 == 0o600
    for path in new.instance.rglob("*"):
        assert path.stat().st_mode & 0o077 == 0, path


def test_the_key_that_must_be_forgotten_is_in_no_backup(archive):
    assert b"must be forgotten" not in gzip.decompress(archive.read_bytes())


def test_the_settings_of_then_go_along_and_change_nothing(old, new, tmp_path):
    (tmp_path / "kbportal.toml").write_text('site_name = "Then"\n')
    make_backup(old, tmp_path / "b", now=NOW)
    (tmp_path / "kbportal.toml").write_text('site_name = "Now"\n')

    restore_backup(new, tmp_path / "b", replace=False, now=NOW)

    assert (tmp_path / "kbportal.toml").read_text() == 'site_name = "Now"\n'
    assert (new.instance / "kbportal.toml").read_text() == 'site_name = "Then"\n'


def test_a_portal_that_is_there_is_refused_and_left_as_it_is(new, archive):
    file_a_ticket(new, "two")
    before = everything(new.instance)

    with pytest.raises(InstanceInTheWay, match="--replace"):
        restore_backup(new, archive, replace=False, now=NOW)

    assert everything(new.instance) == before


def test_replacing_keeps_the_old_portal_aside_and_whole(new, archive):
    file_a_ticket(new, "two")
    before = everything(new.instance)

    _, aside = restore_backup(new, archive, replace=True, now=NOW)

    assert aside == new.instance / "before-20260303T040506"
    assert ticket_ids(new) == {"one"}
    assert everything(aside) == before
    assert ticket_ids(replace(new, instance=aside)) == {"two"}


def test_replacing_twice_in_a_second_keeps_both(new, archive):
    for name in ("two", "three"):
        file_a_ticket(new, name)
        restore_backup(new, archive, replace=True, now=NOW)

    kept = sorted(new.instance.glob("before-*"))
    assert [ticket_ids(replace(new, instance=one)) for one in kept] == [{"two"}, {"one", "three"}]


def test_a_portal_that_is_running_is_not_replaced(new, archive):
    file_a_ticket(new, "two")

    with turn(mail_lock(new)), pytest.raises(InstanceInTheWay, match="stop it"):
        restore_backup(new, archive, replace=True, now=NOW)

    assert ticket_ids(new) == {"two"}


def test_a_backup_under_a_name_that_is_taken_replaces_it_at_once(old, new, archive):
    file_a_ticket(old, "two")
    make_backup(old, archive, now=NOW)

    restore_backup(new, archive, replace=False, now=NOW)

    assert ticket_ids(new) == {"one", "two"}


@pytest.mark.parametrize("limit", [50_000, 1_000_000], ids=["database", "archive"])
def test_a_backup_that_cannot_be_written_leaves_the_earlier_one(old, archive, tmp_path, limit):
    before = archive.read_bytes()
    file_a_ticket(old, os.urandom(1_500_000).hex())
    usual = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, usual[1]))
    try:
        with pytest.raises(PortalError):
            make_backup(old, archive, now=NOW)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, usual)

    assert archive.read_bytes() == before
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == ["backup.tar.gz"]


def test_files_that_are_gone_are_named(old, tmp_path):
    stores = open_database(old)
    (file,) = stores.attachments.of_ticket("one")
    stores.close()
    (old.instance / ATTACHMENTS / file.stored).unlink()

    assert make_backup(old, tmp_path / "b", now=NOW).missing == (file.stored,)


def test_other_databases_are_copied_by_their_own_tools(old, tmp_path):
    other = replace(old, database_url="postgresql://localhost/x")

    with pytest.raises(BackupImpossible, match="pg_dump"):
        make_backup(other, tmp_path / "b", now=NOW)


def test_a_portal_that_was_never_started_cannot_be_copied(new, tmp_path):
    with pytest.raises(BackupImpossible, match="no database"):
        make_backup(new, tmp_path / "b", now=NOW)


Repack = Callable[..., Path]


@pytest.fixture
def repacked(archive: Path) -> Repack:
    """The archive with members changed, by name; None leaves one out."""

    def pack(said: dict[str, object] | None = None, **changed: bytes | None) -> Path:
        with tarfile.open(archive) as tar:
            members = [(one.name, tar.extractfile(one).read()) for one in tar]  # type: ignore[union-attr]
        with tarfile.open(archive, "w:gz") as tar:
            for name, content in members:
                wanted = changed.get(name.partition(".")[0].partition("/")[0], content)
                if name == "manifest.json" and said is not None:
                    wanted = json.dumps(json.loads(content) | said).encode()
                if wanted is not None:
                    entry = tarfile.TarInfo(name)
                    entry.size = len(wanted)
                    tar.addfile(entry, io.BytesIO(wanted))
        return archive

    return pack


def refused(new: Settings, archive: Path) -> str:
    """Restores over a portal with a ticket, which must stay; the problem that was named."""
    file_a_ticket(new, "two")
    before = everything(new.instance)
    with pytest.raises(BackupUnusable) as said:
        restore_backup(new, archive, replace=True, now=NOW)
    assert everything(new.instance) == before
    return str(said.value.facts["problem"])


@pytest.mark.parametrize("part", [0.1, 0.5, 0.99])
def test_an_archive_that_was_cut_short_changes_nothing(new, archive, part):
    whole = archive.read_bytes()
    archive.write_bytes(whole[: int(len(whole) * part)])

    assert refused(new, archive) == "damaged"


@pytest.mark.parametrize("part", [0.5, 0.7, 0.9])
def test_an_archive_with_a_flipped_bit_changes_nothing(new, archive, part):
    whole = bytearray(archive.read_bytes())
    whole[int(len(whole) * part)] ^= 0x10
    archive.write_bytes(bytes(whole))

    assert refused(new, archive) == "damaged"


def test_an_archive_without_its_last_bytes_changes_nothing(new, archive):
    archive.write_bytes(archive.read_bytes()[:-5])

    assert refused(new, archive) == "damaged"


@pytest.mark.parametrize("name", ["kbportal", "secret_key", "attachments", "manifest"])
def test_a_member_that_is_missing_is_noticed(new, repacked, name):
    assert refused(new, repacked(**{name: None})) == "damaged"


@pytest.mark.parametrize("name", ["kbportal", "secret_key", "attachments"])
def test_a_member_that_was_changed_is_noticed(new, repacked, name):
    assert refused(new, repacked(**{name: b"something else"})) == "damaged"


def test_a_database_that_is_none_is_noticed_even_if_its_hash_is_right(new, repacked, archive):
    nonsense = b"SQLite format 3\0" + b"x" * 5000
    with tarfile.open(archive) as tar:
        files = json.load(tar.extractfile("manifest.json"))["files"]  # type: ignore[arg-type]
    files["kbportal.sqlite"] = {"size": 5016, "sha256": hashlib.sha256(nonsense).hexdigest()}

    assert refused(new, repacked(said={"files": files}, kbportal=nonsense)) == "damaged"


@pytest.mark.parametrize("change", [{"schema": "9999"}, {"format_version": 2}])
def test_a_backup_of_a_later_portal_is_refused(new, repacked, change):
    assert refused(new, repacked(said=change)) == "newer"


@pytest.mark.parametrize("change", [{"files": {}}, {"files": 3}, {"tickets": "many"}])
def test_a_manifest_that_makes_no_sense_is_damage(new, repacked, change):
    assert refused(new, repacked(said=change)) == "damaged"


def foreign_archives() -> Iterator[Any]:
    """Each under a name: an archive has the time in it, and workers must agree about tests."""
    yield pytest.param(b"", id="empty")
    yield pytest.param(b"PK\x03\x04 a zip", id="zip")
    for name, kind in (
        ("../evil", tarfile.REGTYPE), ("/etc/passwd", tarfile.REGTYPE),
        ("notes.txt", tarfile.REGTYPE), ("secret_key", tarfile.SYMTYPE),
        ("attachments/..", tarfile.DIRTYPE),
    ):  # fmt: skip
        file = io.BytesIO()
        with tarfile.open(fileobj=file, mode="w:gz") as tar:
            entry = tarfile.TarInfo(name)
            entry.type, entry.linkname = kind, "/etc/passwd"
            tar.addfile(entry)
        yield pytest.param(file.getvalue(), id=name)


@pytest.mark.parametrize("content", list(foreign_archives()))
def test_what_is_no_backup_of_ours_is_refused(new, tmp_path, content):
    (tmp_path / "b").write_bytes(content)

    assert refused(new, tmp_path / "b") == "foreign"


def test_an_old_portal_that_cannot_be_moved_stays_as_it_was(new, archive, monkeypatch):
    """The disk fails at the last of the moves."""
    file_a_ticket(new, "two")
    before, move = everything(new.instance), shutil.move

    def failing(source: Path, target: Path) -> None:
        if Path(source).parent.name.startswith(".restoring-") and Path(source).suffix == ".sqlite":
            raise OSError(5, "Input/output error")
        move(source, target)

    monkeypatch.setattr(placing.shutil, "move", failing)

    with pytest.raises(OSError, match="Input/output"):
        restore_backup(new, archive, replace=True, now=NOW)

    assert everything(new.instance) == before
    assert ticket_ids(new) == {"two"}


KILLED = """
import os, shutil, sys
from pathlib import Path
from kbportal.backup import placing
from kbportal.settings import load
from kbportal.wiring import restore_backup
from tests.bricks.backup.test_backup import NOW

left, move = int(sys.argv[2]), shutil.move

def move_until_killed(source, target):
    global left
    if not left:
        os._exit(9)
    left -= 1
    move(source, target)

placing.shutil.move = move_until_killed
restore_backup(load(), Path(sys.argv[1]), replace=True, now=NOW)
"""


@pytest.mark.parametrize("moves", [0, 1, 4])
def test_a_restore_that_is_killed_while_it_moves_loses_nothing(new, archive, moves: int):
    file_a_ticket(new, "two")
    root = str(Path(__file__).parents[3])
    env = os.environ | {"PYTHONPATH": root, "KBPORTAL_INSTANCE": str(new.instance)}
    killed = subprocess.run([sys.executable, "-c", KILLED, archive, str(moves)], env=env, cwd=root)

    with pytest.raises(InstanceInTheWay, match="cut short"):
        open_database(new)
    restore_backup(new, archive, replace=True, now=NOW)

    assert killed.returncode == 9
    assert ticket_ids(new) == {"one"}
    assert not list(new.instance.glob(".restoring-*"))
    (old,) = [path for path in new.instance.glob("before-*/kbportal.sqlite")
              if ticket_ids(replace(new, instance=path.parent)) == {"two"}]  # fmt: skip
    assert old.stat().st_size


def test_no_portal_starts_on_half_of_a_restore(new, archive):
    restore_backup(new, archive, replace=False, now=NOW)
    (new.instance / MARK).touch()

    with pytest.raises(PortalError, match="cut short"):
        open_database(new)

    restore_backup(new, archive, replace=True, now=NOW)
    assert ticket_ids(new) == {"one"}


def test_a_copy_taken_while_tickets_come_has_every_one_acknowledged_before(new, tmp_path):
    busy = replace(Settings(), instance=tmp_path / "busy")
    open_database(busy).close()
    filers = [
        subprocess.Popen(
            [sys.executable, "-c", FILER, busy.database, str(busy.instance / ATTACHMENTS)],
            stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[3],
            env=os.environ | {"PYTHONPATH": str(Path(__file__).parents[3])},
        )
        for _ in range(2)
    ]  # fmt: skip
    try:
        acknowledged = {filer.stdout.readline().strip() for filer in filers for _ in range(10)}  # type: ignore[union-attr]
        made = make_backup(busy, tmp_path / "b", now=NOW)
        still_writing = [filer.poll() is None for filer in filers]
    finally:
        for filer in filers:
            filer.kill()
            filer.communicate()

    restore_backup(new, tmp_path / "b", replace=False, now=NOW)

    assert still_writing == [True, True]
    assert made.missing == ()
    assert acknowledged <= ticket_ids(new)
    stores = open_database(new)
    for name in acknowledged:
        for file in stores.attachments.of_ticket(name):
            assert (new.instance / ATTACHMENTS / file.stored).stat().st_size == file.size_bytes
    stores.close()
