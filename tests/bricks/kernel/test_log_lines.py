"""A record of the log is one line, whatever somebody made it hold."""

from __future__ import annotations

import json
import logging
import subprocess
import sys

import pytest

from kbportal.kernel.log_lines import LineFormatter

HOSTILE = [
    "a\r\nb", "a\nERROR forged", "\x1b[31mred\x1b[0m", "a\u2028b\u2029c", "\u202eevil\u2066",
    "\x00\x07\x7f\x85\x9b", "\udcff half", 'quote " and \\', "Zoë 🧺",
]  # fmt: skip


def line(message: str, *args: object, **facts: object) -> str:
    record = logging.LogRecord("kbportal.x", logging.ERROR, "x.py", 1, message, args, None)
    for name, value in facts.items():
        setattr(record, name, value)
    return LineFormatter().format(record)


@pytest.mark.parametrize("text", HOSTILE)
def test_whatever_is_said_is_one_printable_line_that_says_it(text: str):
    said = line("given back: %s", text)

    assert said.isascii()
    assert said.isprintable()
    assert json.loads(said)["message"] == f"given back: {text}"


def test_a_trace_is_in_the_line_of_its_record():
    try:
        raise ValueError("a\nb \x1b[2J")
    except ValueError:
        said = line("reference 1", exc_info=sys.exc_info())

    assert said.isprintable()
    assert json.loads(said)["trace"].endswith("ValueError: a\nb \x1b[2J")


def test_a_line_says_when_who_and_how_bad():
    said = json.loads(line("x", created=1_780_000_000.25))

    assert said["at"] == "2026-05-28T20:26:40.250+00:00"
    assert (said["level"], said["logger"]) == ("error", "kbportal.x")


def test_the_server_logs_in_lines_its_own_records_too():
    script = (
        "import logging\nfrom gunicorn.config import Config\nfrom kbportal.cli.serve import Log\n"
        "Log(Config()).error('a\\nb %s', '\\x1b[2J')\n"
        "logging.getLogger('kbportal.web').warning('c\\nd')\n"
    )

    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )

    said = [json.loads(one) for one in done.stderr.splitlines()]
    assert [one["message"] for one in said] == ["a\nb \x1b[2J", "c\nd"]
