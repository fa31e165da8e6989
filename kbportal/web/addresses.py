"""The portal's public address, as operators set it or, failing that, as it was asked for."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote, urlsplit

from flask import request, url_for

from kbportal.web.portal import portal


def base() -> str:
    """Scheme and host, and the folder if there is one; without a slash at the end."""
    return (portal().settings.site_url or request.url_root).rstrip("/")


def public_address(endpoint: str, **values: Any) -> str:
    """A page's public address, for readers outside of this portal: never that of its twin."""
    path = urlsplit(url_for(endpoint, **values, _external=True)).path
    return f"{base()}{path}"


def article_address(base: str, lang: str, slug: str) -> str:
    """The absolute address of an article; ten thousand of them take no time."""
    return f"{base}/{lang}/articles/{quote(slug)}"
