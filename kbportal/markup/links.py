"""Where an address in an article leads, given where the article and its siblings stand."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping
from urllib.parse import unquote

_ELSEWHERE = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*:|[/#?]|$")


def is_relative(href: str) -> bool:
    """Whether an address names a file beside the article, not a page of any site."""
    return not _ELSEWHERE.match(href)


def target_of(href: str, *, base: str) -> tuple[str, str]:
    """The (path, fragment) that a relative address means when it stands in the file `base`.

    Paths are posix and relative to the articles folder; one that leaves it starts with `..`.
    """
    address, _, fragment = href.partition("#")
    path = unquote(address.partition("?")[0]).replace("\\", "/")
    return posixpath.normpath(posixpath.join(posixpath.dirname(base), path)), fragment


def resolve(href: str, *, base: str, targets: Mapping[str, str]) -> str:
    """The address for a page: a relative one looked up in `targets`, any other as it is.

    Args:
        href: As the author wrote it; the suffix `.md` may be missing.
        base: Path of the article that it stands in.
        targets: Path of each file that has a page → that page's address.

    Returns:
        "" for a relative address that no file answers.
    """
    if not is_relative(href):
        return href
    path, fragment = target_of(href, base=base)
    address = targets.get(path) or targets.get(f"{path}.md") or ""
    return f"{address}#{fragment}" if address and fragment else address
