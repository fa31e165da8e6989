"""Articles and contents lists as JSON, the form in which the shelf keeps them."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict
from datetime import date
from typing import Any

from kbportal.articles.model import Article, Audience, Status
from kbportal.markup.model import Heading


def dump_article(article: Article) -> str:
    """One article as a JSON object; `load_article` gives back an equal one."""
    fields = {name: getattr(article, name) for name in article.__dataclass_fields__}
    fields["extra"] = dict(article.extra)
    return json.dumps(fields, ensure_ascii=False, default=_plain)


def load_article(record: str) -> Article:
    """The article that `dump_article` wrote."""
    fields: dict[str, Any] = json.loads(record)
    for name in ("tags", "redirect_from", "answers"):
        fields[name] = tuple(fields[name])
    for name in ("updated", "review_by"):
        fields[name] = _date(fields[name])
    fields["status"] = Status(fields["status"])
    fields["audience"] = Audience(fields["audience"])
    return Article(**fields)


def dump_outline(outline: Iterable[Heading]) -> str:
    """A contents list as JSON."""
    return json.dumps([asdict(heading) for heading in outline], ensure_ascii=False)


def load_outline(record: str) -> tuple[Heading, ...]:
    """The contents list that `dump_outline` wrote."""
    return tuple(Heading(**fields) for fields in json.loads(record))


def _plain(value: object) -> str:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"cannot keep a {type(value).__name__} on the shelf")


def _date(value: str | None) -> date | None:
    return date.fromisoformat(value) if value else None
