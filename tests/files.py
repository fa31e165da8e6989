"""Files that people attach, and files that they should not."""

from __future__ import annotations

import io
import struct
import zlib
from typing import Any

from PIL import Image

PDF = b"%PDF-1.4\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n"
LOG = b"2026-03-02 12:00:00 kettle: hum in B flat\n" * 20
HTML = b"<!doctype html><title>x</title><script>alert(1)</script>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'
PLACE = b"48.1486N 17.1077E"
"""Something that a photograph knows of its photographer."""


def a_picture(kind: str = "PNG", *, size: tuple[int, int] = (40, 30), **how: Any) -> bytes:
    """A picture of two colours."""
    image = Image.new("RGB", size, (200, 60, 20))
    image.paste((20, 60, 200), (0, 0, size[0] // 2, size[1]))
    out = io.BytesIO()
    image.save(out, kind, **how)
    return out.getvalue()


def a_photograph() -> bytes:
    """A JPEG that lies on its side and tells where and by what it was taken."""
    exif = Image.Exif()
    exif[0x0110] = "Kettlecam 3"
    exif[0x010E] = PLACE.decode()
    exif[0x0112] = 6
    return a_picture("JPEG", exif=exif, comment=PLACE)


def a_bomb(*, side: int = 60_000) -> bytes:
    """A PNG of a few kilobytes that says it has 3,600 million points."""
    head = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    data = zlib.compress(b"\0" * 1_000_000)
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        for kind, body in ((b"IHDR", head), (b"IDAT", data), (b"IEND", b""))
    )
