"""The portal's public address, as operators set it or, failing that, as it was asked for."""

from __future__ import annotations

from urllib.parse import quote

from flask import request

from kbportal.web.portal import portal


def base() -> str:
    """Scheme and host, and the folder if there is one; without a slash at the end."""
    return (portal().settings.site_url or request.url_root).rstrip("/")


def absolute(path: str) -> str:
    """The public address of a path of this portal, for readers outside of it."""
    return f"{base()}{path}"


def article_address(base: str, lang: str, slug: str) -> str:
    """The absolute address of an article; ten thousand of them take no time."""
    return f"{base}/{lang}/articles/{quote(slug)}"
