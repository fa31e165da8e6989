"""Log records as lines of JSON: one record is one line, whatever is in it.

What people type may reach a message or a traceback. Everything beyond printable ASCII is escaped,
so that it can neither begin a line of its own, nor steer a terminal, nor turn text around.
"""

from __future__ import annotations

import json
import logging
from datetime import UTC, datetime


class LineFormatter(logging.Formatter):
    """`at` (UTC), `level`, `logger`, `message`, and `trace` where something was raised."""

    def format(self, record: logging.LogRecord) -> str:
        moment = datetime.fromtimestamp(record.created, UTC)
        facts = {
            "at": moment.isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        if record.exc_info:
            facts["trace"] = self.formatException(record.exc_info)
        return json.dumps(facts, ensure_ascii=True).replace("\x7f", "\\u007f")


def log_in_lines(*, level: int = logging.WARNING) -> None:
    """Send all records of this process to standard error, a line each."""
    handler = logging.StreamHandler()
    handler.setFormatter(LineFormatter())
    logging.basicConfig(level=level, handlers=[handler], force=True)
