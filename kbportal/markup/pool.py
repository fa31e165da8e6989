"""Rendering what people wrote, in child processes that may be killed.

The children live long, so a whole library costs little more than its rendering; an article
that takes too long costs its own child, and the others do not notice.
"""

from __future__ import annotations

import json
import os
import queue
import selectors
import subprocess
import sys
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any, ClassVar

import kbportal
from kbportal.kernel.errors import PortalError
from kbportal.markup.model import Heading, Rendered, Section, Sizes

_PATIENCE_S = 30.0
_AHEAD_PER_WORKER = 8
_NOWHERE: Mapping[str, str] = MappingProxyType({})
_UNKNOWN: Sizes = MappingProxyType({})


class RenderRefused(PortalError):
    """An article that cannot be rendered; the message says why."""

    code: ClassVar[str] = "render_refused"


class RenderTooSlow(RenderRefused):
    """It took more processor time or memory than an article may."""

    code: ClassVar[str] = "render_too_slow"


class RenderTooLarge(RenderRefused):
    """It is longer than an article may be."""

    code: ClassVar[str] = "render_too_large"


@dataclass(frozen=True, slots=True)
class Limits:
    """What one article may take; `memory_mb` is the whole process."""

    cpu_s: float = 2.0
    memory_mb: int = 512
    length: int = 1_000_000


@dataclass(frozen=True, slots=True)
class Source:
    """Something to render: the caller's own name for it, its Markdown, the path it stands at."""

    key: str
    text: str
    base: str = ""


class RenderPool:
    """Renders within limits, from any number of threads; close it, or use it as a context.

    Args:
        workers: Child processes at most; each is started when it is first needed.
        targets: Path of each file that has a page → its address (see `links.resolve`).
        sizes: Address of each picture that is known → its width and height.
    """

    def __init__(
        self,
        *,
        workers: int = 2,
        targets: Mapping[str, str] = _NOWHERE,
        sizes: Sizes = _UNKNOWN,
        limits: Limits = Limits(),
    ) -> None:
        self._limits = limits
        setup = {
            "targets": dict(targets),
            "sizes": dict(sizes),
            "cpu_s": limits.cpu_s,
            "memory_bytes": limits.memory_mb * 2**20,
        }
        self._setup = json.dumps(setup).encode() + b"\n"
        self._idle: queue.LifoQueue[_Child | None] = queue.LifoQueue()
        for _ in range(workers):
            self._idle.put(None)

    def render(self, source: Source) -> Rendered:
        """Render one article.

        Raises:
            RenderRefused: Or one of its kinds, saying why this article cannot be rendered.
        """
        if len(source.text) > self._limits.length:
            raise RenderTooLarge(
                f"longer than {self._limits.length:,} characters: split it into several articles",
                key=source.key,
            )
        child, answer = self._idle.get(), None
        try:
            child = child or _Child(self._setup)
            answer = child.ask({"text": source.text, "base": source.base})
        finally:
            if child and answer is None:
                child.end()
            self._idle.put(child if answer is not None else None)
        return _rendered(answer, source)

    def close(self) -> None:
        """End the children that are idle."""
        while not self._idle.empty():
            child = self._idle.get()
            if child:
                child.end()

    def __enter__(self) -> RenderPool:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def render_within_limits(
    text: str, *, base: str = "", targets: Mapping[str, str] = _NOWHERE
) -> Rendered:
    """Render one article in a process of its own; keep a `RenderPool` where this is frequent.

    Raises:
        RenderRefused: Or one of its kinds.
    """
    with RenderPool(workers=1, targets=targets) as pool:
        return pool.render(Source("", text, base))


def render_many(
    sources: Iterable[Source],
    *,
    workers: int = 2,
    targets: Mapping[str, str] = _NOWHERE,
    sizes: Sizes = _UNKNOWN,
    limits: Limits = Limits(),
) -> Iterator[tuple[Source, Rendered | RenderRefused]]:
    """Render a library, in order; what cannot be rendered comes back with its reason."""

    def attempt(source: Source) -> Rendered | RenderRefused:
        try:
            return pool.render(source)
        except RenderRefused as refusal:
            return refusal

    waiting: deque[tuple[Source, Future[Rendered | RenderRefused]]] = deque()
    with (
        RenderPool(workers=workers, targets=targets, sizes=sizes, limits=limits) as pool,
        ThreadPoolExecutor(workers) as threads,
    ):
        for source in sources:
            waiting.append((source, threads.submit(attempt, source)))
            if len(waiting) > workers * _AHEAD_PER_WORKER:
                first, future = waiting.popleft()
                yield first, future.result()
        while waiting:
            first, future = waiting.popleft()
            yield first, future.result()


class _Child:
    """One rendering process and its two pipes."""

    def __init__(self, setup: bytes) -> None:
        outer = os.environ.get("PYTHONPATH")
        root = str(Path(kbportal.__file__).parents[1])
        self._process = subprocess.Popen(
            [sys.executable, "-m", "kbportal.markup.child"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "PYTHONPATH": os.pathsep.join([root, *filter(None, [outer])])},
        )
        self._say(setup)

    def ask(self, request: dict[str, str]) -> dict[str, Any] | None:
        """The child's answer; None if it died of the question."""
        if not self._say(json.dumps(request).encode() + b"\n"):
            return None
        answers = self._process.stdout
        assert answers is not None
        line = answers.readline() if self._answers_within(_PATIENCE_S) else b""
        answer: dict[str, Any] | None = json.loads(line) if line.endswith(b"\n") else None
        return answer

    def _answers_within(self, seconds: float) -> bool:
        # select.select knows no file descriptor above 1,023, which a busy server may reach.
        with selectors.DefaultSelector() as waiting:
            assert self._process.stdout is not None
            waiting.register(self._process.stdout, selectors.EVENT_READ)
            return bool(waiting.select(seconds))

    def end(self) -> None:
        """Kill the process and take its remains."""
        self._process.kill()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe:
                with suppress(OSError):
                    pipe.close()
        self._process.wait()

    def _say(self, line: bytes) -> bool:
        requests = self._process.stdin
        assert requests is not None
        try:
            requests.write(line)
            requests.flush()
        except OSError:
            return False
        return True


def _rendered(answer: dict[str, Any] | None, source: Source) -> Rendered:
    if answer is None:
        raise RenderTooSlow(
            "takes too long to render: look for thousands of brackets, quote marks or nested lists",
            key=source.key,
        )
    if "error" in answer:
        raise RenderRefused(
            f"cannot be rendered ({answer['error']}): simplify its nesting or its HTML",
            key=source.key,
        )
    return Rendered(
        answer["html"],
        tuple(Heading(*one) for one in answer["outline"]),
        tuple(Section(*one) for one in answer["sections"]),
    )
