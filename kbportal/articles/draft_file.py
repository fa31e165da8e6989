"""Beginning an article: a draft file where its text is to be written, never over another file."""

from __future__ import annotations

import errno
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from itertools import count, islice
from pathlib import Path, PurePosixPath
from typing import ClassVar

import yaml

from kbportal.articles.article_file import DEFAULT_CATEGORY
from kbportal.kernel.errors import PortalError
from kbportal.kernel.languages import is_known
from kbportal.kernel.text import normalise, shorten
from kbportal.markup.anchors import slug_of

_LONGEST_SLUG, _LONGEST_TITLE = 60, 90
_TRIES = 100
_FULL = {errno.ENOSPC, errno.EDQUOT}


class DraftRefused(PortalError):
    """No file could be written; `reason` is `read_only`, `full`, `taken` or `unreachable`."""

    code: ClassVar[str] = "draft_refused"


@dataclass(frozen=True, slots=True)
class DraftFile:
    """What is known before anything is written.

    Attributes:
        path: Below the language's folder without suffix, as of an article in another language
            that this one is to translate; empty: category and title make one.
        notes: Further front matter, which the portal keeps and ignores.
    """

    lang: str
    category: str
    title: str
    answers: tuple[str, ...] = ()
    owner: str = ""
    path: str = ""
    updated: date | None = None
    notes: Mapping[str, object] = field(default_factory=dict)


def begin_draft(root: Path, draft: DraftFile) -> str:
    """Write the file, `status: draft`, and return the id that the article will have.

    Raises:
        DraftRefused: The folder cannot be written, or the article is there already.
    """
    if not is_known(draft.lang):
        raise DraftRefused(f"{draft.lang!r} is no language", reason="unreachable")
    text = _text(draft)
    for place in _places(root, draft):
        try:
            _write(root / place.with_suffix(".md"), text)
        except FileExistsError:
            continue
        except OSError as error:
            raise DraftRefused(
                f"cannot write {place}.md: {error.strerror}", reason=_reason(error)
            ) from error
        return str(place)
    raise DraftRefused("there is such an article already", reason="taken")


def _places(root: Path, draft: DraftFile) -> Iterator[PurePosixPath]:
    """Where it may stand: one place for a translation, else the next free name."""
    if draft.path:
        parts = [slug_of(part) for part in PurePosixPath(draft.path).parts]
        yield PurePosixPath(draft.lang, *filter(None, parts))
        return
    category = slug_of(draft.category) or DEFAULT_CATEGORY
    slug = slug_of(draft.title, limit=_LONGEST_SLUG) or "article"
    # An address belongs to one article of a language, in whichever folder it stands.
    taken = {file.stem for file in (root / draft.lang).rglob("*.md")}
    names = (slug if number == 1 else f"{slug}-{number}" for number in count(1))
    for name in islice((one for one in names if one not in taken), _TRIES):
        yield PurePosixPath(draft.lang, category, name)


def _text(draft: DraftFile) -> str:
    front: dict[str, object] = {
        "title": shorten(normalise(draft.title), _LONGEST_TITLE),
        "summary": "",
        "status": "draft",
        "owner": draft.owner,
        "updated": draft.updated.isoformat() if draft.updated else "",
        "answers": list(draft.answers),
        **draft.notes,
    }
    kept = {key: value for key, value in front.items() if value}
    return f"---\n{yaml.safe_dump(kept, allow_unicode=True, sort_keys=False, width=90)}---\n\n"


def _write(file: Path, text: str) -> None:
    """All of it or nothing, and never over what is there."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("x", encoding="utf-8", newline="\n") as opened:
        try:
            opened.write(text)
            opened.flush()
        except OSError:
            with suppress(OSError):
                file.unlink()
            raise


def _reason(error: OSError) -> str:
    if error.errno in (errno.EROFS, errno.EACCES, errno.EPERM):
        return "read_only"
    return "full" if error.errno in _FULL else "unreachable"
