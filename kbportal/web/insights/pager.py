"""A long list, one page at a time, by links."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from flask import request, url_for

PER_PAGE = 25

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class PageLinks:
    """Which page this is, and the addresses of its neighbours; None at an end."""

    number: int
    last: int
    previous: str | None
    next: str | None


def page_links(size: int, arguments: dict[str, Any]) -> PageLinks:
    """Which page of so many rows the address asks for, and the way to the others.

    Args:
        arguments: All else that the address must hold.
    """
    last = max(1, -(-size // PER_PAGE))
    number = min(max(request.args.get("page", 1, type=int), 1), last)
    return PageLinks(
        number,
        last,
        _url(number - 1, arguments) if number > 1 else None,
        _url(number + 1, arguments) if number < last else None,
    )


def one_page(rows: Sequence[Row], arguments: dict[str, Any]) -> tuple[Sequence[Row], PageLinks]:
    """The rows of the page that the address asks for, and the way to the others."""
    links = page_links(len(rows), arguments)
    begin = (links.number - 1) * PER_PAGE
    return rows[begin : begin + PER_PAGE], links


def _url(number: int, arguments: dict[str, Any]) -> str:
    page = {"page": number} if number > 1 else {}
    whole: dict[str, Any] = {**(request.view_args or {}), **arguments, **page}
    return url_for(request.endpoint or "", **whole)
