"""Painting a picture anew, in a process of its own that may be killed.

What a camera or an ill-wisher put beside the picture (place, device, a second file behind the
first) does not survive it; a picture made to fill the memory costs a child and nothing else.
"""

from __future__ import annotations

import subprocess
import sys
import threading

from kbportal.tickets.errors import AttachmentRefused

PATIENCE_S = 8.0
"""How long one picture may take."""
TURN_WITHIN_S = 2.0
"""How long one waits for its turn: whoever waits keeps a thread from everybody else."""
AT_ONCE = 2
"""Children that one process of ours runs side by side."""
_turns = threading.BoundedSemaphore(AT_ONCE)


def repaint(content: bytes, *, kind: str, name: str) -> bytes:
    """The same picture without anything but the picture, in the same format.

    Raises:
        AttachmentRefused: It cannot be read whole, moves, or has far too many points.
    """
    if not _turns.acquire(timeout=TURN_WITHIN_S):
        raise AttachmentRefused("too many pictures at once", problem="busy", name=name)
    try:
        done = subprocess.run(  # noqa: S603 - our own module, and nothing of the sender's
            [sys.executable, "-m", "kbportal.tickets.picture_child", kind],
            input=content,
            capture_output=True,
            timeout=PATIENCE_S,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise AttachmentRefused("the picture is too slow", problem="picture", name=name) from error
    finally:
        _turns.release()
    if done.returncode or not done.stdout:
        raise AttachmentRefused("the picture cannot be read", problem="picture", name=name)
    return done.stdout
