"""What lies flat: asphalt, paving, grass, water, and the marks painted on it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from commandcenter.video.demo.scene.canvas import Canvas, Colour, Floats
from commandcenter.video.demo.scene.light import Light
from commandcenter.video.demo.scene.view import View

WHITE, YELLOW = (225.0, 225.0, 218.0), (226.0, 178.0, 58.0)
ASPHALT, PAVING, GRASS, WATER = (92.0, 94.0, 97.0), (172.0, 166.0, 156.0), (96.0, 124.0, 70.0), (88.0, 116.0, 124.0)
KERB = (190.0, 188.0, 182.0)
_TILE = 256
_FARTHEST_M = 900.0


class Ground:
    """The ground of one view, painted region by region."""

    def __init__(self, canvas: Canvas, view: View, light: Light, rng: np.random.Generator) -> None:
        self._canvas, self._view, self._light = canvas, view, light
        x, z, far = view.ground()
        self._seen = far < _FARTHEST_M
        self._far = np.where(self._seen, far, _FARTHEST_M)
        self._x, self._z = np.where(self._seen, x, 0.0), np.where(self._seen, z, 0.0)
        self._across = self._far / view.focal  # metres a pixel covers, sideways and along
        self._along = self._across * np.maximum(self._far / view.height, 1.0)
        self._noise = rng.random((_TILE, _TILE)).astype(np.float32) - np.float32(0.5)

    def fill(self, x: tuple[float, float], z: tuple[float, float], colour: Colour, *, grain: float = 9.0,
             slab: float = 0.0, ripple: float = 0.0) -> None:  # fmt: skip
        """A rectangle of the world. grain: how uneven it is; slab: metres of its paving stones, 0 without joints;
        ripple: how much light plays on it, of water."""
        box = self._box(x, z)
        if box is None:
            return
        shade = self._unevenness(box, grain)
        if slab:
            shade -= self._joints(box, slab)
        if ripple:
            shade += self._ripples(box) * ripple
        self._lay(box, self._share(box, x, z), colour, shade)

    def mark(self, x: tuple[float, float], z: tuple[float, float], colour: Colour = WHITE, alpha: float = 0.85) -> None:
        """A painted rectangle."""
        if (box := self._box(x, z)) is not None:
            self._lay(box, self._share(box, x, z) * np.float32(alpha), colour, self._unevenness(box, 12.0))

    def dashes(self, x: float, z: tuple[float, float], length: float = 3.0, gap: float = 5.0) -> None:
        """A broken line along z."""
        for begin in np.arange(z[0], z[1], length + gap):
            self.mark((x - 0.075, x + 0.075), (float(begin), float(begin) + length))

    def dashes_across(self, z: float, x: tuple[float, float], length: float = 3.0, gap: float = 5.0) -> None:
        """A broken line along x."""
        for begin in np.arange(x[0], x[1], length + gap):
            self.mark((float(begin), float(begin) + length), (z - 0.075, z + 0.075))

    def zebra(self, x: tuple[float, float], z: tuple[float, float], *, along: bool = True) -> None:
        """A crossing; along: its bars lie along z."""
        low, high = x if along else z
        for begin in np.arange(low + 0.3, high - 0.4, 1.0):
            bar = (float(begin), float(begin) + 0.5)
            self.mark(bar if along else x, z if along else bar)

    def _box(self, x: tuple[float, float], z: tuple[float, float]) -> tuple[slice, slice] | None:
        """The part of the picture in which the rectangle lies."""
        corners = self._view.corners([(x[0], 0, z[0]), (x[1], 0, z[0]), (x[1], 0, z[1]), (x[0], 0, z[1])])
        if not len(corners):
            return None
        low, high = np.floor(corners.min(0)) - 2, np.ceil(corners.max(0)) + 2
        columns = slice(int(np.clip(low[0], 0, self._view.width)), int(np.clip(high[0], 0, self._view.width)))
        rows = slice(int(np.clip(low[1], 0, self._view.rows)), int(np.clip(high[1], 0, self._view.rows)))
        return (rows, columns) if columns.start < columns.stop and rows.start < rows.stop else None

    def _share(self, box: tuple[slice, slice], x: tuple[float, float], z: tuple[float, float]) -> Floats:
        """How much of each pixel lies within, 0 to 1."""
        wide = _overlap(self._x[box], self._across[box], x)
        return np.asarray(wide * _overlap(self._z[box], self._along[box], z) * self._seen[box], np.float32)

    def _unevenness(self, box: tuple[slice, slice], grain: float) -> Floats:
        x, z = self._x[box], self._z[box]
        fine = self._noise[(x * 14).astype(int) % _TILE, (z * 14).astype(int) % _TILE]
        seen = np.clip(0.05 / self._along[box], 0, 1)
        coarse = _smooth(self._noise, x / 2.7, z / 4.1) + 0.6 * _smooth(self._noise, x / 0.9 + 31, z / 1.3)
        return np.asarray((fine * seen * 1.6 + coarse * 1.3) * grain, np.float32)

    def _joints(self, box: tuple[slice, slice], slab: float) -> Floats:
        found = np.zeros(self._x[box].shape, np.float32)
        for place, reach in ((self._x[box], self._across[box]), (self._z[box], self._along[box])):
            wide = np.maximum(reach, 0.03)
            inside = np.abs((place / slab) % 1 - 0.5) * slab
            found += (np.clip((inside - slab / 2 + wide) / wide, 0, 1) * np.clip(0.03 / reach, 0, 1)).astype(np.float32)
        return found * np.float32(22)

    def _ripples(self, box: tuple[slice, slice]) -> Floats:
        x, z = self._x[box], self._z[box]
        return np.asarray(_smooth(self._noise, x / 1.4, z / 0.25) + _smooth(self._noise, x / 5, z / 1.1), np.float32)

    def _lay(self, box: tuple[slice, slice], share: Floats, colour: Colour, shade: Floats) -> None:
        haze = 1 - np.exp(-self._far[box] / 420.0)
        base = np.array(self._light.on(colour), np.float32) + shade[..., None] * np.array(self._light.tint, np.float32)
        air = np.array(self._light.horizon, np.float32)
        picture = (base + (air - base) * haze[..., None]).astype(np.float32)
        part = self._canvas.rgb[box]
        part += (picture - part) * share[..., None]
        cover = self._canvas.cover[box]
        cover += (1 - cover) * share


def _overlap(at: NDArray[np.float64], reach: NDArray[np.float64], span: tuple[float, float]) -> NDArray[np.float64]:
    """The share of [at - reach / 2, at + reach / 2] that lies in the span."""
    low, high = np.maximum(at - reach / 2, span[0]), np.minimum(at + reach / 2, span[1])
    return np.asarray(np.clip((high - low) / reach, 0, 1))


def _smooth(noise: Floats, x: NDArray[np.float64], z: NDArray[np.float64]) -> Floats:
    """The noise between its grid's points."""
    left, low = np.floor(x), np.floor(z)
    right, up = (x - left).astype(np.float32), (z - low).astype(np.float32)
    column, row = left.astype(int) % _TILE, low.astype(int) % _TILE
    after, above = (column + 1) % _TILE, (row + 1) % _TILE
    near = noise[column, row] * (1 - right) + noise[after, row] * right
    far = noise[column, above] * (1 - right) + noise[after, above] * right
    return np.asarray(near * (1 - up) + far * up, np.float32)
