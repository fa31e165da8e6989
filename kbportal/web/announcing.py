"""The announcement on top of customer pages, and closing it: remembered by the browser alone.

With a script it is closed on the spot; without one a form asks us to set the cookie. It carries
no token, as public pages hold none: all it can do is hide a line from whoever presses it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from flask import Flask, Response, abort, g, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from kbportal.articles.announcement import ANNOUNCEMENT_FILE, Announcement, read_announcement
from kbportal.web.local_paths import local_path
from kbportal.web.locale import current_language
from kbportal.web.portal import portal

COOKIE = "kb_closed"
LIFETIME = timedelta(days=30)
_KEY = re.compile(r"[0-9a-f]{12}")

_Stamp = tuple[int, int]


@dataclass(frozen=True, slots=True)
class _Read:
    stamp: _Stamp
    said: Announcement | None


# Path → what the file said when it had this size and time.
_read: dict[Path, _Read] = {}


def install(app: Flask) -> None:
    """Teach templates `announcement`; pages that may hold one differ by cookie."""
    app.jinja_env.globals["announcement"] = announcement
    app.after_request(_by_cookie)


def announcement() -> Announcement | None:
    """What this page is to say, unless its reader has closed it."""
    said = _current(portal().settings.articles, current_language())
    if said is None or not said.is_shown(portal().clock().date()):
        return None
    g.announcing = True
    return None if request.cookies.get(COOKIE) == said.key else said


def close(lang: str) -> AnyResponse:
    """Remember that the announcement was read, and go back to where it was."""
    key = request.form.get("key", "")
    if not _KEY.fullmatch(key):
        abort(400)
    back = local_path(request.form.get("back")) or url_for("help.home", lang=lang)
    response = redirect(back, 303)
    https = portal().settings.is_https
    response.set_cookie(COOKIE, key, max_age=LIFETIME, samesite="Lax", secure=https)
    return response


def _current(root: Path, lang: str) -> Announcement | None:
    """What the file says now; read again only when it has changed."""
    path = root / lang / ANNOUNCEMENT_FILE
    try:
        found = path.stat()
    except OSError:
        return None
    stamp = (found.st_size, found.st_mtime_ns)
    known = _read.get(path)
    if known is None or known.stamp != stamp:
        known = _read[path] = _Read(stamp, read_announcement(root, lang, []))
    return known.said


def _by_cookie(response: Response) -> Response:
    if g.get("announcing"):
        response.vary.add("Cookie")
    return response
