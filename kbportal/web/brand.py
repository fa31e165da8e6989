"""What makes the portal the operator's: name, colour, logo and links, all by settings.

Everything else about colour is computed from `--brand` in static/css/tokens.css. A logo is read
once, when the process starts, and served from our own origin under an address that changes with
it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from flask import Flask, Response, abort, request, url_for

from kbportal.kernel.labelled_links import LabelledLink, read_link
from kbportal.kernel.pictures import Picture, read_picture
from kbportal.settings import Settings
from kbportal.web.locale import current_language
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
LOGO_HEIGHT_PX = 32
WIDE = 2.0
"""A logo from this shape on is taken to hold the name, which then is not written beside it."""
NEARLY_SQUARE = 1.25


@dataclass(frozen=True, slots=True)
class Brand:
    """What the header shows: the logo, if there is one, for light and for dark backgrounds."""

    logo: Picture | None
    logo_dark: Picture | None

    @property
    def shows_name(self) -> bool:
        """Whether the name is written beside the picture."""
        return self.logo is None or self.logo.shape < WIDE

    @property
    def logo_width_px(self) -> int:
        return round(LOGO_HEIGHT_PX * self.logo.shape) if self.logo else 0

    @property
    def icon(self) -> Picture | None:
        """The picture for browser tabs; None for our mark."""
        square = self.logo and 1 / NEARLY_SQUARE <= self.logo.shape <= NEARLY_SQUARE
        return self.logo if square else None


def install(app: Flask, settings: Settings) -> None:
    """Serve /brand.css, /brand.svg and the logo, and teach templates about them."""
    brand = Brand(_picture(settings.logo), _picture(settings.logo_dark))
    for name, picture in (("brand_logo", brand.logo), ("brand_logo_dark", brand.logo_dark)):
        app.add_url_rule(f"/{name.replace('_', '/', 1)}", name, _server(picture))
    app.add_url_rule("/brand.css", "brand_style", style)
    app.add_url_rule("/brand.svg", "brand_mark", mark)
    app.add_url_rule("/favicon.ico", "favicon", _server(brand.icon) if brand.icon else mark)
    app.jinja_env.globals.update(
        brand=brand,
        brand_icon=lambda: _icon_address(brand, settings),
        footer_links=lambda: _links(settings, current_language()),
    )


def style() -> Response:
    """The stylesheet that names the operator's colour; empty where there is none."""
    accent = portal().settings.accent
    return _kept(f":root{{--brand:{accent}}}\n".encode() if accent else b"", "text/css")


def mark() -> Response:
    """The mark in the operator's colour, for browser tabs."""
    drawn = _MARK.format(portal().settings.accent or OURS)
    return _kept(drawn.encode(), "image/svg+xml")


def _server(picture: Picture | None) -> Callable[[], Response]:
    def serve() -> Response:
        if picture is None:
            abort(404)
        return _kept(picture.body, picture.mimetype)

    return serve


def _picture(path: str) -> Picture | None:
    return read_picture(Path(path)) if path else None


def _icon_address(brand: Brand, settings: Settings) -> tuple[str, str]:
    """Address and type of the picture for browser tabs."""
    if brand.icon:
        return url_for("brand_logo", v=brand.icon.digest), brand.icon.mimetype
    return url_for("brand_mark", v=settings.accent[1:] or None), "image/svg+xml"


def _links(settings: Settings, lang: str) -> list[LabelledLink]:
    """The footer's links on pages of a language."""
    links = (read_link(one) for one in settings.footer_links)
    return [link for link in links if link.lang in ("", lang)]


def _kept(body: bytes, mimetype: str) -> Response:
    response = Response(body, mimetype=mimetype)
    response.set_etag(hashlib.sha256(body).hexdigest()[:20], weak=True)
    response.cache_control.public = True
    # The address carries what it shows, so that a new one is seen at once.
    response.cache_control.max_age = A_DAY_S
    response.make_conditional(request)
    return response
