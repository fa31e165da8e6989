"""Rendering in processes that may be killed."""

from __future__ import annotations

import os
import resource
import signal
import threading
import time
from collections.abc import Generator
from pathlib import Path

import pytest

from kbportal.markup.model import Rendered
from kbportal.markup.pool import (
    Limits,
    RenderPool,
    RenderRefused,
    RenderTooLarge,
    RenderTooSlow,
    Source,
    render_many,
    render_within_limits,
)
from kbportal.markup.render import render

QUICK = Limits(cpu_s=0.5)


def test_a_child_renders_what_this_process_would() -> None:
    text = "Lead\n\n## Žltý\n\n| a |\n|---|\n| 1 |"

    assert render_within_limits(text) == render(text)


def test_links_are_resolved_from_where_the_article_stands() -> None:
    targets = {"en/orders/track.md": "/en/articles/track"}
    rendered = render_within_limits(
        "[a](../orders/track.md#when) [b](../orders/track) [c](gone.md)",
        base="en/account/sign-in.md",
        targets=targets,
    )

    assert rendered.html == (
        '<p><a href="/en/articles/track#when">a</a> <a href="/en/articles/track">b</a> c</p>'
    )


def test_one_hostile_article_does_not_stop_the_others() -> None:
    sources = [Source("a", "first"), Source("b", "[" * 20_000), Source("c", "last")]
    started = time.perf_counter()
    outcomes = {source.key: one for source, one in render_many(sources, workers=1, limits=QUICK)}

    assert isinstance(outcomes["b"], RenderTooSlow)
    assert isinstance(outcomes["a"], Rendered)
    assert isinstance(outcomes["c"], Rendered)
    assert time.perf_counter() - started < 15


@pytest.mark.parametrize(
    "text",
    ["> " * 3_000 + "x", "\n".join("  " * n + "- a" for n in range(300)), "<div>" * 5_000,
     "<b>" * 5_000, "1. " * 5_000, "<ul><li>" * 3_000, "*a _b " * 2_000, "&" * 50_000, "\0" * 1_000,
     "!!! note\n    " * 500, "|" * 5_000, "`" * 5_001, "\ud800"],
    ids=lambda text: repr(text[:10]),
)  # fmt: skip
def test_hostile_text_is_rendered_or_refused_but_never_hangs(text: str) -> None:
    ((_, outcome),) = render_many([Source("x", text)], workers=1, limits=QUICK)

    assert isinstance(outcome, Rendered | RenderRefused)


def test_an_article_that_is_too_long_is_refused_before_it_is_read() -> None:
    with pytest.raises(RenderTooLarge) as refusal:
        render_within_limits("x" * 1_000_001)

    assert "split it" in str(refusal.value)


def test_too_little_memory_costs_the_article_not_the_pool() -> None:
    tight = Limits(memory_mb=120)
    sources = [Source("a", "word *x* " * 100_000), Source("b", "fine")]
    outcomes = [one for _, one in render_many(sources, workers=1, limits=tight)]

    assert isinstance(outcomes[0], RenderRefused)
    assert isinstance(outcomes[1], Rendered)


def test_a_library_comes_back_in_order() -> None:
    sources = [Source(str(n), "x " * (n % 7) * 200) for n in range(60)]

    assert [source.key for source, _ in render_many(iter(sources))] == [s.key for s in sources]


def test_a_child_that_was_killed_is_replaced() -> None:
    with RenderPool(workers=1) as pool:
        pool.render(Source("a", "x"))
        child = pool._idle.queue[0]
        assert child is not None
        os.kill(child._process.pid, signal.SIGKILL)
        child._process.wait()

        with pytest.raises(RenderTooSlow):
            pool.render(Source("b", "x"))
        assert pool.render(Source("c", "x")).html == "<p>x</p>"


def test_many_threads_share_a_pool() -> None:
    outcomes: list[bool] = []

    def work(n: int) -> None:
        outcomes.append(pool.render(Source(str(n), f"n{n}")).html == f"<p>n{n}</p>")

    with RenderPool(workers=2) as pool:
        threads = [threading.Thread(target=work, args=(n,)) for n in range(12)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    assert outcomes == [True] * 12


def test_leaving_a_library_half_way_leaves_no_process_behind() -> None:
    before = _children_of(os.getpid())
    outcomes = render_many((Source(str(n), "x") for n in range(50)), workers=2)

    next(outcomes)
    assert isinstance(outcomes, Generator)
    outcomes.close()

    assert _children_of(os.getpid()) == before


def _children_of(process: int) -> set[str]:
    return {
        child
        for tasks in Path(f"/proc/{process}/task").glob("*/children")
        for child in tasks.read_text().split()
    }


def test_many_open_files_do_not_keep_it_from_rendering(tmp_path):
    place = tmp_path / "file"
    place.touch()
    limit = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    if limit != resource.RLIM_INFINITY and limit < 1_200:
        pytest.skip(f"only {limit} files may be open here")
    opened = [place.open() for _ in range(1_050)]

    rendered = render_within_limits("Hello")

    for file in opened:
        file.close()
    assert "Hello" in rendered.html
