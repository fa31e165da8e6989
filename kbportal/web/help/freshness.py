"""Public pages may be kept and are asked about again: same articles, same page, no body."""

from __future__ import annotations

import hashlib

from flask import Response, make_response, request


def public_page(html: str) -> Response:
    """A page that is the same for everyone: kept by anyone, checked by its tag each time.

    It must hold no form token and set no cookie.
    """
    response = make_response(html)
    response.set_etag(hashlib.sha256(html.encode()).hexdigest()[:20], weak=True)
    response.cache_control.public = True
    response.cache_control.no_cache = True
    response.make_conditional(request)
    return response
