"""Shared memory between a decoder and its slot: three buffers for pictures and a word that says which one is looked at.

The slot's side makes it, the decoder opens it by name. Nothing of it stays on disk: where the system allows, the file
is gone from its folder as soon as both have it open.
"""

from __future__ import annotations

import contextlib
import mmap
import os
import secrets
import sys
import tempfile
from pathlib import Path

COUNT = 3
HEADER = 4096
ALIGNED = 256  # bytes; a line of a picture starts at a multiple of it at most


def capacity_of(size: tuple[int, int]) -> int:
    """Bytes that a BGRA picture of this size may take."""
    stride = -(-size[0] * 4 // ALIGNED) * ALIGNED
    return stride * size[1]


class Buffers:
    """The mapped memory. A picture's serial says its buffer: serial % 3."""

    def __init__(self, memory: mmap.mmap, capacity: int, name: str) -> None:
        self.capacity = capacity
        self.name = name
        self._whole = memoryview(memory)  # never closed: it goes when the last picture in it does
        self._word = self._whole[:HEADER].cast("I")

    @property
    def held(self) -> int:
        """Serial of the picture that the slot looks at; 0: none yet. One aligned word, written and read at once."""
        return self._word[0]

    @held.setter
    def held(self, serial: int) -> None:
        self._word[0] = serial

    def of(self, serial: int) -> memoryview:
        """The buffer of this picture."""
        start = HEADER + (serial % COUNT) * self.capacity
        return self._whole[start : start + self.capacity]


def make(capacity: int) -> Buffers:
    """New ones of `capacity` bytes each, readable by this user alone. Raises OSError when memory is short."""
    size = HEADER + COUNT * capacity
    if sys.platform == "win32":
        name = f"commandcenter-{secrets.token_hex(16)}"
        return Buffers(mmap.mmap(-1, size, tagname=name), capacity, name)
    error: OSError | None = None
    for folder in _folders():
        try:
            return _make_file(folder, size, capacity)
        except OSError as failed:
            error = failed
    raise error or OSError("no folder for shared memory")


def attach(name: str, capacity: int) -> Buffers:
    """Open what the other side made; its name is given up at once. Raises OSError."""
    size = HEADER + COUNT * capacity
    if sys.platform == "win32":
        return Buffers(mmap.mmap(-1, size, tagname=name), capacity, name)
    handle = os.open(name, os.O_RDWR | os.O_CLOEXEC)
    try:
        discard(name)
        return Buffers(mmap.mmap(handle, size), capacity, name)
    finally:
        os.close(handle)


def discard(name: str) -> None:
    """Remove the file if it is still there."""
    if sys.platform != "win32":
        with contextlib.suppress(OSError):
            Path(name).unlink()


def _folders() -> list[str]:
    return [folder for folder in ("/dev/shm", tempfile.gettempdir()) if Path(folder).is_dir()]


def _make_file(folder: str, size: int, capacity: int) -> Buffers:
    handle, name = tempfile.mkstemp(prefix="commandcenter-", dir=folder)
    try:
        _reserve(handle, size)
        return Buffers(mmap.mmap(handle, size), capacity, name)
    except OSError:
        discard(name)
        raise
    finally:
        os.close(handle)


def _reserve(handle: int, size: int) -> None:
    """Take the memory now: on a full tmpfs the first touch would be a SIGBUS, and that in the program of the desk."""
    if hasattr(os, "posix_fallocate"):
        os.posix_fallocate(handle, 0, size)
    else:
        os.ftruncate(handle, size)
