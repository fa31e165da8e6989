from __future__ import annotations

import errno
import os
import stat

import pytest

from kbportal.kernel.private_files import create_private, is_exposed, write_private


def test_a_private_file_is_for_its_owner_only(tmp_path):
    write_private(tmp_path / "folder" / "key", "secret")

    assert stat.S_IMODE((tmp_path / "folder" / "key").stat().st_mode) == 0o600


def test_writing_replaces_and_creating_does_not(tmp_path):
    create_private(tmp_path / "key", "first")
    create_private(tmp_path / "key", "second")
    assert (tmp_path / "key").read_text() == "first"

    write_private(tmp_path / "key", "third")
    assert (tmp_path / "key").read_text() == "third"


def test_where_the_file_system_knows_no_links_the_first_text_stands_too(tmp_path, monkeypatch):
    def no_links(*_paths: object) -> None:
        raise OSError(errno.EPERM, "not supported")

    monkeypatch.setattr(os, "link", no_links)

    create_private(tmp_path / "key", "first")
    create_private(tmp_path / "key", "second")

    assert (tmp_path / "key").read_text() == "first"


def test_a_write_that_fails_leaves_what_was_there_and_no_rubbish(tmp_path, monkeypatch):
    write_private(tmp_path / "key", "first")

    def full(_handle: int) -> None:
        raise OSError(errno.ENOSPC, "no space")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="no space"):
        write_private(tmp_path / "key", "second")

    assert (tmp_path / "key").read_text() == "first"
    assert [path.name for path in tmp_path.iterdir()] == ["key"]


@pytest.mark.parametrize(
    ("folder", "file", "exposed"),
    [(0o755, 0o644, True), (0o711, 0o604, True), (0o700, 0o644, False), (0o750, 0o644, False),
     (0o755, 0o600, False), (0o755, 0o640, False)],
)  # fmt: skip
def test_a_file_is_exposed_where_others_get_to_it_and_may_read_it(tmp_path, folder, file, exposed):
    (tmp_path / "instance").mkdir()
    path = tmp_path / "instance" / "key"
    path.write_text("secret")
    path.chmod(file)
    (tmp_path / "instance").chmod(folder)

    assert is_exposed(path) is exposed
    assert not is_exposed(tmp_path / "nothing")
