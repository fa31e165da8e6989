from __future__ import annotations

import time

import pytest

from kbportal.markup.links import is_relative, resolve
from kbportal.markup.source import scan

TARGETS = {"en/a/x.md": "/en/articles/x", "en/b/with space.md": "/en/articles/s"}


@pytest.mark.parametrize(
    ("href", "address"),
    [
        ("x.md", "/en/articles/x"),
        ("x", "/en/articles/x"),
        ("./x.md#top", "/en/articles/x#top"),
        ("../a/x.md?view=1#top", "/en/articles/x#top"),
        ("../b/with%20space.md", "/en/articles/s"),
        ("..\\a\\x.md", "/en/articles/x"),
        ("../../../../etc/passwd", ""),
        ("y.md", ""),
        ("#here", "#here"),
        ("/en/contact", "/en/contact"),
        ("mailto:a@b.example", "mailto:a@b.example"),
        ("", ""),
    ],
)
def test_an_address_is_resolved_from_its_article(href: str, address: str) -> None:
    assert resolve(href, base="en/a/y.md", targets=TARGETS) == address


def test_only_addresses_of_files_are_relative() -> None:
    assert is_relative("x.md")
    assert not any(map(is_relative, ("", "#a", "/a", "//e.example", "tel:1", "javascript:x")))


def test_a_scan_finds_links_images_headings_and_anchors_with_their_lines() -> None:
    found = scan(
        "# Top\n\n[a](x.md) ![](y.png)\n<a name='old'></a>\n\n```\n[no](code.md)\n# no\n```\n"
        "`[no](span.md)`\n\n## Žltý [b](<z z.md>)\n\n[ref]: r.md\n<img src='i.png'>"
    )

    assert [(r.line, r.href, r.is_image) for r in found.references] == [
        (3, "x.md", False), (3, "y.png", True), (12, "z z.md", False), (14, "r.md", False),
        (15, "i.png", True),
    ]  # fmt: skip
    assert [(h.line, h.level, h.title) for h in found.headings] == [
        (1, 1, "Top"),
        (12, 2, "Žltý b"),
    ]
    assert found.anchors == {"top", "zlty-b", "old"}


def test_hostile_text_is_scanned_quickly() -> None:
    started = time.perf_counter()

    for unit in ("[", "[a](", "<a ", "`", "![", "[a]: ", "# ", "<a href='", "[![a](b)"):
        scan(unit * 15_000)

    assert time.perf_counter() - started < 3
