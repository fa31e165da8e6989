"""What a web worker decides about its process before it answers anybody."""

from __future__ import annotations

import ctypes
from contextlib import suppress

from threadpoolctl import threadpool_limits

# malloc.h of the GNU C library.
_M_ARENA_MAX = -8
_ARENAS = 2


def settle_down() -> None:
    """One thread per sum, and few memory arenas: workers answer side by side already.

    numpy's linear algebra would share each product of 4 million numbers among all processors and
    wait for them busily. Measured with eight customers on two busy cores: 27 ms of processor time
    per suggestion with that, 8.5 without. The C library would give each thread an arena of its
    own: 50 MB more per worker with eight threads.
    """
    threadpool_limits(1, user_api="blas")
    with suppress(AttributeError, OSError):
        ctypes.CDLL(None).mallopt(_M_ARENA_MAX, _ARENAS)
