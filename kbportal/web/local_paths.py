"""Addresses to return to: paths of this portal and nothing that a browser may read otherwise."""

from __future__ import annotations

import re

LONGEST = 500

# Segments begin with a letter, a digit, - or _: no "//", no "/\", no "..", no escapes, no "@".
_SEGMENT = r"[A-Za-z0-9_\-][A-Za-z0-9_\-.]*"
_LOCAL = re.compile(rf"/(?:{_SEGMENT}(?:/{_SEGMENT})*/?)?(?:\?[A-Za-z0-9_\-.=&%+]*)?")


def local_path(given: str | None) -> str | None:
    """The text if it is a plain path of this portal, with or without a query; else None."""
    if not given or len(given) > LONGEST:
        return None
    return given if _LOCAL.fullmatch(given) else None
