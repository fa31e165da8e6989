"""Finished public pages, kept compressed for as long as what they are made of stays the same.

Making an article's page takes milliseconds of templates, questions to the shelf and packing;
handing out a kept one takes none of them. A page is kept by all that it varies with: where it was
asked for, the shelf, the announcement, and what its handler names besides. What was made with a
look at who asks (a session, a colleague, a visitor's id) is nobody else's and never kept, nor is
what was asked for with a query or by a browser that has signed in.
"""

from __future__ import annotations

import gzip
import hashlib
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from weakref import WeakKeyDictionary

from flask import Flask, Response, current_app, g, request

from kbportal.articles.shelf import Shelf
from kbportal.web.addresses import base
from kbportal.web.announcing import announcement
from kbportal.web.compression import takes_gzip
from kbportal.web.freshness import public_page, with_tag
from kbportal.web.portal import portal
from kbportal.web.staff import may_be_staff

MOST_BYTES = 12_000_000
"""What one process keeps of one shelf: about two thousand articles' pages."""
LEVEL = 9
"""Packed once and sent often."""
_KEY = "kbportal_kept_pages"
_MARKS = ("visitor", "staff", "csrf_token", "framed_token")
"""What is left behind by whoever asks for a visitor, a colleague or a token."""


@dataclass(frozen=True, slots=True)
class KeptPage:
    """A page as it is sent to browsers that unpack it, and the tag of what is in it."""

    packed: bytes
    tag: str


class KeptPages:
    """The pages that were asked for last, up to so many bytes together; safe in threads."""

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self._most, self._size = most_bytes, 0
        self._pages: OrderedDict[Hashable, KeptPage] = OrderedDict()
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._pages)

    def get(self, key: Hashable) -> KeptPage | None:
        with self._lock:
            if key in self._pages:
                self._pages.move_to_end(key)
            return self._pages.get(key)

    def put(self, key: Hashable, page: KeptPage) -> None:
        """Keep a page; those that nobody asked for longest make room."""
        with self._lock:
            if former := self._pages.pop(key, None):
                self._size -= len(former.packed)
            self._pages[key] = page
            self._size += len(page.packed)
            while self._size > self._most:
                _, gone = self._pages.popitem(last=False)
                self._size -= len(gone.packed)


def install(app: Flask) -> None:
    """Give the app its pages: by shelf, so that they go with it."""
    shelves: WeakKeyDictionary[Shelf, KeptPages] = WeakKeyDictionary()
    app.extensions[_KEY] = shelves


def kept_page(make: Callable[[], str], *, varies: tuple[Hashable, ...] = ()) -> Response:
    """A public page (see `public_page`) of those that are kept, or made now.

    Args:
        varies: What the page depends on besides its address, the shelf and the announcement, such
            as the version of an article that this visitor is shown. Whoever adds to a page
            something that differs between visitors names it here.
    """
    if request.query_string or may_be_staff():
        return public_page(make())
    pages = _pages()
    # Twins in the frame have addresses of their own; links say where the portal was asked for.
    key = (request.path, request.script_root, base(), announcement(), *varies)
    page = pages.get(key)
    if page is None:
        page = _packed(make())
        if not _was_personal():
            pages.put(key, page)
    return _response(page)


def _pages() -> KeptPages:
    shelves: WeakKeyDictionary[Shelf, KeptPages] = current_app.extensions[_KEY]
    return shelves.setdefault(portal().live.current().shelf, KeptPages())


def _packed(html: str) -> KeptPage:
    body = html.encode()
    return KeptPage(gzip.compress(body, LEVEL, mtime=0), hashlib.sha256(body).hexdigest()[:20])


def _was_personal() -> bool:
    """Whether making the page found somebody who asks for it, or put a token into it."""
    return any(g.get(mark) for mark in _MARKS)


def _response(page: KeptPage) -> Response:
    if takes_gzip():
        response = Response(page.packed, mimetype="text/html")
        response.content_encoding = "gzip"
    else:
        response = Response(gzip.decompress(page.packed), mimetype="text/html")
    return with_tag(response, page.tag)
