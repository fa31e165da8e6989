"""Files wait with a draft: each once, few enough, and no longer than it."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path

import pytest

from kbportal.kernel.clock import utc_now
from kbportal.storage import StorageUnavailable, Stores, open_files
from kbportal.tickets import attachments
from kbportal.tickets.attachments import Keeping, attach, detach, tidy_up
from kbportal.tickets.draft import KEPT
from kbportal.tickets.errors import AttachmentRefused
from tests.builders import NOON, a_draft_of, a_ticket, an_event


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "attachments"


@pytest.fixture
def keeping(stores: Stores, folder: Path) -> Keeping:
    return Keeping(stores.attachments, open_files(folder))


def test_a_file_is_kept_under_a_random_name(keeping: Keeping, folder: Path) -> None:
    taken = attach("/tmp/note.txt", b"hello", "d", keeping, now=NOON)

    assert (taken.name, taken.kind, taken.size_bytes) == ("note.txt", "txt", 5)
    assert [one.name for one in folder.iterdir()] == [taken.stored]
    assert keeping.rows.of_draft("d") == (taken,)


def test_the_same_file_again_is_one(keeping: Keeping, folder: Path) -> None:
    first = attach("note.txt", b"hello", "d", keeping, now=NOON)

    assert attach("note.txt", b"hello", "d", keeping, now=NOON) == first
    assert len(list(folder.iterdir())) == 1


def test_a_sixth_file_is_refused(keeping: Keeping) -> None:
    for number in range(5):
        attach(f"{number}.txt", b"hello", "d", keeping, now=NOON)

    with pytest.raises(AttachmentRefused) as caught:
        attach("6.txt", b"hello", "d", keeping, now=NOON)

    assert caught.value.facts["problem"] == "too_many"


def test_a_file_beyond_ten_megabytes_is_refused(keeping: Keeping) -> None:
    with pytest.raises(AttachmentRefused) as caught:
        attach("a.txt", b"x" * 10_000_001, "d", keeping, now=NOON)

    assert caught.value.facts["problem"] == "too_large"


def test_unsent_files_do_not_fill_the_disk(
    stores: Stores, keeping: Keeping, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(attachments, "MAX_WAITING_BYTES", 4)
    draft = stores.drafts.save(a_draft_of(subject="hums"), base=0)
    assert draft
    attach("a.txt", b"hello", draft.digest, keeping, now=NOON)

    with pytest.raises(AttachmentRefused) as caught:
        attach("b.txt", b"hello", "other", keeping, now=NOON)

    assert caught.value.facts["problem"] == "busy"


def test_files_without_a_draft_keep_nobody_from_adding_theirs(
    keeping: Keeping, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(attachments, "MAX_WAITING_BYTES", 4)
    attach("a.txt", b"hello", "d", keeping, now=NOON)

    taken = attach("b.txt", b"hello", "other", keeping, now=NOON + timedelta(minutes=1))

    assert keeping.rows.of_draft("d") == ()
    assert [one.name for one in folder.iterdir()] == [taken.stored]


def test_files_without_a_draft_are_deleted_after_a_day(
    stores: Stores, keeping: Keeping, folder: Path
) -> None:
    attach("a.txt", b"hello", "d", keeping, now=NOON)

    tidy_up(stores.drafts, keeping, now=NOON + timedelta(hours=23))
    assert len(list(folder.iterdir())) == 1
    tidy_up(stores.drafts, keeping, now=NOON + timedelta(hours=25))

    assert not list(folder.iterdir())


def test_a_file_taken_back_is_gone(keeping: Keeping, folder: Path) -> None:
    taken = attach("a.txt", b"hello", "d", keeping, now=NOON)

    detach(taken.id, "other", keeping)
    assert keeping.rows.of_draft("d")
    detach(taken.id, "d", keeping)

    assert not keeping.rows.of_draft("d")
    assert not list(folder.iterdir())


def test_without_room_nothing_is_half_kept(stores: Stores, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    keeping = Keeping(stores.attachments, open_files(tmp_path / "file"))

    with pytest.raises(StorageUnavailable):
        attach("a.txt", b"hello", "d", keeping, now=NOON)

    assert stores.attachments.of_draft("d") == ()


def test_after_a_week_drafts_and_their_files_are_deleted_but_nothing_that_was_sent(
    stores: Stores, keeping: Keeping, folder: Path
) -> None:
    draft = stores.drafts.save(a_draft_of(subject="hums"), base=0)
    assert draft
    attach("waits.txt", b"hello", draft.digest, keeping, now=NOON)
    attach("sent.txt", b"hello", "sent", keeping, now=NOON)
    ticket, _ = stores.tickets.file(a_ticket(), an_event("ticket_created"), draft="sent")

    tidy_up(stores.drafts, keeping, now=NOON + KEPT - timedelta(minutes=1))
    assert stores.drafts.read(draft.digest, now=NOON)
    assert len(list(folder.iterdir())) == 2
    tidy_up(stores.drafts, keeping, now=NOON + KEPT + timedelta(minutes=1))

    assert not stores.drafts.read(draft.digest, now=NOON)
    (left,) = stores.attachments.of_ticket(ticket.id)
    assert [one.name for one in folder.iterdir()] == [left.stored]


def test_what_a_crash_left_behind_is_swept_up(
    stores: Stores, keeping: Keeping, folder: Path
) -> None:
    stray, begun = keeping.files.keep(b"no row"), folder / f"{'a' * 32}.part"
    begun.write_bytes(b"half")
    now = utc_now()

    tidy_up(stores.drafts, keeping, now=now)
    assert (folder / stray).exists()
    for path in (folder / stray, begun):
        os.utime(path, (0, 0))
    tidy_up(stores.drafts, keeping, now=now)

    assert not list(folder.iterdir())
