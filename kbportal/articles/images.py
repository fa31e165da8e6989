"""Pictures beside the articles: what they are by their content, how large, and their address.

An address is made of the content, so that browsers may keep a picture for good and a changed
one is seen at once. Nothing is decoded: of raster formats only the header is read.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from types import MappingProxyType

from kbportal.articles.model import Problem

SUFFIXES = (".png", ".jpg", ".jpeg", ".gif", ".webp", ".svg")
TYPES: Mapping[str, str] = MappingProxyType({
    "png": "image/png", "jpg": "image/jpeg", "gif": "image/gif", "webp": "image/webp",
    "svg": "image/svg+xml",
})  # fmt: skip
"""Kind of picture → media type; a picture is of one of these kinds or is not shown."""

MAX_BYTES = 5_000_000
MAX_PIXELS = 50_000_000
FOLDER = "/media/"
_KINDS = {"PNG": "png", "JPEG": "jpg", "GIF": "gif", "WEBP": "webp"}
_LARGEST_SIDE = 9_999

_SVG_TAG = re.compile(rb"<svg\b[^<>]{0,4000}>")
_SVG_SIDE = {
    side: re.compile(rb'\s%s\s*=\s*["\']\s*(\d{1,5})(?:\.\d*)?(?:px)?\s*["\']' % side)
    for side in (b"width", b"height")
}
_SVG_BOX = re.compile(
    rb'\sviewBox\s*=\s*["\'][\s,]*[-\d.]+[\s,]+[-\d.]+[\s,]+(\d+)[\d.]*[\s,]+(\d+)'
)


@dataclass(frozen=True, slots=True)
class Image:
    """One picture.

    Attributes:
        path: Posix path relative to the articles folder.
        name: SHA-256 of the content, shortened to 24 hexadecimal digits, with the kind as suffix.
        width, height: Pixels; 0 where a drawing does not say.
    """

    path: str
    name: str
    width: int
    height: int
    file: Path

    @property
    def address(self) -> str:
        """Where pages find it."""
        return FOLDER + self.name


def read_image(file: Path, *, path: str) -> Image | Problem:
    """The picture in an ordinary file, or why there is none to show."""
    try:
        if file.stat().st_size > MAX_BYTES:
            message = f"is not shown: over {MAX_BYTES / 1e6:.0f} MB; make it smaller"
            return Problem(path, 1, "image-too-large", "warning", message)
        data = file.read_bytes()
    except OSError as error:
        message = f"cannot be opened: {error.strerror}: it is not read"
        return Problem(path, 1, "unreadable", "error", message)
    kind, width, height = _drawing(data) or _photograph(data)
    if not kind:
        message = "is not shown: it is no PNG, JPEG, GIF, WebP or SVG picture; save it as one"
        return Problem(path, 1, "image-unknown", "warning", message)
    if width * height > MAX_PIXELS:
        message = f"is not shown: {width} × {height} pixels; make it smaller"
        return Problem(path, 1, "image-too-large", "warning", message)
    return Image(path, f"{_digest(data)}.{kind}", width, height, file)


def body_of(image: Image) -> bytes | None:
    """The picture's bytes; None if the file is gone or says something else by now."""
    try:
        data = image.file.read_bytes()
    except OSError:
        return None
    return data if image.name.startswith(f"{_digest(data)}.") else None


def sizes_of(images: Iterable[Image]) -> dict[str, tuple[int, int]]:
    """Address → width and height, at most 9,999, in the picture's proportions."""
    found = {}
    for one in images:
        if one.width and one.height:
            scale = min(1.0, _LARGEST_SIDE / max(one.width, one.height))
            sides = (max(1, round(one.width * scale)), max(1, round(one.height * scale)))
            found[one.address] = sides
    return found


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:24]


def _photograph(data: bytes) -> tuple[str, int, int]:
    """Kind, width and height; the kind is empty for what is no picture."""
    # Not at the top: web workers import this module, and never read a picture.
    from PIL import Image as Pictures

    try:
        with Pictures.open(BytesIO(data), formats=tuple(_KINDS)) as opened:
            return _KINDS[opened.format or ""], opened.width, opened.height
    except Pictures.DecompressionBombError:
        return "png", MAX_PIXELS, MAX_PIXELS
    except Exception:  # noqa: BLE001  whatever a broken picture does to the library, it is broken
        return "", 0, 0


def _drawing(data: bytes) -> tuple[str, int, int] | None:
    """The same for an SVG; None for anything else."""
    start = data[:20_000]
    if start[:1] not in b"<\xef \t\r\n" or not (tag := _SVG_TAG.search(start)):
        return None
    sides = [pattern.search(tag[0]) for pattern in _SVG_SIDE.values()]
    if all(sides):
        width, height = (int(side[1]) for side in sides if side)
        return "svg", width, height
    box = _SVG_BOX.search(tag[0])
    return ("svg", int(box[1]), int(box[2])) if box else ("svg", 0, 0)
