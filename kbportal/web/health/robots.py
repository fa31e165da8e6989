"""What crawlers may read: articles; not forms, tickets, results, staff rooms and the API."""

from __future__ import annotations

from flask import Response

from kbportal.web.addresses import base
from kbportal.web.portal import portal

CLOSED = ("/account/", "/api/", "/desk/", "/editor/", "/insights/", "/style/")
CLOSED_IN_EACH_LANGUAGE = ("search", "contact", "tickets/")


def robots() -> Response:
    """The rules, and where the sitemap is."""
    closed = [
        *(
            f"/{lang}/{one}"
            for lang in portal().settings.languages
            for one in CLOSED_IN_EACH_LANGUAGE
        ),
        *CLOSED,
    ]
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in closed), ""]
    response = Response("\n".join([*lines, f"Sitemap: {base()}/sitemap.xml", ""]))
    response.mimetype = "text/plain"
    response.cache_control.max_age = 3600
    response.cache_control.public = True
    return response
