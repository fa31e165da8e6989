"""Two versions of one article: `reset-password.md`, and `reset-password.b.md` to try beside it.

Version B says what shall be different: a `title`, a `summary`, a text, or any of them; what it
leaves out is as in the article. It has no address, no questions and no place in search of its
own. When B has won, what it says becomes the article's (`merged`), and its file goes.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import PurePosixPath
from typing import ClassVar

from kbportal.articles.article_file import article_from
from kbportal.articles.frontmatter import FrontMatterBroken, parse
from kbportal.articles.headline import headline_of, repeats, without
from kbportal.articles.model import VERSION_B, Article
from kbportal.kernel.errors import PortalError

_PLAIN = re.compile(r"[^\W\d_][\w ,.!?()’'–-]*")
_FENCE = "---"


class VersionRefused(PortalError):
    """The two files cannot be made one with certainty; they are as they were."""

    code: ClassVar[str] = "version_refused"


def path_of_b(path: str) -> str:
    """`en/account/reset-password.md` → `en/account/reset-password.b.md`."""
    place = PurePosixPath(path)
    return str(place.with_name(f"{place.stem}{VERSION_B}{place.suffix}"))


def merged(a: str, b: str, *, path: str) -> str:
    """The article's file with what its version B says; the rest of it is as it was written.

    Args:
        a, b: The texts of both files. path: That of the article.

    Raises:
        VersionRefused: One of them has no certain reading, or what comes out is not what readers
            of B have seen.
    """
    try:
        made = _merged(a.removeprefix("\ufeff"), b.removeprefix("\ufeff"), path)
    except FrontMatterBroken as broken:
        raise VersionRefused(str(broken)) from broken
    made = made.replace("\n", "\r\n") if "\r\n" in a else made
    return ("\ufeff" if a.startswith("\ufeff") else "") + made


def _merged(a: str, b: str, path: str) -> str:
    old, new = _said(a, path), _said(b, path_of_b(path))
    parsed = parse(a, path)
    lines = _lines(a)
    head, body = lines[: parsed.body_line - 1], "\n".join(lines[parsed.body_line - 1 :])
    if new.body.strip():
        above = body[: len(body) - len(body.lstrip("\n"))]
        body = above + parse(b, path).body.lstrip("\n")
    elif new.title and (headline := headline_of(body)) and repeats(headline, old.title):
        body = without(body, headline)[0]
    said = {"title": new.title, "summary": new.summary}
    wanted = {key: value for key, value in said.items() if value and value != getattr(old, key)}
    head = _with_values(head or [_FENCE, _FENCE], wanted, parsed.lines)
    made = "\n".join([*head, body])
    _check(made, path, replace(
        old,
        title=new.title or old.title,
        summary=new.summary or old.summary,
        body=new.body if new.body.strip() else old.body,
    ))  # fmt: skip
    return made


def _with_values(head: list[str], values: Mapping[str, str], where: Mapping[str, int]) -> list[str]:
    """Front matter with these values, each in the place of the former one, new ones on top."""
    lines: list[str | None] = list(head)
    first = next(at for at, line in enumerate(head) if line.strip()) + 1
    fresh = []
    for key, value in values.items():
        written = (
            f"{key}: {value if _PLAIN.fullmatch(value) else json.dumps(value, ensure_ascii=False)}"
        )
        if key not in where:
            fresh.append(written)
            continue
        at = where[key] - 1
        for further in range(at + 1, _end_of_value(head, at, where)):
            lines[further] = None
        lines[at] = written
    return [line for line in [*lines[:first], *fresh, *lines[first:]] if line is not None]


def _end_of_value(head: list[str], at: int, where: Mapping[str, int]) -> int:
    """After the last line of a value that begins at this one."""
    end = at + 1
    starts = {line - 1 for line in where.values()}
    while end < len(head) - 1 and end not in starts and head[end][:1] in {" ", "\t", "-"}:
        end += 1
    return end


def _check(made: str, path: str, wanted: Article) -> None:
    """Hold what came out to what was wanted."""
    found = _said(made, path)
    facts = ("title", "summary", "slug", "status", "audience", "answers", "updated", "category")
    same = all(getattr(found, fact) == getattr(wanted, fact) for fact in facts)
    if not (same and found.body.strip() == wanted.body.strip()):
        raise VersionRefused(f"{path}: its two versions cannot be put together; edit it by hand")


def _said(text: str, path: str) -> Article:
    article, problems = article_from(text.encode(), path=path)
    if article is None:
        raise VersionRefused("; ".join(f"{one.file}:{one.line}: {one.message}" for one in problems))
    return article


def _lines(text: str) -> list[str]:
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
