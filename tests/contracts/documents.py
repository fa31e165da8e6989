"""Reading the project's own documents: headings, tables, code blocks, names in code, links."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
CHANGES = ROOT / "CHANGELOG.md"

_BLOCK = re.compile(r"^```(\w*)[^\n]*\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_HEADING = re.compile(r"^#{1,6} (.*)$", re.MULTILINE)
_CODE = re.compile(r"(?<!`)(`+)(?!`)(.+?)(?<!`)\1(?!`)")
_LINK = re.compile(r"\[[^\]\n]*\]\(([^)\s]+)\)")
# By its name or by a path to it; not the account of that name in `sudo -u kbportal …`.
_CALL = re.compile(r"(?<!-u )(?<![\w/.-])(?:\S*bin/)?kbportal(?= |$)([^\n|;&]*)")


def documents() -> list[Path]:
    """The README and every page of the reference and of the decisions."""
    return [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]


def read(name: str) -> str:
    """The page `docs/<name>.md`."""
    return (ROOT / "docs" / f"{name}.md").read_text(encoding="utf-8")


def blocks(text: str) -> list[tuple[str, str]]:
    """Language and content of each fenced block."""
    return [(one[1], one[2]) for one in _BLOCK.finditer(text)]


def prose(text: str) -> str:
    """The text without its fenced blocks."""
    return _BLOCK.sub("", text)


def parts(text: str) -> dict[str, str]:
    """Heading → what stands below it, up to the next heading of any level."""
    bare = _BLOCK.sub(lambda block: block[0].replace("\n#", "\n\0#"), text)
    found = list(_HEADING.finditer(bare))
    ends = [one.start() for one in found[1:]] + [len(bare)]
    return {
        one[1].strip(): bare[one.end() : end].replace("\0", "")
        for one, end in zip(found, ends, strict=True)
    }


def section(text: str, title: str) -> str:
    """What stands below this heading."""
    found = parts(text)
    assert title in found, f"there is no heading {title!r}"
    return found[title]


def table(text: str, head: str) -> list[list[str]]:
    """The cells of each row of the tables whose first column has this head."""
    rows: list[list[str]] = []
    inside = False
    for line in prose(text).split("\n"):
        cells = [one.strip().replace("\\|", "|") for one in re.split(r"(?<!\\)\|", line)[1:-1]]
        if not cells:
            inside = False
        elif cells[0] == head:
            inside = True
        elif inside and set(cells[0]) - set("-: "):
            rows.append(cells)
    return rows


def column(text: str, head: str) -> list[str]:
    """What the first column of these tables names, in code."""
    return [name for row in table(text, head) for name in ids(row[0])]


def ids(text: str) -> list[str]:
    """What stands in code within the running text."""
    return [one[2].strip() for one in _CODE.finditer(prose(text))]


def commands_in(text: str, known: set[str]) -> Iterator[tuple[str, list[str]]]:
    """Every call of the command in blocks and in code: its words, "" for none, and options."""
    shown = [*(line for kind, one in blocks(text) if kind == "sh" for line in one.split("\n")),
             *ids(text)]  # fmt: skip
    for line in shown:
        for call in _CALL.finditer(line.partition(" #")[0]):
            words = call[1].split()
            if words and (not re.fullmatch("-{0,2}[a-z-]+", words[0])):
                continue
            yield _called(words, known), [word for word in words if word.startswith("--")]


def _called(words: list[str], known: set[str]) -> str:
    plain = [word for word in words if not word.startswith("-")]
    two = " ".join(plain[:2])
    return two if two in known else "".join(plain[:1])


def links(path: Path) -> Iterator[tuple[str, Path, bool]]:
    """Each relative link: as written, the file it means, and whether its anchor is there."""
    for one in _LINK.finditer(_CODE.sub("", prose(path.read_text(encoding="utf-8")))):
        if re.match(r"[a-z]+:", one[1]):
            continue
        place, _, anchor = one[1].partition("#")
        target = (path.parent / place).resolve() if place else path
        yield one[1], target, not anchor or anchor in _anchors(target)


def _anchors(path: Path) -> set[str]:
    """Anchors as git hosts make them from headings."""
    titles = parts(path.read_text(encoding="utf-8")) if path.is_file() else {}
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}
