"""Stylesheets, scripts and pictures: read once, served under an address that changes with them.

Every address carries one hash of the whole folder, so that a module's relative imports and a
picture's address change together and browsers may keep each file for a year. There is no build
step; a bundle is its stylesheets one after another, and each script brings what it imports.
"""

from __future__ import annotations

import gzip
import hashlib
import mimetypes
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from flask import Flask, Response, abort, request

from kbportal.web.compression import takes_gzip
from kbportal.web.scripts import bundled

BUNDLES: Mapping[str, tuple[str, ...]] = {
    "css/customer.css": (
        "tokens", "base", "layout", "buttons", "fields", "files", "search", "cards", "alerts",
        "prose", "suggestions", "conversation", "help",
    ),
    "css/room-staff.css": (
        "tokens", "base", "layout", "buttons", "fields", "files", "cards", "alerts", "prose",
        "conversation", "staff",
    ),
}  # fmt: skip

FOLDER = Path(__file__).resolve().parents[2] / "static"
_VERSION = re.compile(r"[0-9a-f]{12}")
_COMMENT = re.compile(rb"/\*(?:[^*]|\*(?!/))*\*/")
_INDENT = re.compile(rb"\s*\n\s*")
A_YEAR_S = 365 * 24 * 3600
_TYPES = {".js": "text/javascript", ".svg": "image/svg+xml", ".css": "text/css"}


@dataclass(frozen=True, slots=True)
class Asset:
    """One file in memory, plain and compressed."""

    body: bytes
    packed: bytes
    mimetype: str
    digest: str


@dataclass(frozen=True, slots=True)
class Assets:
    """Path below the static folder → file; `version` is the hash of them all."""

    files: Mapping[str, Asset]
    version: str

    def url(self, path: str) -> str:
        """The address under which a file may be kept for ever."""
        return f"/static/{self.version}/{path}"


def read_assets(folder: Path) -> Assets:
    """Read the static folder and put the bundles together."""
    bodies = dict(_bodies(folder))
    files = {path: _asset(path, body) for path, body in (bodies | _scripts(bodies)).items()}
    for name, parts in BUNDLES.items():
        body = b"\n".join(files[f"css/{part}.css"].body for part in parts)
        files[name] = _asset(name, lean(body))
    whole = hashlib.sha256("".join(one.digest for one in files.values()).encode())
    return Assets(files, whole.hexdigest()[:12])


def install(app: Flask, *, folder: Path = FOLDER) -> None:
    """Serve the folder below /static/ and teach templates `static_url`."""
    assets = read_assets(folder)
    app.jinja_env.globals["static_url"] = assets.url

    def serve(path: str) -> Response:
        version, _, rest = path.partition("/")
        versioned = bool(_VERSION.fullmatch(version))
        asset = assets.files.get(rest if versioned else path)
        if asset is None:
            abort(404)
        return _respond(asset, lasting=version == assets.version)

    app.add_url_rule("/static/<path:path>", "static", serve)


def lean(css: bytes) -> bytes:
    """A stylesheet without comments and indentation: a sixth of what is sent.

    Nothing else is touched. A string must not hold what looks like a comment; a test sees to it.
    """
    return _INDENT.sub(b"\n", _COMMENT.sub(b"", css)).strip() + b"\n"


def _bodies(folder: Path) -> Iterator[tuple[str, bytes]]:
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not path.name.startswith("."):
            yield path.relative_to(folder).as_posix(), path.read_bytes()


def _scripts(bodies: Mapping[str, bytes]) -> dict[str, bytes]:
    """Path → script with all that it imports; the scripts of one folder see each other."""
    folder = "js/"
    texts = {
        path.removeprefix(folder): body.decode()
        for path, body in bodies.items()
        if path.startswith(folder) and path.endswith(".js") and "/" not in path[len(folder) :]
    }
    return {f"{folder}{name}": bundled(name, texts).encode() for name in texts}


def _asset(path: str, body: bytes) -> Asset:
    suffix = Path(path).suffix
    mimetype = _TYPES.get(suffix) or mimetypes.guess_type(path)[0] or "application/octet-stream"
    packed = gzip.compress(body, 9, mtime=0) if suffix in _TYPES else b""
    return Asset(body, packed, mimetype, hashlib.sha256(path.encode() + body).hexdigest())


def _respond(asset: Asset, *, lasting: bool) -> Response:
    packed = bool(asset.packed) and takes_gzip()
    response = Response(asset.packed if packed else asset.body, mimetype=asset.mimetype)
    response.set_etag(asset.digest[:20], weak=True)
    response.vary.add("Accept-Encoding")
    if packed:
        response.content_encoding = "gzip"
    response.cache_control.public = True
    response.cache_control.max_age = A_YEAR_S if lasting else 300
    if lasting:
        response.cache_control.immutable = True
    response.make_conditional(request)
    return response
