"""One Markdown file as an article."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path, PurePosixPath

from kbportal.articles.fields import Fields
from kbportal.articles.frontmatter import FrontMatterBroken, Parsed, parse
from kbportal.articles.headline import headline_of, repeats, without
from kbportal.articles.model import VERSION_B, Article, Audience, Problem, Status
from kbportal.kernel.text import normalise, shorten
from kbportal.markup.anchors import slug_of

MAX_BYTES = 2_000_000
DEFAULT_CATEGORY = "general"
_LONGEST_TITLE = 300

Read = tuple[Article | None, list[Problem]]


def read_article(file: Path, *, path: str) -> Read:
    """Read one file.

    Args:
        file: An ordinary file.
        path: Its posix path relative to the articles folder, `<lang>/…/<name>.md`.

    Returns:
        The article, or None if there is no certain reading; and what there is to report.
    """
    try:
        if (size := file.stat().st_size) > MAX_BYTES:
            message = f"{size / 1e6:.1f} MB is more than {MAX_BYTES / 1e6:.0f}: split the article"
            return None, [Problem(path, 1, "too-large", "error", message)]
        data = file.read_bytes()
    except OSError as error:
        return None, [
            Problem(path, 1, "unreadable", "error", f"cannot be opened: {error.strerror}")
        ]
    return article_from(data, path=path)


def article_from(data: bytes, *, path: str) -> Read:
    """The article that these bytes are, if they stood at this path."""
    try:
        parsed = parse(data.decode("utf-8-sig").replace("\0", ""), path)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        message = f"not UTF-8 (byte {data[error.start]:#04x}): save it as UTF-8"
        return None, [Problem(path, line, "not-utf-8", "error", message)]
    except FrontMatterBroken as broken:
        return None, [broken.problem]
    return _article(parsed, path, hashlib.sha256(data).hexdigest())


def _article(parsed: Parsed, path: str, fingerprint: str) -> Read:
    place = PurePosixPath(path)
    fields = Fields(parsed.fields, lines=parsed.lines, path=path)
    is_b = place.stem.endswith(VERSION_B)
    stem = "" if is_b else place.stem
    title, body, skipped = _title_and_body(fields.text("title"), parsed.body, stem)
    article = Article(
        id=str(place.with_suffix("")),
        key=_key(fields.text("translation_of"), place),
        lang=place.parts[0],
        category=slug_of(fields.text("category")) or _folder(place),
        slug=_slug(fields.text("slug"), place.stem, fingerprint),
        title=shorten(title, _LONGEST_TITLE),
        body=body,
        path=path,
        fingerprint=fingerprint,
        summary=fields.text("summary"),
        body_line=parsed.body_line + skipped,
        tags=fields.texts("tags", split=True),
        status=fields.choice("status", default=Status.PUBLISHED, closed=Status.DRAFT),
        audience=fields.choice("audience", default=Audience.PUBLIC, closed=Audience.STAFF),
        updated=fields.date("updated"),
        review_by=fields.date("review_by"),
        owner=fields.text("owner"),
        redirect_from=tuple(map(_old_slug, fields.texts("redirect_from"))),
        answers=fields.texts("answers"),
        faq=fields.flag("faq"),
        extra=fields.extra(),
    )
    problems = [*parsed.problems, *fields.problems]
    if is_b:
        return _as_version_b(article), problems
    if not article.body.strip():
        line = article.body_line
        problems.append(Problem(path, line, "empty-body", "warning", "has no text: write some"))
    return article, problems


def _as_version_b(article: Article) -> Article:
    """What was read of a file that is a version B: nothing that an article alone may have."""
    # A name that no other can have: `slug_of` never makes a point.
    name = f"{hashlib.sha256(article.id.encode()).hexdigest()[:16]}{VERSION_B}"
    return replace(
        article, slug=name, tags=(), redirect_from=(), answers=(), faq=False, review_by=None
    )


def _title_and_body(title: str, body: str, stem: str) -> tuple[str, str, int]:
    """The title, the body without a headline that repeats it, and how many lines that took."""
    headline = headline_of(body)
    title = title or (headline.title if headline else "") or humanised(stem)
    if headline is None or not repeats(headline, title):
        return title, body, 0
    return title, *without(body, headline)


def humanised(name: str) -> str:
    """`reset-password` → `Reset password`."""
    words = normalise(name.replace("-", " ").replace("_", " "))
    return words[:1].upper() + words[1:]


def _folder(place: PurePosixPath) -> str:
    return (slug_of(place.parts[1]) if len(place.parts) > 2 else "") or DEFAULT_CATEGORY


def _slug(written: str, stem: str, fingerprint: str) -> str:
    slug = slug_of(written) or slug_of(stem)
    return slug or fingerprint[:12]


def _old_slug(written: str) -> str:
    """An old address may be given as a slug or as the whole path."""
    return slug_of(written.rstrip("/").rpartition("/")[2].removesuffix(".md"))


def _key(translation_of: str, place: PurePosixPath) -> str:
    """Path below the language folder; `translation_of` may name it with or without language."""
    if not translation_of:
        return str(PurePosixPath(*place.parts[1:]).with_suffix(""))
    parts = PurePosixPath(translation_of.removesuffix(".md")).parts
    parts = tuple(part for part in parts if part not in {"/", ".", ".."})
    return "/".join(parts[1:] if len(parts) > 1 and len(parts[0]) == 2 else parts)
