"""Which files are taken, by their name and by what is in them."""

from __future__ import annotations

import io
import json
import subprocess
import sys
import time

import pytest
from PIL import Image, ImageSequence

from kbportal.tickets import picture_child, pictures
from kbportal.tickets.contents import examine, safe_name
from kbportal.tickets.errors import AttachmentRefused
from tests.files import HTML, LOG, PDF, PLACE, SVG, a_bomb, a_photograph, a_picture

USE_OF_A_CHILD = """
import json, os, sys
argv = [sys.executable, "-m", "kbportal.tickets.picture_child", "png"]
_, status, used = os.wait4(os.posix_spawn(sys.executable, argv, os.environ), 0)
processor_s = used.ru_utime + used.ru_stime
print(json.dumps([os.waitstatus_to_exitcode(status), used.ru_maxrss, processor_s]))
"""
"""Run by a small process: a child begins with the peak of whoever starts it, such as pytest."""


def problem_of(name: str, content: bytes) -> object:
    with pytest.raises(AttachmentRefused) as caught:
        examine(name, content)
    return caught.value.facts["problem"]


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("Screenshot 2.10.2026.PNG", a_picture("PNG"), "png"),
        ("IMG_0001.jpeg", a_picture("JPEG"), "jpg"),
        ("kettle.webp", a_picture("WEBP"), "webp"),
        ("invoice.pdf", PDF, "pdf"),
        ("kettle.log", LOG, "txt"),
        ("poznámka.txt", "žltý kôň".encode("cp1250"), "txt"),
        ("wide.txt", "žltý kôň".encode("utf-16"), "txt"),
        ("quote.txt", b"It says:\n" + HTML, "txt"),
        ("bmw.txt", b"BMW, MZ and ID3 are words", "txt"),
    ],
)
def test_what_people_send_is_taken(name: str, content: bytes, kind: str) -> None:
    assert examine(name, content)[0] == kind


@pytest.mark.parametrize(
    "name",
    ["page.html", "drawing.svg", "shell.phtml", "setup.exe", "photo.php.png", "report.pdf.exe",
     "page.html.txt", "x.pHp5.jpg", "archive.zip", "letter.docm", "noending", ".htaccess", ".png",
     "a.png.", "a.png ", "film.mov"],
)  # fmt: skip
def test_a_name_that_is_no_picture_document_or_text_is_refused(name: str) -> None:
    if name in {"a.png.", "a.png "}:
        assert safe_name(name) == "a.png"
        return
    assert problem_of(name, a_picture()) == "kind"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.png", HTML),
        ("a.png", a_picture("JPEG")),
        ("a.jpg", b"GIF89a" + HTML),
        ("a.pdf", HTML),
        ("a.pdf", b"%PDF-1.4\n<script>alert(1)</script>\n%%EOF"),
        ("a.pdf", b"%PDF-1.4\nno end"),
        ("a.pdf", PDF + b"PK\x05\x06" + b"\0" * 18),
        ("a.pdf", PDF + b"x" * 5_000),
        ("a.pdf", b"GIF89a" + PDF),
        ("a.txt", HTML),
        ("a.txt", b"\n " + SVG),
        ("a.log", b"#!/bin/sh\nrm -rf /"),
        ("a.txt", b"MZ\x90\x00\x03\x00"),
        ("a.txt", HTML.decode().encode("utf-16")),
        ("a.webp", b"RIFF\x24\x00\x00\x00WAVEfmt "),
    ],
)
def test_what_is_not_as_its_name_says_is_refused(name: str, content: bytes) -> None:
    assert problem_of(name, content) == "content"


def test_an_empty_file_is_refused() -> None:
    assert problem_of("a.txt", b"") == "empty"


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_what_follows_a_picture_does_not_survive(kind: str) -> None:
    name = f"a.{kind.lower()}"

    _, painted = examine(name, a_picture(kind) + b"PK\x03\x04" + HTML)

    assert b"script" not in painted
    assert b"PK\x03\x04" not in painted


def test_a_photograph_stands_upright_and_tells_nothing_of_its_photographer() -> None:
    _, painted = examine("photo.jpg", a_photograph())

    with Image.open(io.BytesIO(painted)) as image:
        assert image.size == (30, 40)
        assert not image.getexif()
    assert PLACE not in painted
    assert b"Kettlecam" not in painted


def test_what_was_written_beside_a_picture_is_gone() -> None:
    from PIL.PngImagePlugin import PngInfo

    info = PngInfo()
    info.add_text("Author", "Jana")
    _, painted = examine("a.png", a_picture("PNG", pnginfo=info, dpi=(300, 300)))

    assert b"Jana" not in painted
    assert b"pHYs" not in painted


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_a_picture_looks_as_before(kind: str) -> None:
    _, painted = examine(f"a.{kind.lower()}", a_picture(kind))

    with Image.open(io.BytesIO(painted)) as image:
        red, _, blue = image.convert("RGB").getpixel((35, 15))  # type: ignore[misc]
    assert red > 150 > blue


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "CMYK", "I;16"])
def test_pictures_of_every_kind_of_colour_are_taken(mode: str) -> None:
    kind = "JPEG" if mode == "CMYK" else "PNG"
    out = io.BytesIO()
    Image.new(mode, (8, 8)).save(out, kind)

    assert picture_child.repainted(out.getvalue(), kind)


@pytest.mark.parametrize(
    "content",
    [a_bomb(), a_picture("PNG", size=(900, 900))[:-600], a_picture("PNG")[:40]],
    ids=["bomb", "truncated", "head only"],
)
def test_a_picture_that_is_no_whole_picture_is_refused(content: bytes) -> None:
    assert problem_of("a.png", content) == "picture"


def test_a_bomb_takes_neither_time_nor_memory() -> None:
    starter = [sys.executable, "-c", USE_OF_A_CHILD]
    done = subprocess.run(starter, input=a_bomb(), stdout=subprocess.PIPE, check=True)

    returned, peak_kb, processor_s = json.loads(done.stdout)

    assert returned == 1
    assert peak_kb < 200_000
    assert processor_s < 1


def test_who_sends_a_picture_while_others_are_painted_does_not_wait_long() -> None:
    for _ in range(pictures.AT_ONCE):
        pictures._turns.acquire()
    began = time.monotonic()

    try:
        assert problem_of("a.png", a_picture()) == "busy"
    finally:
        pictures._turns.release(pictures.AT_ONCE)

    assert time.monotonic() - began < 5


def test_a_very_large_photograph_is_read_at_a_smaller_size() -> None:
    painted = picture_child.repainted(a_picture("JPEG", size=(9_000, 6_000)), "JPEG")

    with Image.open(io.BytesIO(painted)) as image:
        assert image.size == (4_500, 3_000)


def test_a_picture_that_moves_is_refused() -> None:
    frames = [Image.new("RGB", (8, 8), (shade, 0, 0)) for shade in (0, 250)]
    out = io.BytesIO()
    frames[0].save(out, "WEBP", save_all=True, append_images=frames[1:])

    assert problem_of("a.webp", out.getvalue()) == "picture"


@pytest.mark.parametrize(
    ("given", "safe"),
    [
        ("C:\\Users\\Jana\\photo.png", "photo.png"),
        ("../../etc/passwd", "passwd"),
        ("a\r\nSet-Cookie: x.png", "a Set-Cookie_ x.png"),
        ("gnp.\u202eexe.png", "gnp.exe.png"),
        ('"><script>.txt', "___script_.txt"),
        ("", "file"),
        ("...", "file"),
        ("x" * 300 + ".jpeg", "x" * 95 + ".jpeg"),
        ("žltý kôň.png", "žltý kôň.png"),
    ],
)
def test_a_name_is_made_safe_to_show(given: str, safe: str) -> None:
    assert safe_name(given) == safe


def a_moving_picture(*, size: tuple[int, int] = (40, 30), frames: int = 3) -> bytes:
    """A GIF that says something beside its frames."""
    pictures = [Image.new("RGB", size, (60 * number, 20, 20)) for number in range(frames)]
    out = io.BytesIO()
    pictures[0].save(
        out, "GIF", save_all=True, append_images=pictures[1:], duration=[80, 500, 80], loop=0,
        comment=PLACE,
    )  # fmt: skip
    return out.getvalue()


def test_a_moving_picture_keeps_its_frames_and_nothing_beside_them():
    sent = a_moving_picture()
    assert PLACE in sent

    kind, kept = examine("steps.gif", sent + b"<script>alert(1)</script>")

    with Image.open(io.BytesIO(kept)) as image:
        shown_ms = [frame.info["duration"] for frame in ImageSequence.Iterator(image)]
    assert (kind, shown_ms) == ("gif", [80, 500, 80])
    assert PLACE not in kept
    assert b"script" not in kept


@pytest.mark.parametrize(
    "sent",
    [a_moving_picture(size=(4000, 4000)), a_moving_picture()[:-40], b"GIF89a" + b"<script>" * 9],
    ids=["too many points", "cut", "no picture"],
)
def test_a_moving_picture_that_cannot_be_painted_whole_is_refused(sent):
    with pytest.raises(AttachmentRefused):
        examine("steps.gif", sent)


@pytest.mark.parametrize("name", ["photo.HEIC", "photo.heif", "scan.tiff"])
def test_pictures_of_other_kinds_are_told_what_would_be_taken(name):
    with pytest.raises(AttachmentRefused) as refused:
        examine(name, b"\0\0\0\x18ftypheic")
    assert refused.value.facts["problem"] == "picture"
