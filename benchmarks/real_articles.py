"""Real Markdown articles of one language, from folders and archives as they were published."""

from __future__ import annotations

import re
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

_FRONT_MATTER = re.compile(r"\A\ufeff?---\n(.*?)\n---\n", re.DOTALL)
_TITLE = re.compile(r"^title:[ \t]*[\"']?(.*?)[\"']?[ \t]*$", re.MULTILINE)
_HEADING = re.compile(r"#{1,6}[ \t]+(?:<a [^>]*></a>)?(.+)")
_LONGEST_BLOCK = 4000


@dataclass(frozen=True, slots=True)
class Part:
    """A section: its heading ("" for the lead) and its blocks of Markdown."""

    heading: str
    blocks: tuple[str, ...]

    @property
    def words(self) -> int:
        return sum(len(block.split()) for block in self.blocks)


@dataclass(frozen=True, slots=True)
class RealArticle:
    """One file: where it stood below its language, its text, and what it is made of."""

    path: str
    text: str
    title: str
    parts: tuple[Part, ...]


def read_real_articles(folder: Path, lang: str) -> list[RealArticle]:
    """Every `<anything>/<lang>/<path>.md` below a folder, also within its tar archives, by path.

    Raises:
        SystemExit: There is none.
    """
    files = sorted(dict(_files(folder, lang)).items())
    found = [_read(path, text) for path, text in files]
    usable = [article for article in found if article.title and article.parts]
    if not usable:
        raise SystemExit(f"There are no articles in {lang!r} (…/{lang}/….md) below {folder}.")
    return usable


def _files(folder: Path, lang: str) -> Iterator[tuple[str, str]]:
    for path in sorted(folder.rglob("*.md")):
        if inside := _below(PurePosixPath(path.relative_to(folder).as_posix()), lang):
            yield inside, path.read_text(encoding="utf-8", errors="replace")
    for path in sorted(folder.rglob("*.tar*")):
        yield from _packed(path, lang)


def _packed(archive: Path, lang: str) -> Iterator[tuple[str, str]]:
    with tarfile.open(archive) as tar:
        for member in tar:
            inside = _below(PurePosixPath(member.name), lang)
            file = tar.extractfile(member) if inside and member.isfile() else None
            if file:
                yield inside, file.read().decode("utf-8", "replace")


def _below(path: PurePosixPath, lang: str) -> str:
    """The path below the language's folder; "" where the file is no article of it."""
    if path.suffix != ".md" or lang not in path.parts[:-1]:
        return ""
    return "/".join(path.parts[path.parts.index(lang) + 1 :])


def _read(path: str, text: str) -> RealArticle:
    text = text.replace("\r\n", "\n")
    front = _FRONT_MATTER.match(text)
    body = text[front.end() :] if front else text
    titled = _TITLE.search(front.group(1)) if front else None
    parts = tuple(_parts(body))
    title = titled.group(1).strip() if titled else next((p.heading for p in parts), "")
    return RealArticle(path, text, title, tuple(part for part in parts if part.blocks))


def _parts(body: str) -> Iterator[Part]:
    heading, blocks = "", list[str]()
    for block in re.split(r"\n[ \t]*\n", body):
        block = block.strip("\n")
        found = _HEADING.fullmatch(block.strip())
        if found:
            yield Part(heading, tuple(blocks))
            heading, blocks = found.group(1).strip(), []
        elif _is_usable(block):
            blocks.append(block)
    yield Part(heading, tuple(blocks))


def _is_usable(block: str) -> bool:
    """Whether a block can stand anywhere: not half a listing, not a reference to another file."""
    bare = block.strip()
    bound = "```" in bare or "[!INCLUDE" in bare
    return bool(bare) and len(block) <= _LONGEST_BLOCK and not bound
