"""Memory that is not used any more goes back to the system."""

from __future__ import annotations

import ctypes
import sys

_MMAP_THRESHOLD = -3  # of glibc's mallopt(3)
_LARGE = 192 * 1024  # bytes; a picture of the map has 256 KB


def return_large_blocks() -> None:
    """Pictures and arrays of a fifth of a megabyte and more leave the process when they are freed. By itself glibc
    keeps such blocks once the first ones were freed, and a program that runs for weeks holds the most that it ever
    needed. Elsewhere nothing is done."""
    if sys.platform == "linux":
        mallopt = getattr(ctypes.CDLL(None), "mallopt", None)  # musl has none
        if mallopt is not None:
            mallopt(_MMAP_THRESHOLD, _LARGE)
