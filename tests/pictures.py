"""Small pictures of any kind and size."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

from PIL import Image

SVG = b'<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 30"></svg>'


def a_picture(kind: str = "PNG", *, size: tuple[int, int] = (40, 30), colour: int = 0) -> bytes:
    """A picture of one colour (0-255)."""
    buffer = BytesIO()
    Image.new("L", size, colour).save(buffer, kind)
    return buffer.getvalue()


def put(root: Path, path: str, data: bytes) -> Path:
    """Write a file below `root`, folders included."""
    file = root / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(data)
    return file
