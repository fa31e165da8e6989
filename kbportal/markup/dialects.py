"""Markdown as people elsewhere write it, turned into the one dialect that is rendered.

Alerts (`> [!NOTE]`) become admonitions, an admonition without a title says so, video and image
shorthands become links and images, and includes, which name files we do not have, are dropped.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from kbportal.markup.fences import Fences

_ALERT = re.compile(r"(?P<indent> {0,16})(?P<quote>>? ?)\[!(?P<kind>[A-Za-z]{1,20})\](?P<rest>.*)")
_TITLED = re.compile(r'(?P<indent> *)!!! ?(?P<kind>[\w-]+)[^"\n]*(?:"(?P<title>[^"\n]*)")?\s*')
_INCLUDE = re.compile(r"\[!include[ \t]*\[[^\]\n]{0,200}\][ \t]*\([^)\n]{0,300}\)\]", re.IGNORECASE)
_VIDEO = re.compile(r"(?:> ?)?\[!video[ \t]+(?P<url>[^\]\s]{1,500})\]", re.IGNORECASE)
_LAYOUT = re.compile(
    r"\s*(?:>\s?)?(?:\[!div [^\]\n]*\]|:::(?:row|column)[^:\n]*:::|:::(?:row|column)-end:::)\s*"
)
_IMAGE = re.compile(r":::image(?P<facts>[^\n]{0,1000}?):::")
_FACT = re.compile(r'\b(?P<name>source|alt-text)="(?P<value>[^"\n]*)"')

_KINDS = {
    "tip": "tip", "hint": "tip", "success": "tip",
    "warning": "warning", "caution": "warning", "attention": "warning", "important": "warning",
    "danger": "danger", "error": "danger", "bug": "danger",
}  # fmt: skip


def unify(lines: list[str]) -> list[str]:
    """The same article in one dialect; lines of fenced code are left alone."""
    fences = Fences()
    plain = [line if fences.holds(line) else _shorthands(line) for line in lines]
    return list(_admonitions([line for line in plain if line is not None]))


def _shorthands(line: str) -> str | None:
    """One line without foreign shorthands; None if nothing else stood on it."""
    if "[!" not in line and ":::" not in line:
        return line
    if _LAYOUT.fullmatch(line):
        return None
    bare = _INCLUDE.sub("", line)
    if bare != line and not bare.strip():
        return None
    linked = _VIDEO.sub(lambda found: f"<{found['url']}>", bare)
    return _IMAGE.sub(_image, linked)


def _image(found: re.Match[str]) -> str:
    facts = {fact["name"]: fact["value"] for fact in _FACT.finditer(found["facts"])}
    alt = re.sub(r"[\[\]]", "", facts.get("alt-text", ""))
    return f"![{alt}](<{facts.get('source', '')}>)"


def _admonitions(lines: list[str]) -> Iterator[str]:
    fences = Fences()
    at = 0
    while at < len(lines):
        line = lines[at]
        at += 1
        alert = None if fences.holds(line) else _ALERT.fullmatch(line)
        if alert:
            end = _end_of_alert(lines, at, quoted=bool(alert["quote"]))
            yield from _boxed(alert, lines[at:end])
            at = end
        elif not fences.is_open and (titled := _TITLED.fullmatch(line)):
            kind = _KINDS.get(titled["kind"].lower(), "note")
            yield f'{titled["indent"]}!!! {kind} "{titled["title"] or ""}"'
        else:
            yield line


def _end_of_alert(lines: list[str], start: int, *, quoted: bool) -> int:
    end = start
    while end < len(lines) and lines[end].strip():
        if quoted and not lines[end].lstrip().startswith(">"):
            break
        end += 1
    return end


def _boxed(alert: re.Match[str], inner: list[str]) -> Iterator[str]:
    """An alert as an admonition of the same indentation, with a blank line on either side."""
    indent = alert["indent"]
    yield ""
    yield f'{indent}!!! {_KINDS.get(alert["kind"].lower(), "note")} ""'
    for line in [alert["rest"].strip(), *inner]:
        bare = re.sub(r"^ *> ?", "", line) if alert["quote"] else line.removeprefix(indent)
        yield f"{indent}    {bare}" if bare.strip() else ""
    yield ""
