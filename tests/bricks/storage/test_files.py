from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from kbportal.kernel.clock import utc_now
from kbportal.storage import StorageUnavailable, open_files


def test_a_content_comes_back_and_belongs_to_its_owner_only(tmp_path: Path) -> None:
    files = open_files(tmp_path / "attachments")
    name = files.keep(b"hello")

    found = files.open(name)
    assert found
    with found:
        assert found.read() == b"hello"
    assert (tmp_path / "attachments").stat().st_mode & 0o077 == 0
    assert (tmp_path / "attachments" / name).stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("name", ["../kbportal.sqlite", "/etc/passwd", "", "A" * 32, "0" * 32])
def test_nothing_else_is_opened(tmp_path: Path, name: str) -> None:
    (tmp_path / "kbportal.sqlite").write_text("secret")

    assert open_files(tmp_path / "attachments").open(name) is None


def test_what_is_dropped_is_gone(tmp_path: Path) -> None:
    files = open_files(tmp_path)
    name = files.keep(b"hello")

    files.drop([name, "never-there"])

    assert files.open(name) is None


def test_what_lies_there_is_told_by_its_age(tmp_path: Path) -> None:
    files = open_files(tmp_path)
    name = files.keep(b"hello")

    assert files.names(before=utc_now() + timedelta(minutes=1)) == (name,)
    assert files.names(before=utc_now() - timedelta(minutes=1)) == ()


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")

    with pytest.raises(StorageUnavailable):
        open_files(tmp_path / "file" / "attachments").keep(b"hello")
