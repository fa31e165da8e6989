"""Pictures on a shelf: only those that an article shows, and whether the public may see one."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterable, Iterator

from kbportal.articles.images import FOLDER, TYPES, Image, body_of

IMAGES_SCHEMA = """
CREATE TABLE images (path TEXT PRIMARY KEY, name TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE image_uses (
    name TEXT NOT NULL, article_id TEXT NOT NULL, public INTEGER NOT NULL,
    PRIMARY KEY (name, article_id)) WITHOUT ROWID;
CREATE INDEX image_uses_by_article ON image_uses (article_id);
CREATE TABLE image_bodies (name TEXT PRIMARY KEY, body BLOB NOT NULL);
"""

_SHOWN = re.compile(rf'"{re.escape(FOLDER)}([0-9a-f]{{24}}\.(?:{"|".join(TYPES)}))"')


def note_uses(shelf: sqlite3.Connection, article_id: str, html: str, *, is_public: bool) -> None:
    """Remember which pictures an article shows or links to."""
    rows = [(name, article_id, is_public) for name in dict.fromkeys(_SHOWN.findall(html))]
    shelf.executemany("INSERT INTO image_uses VALUES (?, ?, ?)", rows)


def keep_images(shelf: sqlite3.Connection, images: Iterable[Image]) -> None:
    """Put pictures in use on the shelf, take the others off, and note what lies where."""
    shelf.execute("DELETE FROM images")
    shelf.execute("DELETE FROM image_bodies WHERE name NOT IN (SELECT name FROM image_uses)")
    known = list(images)
    shelf.executemany(
        "INSERT INTO images VALUES (?, ?)", ((image.path, image.name) for image in known)
    )
    shelf.executemany("INSERT INTO image_bodies VALUES (?, ?)", _missing(shelf, known))


def _missing(shelf: sqlite3.Connection, images: Iterable[Image]) -> Iterator[tuple[str, bytes]]:
    """Pictures in use that are not on the shelf yet, read one by one."""
    wanted = {
        name
        for (name,) in shelf.execute(
            "SELECT DISTINCT name FROM image_uses WHERE name NOT IN (SELECT name FROM image_bodies)"
        ).fetchall()
    }
    for name, image in {image.name: image for image in images}.items():
        if name in wanted and (body := body_of(image)) is not None:
            yield name, body
