"""Front matter as people write it: repaired where only one reading is possible, and otherwise
refused with the line and what to write instead."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, ClassVar

from kbportal.articles.model import Problem
from kbportal.articles.yaml_text import YamlRefused, load_text
from kbportal.kernel.errors import PortalError
from kbportal.kernel.text import shorten

_FENCE = re.compile(r"---[ \t]*")
_END = re.compile(r"(?:---|\.\.\.)[ \t]*")
_PAIR = re.compile(r"(?P<start>-|[A-Za-z_][\w.\-]*[ \t]*:)(?P<value>[ \t]+[^\n]*|)")
_AMBIGUOUS = re.compile(r"[@`%]|[^\"'\[{|>&*!#].*(?::\s|:$)")
_INVISIBLE = re.compile("[\0-\b\v\f\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
_LONGEST = 64_000


class FrontMatterBroken(PortalError):
    """Front matter with no certain reading; carries the `problem` to report."""

    code: ClassVar[str] = "front_matter_broken"

    def __init__(self, problem: Problem) -> None:
        super().__init__(f"{problem.file}:{problem.line}: {problem.message}")
        self.problem = problem


@dataclass(frozen=True, slots=True)
class Parsed:
    """A file in its two parts; `lines` has the line of each top-level key, from 1."""

    fields: dict[str, Any]
    body: str
    body_line: int
    lines: dict[str, int]
    problems: tuple[Problem, ...] = ()


def parse(text: str, path: str) -> Parsed:
    """Split a file into front matter and body; without front matter all of it is body.

    Args:
        text: The file's text; a byte order mark and any kind of line end are understood.
        path: What problems name.

    Returns:
        Values are strings, lists and dictionaries of them, never anything else.

    Raises:
        FrontMatterBroken: It has no certain reading.
    """
    lines = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    start = next((at for at, line in enumerate(lines) if line.strip()), 0)
    if not _FENCE.fullmatch(lines[start]):
        return Parsed({}, "\n".join(lines), 1, {})
    end = next((at for at in range(start + 1, len(lines)) if _END.fullmatch(lines[at])), None)
    if end is None:
        raise _broken(path, start + 1, "front matter is never closed: end it with a line of ---")
    fields, where, problems = _read(lines[start + 1 : end], path, start + 2)
    return Parsed(fields, "\n".join(lines[end + 1 :]), end + 2, where, tuple(problems))


def _read(
    lines: list[str], path: str, first: int
) -> tuple[dict[str, Any], dict[str, int], list[Problem]]:
    """The mapping that these lines hold, the lines of its keys, and what had to be repaired."""
    if sum(map(len, lines)) > _LONGEST:
        raise _broken(path, first, f"front matter is longer than {_LONGEST:,} characters")
    problems: list[Problem] = []
    try:
        fields, where = load_text("\n".join(lines))
    except YamlRefused as refusal:
        repaired, problems = _repair(lines, path, first)
        try:
            fields, where = load_text("\n".join(repaired))
        except YamlRefused:
            raise _broken(path, first + refusal.line, f"front matter {refusal}") from refusal
    if not isinstance(fields, dict):
        if fields:
            raise _broken(path, first, "front matter must consist of lines like `title: …`")
        fields = {}
    return fields, {key: first + line for key, line in where.items()}, problems


def _repair(lines: list[str], path: str, first: int) -> tuple[list[str], list[Problem]]:
    repaired = [_repaired(line) for line in lines]
    changed = [
        Problem(
            path, first + at, "front-matter-repaired", "warning",
            f"not valid YAML; read as and better written as: {shorten(new.strip(), 200)}",
        )
        for at, (old, new) in enumerate(zip(lines, repaired, strict=True))
        if old != new
    ]  # fmt: skip
    return repaired, changed


def _repaired(line: str) -> str:
    """The one line that this one can only mean; itself if it is fine or cannot be told."""
    visible = _INVISIBLE.sub("", line)
    bare = visible.lstrip("\t ")
    indent = visible[: len(visible) - len(bare)].replace("\t", "  ")
    pair = _PAIR.fullmatch(bare)
    if pair is None:
        return indent + bare
    value = pair["value"].strip()
    inner = _misquoted(value)
    if inner is None and not _AMBIGUOUS.match(value):
        return indent + bare
    return f"{indent}{pair['start']} {_quoted(value if inner is None else inner)}"


def _misquoted(value: str) -> str | None:
    """What a value in quotes says that has the same quotes unescaped within."""
    quote = value[:1]
    if len(value) < 3 or quote not in {'"', "'"} or not value.endswith(quote):
        return None
    inner = value[1:-1]
    bare = inner.replace("''", "") if quote == "'" else inner.replace('\\"', "")
    return inner if quote in bare else None


def _quoted(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


def _broken(path: str, line: int, message: str) -> FrontMatterBroken:
    return FrontMatterBroken(Problem(path, line, "front-matter", "error", message))
