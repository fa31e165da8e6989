"""A picture that a phone reads. The only door to segno."""

from __future__ import annotations

import segno


def picture_address(content: str) -> str:
    """A ``data:`` address of an SVG for an `img`: black on white whatever the page's colours are.

    Phones read dark on light alone, with the white edge of four modules that the standard wants.
    """
    code = segno.make_qr(content, error="m")
    return code.svg_data_uri(scale=4, border=4, dark="#000", light="#fff", xmldecl=False)
