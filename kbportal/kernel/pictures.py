"""Small pictures that an operator names in the settings: what they are is told by their content."""

from __future__ import annotations

import hashlib
import re
import struct
import xml.etree.ElementTree as ET  # nosec B405  no entities are let through, see below
from dataclasses import dataclass
from pathlib import Path

LARGEST_BYTES = 200_000

_PNG = b"\x89PNG\r\n\x1a\n"
_SVG = "{http://www.w3.org/2000/svg}"
_HARMFUL = frozenset({"script", "foreignObject", "iframe", "object", "embed"})
_NUMBER = re.compile(r"[0-9]+(?:\.[0-9]+)?")


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture in memory; `width` to `height` is its shape, in whatever unit."""

    body: bytes
    mimetype: str
    width: float
    height: float

    @property
    def shape(self) -> float:
        """How many times as wide as high."""
        return self.width / self.height

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.body).hexdigest()[:12]


def read_picture(path: Path) -> Picture:
    """A PNG or an SVG.

    Raises:
        ValueError: It is not there, too large, of another kind, or an SVG that can do something.
    """
    try:
        with path.open("rb") as file:
            body = file.read(LARGEST_BYTES + 1)
    except OSError as error:
        raise ValueError(f"cannot be opened: {error.strerror}") from error
    if len(body) > LARGEST_BYTES:
        raise ValueError(f"is larger than {LARGEST_BYTES // 1000} kB")
    if body.startswith(_PNG):
        return Picture(body, "image/png", *_png_size(body))
    return Picture(body, "image/svg+xml", *_svg_size(_svg_root(body)))


def _png_size(body: bytes) -> tuple[float, float]:
    if len(body) < 33 or body[12:16] != b"IHDR":
        raise ValueError("is no whole PNG")
    width, height = struct.unpack(">II", body[16:24])
    return _checked(width, height)


def _svg_root(body: bytes) -> ET.Element:
    """The outermost element of an SVG that draws and does nothing else."""
    if b"<!DOCTYPE" in body or b"<!ENTITY" in body:
        raise ValueError("is an SVG with a DOCTYPE: take that line out")
    try:
        root = ET.fromstring(body)  # noqa: S314  # nosec B314  a DOCTYPE was refused
    except (ET.ParseError, ValueError, LookupError) as error:
        raise ValueError("is neither a PNG nor an SVG") from error
    if root.tag != f"{_SVG}svg":
        raise ValueError("is neither a PNG nor an SVG")
    for element in root.iter():
        if str(element.tag).rpartition("}")[2] in _HARMFUL:
            raise ValueError("is an SVG with scripts or foreign parts: export a plain one")
        if any(_acts(name, value) for name, value in element.attrib.items()):
            raise ValueError("is an SVG that does or loads something: export a plain one")
    return root


def _acts(name: str, value: str) -> bool:
    """Whether an attribute runs something or leads out of the file."""
    plain = name.rpartition("}")[2].lower()
    leads_out = plain in {"href", "src"} and not value.strip().startswith(("#", "data:image/"))
    return plain.startswith("on") or leads_out


def _svg_size(root: ET.Element) -> tuple[float, float]:
    box = [float(one) for one in _NUMBER.findall(root.get("viewBox", ""))]
    if len(box) == 4:
        return _checked(box[2], box[3])
    size = [_NUMBER.match(root.get(name, "")) for name in ("width", "height")]
    if not all(size):
        raise ValueError("is an SVG without a viewBox")
    return _checked(*(float(one.group()) for one in size if one))


def _checked(width: float, height: float) -> tuple[float, float]:
    if not (0 < width <= 20_000 and 0 < height <= 20_000):
        raise ValueError("has no sensible width and height")
    return float(width), float(height)
