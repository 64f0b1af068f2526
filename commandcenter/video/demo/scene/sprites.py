"""Small pictures with soft edges, in the form video has them, laid over a large one."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from commandcenter.video.demo.scene.canvas import Canvas, Floats

Bytes = NDArray[np.uint8]
_FULL = 256
# BT.601 with the range of video
_TO_YUV = np.array([[0.257, 0.504, 0.098], [-0.148, -0.291, 0.439], [0.439, -0.368, -0.071]], np.float32)
_ZERO = (16, 128, 128)


class Picture:
    """A frame in YUV 4:2:0 in one piece of memory; planes: its three parts."""

    def __init__(self, width: int, height: int) -> None:
        self.whole: Bytes = np.zeros((height * 3 // 2, width), np.uint8)
        flat, luma, chroma = self.whole.reshape(-1), width * height, width * height // 4
        half = (height // 2, width // 2)
        self.planes: tuple[Bytes, Bytes, Bytes] = (
            flat[:luma].reshape(height, width),
            flat[luma : luma + chroma].reshape(half),
            flat[luma + chroma :].reshape(half),
        )

    @classmethod
    def of(cls, canvas: Canvas) -> Picture:
        """A whole canvas."""
        made = cls(canvas.width, canvas.height)
        for plane, values in zip(made.planes, _yuv(canvas.rgb, canvas.cover), strict=True):
            plane[:] = np.clip(values + 0.5, 0, 255)
        return made


@dataclass(frozen=True, slots=True)
class Sprite:
    """left, top: where it lies, pixels of the view. planes: for each of Y, U, V what is added and what is left, of 256,
    of the picture below."""

    left: int
    top: int
    planes: tuple[tuple[NDArray[np.uint16], NDArray[np.uint16]], ...]

    def moved(self, right: int, down: int, fade: float = 1.0) -> Sprite:
        """The same elsewhere; fade: less than 1 to let it vanish."""
        if fade >= 1:
            return Sprite(self.left + right, self.top + down, self.planes)
        faded = tuple(
            ((added * fade).astype(np.uint16), (_FULL - (_FULL - left) * fade).astype(np.uint16))
            for added, left in self.planes
        )
        return Sprite(self.left + right, self.top + down, faded)

    def touches(self, other: Sprite) -> bool:
        """Whether one may hide something of the other."""
        (rows, columns), (their_rows, their_columns) = self.planes[0][0].shape, other.planes[0][0].shape
        beside = self.left + columns <= other.left or other.left + their_columns <= self.left
        return not beside and self.top < other.top + their_rows and other.top < self.top + rows

    def lay(self, picture: Picture) -> None:
        """Over the picture, as far as it lies within."""
        for number, (plane, (added, left)) in enumerate(zip(picture.planes, self.planes, strict=True)):
            step = 2 if number else 1
            x, y = self.left // step, self.top // step
            rows, columns = added.shape
            high, low = max(y, 0), min(y + rows, plane.shape[0])
            begin, end = max(x, 0), min(x + columns, plane.shape[1])
            if high >= low or begin >= end:
                continue
            part = plane[high:low, begin:end]
            own = (slice(high - y, low - y), slice(begin - x, end - x))
            part[:] = ((part * left[own]) >> 8) + added[own]


def sprite_of(canvas: Canvas) -> Sprite:
    """Of a canvas whose sides are even."""
    covers = (canvas.cover, _halved(canvas.cover), _halved(canvas.cover))
    values = _yuv(canvas.rgb, canvas.cover)
    planes = tuple(
        (np.clip(value, 0, 255).astype(np.uint16), np.round(_FULL * (1 - cover)).astype(np.uint16))
        for value, cover in zip(values, covers, strict=True)
    )
    return Sprite(canvas.left, canvas.top, planes)


def _yuv(rgb: Floats, cover: Floats) -> tuple[Floats, Floats, Floats]:
    small, half = _halved(rgb), _halved(cover)
    return (
        rgb @ _TO_YUV[0] + cover * _ZERO[0],
        small @ _TO_YUV[1] + half * _ZERO[1],
        small @ _TO_YUV[2] + half * _ZERO[2],
    )


def _halved(values: Floats) -> Floats:
    total = values[::2, ::2] + values[1::2, ::2] + values[::2, 1::2] + values[1::2, 1::2]
    return np.asarray(total * np.float32(0.25), np.float32)
