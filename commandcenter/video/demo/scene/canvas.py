"""A picture in floats with cover, on which convex polygons and discs are drawn with soft edges."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Colour = tuple[float, float, float]  # red, green, blue, 0 to 255
_FEWEST, _NO_LENGTH = 3, 1e-6


class Canvas:
    """rgb: height x width x 3, times its cover; cover: height x width, 0 to 1. (left, top): where it lies in the view.

    Pixel (0, 0) covers the square from (0, 0) to (1, 1).
    """

    def __init__(self, width: int, height: int, left: int = 0, top: int = 0) -> None:
        self.width, self.height, self.left, self.top = width, height, left, top
        self.rgb: Floats = np.zeros((height, width, 3), np.float32)
        self.cover: Floats = np.zeros((height, width), np.float32)

    def polygon(self, corners: NDArray[np.float64], colour: Colour, alpha: float = 1.0, soft: float = 1.0) -> None:
        """A convex polygon; corners: n x 2, pixels of the view, in either direction. soft: width of its edge."""
        if len(corners) < _FEWEST:
            return
        window = self._window(corners.min(0) - soft, corners.max(0) + soft)
        if window is None:
            return
        x, y = self._centres(window)
        points: list[tuple[float, float]] = corners.tolist()
        sides = list(zip(points, points[1:] + points[:1], strict=True))
        turn = 1 if sum(ax * by - bx * ay for (ax, ay), (bx, by) in sides) > 0 else -1
        inside: Floats | None = None
        for (ax, ay), (bx, by) in sides:
            length = math.hypot(bx - ax, by - ay) * turn * soft
            if abs(length) < _NO_LENGTH:
                continue
            right, up = (by - ay) / length, (bx - ax) / length
            distance = (y * np.float32(up) + np.float32(ax * right - ay * up + 0.5)) - x * np.float32(right)
            inside = distance if inside is None else np.minimum(inside, distance, out=inside)
        if inside is not None:
            self._blend(window, np.clip(inside, 0, 1, out=inside), colour, alpha)

    def disc(self, x: float, y: float, radius: float, colour: Colour, alpha: float = 1.0, *, flat: float = 1.0,
             soft: float = 1.0) -> None:  # fmt: skip
        """flat: its height over its width; soft: width of its edge, `radius` for a glow."""
        reach = np.array([radius + soft, radius * flat + soft])
        window = self._window(np.array([x, y]) - reach, np.array([x, y]) + reach)
        if window is None or radius <= 0:
            return
        across, down = self._centres(window)
        away = np.hypot(across - np.float32(x), (down - np.float32(y)) / np.float32(flat))
        self._blend(window, np.clip((radius - away) / soft + 0.5, 0, 1), colour, alpha)

    def stroke(self, points: Sequence[tuple[float, float]], width: float, colour: Colour, alpha: float = 1.0) -> None:
        """A line through these points."""
        for (ax, ay), (bx, by) in zip(points, points[1:], strict=False):
            length = float(np.hypot(bx - ax, by - ay)) or 1.0
            over_x, over_y = (by - ay) / length * width / 2, (ax - bx) / length * width / 2
            corners = [(ax + over_x, ay + over_y), (bx + over_x, by + over_y), (bx - over_x, by - over_y)]
            self.polygon(np.array([*corners, (ax - over_x, ay - over_y)]), colour, alpha)

    def mix(self, colours: Floats, share: Floats) -> None:
        """Lay a whole picture over this one, as far as `share` (0 to 1) says."""
        self.rgb += (colours - self.rgb) * share[..., None]
        self.cover += (1 - self.cover) * share

    def lay(self, other: Canvas) -> None:
        """Another canvas of the same view over this one."""
        left, top = max(other.left, self.left), max(other.top, self.top)
        right = min(other.left + other.width, self.left + self.width)
        bottom = min(other.top + other.height, self.top + self.height)
        if left >= right or top >= bottom:
            return
        mine = (slice(top - self.top, bottom - self.top), slice(left - self.left, right - self.left))
        theirs = (slice(top - other.top, bottom - other.top), slice(left - other.left, right - other.left))
        rest = 1 - other.cover[theirs]
        self.rgb[mine] = self.rgb[mine] * rest[..., None] + other.rgb[theirs]
        self.cover[mine] = self.cover[mine] * rest + other.cover[theirs]

    def _window(self, low: NDArray[np.float64], high: NDArray[np.float64]) -> tuple[int, int, int, int] | None:
        left, top = max(int(low[0]) - self.left, 0), max(int(low[1]) - self.top, 0)
        right = min(int(np.ceil(high[0])) - self.left, self.width)
        bottom = min(int(np.ceil(high[1])) - self.top, self.height)
        return (left, top, right, bottom) if left < right and top < bottom else None

    def _centres(self, window: tuple[int, int, int, int]) -> tuple[Floats, Floats]:
        left, top, right, bottom = window
        x = np.arange(left, right, dtype=np.float32) + np.float32(self.left + 0.5)
        y = np.arange(top, bottom, dtype=np.float32) + np.float32(self.top + 0.5)
        return x[None, :], y[:, None]

    def _blend(self, window: tuple[int, int, int, int], share: Floats, colour: Colour, alpha: float) -> None:
        left, top, right, bottom = window
        if alpha != 1:
            share = share * np.float32(alpha)
        part = self.rgb[top:bottom, left:right]
        part += (np.array(colour, np.float32) - part) * share[..., None]
        cover = self.cover[top:bottom, left:right]
        cover += (1 - cover) * share


def even_canvas(points: NDArray[np.float64], margin: int) -> Canvas:
    """An empty one over these points (n x 2), with even sides at an even place: so the coarser grid of colour fits."""
    low, high = np.floor(points.min(0)).astype(int) - margin, np.ceil(points.max(0)).astype(int) + margin
    left, top = int(low[0]) // 2 * 2, int(low[1]) // 2 * 2
    width, height = (int(high[0]) - left + 3) // 2 * 2, (int(high[1]) - top + 3) // 2 * 2
    return Canvas(max(width, 4), max(height, 4), left, top)
