"""Whether a file is what its name says, and of a kind that is taken: by both, or not at all.

Pictures are painted anew by `pictures`: nothing of the sender's file remains but what can be
seen. Documents and texts stay as they are and are only ever handed out to be saved.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

import puremagic

from kbportal.kernel.text import normalise
from kbportal.tickets.errors import AttachmentRefused
from kbportal.tickets.pictures import repaint

LONGEST_NAME = 100

KINDS: Mapping[str, str] = {
    "png": "png",
    "jpg": "jpg",
    "jpeg": "jpg",
    "webp": "webp",
    "gif": "gif",
    "pdf": "pdf",
    "txt": "txt",
    "log": "txt",
}
"""Ending of a name → kind."""
PICTURES = frozenset({"png", "jpg", "webp", "gif"})
OTHER_PICTURES = frozenset({"heic", "heif", "avif", "tif", "tiff", "bmp"})
"""Known as pictures, but nothing that we have paints them anew: their senders are told what would
be taken. Pillow reads no HEIC without a video decoder in C; phones make a JPEG of it by themselves
where a page asks for the kinds above."""

_ACTIVE = re.compile(
    r"^(?:p?html?\d?|[sx]html?|xht|pht\w*|php\w*|phar|svgz?|xml|xslt?|m?js|css|mht(?:ml)?|swf|"
    r"exe|com|scr|pif|bat|cmd|msi|msp|cpl|dll|hta|lnk|url|jar|war|apk|app|dmg|deb|rpm|"
    r"vb[se]?|ws[fh]?|ps[12]|ps1xml|sh|bash|py|pl|rb|cgi|asp\w*|jsp\w*|cfm|htaccess|"
    r"doc[mx]?|xls[bmx]?|ppt[mx]?|zip|rar|7z|gz|iso|img)$"
)
"""Endings that are refused before another one, too: `photo.php.png` wants to be something else."""

_MAGIC = {
    "png": b"\x89PNG\r\n\x1a\n",
    "jpg": b"\xff\xd8\xff",
    "webp": b"RIFF",
    "gif": b"GIF8",
    "pdf": b"%PDF-",
}
_ENDINGS = {
    "png": {".png"},
    "jpg": {".jpg", ".jpeg"},
    "webp": {".webp"},
    "gif": {".gif"},
    "pdf": {".pdf"},
}
_ZIP_END = b"PK\x05\x06"
_ZIP_TAIL = 65_557
_PDF_END = b"%%EOF"
_PDF_SLACK = 1_024
_HEAD = 2_048
_PROGRAM = re.compile(
    rb"\s*(?:#!|<(?:!doctype|!--|html|head|body|script|svg|iframe|object|embed|\?xml|\?php|\?=|%))",
    re.I,
)
"""What a browser or a shell goes by at the beginning of a file; further down it is a quotation."""
_PAGE = re.compile(rb"<(?:!doctype|html|script|svg|iframe|\?php)[\s>]", re.I)
_UNPRINTED = re.compile(rb"[\x00-\x06\x0e-\x1a\x1c-\x1f]")


def safe_name(name: str) -> str:
    """A name to show and to save under: no folders, nothing invisible, not too long."""
    last = normalise(re.split(r"[/\\]", name)[-1])
    last = re.sub(r'[<>:"|?*;%]', "_", last).strip(" .")
    stem, dot, ending = last.rpartition(".")
    if not dot:
        return last[:LONGEST_NAME] or "file"
    return f"{stem[: LONGEST_NAME - len(ending[:10]) - 1].rstrip(' .')}.{ending[:10]}"


def examine(name: str, content: bytes) -> tuple[str, bytes]:
    """The kind of a file and the content to keep.

    Raises:
        AttachmentRefused: It is not of a kind that is taken, or not what its name says.
    """
    kind = _kind_of(name)
    if not content:
        raise _refused("empty", name)
    if kind == "txt":
        wrong = not _is_text(content)
    else:
        wrong = not content.startswith(_MAGIC[kind]) or not _is_known_as(kind, content)
    if wrong or (kind == "pdf" and not _is_only_pdf(content)):
        raise _refused("content", name)
    if kind in PICTURES:
        content = repaint(content, kind=kind, name=name)
    return kind, content


def _kind_of(name: str) -> str:
    first, *parts = name.lower().split(".")
    ending = parts[-1].strip() if parts and first else ""
    if ending in OTHER_PICTURES:
        raise _refused("picture", name)
    kind = KINDS.get(ending)
    if kind is None or any(_ACTIVE.match(part.strip()) for part in parts[:-1]):
        raise _refused("kind", name)
    return kind


def _is_known_as(kind: str, content: bytes) -> bool:
    """Whether the marks of the format are those of this kind and of no better known one."""
    try:
        found = puremagic.magic_string(content)
    except (puremagic.PureError, ValueError):
        return False
    best = max((one.confidence for one in found), default=0.0)
    return any(one.extension in _ENDINGS[kind] and one.confidence == best for one in found)


def _is_only_pdf(content: bytes) -> bool:
    """A document with an end and hardly anything behind it; no archive in disguise."""
    end = content.rfind(_PDF_END)
    if end < 0 or len(content) - end > _PDF_SLACK:
        return False
    return _ZIP_END not in content[-_ZIP_TAIL:] and not _PAGE.search(content[:_HEAD])


def _is_text(content: bytes) -> bool:
    """Words for people in any usual encoding, and nothing that a program would run."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        try:
            content = content.decode("utf-16").encode("utf-8", "replace")
        except UnicodeDecodeError:
            return False
    content = content.removeprefix(b"\xef\xbb\xbf")
    if _UNPRINTED.search(content):
        return False
    return not _PROGRAM.match(content)


def _refused(problem: str, name: str) -> AttachmentRefused:
    return AttachmentRefused(f"a file is refused: {problem}", problem=problem, name=name)
