"""The operator's colour: one small stylesheet and one picture that the settings decide.

Everything else about colour is computed from `--brand` in static/css/tokens.css.
"""

from __future__ import annotations

import hashlib

from flask import Flask, Response, request

from kbportal.web.portal import portal

OURS = "#0d6348"
"""The accent where the operator has not chosen one; the same as in tokens.css."""

_MARK = """\
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32" stroke-width="2.5">
<path fill="{0}" d="M9 2h14a7 7 0 0 1 7 7v14a7 7 0 0 1-7 7H3.5L2 28.5V9a7 7 0 0 1 7-7z"/>
<path fill="#f6e27a" d="M8 13.25h16v5.5H8z"/>
<path stroke="#fff" stroke-linecap="round" d="M9.25 8.75h10M9.25 23.25h6"/>
<path stroke="{0}" stroke-linecap="round" d="M10.5 16h9"/>
</svg>
"""
A_DAY_S = 24 * 3600


def install(app: Flask) -> None:
    """Serve /brand.css and /brand.svg, and tell templates whether there is a colour to fetch."""
    app.add_url_rule("/brand.css", "brand_style", style)
    app.add_url_rule("/brand.svg", "brand_mark", mark)
    app.add_url_rule("/favicon.ico", "favicon", mark)


def style() -> Response:
    """The stylesheet that names the operator's colour; empty where there is none."""
    accent = portal().settings.accent
    return _kept(f":root{{--brand:{accent}}}\n" if accent else "", "text/css")


def mark() -> Response:
    """The mark in the operator's colour, for browser tabs."""
    return _kept(_MARK.format(portal().settings.accent or OURS), "image/svg+xml")


def _kept(body: str, mimetype: str) -> Response:
    response = Response(body, mimetype=mimetype)
    response.set_etag(hashlib.sha256(body.encode()).hexdigest()[:20], weak=True)
    response.cache_control.public = True
    # The address carries the colour, so that a new one is seen at once.
    response.cache_control.max_age = A_DAY_S
    response.make_conditional(request)
    return response
