"""Which language a page speaks: customers have it in the address, staff in a cookie.

A language that the portal offers but has no catalogue for speaks English; its articles are
still found under its own addresses.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import Flask, current_app, g, has_request_context, request, url_for
from flask_babel import Babel
from markupsafe import Markup
from werkzeug.routing import BaseConverter

from kbportal.kernel.languages import LANGUAGES
from kbportal.web.portal import portal

COOKIE = "kb_lang"
TRANSLATIONS = Path(__file__).resolve().parents[1] / "translations"


@dataclass(frozen=True, slots=True)
class Alternate:
    """The same page in one language, as the language menu offers it."""

    lang: str
    name: str
    url: str
    is_current: bool


def install(app: Flask) -> None:
    """Choose a language for every request and teach templates about it."""
    app.url_map.converters["lang"] = _converter(portal_languages(app))
    Babel(
        app,
        default_locale=portal_languages(app)[0],
        default_translation_directories=str(TRANSLATIONS),
        locale_selector=interface_language,
    )
    app.url_value_preprocessor(_take_language)
    app.url_defaults(_give_language)
    app.context_processor(_for_templates)
    app.jinja_env.globals["text_language"] = text_language


def portal_languages(app: Flask) -> tuple[str, ...]:
    """The languages that this app's portal is offered in."""
    languages: tuple[str, ...] = app.extensions["kbportal"].settings.languages
    return languages


def current_language() -> str:
    """The language of the page that is being made."""
    if not has_request_context():
        return preferred_language()
    if "lang" not in g:
        # An address that does not exist still says which language its visitor reads.
        first = request.path.split("/", 2)[1]
        g.lang = first if first in portal().settings.languages else preferred_language()
    return str(g.lang)


def interface_language() -> str:
    """The current language where its catalogue is there, else English."""
    lang = current_language()
    has_catalogue = lang == "en" or (TRANSLATIONS / lang / "LC_MESSAGES").is_dir()
    return lang if has_catalogue else "en"


def preferred_language() -> str:
    """By the reader's earlier choice, then the browser's, then the portal's first."""
    offered = portal().settings.languages
    if not has_request_context():
        return offered[0]
    chosen = request.cookies.get(COOKIE, "")
    if chosen in offered:
        return chosen
    return request.accept_languages.best_match(offered) or offered[0]


def language_name(code: str) -> str:
    """What speakers of a language call it."""
    return LANGUAGES[code].endonym if code in LANGUAGES else code


def text_language() -> Markup:
    """Attributes of texts from articles, where they are not in the language of the interface."""
    lang = current_language()
    if lang == interface_language():
        return Markup()
    return Markup(' lang="{}" dir="{}"').format(lang, _direction(lang))


def alternates(urls: Mapping[str, str] | None = None) -> tuple[Alternate, ...]:
    """The current page in each language; by its own address unless `urls` says otherwise."""
    here = current_language()
    return tuple(
        Alternate(
            lang, language_name(lang), (urls or {}).get(lang) or _same_page(lang), lang == here
        )
        for lang in portal().settings.languages
    )


def _same_page(lang: str) -> str:
    """The address of the current page in a language; the home page where it cannot be opened."""
    endpoint = (request.endpoint or "").removesuffix("_post")
    if not _is_page(endpoint):
        return f"/{lang}/"
    values: dict[str, Any] = dict(request.view_args or {})
    query = {name: request.args[name] for name in ("q",) if name in request.args}
    return url_for(endpoint, **{**values, **query, "lang": lang})


def _is_page(endpoint: str) -> bool:
    """Whether this is an address with a language that can simply be opened."""
    if endpoint not in current_app.view_functions:
        return False
    rules = current_app.url_map.iter_rules(endpoint)
    return any("lang" in rule.arguments and "GET" in (rule.methods or ()) for rule in rules)


def _converter(languages: tuple[str, ...]) -> type[BaseConverter]:
    class LanguageConverter(BaseConverter):
        # The codes themselves: what only looks like one is not sent on to a slash and a 404.
        regex = f"(?:{'|'.join(re.escape(code) for code in languages)})"

    return LanguageConverter


def _take_language(endpoint: str | None, values: dict[str, Any] | None) -> None:
    if values and "lang" in values and endpoint and endpoint.startswith(("help.", "widget.")):
        g.lang = values["lang"]


def _give_language(endpoint: str, values: dict[str, Any]) -> None:
    if "lang" not in values and current_app.url_map.is_endpoint_expecting(endpoint, "lang"):
        values["lang"] = current_language()


def _for_templates() -> dict[str, object]:
    interface = interface_language()
    return {
        "lang": current_language(),
        "interface_lang": interface,
        "direction": _direction(interface),
        "alternates": alternates,
        "language_name": language_name,
    }


def _direction(lang: str) -> str:
    return LANGUAGES[lang].direction if lang in LANGUAGES else "ltr"
