"""The generation that customers are answered from, opened again when another one is published."""

from __future__ import annotations

import logging
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kbportal.articles.shelf import Shelf
from kbportal.search.index.generation import (
    IndexMissing,
    live_folder,
    open_generation,
    pointer_stamp,
)
from kbportal.search.query.engine import Engine

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Live:
    """One generation, ready to answer.

    Attributes:
        degraded: Why meaning is not used, or "".
    """

    id: str
    shelf: Shelf
    engine: Engine
    degraded: str
    manifest: Mapping[str, Any]


class LiveIndex:
    """The live generation, opened once and again whenever the pointer has moved.

    Args:
        fallback_lang: Language whose articles may stand in where another has no answer.
    """

    def __init__(self, indexes: Path, *, fallback_lang: str = "") -> None:
        self._indexes = indexes
        self._fallback_lang = fallback_lang
        self._lock = threading.Lock()
        self._opened: Live | None = None
        self._stamp: tuple[int, int] | None = None

    def current(self) -> Live:
        """The generation to answer from; hold on to it for the length of one request.

        Raises:
            IndexMissing: There is none, and none was open before.
        """
        stamp = pointer_stamp(self._indexes)
        opened = self._opened
        if opened and (stamp is None or stamp == self._stamp):
            return opened
        with self._lock:
            if self._opened is None or stamp != self._stamp:
                self._opened = self._reopened()
                self._stamp = stamp
            return self._opened

    def _reopened(self) -> Live:
        try:
            generation = open_generation(live_folder(self._indexes))
        except IndexMissing:
            if self._opened is None:
                raise
            log.exception("The new index cannot be used; the earlier one goes on")
            return self._opened
        engine = Engine(generation, fallback_lang=self._fallback_lang)
        return Live(
            generation.id, generation.shelf, engine, generation.degraded, generation.manifest
        )
