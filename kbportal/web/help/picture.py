"""Pictures of articles: sent as what they are, for good, and never run as anything else."""

from __future__ import annotations

from flask import Response, abort, request

from kbportal.articles.images import TYPES
from kbportal.web.assets import A_YEAR_S
from kbportal.web.help.library import shelf

POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; sandbox"
"""A drawing may carry its own colours; a page that opens it alone runs nothing in it."""


def picture(name: str) -> Response:
    """The picture of this name, if a public article shows it.

    The name is looked up, never taken for a path; it is made of the content, so it says all that
    a cache needs to know.
    """
    body = shelf().image(name)
    mimetype = TYPES.get(name.rpartition(".")[2])
    if body is None or mimetype is None:
        abort(404)
    response = Response(body, mimetype=mimetype)
    response.headers["Content-Security-Policy"] = POLICY
    response.set_etag(name)
    response.cache_control.public = True
    response.cache_control.max_age = A_YEAR_S
    response.cache_control.immutable = True
    response.make_conditional(request)
    return response
