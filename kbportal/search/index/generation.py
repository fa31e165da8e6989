"""One built index on disk, and the one that is live.

`indexes/<id>/` is written once and never changed; `indexes/current` names the live one and is
replaced in one step. Readers of an old generation finish undisturbed.
"""

from __future__ import annotations

import json
import logging
import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar

from kbportal.articles.shelf import Shelf
from kbportal.embedding.encoder import load_encoder
from kbportal.embedding.ports import ModelUnusable, QueryEncoder
from kbportal.kernel.durable import sync
from kbportal.kernel.errors import PortalError
from kbportal.search.index.language import LanguageIndex, open_language
from kbportal.search.index.manifest import MANIFEST
from kbportal.search.text.synonyms import SynonymTable, open_synonyms

FORMAT = 5
POINTER = "current"

_KEPT_GENERATIONS = 2

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
    synonyms: Mapping[str, SynonymTable] = field(default_factory=dict)

    @property
    def dimension(self) -> int:
        """Of its vectors; 0 without a model."""
        return int(self.manifest["recipe"]["dimension"]) if self.manifest["recipe"] else 0


def open_generation(folder: Path, *, to_serve: bool = True) -> Generation:
    """Open a generation; without a usable encoder it works on keywords and says so.

    Args:
        to_serve: False to leave the encoder closed, when nobody is going to ask anything.

    Raises:
        IndexMissing: A file is missing, damaged, or of another version of the portal.
    """
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        if manifest["format"] != FORMAT:
            raise ValueError(f"format {manifest['format']}, not {FORMAT}")
        encoder, degraded = _open_encoder(folder, manifest) if to_serve else (None, "")
        has_vectors = bool(manifest["recipe"]) and not degraded
        languages = {
            lang: open_language(folder / lang, lang, with_vectors=has_vectors)
            for lang in manifest["languages"]
        }
        synonyms = {
            lang: open_synonyms(folder, lang, index.analyser) for lang, index in languages.items()
        }
        shelf = Shelf(folder / "shelf.sqlite")
    except (OSError, ValueError, KeyError, TypeError, EOFError, PortalError) as error:
        raise IndexMissing(
            f"The index in {folder} cannot be used ({error}). Run: kbportal index",
            folder=str(folder),
        ) from error
    return Generation(folder.name, folder, manifest, shelf, languages, encoder, degraded, synonyms)


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


def pointer_stamp(indexes: Path) -> tuple[int, int] | None:
    """What changes when another generation goes live; None while there is none."""
    try:
        found = (indexes / POINTER).stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_ino


def point_to(indexes: Path, folder: Path) -> None:
    """Make a generation the live one, so that a crash leaves either it or the one before."""
    unfinished = indexes / f"{POINTER}.{os.getpid()}"
    with unfinished.open("w", encoding="utf-8") as file:
        file.write(folder.name + "\n")
        file.flush()
        os.fsync(file.fileno())
    unfinished.replace(indexes / POINTER)
    sync(indexes)


def sweep(indexes: Path, *, keep: str | None) -> None:
    """Remove what crashed builds left, and generations that no reader can still want."""
    folders = sorted(path for path in indexes.iterdir() if path.is_dir())
    finished = [path for path in folders if not path.name.startswith(".")]
    spare = [path for path in finished if path.name != keep][: -_KEPT_GENERATIONS + 1 or None]
    for path in [*spare, *(path for path in folders if path.name.startswith("."))]:
        shutil.rmtree(path, ignore_errors=True)
    for path in indexes.iterdir():
        # Written under the number of a process, to be renamed in one step.
        if path.suffix[1:].isdigit() and path.is_file():
            path.unlink(missing_ok=True)


def _open_encoder(folder: Path, manifest: Mapping[str, Any]) -> tuple[QueryEncoder | None, str]:
    if manifest["recipe"] is None:
        return None, str(manifest.get("degraded") or "no_model")
    try:
        return load_encoder(folder / "encoder"), ""
    except ModelUnusable as error:
        log.warning("%s Searching by keywords alone.", error)
        return None, error.code
