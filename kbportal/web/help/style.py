"""The style page: every component in every state, light beside dark, for whoever looks after them.

It is made by the macros of the real pages and from their stylesheets. Two of its own are derived
from those: the tokens once for each scheme, and the rules for hover and focus as classes, since
nobody can point at everything at once.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from flask import Response, make_response, render_template
from flask_babel import gettext as _
from markupsafe import Markup

from kbportal.articles.announcement import Announcement, Kind
from kbportal.web.assets import BUNDLES, FOLDER
from kbportal.web.help.rows import ArticleRow, CategoryRow, FilterRow, HitRow, PageLinks

SCHEMES = ("light", "dark")
STATES = ("hover", "focus", "active")

_COLOUR = re.compile(r"--([a-z-]+): oklch")
_RULE = re.compile(r"[^{}]*:(?:hover|focus-visible|focus-within|focus|active)\b[^{}]*\{[^{}]*\}")
_STATE = re.compile(r":(hover|active|focus)(?:-visible|-within)?\b")
_SYMBOL = re.compile(r'<symbol id="([a-z-]+)"')
_DARK = "@media (prefers-color-scheme: dark)"


def page() -> Response:
    """The page, for the staff; no search engine and no cache keeps it."""
    html = render_template("help/style.html", schemes=SCHEMES, states=STATES,
                           colours=_colours(), icons=_icons(), **_samples())  # fmt: skip
    return _private(make_response(html))


def sheet() -> Response:
    """The two derived stylesheets, and a class for each colour."""
    swatches = (f".swatch-{name}{{background:var(--{name})}}" for name in _colours())
    body = "\n".join([*(_scheme(name) for name in SCHEMES), *_forced_states(), *swatches])
    return _private(Response(body, mimetype="text/css"))


def _private(response: Response) -> Response:
    response.cache_control.no_store = True
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def _tokens() -> str:
    return (FOLDER / "css" / "tokens.css").read_text(encoding="utf-8")


def _colours() -> list[str]:
    return list(dict.fromkeys(_COLOUR.findall(_tokens())))


def _icons() -> list[str]:
    return _SYMBOL.findall((FOLDER / "img" / "icons.svg").read_text(encoding="utf-8"))


def _scheme(name: str) -> str:
    """All tokens for everything below a class, whatever the reader's own scheme is."""
    css = re.sub(r"--brand: [^;]+;", "", _tokens())
    css = css.replace(_DARK, "@media all" if name == "dark" else "@media not all")
    css = css.replace("color-scheme: light dark", f"color-scheme: {name}")
    return css.replace(":root", f".scheme-{name}")


def _forced_states() -> Iterator[str]:
    """Each rule for a state as one for the class `is-<state>`."""
    for part in BUNDLES["css/customer.css"]:
        css = (FOLDER / "css" / f"{part}.css").read_text(encoding="utf-8")
        for rule in _RULE.findall(css):
            yield _STATE.sub(r".is-\1", rule)


def _samples() -> dict[str, object]:
    """One of each row that the macros need; the words are those of real pages."""
    title, text = _("Write to us"), _("A few words, as you would say it.")
    day = date(2026, 2, 1)
    return {
        "announcements": [Announcement(text, "/", kind=kind) for kind in Kind],
        "category": CategoryRow("a", title, text, "chat", "#", 12),
        "article": ArticleRow(title, "#", text, day),
        "hits": [_hit(title, text, day), _hit(title, text, None, lang="Suomi", code="fi")],
        "filters": [FilterRow(title, 12, "#", True), FilterRow(_("Often asked"), 3, "#", False)],
        "links": PageLinks(2, 3, "#", "#"),
    }


def _hit(title: str, text: str, updated: date | None, *, lang: str = "", code: str = "") -> HitRow:
    first, _space, rest = text.partition(" ")
    snippet = Markup("<mark>{}</mark> {}").format(first, rest)
    return HitRow("a", title, "#", snippet, title, title, updated, lang, code)
