"""The carrier where no mail server is set: each letter becomes a file that people can read."""

from __future__ import annotations

import os
from collections.abc import Callable
from email.message import EmailMessage
from email.utils import parseaddr
from pathlib import Path

from kbportal.kernel.addresses import fold_address
from kbportal.mail.errors import Unreachable

MOST_KEPT = 200
_SHOWN = ("From", "To", "Subject", "Date", "Message-ID", "In-Reply-To", "Auto-Submitted")


class ConsoleCarrier:
    """Writes letters into a folder and says where, through ``say``; keeps the latest ones."""

    name = "console"

    def __init__(self, folder: Path, *, say: Callable[[str], None]) -> None:
        self._folder, self._say = folder, say

    def carry(self, message: EmailMessage, *, to: str, handing: Callable[[], None]) -> None:
        handing()
        path = self._folder / _file_name(message)
        try:
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            part = path.with_suffix(".part")
            with os.fdopen(
                os.open(part, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600), "w", encoding="utf-8"
            ) as file:
                file.write(_readable(message))
            part.replace(path)
            self._forget_old()
        except OSError as error:
            # Whoever reads the folder has the letter or has it not: nothing is unsure here.
            raise Unreachable(f"{self._folder} cannot be written: {error.strerror}") from error
        self._say(f"No mail server is set (mail_host); the letter is in {path}")

    def _forget_old(self) -> None:
        for old in sorted(self._folder.glob("*.txt"))[:-MOST_KEPT]:
            old.unlink(missing_ok=True)


def forget_letters(folder: Path, address: str) -> int:
    """Delete the letters to a folded address; how many there were. Raises OSError."""
    found = [path for path in sorted(folder.glob("*.txt")) if _is_to(path, address)]
    for path in found:
        path.unlink(missing_ok=True)
    return len(found)


def _is_to(path: Path, address: str) -> bool:
    head = path.read_text(encoding="utf-8", errors="replace").partition("\n\n")[0]
    lines = [line for line in head.splitlines() if line.startswith("To:")]
    return any(fold_address(parseaddr(line[3:])[1]) == address for line in lines)


def _file_name(message: EmailMessage) -> str:
    """By date, then by letter; a letter that goes again takes the place of itself."""
    day = message["Date"].datetime.strftime("%Y%m%d-%H%M%S")
    name = "".join(char for char in str(message["Message-ID"]).partition("@")[0] if char.isalnum())
    return f"{day}-{name}.txt"


def _readable(message: EmailMessage) -> str:
    head = [f"{name}: {message[name]}" for name in _SHOWN if message[name]]
    return "\n".join([*head, "", message.get_content()])
