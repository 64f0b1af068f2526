"""Small street scenes as PNG files, drawn here so that no picture of a real place or person is needed."""

from __future__ import annotations

import struct
import zlib
from functools import cache
from random import Random

WIDTH, HEIGHT = 320, 240
POOL = 24  # different scenes; more would only cost time

_SKY, _WALL, _DARK_WALL, _ROAD, _WALK, _KERB, _WINDOW, _TREE, _TRUNK, _LINE, _MESS = range(11)
_PALETTES = (
    "a8c4dc 8f8a80 6f6a62 5a5d61 a39d92 c9c4b8 3f4d5c 5d7a4a 5b4636 d8d4c4 8a5a3c",
    "c9d3da a39484 7c7065 4f5357 b0a898 d6cfc0 46525f 6d8450 4d3f33 e0dac6 4f6f8f",
    "dfe3e4 9b8f8a 77706c 63666a 9f9a92 c4bfb6 55606b 4f6b45 604b3a d2cfc2 9c8a3e",
    "7f93a8 6d6760 514d49 3e4246 857f77 a7a29a e0c070 44583d 3f342b b9b5a6 70493a",
)


def photo(kind: str, number: int) -> bytes:
    """PNG of 320 × 240, below 40 KB. kind: scene or before (the problem is there), after (it is gone)."""
    return _drawn(kind, number % POOL)


@cache
def _drawn(kind: str, number: int) -> bytes:
    rng = Random(f"street/{number}")
    picture = bytearray([_SKY]) * (WIDTH * HEIGHT)
    horizon = _street(picture, rng)
    if kind != "after":
        _mess(picture, Random(f"{kind}/{number}"), horizon)
    return _png(picture, _PALETTES[number % len(_PALETTES)])


def _box(picture: bytearray, x: int, y: int, w: int, h: int, colour: int) -> None:
    left, right = max(0, x), min(WIDTH, x + w)
    for row in range(max(0, y), min(HEIGHT, y + h)):
        if right > left:
            picture[row * WIDTH + left : row * WIDTH + right] = bytes([colour]) * (right - left)


def _street(picture: bytearray, rng: Random) -> int:
    ground = rng.randint(130, 160)
    x = 0
    while x < WIDTH:
        x += _house(picture, rng, x, ground)
    _box(picture, 0, ground, WIDTH, 34, _WALK)
    _box(picture, 0, ground + 34, WIDTH, 5, _KERB)
    _box(picture, 0, ground + 39, WIDTH, HEIGHT, _ROAD)
    for dash in range(rng.randint(0, 30), WIDTH, 56):
        _box(picture, dash, ground + 66, 30, 4, _LINE)
    _tree(picture, rng, ground)
    return ground


def _house(picture: bytearray, rng: Random, x: int, ground: int) -> int:
    width, height = rng.randint(48, 110), rng.randint(46, 120)
    _box(picture, x, ground - height, width, height, rng.choice((_WALL, _DARK_WALL)))
    for top in range(ground - height + 10, ground - 16, 24):
        for left in range(x + 8, x + width - 14, 22):
            _box(picture, left, top, 11, 13, _WINDOW)
    return width


def _tree(picture: bytearray, rng: Random, ground: int) -> None:
    x, radius = rng.randint(30, WIDTH - 30), rng.randint(18, 34)
    _box(picture, x - 3, ground - 46, 6, 52, _TRUNK)
    for dy in range(-radius, radius):
        half = int((radius * radius - dy * dy) ** 0.5)
        _box(picture, x - half, ground - 58 + dy, 2 * half, 1, _TREE)


def _mess(picture: bytearray, rng: Random, ground: int) -> None:
    x = rng.randint(20, WIDTH - 110)
    for _ in range(rng.randint(5, 14)):
        size = rng.randint(8, 26)
        _box(picture, x + rng.randint(0, 80), ground + 26 - size + rng.randint(0, 12), size, size, _MESS)
        _box(picture, x + rng.randint(0, 80), ground + 30, rng.randint(3, 12), 4, _TRUNK)


def _png(picture: bytearray, colours: str) -> bytes:
    rows = b"".join(b"\0" + picture[y * WIDTH : (y + 1) * WIDTH] for y in range(HEIGHT))
    header = struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8, 3, 0, 0, 0)
    palette = bytes.fromhex(colours.replace(" ", ""))
    chunks = ((b"IHDR", header), (b"PLTE", palette), (b"IDAT", zlib.compress(rows, 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(name, data) for name, data in chunks)


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
