from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from kbportal.articles.article_file import read_article
from kbportal.articles.model import Article
from kbportal.articles.version_files import FilesChanged, FilesShut, digest, end_test, undo_end
from kbportal.articles.versions import VersionRefused

A, B = "en/reset.md", "en/reset.b.md"
TEXT_A = "---\ntitle: Reset\nowner: me\n---\nOld.\n"
TEXT_B = "---\ntitle: Forgot?\n---\nNew.\n"
AFTER = '---\ntitle: "Forgot?"\nowner: me\n---\nNew.\n'


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "en").mkdir()
    (tmp_path / A).write_text(TEXT_A)
    (tmp_path / A).chmod(0o640)
    (tmp_path / B).write_text(TEXT_B)
    return tmp_path


def pair(root: Path) -> tuple[Article, Article]:
    a, b = (read_article(root / path, path=path)[0] for path in (A, B))
    assert a
    assert b
    return a, b


def texts(root: Path) -> dict[str, str]:
    return {path.name: path.read_text() for path in sorted((root / "en").iterdir())}


def test_the_winner_becomes_the_article_and_can_be_undone(root: Path) -> None:
    ended = end_test(root, *pair(root), b_wins=True)
    after = texts(root)

    undo_end(root, A, B, ended)

    assert after["reset.md"].replace('"', "") == AFTER.replace('"', "")
    assert list(after) == ["reset.md"]
    assert texts(root) == {"reset.md": TEXT_A, "reset.b.md": TEXT_B}
    assert (root / A).stat().st_mode & 0o777 == 0o640


def test_a_test_ends_without_a_change_and_can_be_undone(root: Path) -> None:
    ended = end_test(root, *pair(root), b_wins=False)
    after = texts(root)

    undo_end(root, A, B, ended)

    assert after == {"reset.md": TEXT_A}
    assert texts(root) == {"reset.md": TEXT_A, "reset.b.md": TEXT_B}


@pytest.mark.parametrize("path", [A, B])
@pytest.mark.parametrize("act", ["change", "remove"])
def test_nothing_is_changed_when_a_file_is_not_what_it_was(root: Path, path: str, act: str) -> None:
    both = pair(root)
    (root / path).write_text("other") if act == "change" else (root / path).unlink()
    before = texts(root)

    with pytest.raises(FilesChanged):
        end_test(root, *both, b_wins=True)

    assert texts(root) == before


def test_an_undo_does_not_overwrite_a_later_change(root: Path) -> None:
    ended = end_test(root, *pair(root), b_wins=True)
    (root / A).write_text("later")

    with pytest.raises(FilesChanged):
        undo_end(root, A, B, ended)

    assert texts(root) == {"reset.md": "later"}


def test_an_undo_does_not_overwrite_a_new_version(root: Path) -> None:
    ended = end_test(root, *pair(root), b_wins=True)
    (root / B).write_text("another one")

    with pytest.raises(FilesChanged):
        undo_end(root, A, B, ended)

    assert texts(root)["reset.b.md"] == "another one"


def test_texts_that_cannot_be_put_together_stay_apart(root: Path) -> None:
    a, b = pair(root)
    (root / B).write_text("---\ntitle: never closed\n")
    b = replace(b, fingerprint=digest("---\ntitle: never closed\n"))
    before = texts(root)

    with pytest.raises(VersionRefused):
        end_test(root, a, b, b_wins=True)

    assert texts(root) == before


def test_a_link_out_of_the_folder_is_not_followed(root: Path, tmp_path_factory) -> None:
    outside = tmp_path_factory.mktemp("outside") / "reset.md"
    outside.write_text(TEXT_A)
    both = pair(root)
    (root / A).unlink()
    (root / A).symlink_to(outside)

    with pytest.raises(FilesChanged):
        end_test(root, *both, b_wins=True)

    assert outside.read_text() == TEXT_A


def test_a_folder_that_takes_no_file_is_told_and_nothing_changes(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    both = pair(root)
    before = texts(root)

    def refuse(*_: object, **__: object) -> None:
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr(Path, "replace", refuse)
    with pytest.raises(FilesShut, match="Read-only"):
        end_test(root, *both, b_wins=True)
    monkeypatch.undo()

    assert texts(root) == before


def test_a_version_that_cannot_be_taken_away_leaves_the_article_as_it_was(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    both = pair(root)

    def refuse(self: Path, missing_ok: bool = False) -> None:
        raise OSError(1, "Operation not permitted")

    monkeypatch.setattr(Path, "unlink", refuse)
    with pytest.raises(FilesShut):
        end_test(root, *both, b_wins=True)
    monkeypatch.undo()

    assert texts(root) == {"reset.md": TEXT_A, "reset.b.md": TEXT_B}
