"""Ending a test of two versions in the files: what won becomes the article, the other one goes.

Nothing is changed unless both files are what the test was made of. Each file is replaced in one
step and keeps its access rights; what cannot be done to the second is undone to the first.
"""

from __future__ import annotations

import hashlib
import os
import secrets
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from kbportal.articles.model import Article
from kbportal.articles.versions import merged
from kbportal.kernel.errors import PortalError


class FilesChanged(PortalError):
    """A file is not what it was when it was last looked at; nothing was changed."""

    code: ClassVar[str] = "files_changed"


class FilesShut(PortalError):
    """The folder of the articles cannot be written to; nothing was changed."""

    code: ClassVar[str] = "files_shut"


@dataclass(frozen=True, slots=True)
class Ended:
    """The texts before, of the article and of version B, and the digest of the article after."""

    before: str
    version_b: str
    after_digest: str


def end_test(root: Path, a: Article, b: Article, *, b_wins: bool) -> Ended:
    """Take version B away; where it has won, what it says becomes the article's first.

    Args:
        a, b: As the index that is live knows them; their fingerprints decide.

    Raises:
        FilesChanged, FilesShut, VersionRefused: and nothing was changed.
    """
    path_a, path_b = _inside(root, a.path), _inside(root, b.path)
    before, version = _read(path_a, a.fingerprint), _read(path_b, b.fingerprint)
    after = merged(before, version, path=a.path) if b_wins else before
    _change(path_a, before, after)
    try:
        path_b.unlink()
    except OSError as error:
        _change(path_a, after, before)
        raise _shut(error) from error
    return Ended(before, version, digest(after))


def undo_end(root: Path, a_path: str, b_path: str, ended: Ended) -> None:
    """Put both files back as they were, if nobody has changed the article since.

    Raises:
        FilesChanged, FilesShut: and nothing was changed.
    """
    path_a, path_b = _inside(root, a_path), _inside(root, b_path)
    after = _read(path_a, ended.after_digest)
    if path_b.exists():
        raise FilesChanged(f"there is a {b_path} again")
    _write(path_b, ended.version_b, like=path_a)
    try:
        _change(path_a, after, ended.before)
    except FilesShut:
        with suppress(OSError):
            path_b.unlink()
        raise


def digest(text: str) -> str:
    """The fingerprint of a file with this text."""
    return hashlib.sha256(text.encode()).hexdigest()


def _inside(root: Path, path: str) -> Path:
    """The file itself, where the path is a link to another one in the folder."""
    try:
        found = (root / path).resolve()
    except (OSError, RuntimeError) as error:
        raise FilesChanged(f"{path} cannot be found") from error
    if not found.is_relative_to(root.resolve()):
        raise FilesChanged(f"{path} leads out of the folder")
    return found


def _read(path: Path, fingerprint: str) -> str:
    try:
        data = path.read_bytes()
    except FileNotFoundError as error:
        raise FilesChanged(f"{path} is gone") from error
    except OSError as error:
        raise _shut(error) from error
    if hashlib.sha256(data).hexdigest() != fingerprint:
        raise FilesChanged(f"{path} was changed meanwhile")
    return data.decode("utf-8")


def _change(path: Path, old: str, new: str) -> None:
    if new != old:
        _write(path, new, like=path)


def _write(path: Path, text: str, *, like: Path) -> None:
    """Put a text in place of what the file held, with the rights of another file."""
    fresh = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        with fresh.open("xb") as file:
            file.write(text.encode())
            file.flush()
            os.fsync(file.fileno())
        fresh.chmod(like.stat().st_mode & 0o777)
        fresh.replace(path)
    except OSError as error:
        with suppress(OSError):
            fresh.unlink()
        raise _shut(error) from error


def _shut(error: OSError) -> FilesShut:
    return FilesShut(f"the articles cannot be changed here: {error.strerror or error}")
