"""Files that only their owner may read, and that nobody ever sees half written."""

from __future__ import annotations

import os
import secrets
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from kbportal.kernel.durable import sync


def write_private(path: Path, text: str) -> None:
    """Put `text` in place of what `path` held, durably. Raises OSError, and `path` is as before."""
    with _beside(path, text) as fresh:
        fresh.replace(path)
    sync(path.parent)


def create_private(path: Path, text: str) -> None:
    """Write `path` if it is not there yet: of many that try at once, the first one's text stands.

    Raises OSError where the folder takes no file.
    """
    # A link fails where the name is taken, and shows the file only with all that is in it.
    with _beside(path, text) as fresh:
        try:
            os.link(fresh, path)
        except FileExistsError:
            pass
        except OSError:  # a file system without links
            if not path.exists():
                fresh.replace(path)


def is_exposed(path: Path) -> bool:
    """Whether others on this machine may read a file; one that is not there is not exposed."""
    try:
        modes = path.stat().st_mode, path.parent.stat().st_mode
    except OSError:
        return False
    return bool(modes[0] & stat.S_IROTH and modes[1] & stat.S_IXOTH)


@contextmanager
def _beside(path: Path, text: str) -> Iterator[Path]:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    fresh = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    try:
        with os.fdopen(os.open(fresh, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        yield fresh
    finally:
        with suppress(OSError):
            fresh.unlink()
