"""Whether a request was made by one of this portal's own pages, as far as a browser tells."""

from __future__ import annotations

from urllib.parse import urlsplit

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
    # Not parsed as an address, for it may be none: scheme and host are all before the path.
    scheme, _, rest = (request.referrer or "").partition("://")
    return is_own_origin(f"{scheme}://{rest.partition('/')[0]}".lower())


def bare(origin: str) -> str:
    """An origin as browsers write it: small letters, no slash at the end."""
    return origin.rstrip("/").lower()


def _origin_of(url: str) -> str:
    parts = urlsplit(url.lower())
    return f"{parts.scheme}://{parts.netloc}" if parts.netloc else ""
