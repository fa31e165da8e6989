"""Customer pages inside a frame on another site: the widget.

Each customer page has a twin below ``/<lang>/widget/``, made by the same handler from the same
template. What differs is here: who may frame it, links that stay in the frame, forms that need
no cookie, and the surface under which visits are counted.
"""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import quote

from flask import Flask, Response, abort, current_app, g, has_request_context, redirect, request
from flask_wtf.csrf import CSRFError
from itsdangerous import BadData, TimestampSigner
from werkzeug.datastructures import ImmutableMultiDict
from werkzeug.wrappers import Response as AnyResponse

from kbportal.web.opting_out import COOKIE as OPTED_OUT
from kbportal.web.own_origin import is_own_origin
from kbportal.web.portal import portal

ROOM = "widget"
TOKEN_LIFETIME_S = 24 * 3600
_TWIN = re.compile(rf"/([^/]+)/{ROOM}/.*")


class FramedApp(Flask):
    """An app whose pages, while they are shown in a frame, link to pages for the frame."""

    def url_for(self, /, endpoint: str, **options: Any) -> str:
        """As Flask's; what leaves the page, as in mails, is always the whole portal's address."""
        if not options.get("_external") and endpoint.startswith("help.") and is_framed_page():
            twin = f"{ROOM}.{endpoint.removeprefix('help.')}"
            endpoint = twin if twin in self.view_functions else endpoint
        return super().url_for(endpoint, **options)


def install(app: Flask) -> None:
    """Let listed sites show the twins, and tell templates whether they make one."""
    app.before_request(_forget_cookies)
    app.before_request(_lead_into_frame)
    app.after_request(_finish)
    app.context_processor(_for_templates)


def is_framed_page() -> bool:
    """Whether the current request is for a page of the frame, be it there or not."""
    if not has_request_context():
        return False
    match = _TWIN.fullmatch(request.path)
    return bool(match) and match[1] in portal().settings.languages  # type: ignore[index]


def is_framed() -> bool:
    """Whether the current request comes from the frame: for a page of it, or from its script."""
    if not has_request_context():
        return False
    if is_framed_page():
        return True
    # Our pages send the whole address of where they are, to us alone (Referrer-Policy).
    host, _, path = (request.referrer or "").partition("://")[2].partition("/")
    return host == request.headers.get("Host") and bool(
        _TWIN.fullmatch(f"/{path.partition('?')[0]}")
    )


def form_token() -> str:
    """What forms in a frame must bring back. No cookie can hold its other half: it is signed."""
    g.framed_token = _signer().sign(b"form").decode()
    return str(g.framed_token)


def refuse_forged() -> None:
    """Refuse a form that a page of ours did not send, or that was made more than a day ago.

    Nothing in the frame is done on the strength of a cookie, so a forged request could do no
    more than its author can do alone; it would come from another's address, though.

    Raises:
        CSRFError: The token is old, or is none of ours.
    """
    if request.method != "POST":
        return
    site, origin = request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin")
    is_ours = site == "same-origin" if site else origin is None or is_own_origin(origin)
    if not is_ours:
        abort(403)
    if not current_app.config["WTF_CSRF_ENABLED"]:
        return
    try:
        _signer().unsign(request.form.get("csrf_token", ""), max_age=TOKEN_LIFETIME_S)
    except BadData as error:
        raise CSRFError("the token of this form is old or unknown") from error


def _signer() -> TimestampSigner:
    return TimestampSigner(str(current_app.secret_key), salt="framed-form")


def _forget_cookies() -> None:
    """In a frame no cookie counts, not even where the browser sends it: sites of one family.

    But for the one that says no to being recognised, which is heeded wherever it is seen.
    """
    if is_framed():
        kept = {OPTED_OUT: "1"} if OPTED_OUT in request.cookies else {}
        request.__dict__["cookies"] = ImmutableMultiDict(kept)


def _lead_into_frame() -> AnyResponse | None:
    """Show the twin where a page is opened in a frame, as by a link within an article."""
    is_in_frame = request.headers.get("Sec-Fetch-Dest") == "iframe"
    if request.method != "GET" or not is_in_frame or request.blueprint != "help":
        return None
    lang = (request.view_args or {}).get("lang") or portal().settings.default_language
    rest = request.path.removeprefix("/").removeprefix(f"{lang}/")
    query = request.query_string.decode(errors="replace")
    # The path came decoded: what was no "?" and no line's end in it must not become one.
    response = redirect(f"/{lang}/{ROOM}/{quote(rest)}" + (f"?{query}" if query else ""))
    response.headers["Cache-Control"] = "no-store"
    return response


def _finish(response: Response) -> Response:
    """Let the sites that the operator lists frame the twins; set no cookie in a frame."""
    if is_framed():
        response.headers.pop("Set-Cookie", None)
    if not is_framed_page():
        return response
    response.headers["X-Robots-Tag"] = "noindex"
    if listed := portal().settings.widget_origins:
        policy = response.headers.get("Content-Security-Policy", "")
        allowed = f"frame-ancestors {' '.join(listed)}"
        response.headers["Content-Security-Policy"] = policy.replace(
            "frame-ancestors 'none'", allowed
        )
        # It knows no lists; browsers that know the policy above ignore it.
        response.headers.pop("X-Frame-Options", None)
    return response


def _for_templates() -> dict[str, object]:
    return {
        "framed": is_framed_page(),
        "framing_sites": " ".join(portal().settings.widget_origins),
    }
