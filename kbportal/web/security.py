"""What every response carries and what no request may do, before any room is asked."""

from __future__ import annotations

import ipaddress
from datetime import timedelta
from urllib.parse import urlsplit

from flask import Flask, Response, abort, current_app, request
from flask_limiter import Limiter
from flask_wtf.csrf import CSRFProtect
from limits import RateLimitItem
from werkzeug.middleware.proxy_fix import ProxyFix

from kbportal.settings import Settings
from kbportal.tickets.attachments import MAX_REQUEST_BYTES
from kbportal.web import shared_counts
from kbportal.web.api_paths import is_for_programs

MAX_BODY_BYTES = 1_000_000
MAX_FIELDS = 1_000
MAX_UPLOAD_BYTES = MAX_REQUEST_BYTES
UPLOADS = frozenset({"contact_post", "contact_files", "reply"})
"""Pages, framed or not, whose multipart forms may carry files; their texts stay within
`MAX_BODY_BYTES`."""
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "object-src 'none'",
        "frame-ancestors 'none'",
        "trusted-types kbportal",
        "require-trusted-types-for 'script'",
    )
)

HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}


def client_key() -> str:
    """Whom a rate limit counts: an address, or for IPv6 the network of 64 bits."""
    try:
        address = ipaddress.ip_address(request.remote_addr or "")
    except ValueError:
        return "unknown"
    if isinstance(address, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((address, 64), strict=False))
    return str(address)


csrf = CSRFProtect()
limiter = Limiter(client_key, headers_enabled=True)

TICKETS_FILED = "5 per 10 minutes"
FILING = "filing"
"""The scope in which form, widget and API count the tickets of one address together."""


@limiter.request_filter
def _is_unlimited() -> bool:
    """Whether this app counts nobody: the limiter itself remembers only the last app's choice."""
    return not current_app.config["RATELIMIT_ENABLED"]


def may_spend(budget: RateLimitItem, what: str, *, cost: int) -> bool:
    """Whether this client has so much left of a budget."""
    return _is_unlimited() or limiter.limiter.test(budget, what, client_key(), cost=cost)


def spend(budget: RateLimitItem, what: str, *, cost: int) -> None:
    """Count what this client has used of a budget."""
    if not _is_unlimited():
        limiter.limiter.hit(budget, what, client_key(), cost=cost)


def install(app: Flask, settings: Settings) -> None:
    """Set limits, cookies, hosts, tokens and headers."""
    counts = settings.instance / shared_counts.FILE_NAME
    app.config.update(
        SECRET_KEY=settings.secret_key(),
        RATELIMIT_ENABLED=settings.rate_limits,
        RATELIMIT_STORAGE_URI=f"{shared_counts.SCHEME}:{counts}",
        MAX_CONTENT_LENGTH=MAX_BODY_BYTES,
        MAX_FORM_MEMORY_SIZE=MAX_BODY_BYTES,
        MAX_FORM_PARTS=MAX_FIELDS,
        TRUSTED_HOSTS=trusted_hosts(settings),
        SESSION_COOKIE_NAME="__Host-kb_session" if settings.is_https else "kb_session",
        SESSION_COOKIE_SECURE=settings.is_https,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        PERMANENT_SESSION_LIFETIME=timedelta(days=7),
        WTF_CSRF_TIME_LIMIT=24 * 3600,
    )
    if hops := settings.trusted_proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    app.before_request(refuse_hostile)
    csrf.init_app(app)
    limiter.init_app(app)
    app.after_request(add_headers)


def trusted_hosts(settings: Settings) -> list[str] | None:
    """Host names that are answered; None for any."""
    if settings.trusted_hosts:
        return list(settings.trusted_hosts)
    host = urlsplit(settings.site_url).hostname
    return [host, "localhost", "127.0.0.1", "[::1]"] if host else None


def refuse_hostile() -> None:
    """Refuse control characters in addresses, cross-site writes and forms of a thousand fields."""
    if any(ord(char) < 32 or ord(char) == 127 for char in request.path):
        abort(400)
    if request.method in SAFE_METHODS:
        return
    # The API decides by its own list of allowed origins.
    if not is_for_programs() and request.headers.get("Sec-Fetch-Site") == "cross-site":
        abort(403)
    page = (request.endpoint or "").rpartition(".")[2]
    if page in UPLOADS and request.mimetype == "multipart/form-data":
        request.max_content_length = MAX_UPLOAD_BYTES
    is_form = request.mimetype == "application/x-www-form-urlencoded"
    if is_form and request.get_data().count(b"&") >= MAX_FIELDS:
        abort(413)


def add_headers(response: Response) -> Response:
    """Give the response every header that it does not set itself; pages are private by default."""
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if "Cache-Control" not in response.headers:
        response.headers["Cache-Control"] = "private, no-cache"
    return response
