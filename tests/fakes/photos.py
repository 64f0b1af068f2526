"""Small PNG pictures for evidence: a sky, a wall and a road in muted colours."""

from __future__ import annotations

import struct
import zlib
from functools import lru_cache


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


@lru_cache(maxsize=32)
def street_png(seed: int, width: int = 320, height: int = 240) -> bytes:
    """A PNG that differs by seed."""
    bands = ((96 + seed * 7 % 60, 120, 150), (70, 76 + seed * 11 % 50, 88), (48, 52, 58 + seed * 5 % 30))
    lines = bytearray()
    for y in range(height):
        red, green, blue = bands[min(2, y * 3 // height)]
        shade = (y * 40 // height) - 20
        pixel = bytes(max(0, min(255, c + shade)) for c in (red, green, blue))
        lines += b"\0" + pixel * width
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", head) + _chunk(b"IDAT", zlib.compress(bytes(lines), 6))
            + _chunk(b"IEND", b""))
