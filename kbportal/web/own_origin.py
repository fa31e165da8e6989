"""Whether a request was made by one of this portal's own pages, as far as a browser tells."""

from __future__ import annotations

from urllib.parse import SplitResult, urlsplit

from flask import request

from kbportal.web.portal import portal


def is_own_origin(origin: str) -> bool:
    """Whether an Origin header names this portal; compared exactly."""
    own = {bare(request.host_url), _origin_of(portal().settings.site_url)} - {""}
    return origin in own


def is_own_page() -> bool:
    """Whether the browser says that one of this portal's own pages asks."""
    if site := request.headers.get("Sec-Fetch-Site"):
        return site == "same-origin"
    parts = referring_page()
    return is_own_origin(f"{parts.scheme}://{parts.netloc}".lower())


def referring_page() -> SplitResult:
    """Where the browser says it comes from; nowhere for an address that is none."""
    try:
        return urlsplit(request.referrer or "")
    except ValueError:
        return urlsplit("")


def bare(origin: str) -> str:
    """An origin as browsers write it: small letters, no slash at the end."""
    return origin.rstrip("/").lower()


def _origin_of(url: str) -> str:
    parts = urlsplit(url.lower())
    return f"{parts.scheme}://{parts.netloc}" if parts.netloc else ""
