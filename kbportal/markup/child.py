"""The process that renders for `pool`: one JSON request per line in, one JSON answer out.

It limits itself and dies of an article that takes too much; the pool notices and goes on.
"""

from __future__ import annotations

import json
import os
import resource
import signal
import sys
from collections.abc import Mapping
from functools import partial
from typing import Any

from kbportal.markup.links import resolve
from kbportal.markup.model import Sizes
from kbportal.markup.render import render


def main() -> None:
    """Take the limits and the link targets from the first line, then render until the end."""
    setup = json.loads(sys.stdin.readline())
    memory = int(setup["memory_bytes"])
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    # Death by SIGPROF even within a regular expression; ignored signals would be inherited.
    signal.signal(signal.SIGPROF, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    sizes = {address: (width, height) for address, (width, height) in setup["sizes"].items()}
    for line in sys.stdin:
        answer = _answer(json.loads(line), setup["targets"], sizes, float(setup["cpu_s"]))
        sys.stdout.write(answer + "\n")
        sys.stdout.flush()


def _answer(request: dict[str, str], targets: Mapping[str, str], sizes: Sizes, cpu_s: float) -> str:
    link = partial(resolve, base=request["base"], targets=targets)
    signal.setitimer(signal.ITIMER_PROF, cpu_s)
    try:
        return json.dumps(_record(request["text"], link, sizes))
    except MemoryError:
        os._exit(1)
    except Exception as error:  # noqa: BLE001 - any fault of the library belongs to one article
        return json.dumps({"error": type(error).__name__})
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)


def _record(text: str, link: Any, sizes: Sizes) -> dict[str, object]:
    made = render(text, link=link, sizes=sizes)
    return {
        "html": made.html,
        "outline": [(h.level, h.anchor, h.title) for h in made.outline],
        "sections": [(s.anchor, s.title, s.html, s.text) for s in made.sections],
    }


if __name__ == "__main__":
    main()
