"""Public pages may be kept and are asked about again: same articles, same page, no body."""

from __future__ import annotations

import hashlib

from flask import Response, make_response, request


def public_page(html: str) -> Response:
    """A page that is the same for everyone: kept by anyone, checked by its tag each time.

    It must hold no form token and set no cookie.
    """
    return with_tag(make_response(html), hashlib.sha256(html.encode()).hexdigest()[:20])


def with_tag(response: Response, tag: str) -> Response:
    """The public page with the tag of what is in it; without a body for who has it already."""
    response.set_etag(tag, weak=True)
    response.cache_control.public = True
    response.cache_control.no_cache = True
    response.make_conditional(request)
    return response
