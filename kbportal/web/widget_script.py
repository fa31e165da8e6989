"""/widget.js: the one script that other sites load, with words and colours filled in.

The file in the static folder is served without its comments and indentation, so that it stays
small without a build step.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import re
from dataclasses import dataclass
from typing import cast

from flask import Flask, Response, current_app, request
from flask_babel import force_locale
from flask_babel import gettext as _

from kbportal.kernel.languages import LANGUAGES
from kbportal.web.assets import FOLDER
from kbportal.web.brand import OURS
from kbportal.web.compression import takes_gzip
from kbportal.web.locale import TRANSLATIONS
from kbportal.web.portal import portal

PLACE = "const KIT = {};"
AN_HOUR_S = 3600
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_KEY = "kbportal.widget_script"


@dataclass(frozen=True, slots=True)
class Script:
    """The script, plain and compressed; `tag` changes with it."""

    body: bytes
    packed: bytes
    tag: str


def install(app: Flask) -> None:
    """Serve the loader."""
    app.add_url_rule("/widget.js", "widget_script", widget_script)


def widget_script() -> Response:
    """The loader; any site may load it, only listed ones get a frame."""
    script = _script()
    packed = takes_gzip()
    response = Response(script.packed if packed else script.body, mimetype="text/javascript")
    response.set_etag(script.tag, weak=True)
    response.vary.add("Accept-Encoding")
    if packed:
        response.content_encoding = "gzip"
    response.cache_control.public = True
    response.cache_control.max_age = AN_HOUR_S
    # Without this, no page of another origin could run it.
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    response.make_conditional(request)
    return response


def _script() -> Script:
    """The same for as long as the app runs, since settings and catalogues are."""
    known = current_app.extensions.get(_KEY)
    if known is None:
        body = _filled().encode()
        tag = hashlib.sha256(body).hexdigest()[:20]
        known = current_app.extensions[_KEY] = Script(body, gzip.compress(body, 9, mtime=0), tag)
    return cast(Script, known)


def _filled() -> str:
    source = (FOLDER / "js" / "widget.js").read_text(encoding="utf-8")
    kit = json.dumps(_kit(), ensure_ascii=False, separators=(",", ":"))
    return _without_comments(source).replace(PLACE, f"const KIT={kit};")


def _kit() -> dict[str, object]:
    settings = portal().settings
    return {
        "lang": settings.default_language,
        "rtl": [one for one in settings.languages if _is_rtl(one)],
        "accent": settings.accent or OURS,
        "css": _packed_css((FOLDER / "css" / "widget.css").read_text(encoding="utf-8")),
        "words": {lang: _words(lang) for lang in settings.languages},
    }


def _words(lang: str) -> dict[str, str]:
    has_catalogue = (TRANSLATIONS / lang / "LC_MESSAGES").is_dir()
    with force_locale(lang if has_catalogue else "en"):
        return {
            "help": _("Help"),
            "title": portal().settings.site_name,
            "close": _("Close"),
            "failed": _("The help could not be opened here."),
            "link": _("Open the help centre (new tab)"),
        }


def _is_rtl(lang: str) -> bool:
    return lang in LANGUAGES and LANGUAGES[lang].direction == "rtl"


def _packed_css(css: str) -> str:
    """A stylesheet on one line; it holds no text between quotes."""
    line = " ".join(_COMMENT.sub("", css).split())
    return re.sub(r" ?([{};,>]) ?", r"\1", line).replace(": ", ":").replace(";}", "}")


def _without_comments(source: str) -> str:
    """A script without indentation and without lines that are comments only."""
    lines = (line.strip() for line in source.splitlines())
    return "\n".join(one for one in lines if one and not one.startswith(("//", "/**"))) + "\n"
