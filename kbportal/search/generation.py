"""One built index on disk, and the one that is live.

`indexes/<id>/` is written once and never changed; `indexes/current` names the live one and is
replaced in one step. Readers of an old generation finish undisturbed.
"""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

from kbportal.articles.shelf import Shelf, ShelfUnusable
from kbportal.embedding.encoder import load_encoder
from kbportal.embedding.ports import ModelUnusable, QueryEncoder
from kbportal.kernel.errors import PortalError
from kbportal.search.language import LanguageIndex, open_language

FORMAT = 1
POINTER = "current"
MANIFEST = "manifest.json"

log = logging.getLogger(__name__)


class IndexMissing(PortalError):
    """There is no usable index; `kbportal index` builds one."""

    code: ClassVar[str] = "index_missing"


@dataclass(frozen=True, slots=True)
class Generation:
    """An opened generation: the shelf that pages read, and an index per language.

    Attributes:
        degraded: Why meaning is not used, or "".
    """

    id: str
    folder: Path
    manifest: Mapping[str, Any]
    shelf: Shelf
    languages: Mapping[str, LanguageIndex]
    encoder: QueryEncoder | None
    degraded: str


def open_generation(folder: Path) -> Generation:
    """Open a generation; without a usable encoder it works on keywords and says so.

    Raises:
        IndexMissing: A file is missing, damaged, or of another version of the portal.
    """
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        if manifest["format"] != FORMAT:
            raise ValueError(f"format {manifest['format']}, not {FORMAT}")
        encoder, degraded = _open_encoder(folder, manifest)
        languages = {
            lang: open_language(folder / lang, lang, with_vectors=encoder is not None)
            for lang in manifest["languages"]
        }
        shelf = Shelf(folder / "shelf.sqlite")
    except (OSError, ValueError, KeyError, TypeError, EOFError, ShelfUnusable) as error:
        raise IndexMissing(
            f"The index in {folder} cannot be used ({error}). Run: kbportal index",
            folder=str(folder),
        ) from error
    return Generation(folder.name, folder, manifest, shelf, languages, encoder, degraded)


def live_folder(indexes: Path) -> Path:
    """Where the live generation is.

    Raises:
        IndexMissing: Nothing has been built yet, or the pointer leads nowhere.
    """
    try:
        name = (indexes / POINTER).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise IndexMissing(f"There is no index in {indexes}. Run: kbportal index") from error
    folder = indexes / name
    if not name or "/" in name or not (folder / MANIFEST).is_file():
        raise IndexMissing(f"The index {name!r} in {indexes} is gone. Run: kbportal index")
    return folder


def point_to(indexes: Path, folder: Path) -> None:
    """Make a generation the live one, so that a crash leaves either it or the one before."""
    unfinished = indexes / f"{POINTER}.{os.getpid()}"
    with unfinished.open("w", encoding="utf-8") as file:
        file.write(folder.name + "\n")
        file.flush()
        os.fsync(file.fileno())
    unfinished.replace(indexes / POINTER)
    handle = os.open(indexes, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _open_encoder(folder: Path, manifest: Mapping[str, Any]) -> tuple[QueryEncoder | None, str]:
    if manifest["recipe"] is None:
        return None, str(manifest.get("degraded") or "no_model")
    try:
        return load_encoder(folder / "encoder"), ""
    except ModelUnusable as error:
        log.warning("%s Searching by keywords alone.", error)
        return None, error.code
