"""Words on the map: as many as find room, the most important first, and the same ones while the map is only pulled."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from PySide6.QtCore import QRectF
from PySide6.QtGui import QFontMetricsF, QPainter, QPixmap

from widgets.map.camera import Camera
from widgets.map.data import Bounds, Boxes, Ids, Label, Points
from widgets.map.sprites import Style, word
from widgets.theme import FontRole

_ROOM = 0.35  # of the small font: kept free around a word
_KEPT = 1500  # pictures of words
_TRIED = 700  # so many are tried for one place; who comes later finds no room anyway
_STEPS_ASIDE = (0.0, 1.0, -1.0, 1.7, -1.7)  # of its height, down and up, that a word steps aside for a bubble

Obstacles = Callable[[], Boxes]


def _nothing() -> Boxes:
    return np.empty((0, 4))


class Labels:
    """Places words and draws them."""

    def __init__(self) -> None:
        self._labels: list[Label] = []
        self._xy, self._nearer = np.empty((0, 2)), np.empty(0)
        self._sizes: dict[int, tuple[float, float]] = {}
        self._placed: Ids = np.empty(0, np.int64)
        self._aside = np.empty(0)
        self._pictures: dict[int, tuple[QPixmap, float, float]] = {}
        self._placed_for: tuple[Bounds, float, float, bool] | None = None

    def set(self, labels: Sequence[Label]) -> None:
        """Have these words."""
        self._labels = sorted(labels, key=lambda label: -label.rank)
        self._xy = np.array([(label.x, label.y) for label in self._labels], np.float64).reshape(-1, 2)
        self._nearer = np.array([label.nearer_than for label in self._labels], np.float64)
        self._placed, self._aside = np.empty(0, np.int64), np.empty(0)
        self.forget()

    def forget(self) -> None:
        """Measure all anew: the font is another."""
        self._sizes.clear()
        self._pictures.clear()
        self.unsettle()

    def unsettle(self) -> None:
        """Look for room again: bubbles stand elsewhere."""
        self._placed_for = None

    def boxes(self, camera: Camera, style: Style, bubbles: Obstacles = _nothing) -> Boxes:
        """Where the words that are shown stand, in pixels of the widget."""
        self._place(camera, style, bubbles)
        centres = self._centres(camera)
        halves = np.array([self._size(row, style) for row in self._placed.tolist()]).reshape(-1, 2) / 2
        return np.hstack([centres - halves, centres + halves])

    def texts(self, camera: Camera, style: Style) -> list[str]:
        """The words that are shown, in the order of their boxes."""
        self._place(camera, style, _nothing)
        return [self._labels[row].text for row in self._placed.tolist()]

    def draw(
        self, painter: QPainter, area: QRectF, camera: Camera, style: Style, bubbles: Obstacles, moving: bool
    ) -> None:
        """Draw those that found room and touch an area of the widget. bubbles: boxes that words step aside for.
        moving: the scale is still changing."""
        if not self._labels:
            return
        self._place(camera, style, bubbles, moving)
        places = self._centres(camera)
        reach = np.array([8.0, 1.0]) * 2 * style.unit
        low, high = (area.left(), area.top()) - reach, (area.right(), area.bottom()) + reach
        seen = np.flatnonzero(np.all((places > low) & (places < high), axis=1))
        for row, (x, y) in zip(self._placed[seen].tolist(), places[seen].tolist(), strict=True):
            picture, across, down = self._picture(row, style)
            painter.drawPixmap(round(x - across), round(y - down), picture)

    def _centres(self, camera: Camera) -> Points:
        centres = camera.to_screen(self._xy[self._placed])
        centres[:, 1] += self._aside
        return centres

    def _picture(self, row: int, style: Style) -> tuple[QPixmap, float, float]:
        """A word's picture and its middle."""
        known = self._pictures.get(row)
        if known is None:
            if len(self._pictures) > _KEPT:
                self._pictures.clear()
            label = self._labels[row]
            picture = word(style, label.text, *_look(label.rank))
            half = picture.deviceIndependentSize() / 2
            known = self._pictures[row] = picture, half.width(), half.height()
        return known

    def _place(self, camera: Camera, style: Style, bubbles: Obstacles, moving: bool = False) -> None:
        resolution, area = camera.view.metres_per_pixel, camera.bounds(max(camera.width, camera.height) / 2)
        if self._placed_for is not None:
            known, placed_at, scale, moved = self._placed_for
            nearer = moving and resolution <= placed_at  # what found room keeps it
            same = resolution == placed_at and (moving or not moved)  # at rest those come who had to wait
            if (nearer or same) and scale == style.scale and _contains(known, camera.bounds()):
                return
        if moving:  # who has no room any more goes; who may come, comes at rest
            asides = dict(zip(self._placed.tolist(), self._aside.tolist(), strict=True))
            self._settle(camera, style, [(row, [aside]) for row, aside in asides.items()], _nothing())
        else:
            rows = self._candidates(area, resolution)
            steps = [step * 1.3 * style.unit for step in _STEPS_ASIDE]
            self._settle(camera, style, [(row, steps) for row in rows], bubbles())
        self._placed_for = area, resolution, style.scale, moving

    def _candidates(self, area: Bounds, resolution: float) -> list[int]:
        x, y = self._xy[:, 0], self._xy[:, 1]
        seen = (x >= area.west) & (x <= area.east) & (y >= area.south) & (y <= area.north)
        rows = np.flatnonzero(seen & (resolution < self._nearer)).tolist()
        before = set(self._placed.tolist())
        return sorted(rows, key=lambda row: (-self._labels[row].rank, row not in before, row))[:_TRIED]

    def _settle(self, camera: Camera, style: Style, wanted: list[tuple[int, list[float]]], bubbles: Boxes) -> None:
        """Place rows in this order where there is no word yet; of the steps aside the first that is free of bubbles."""
        centres = camera.to_screen(self._xy[[row for row, _ in wanted]])
        taken, placed, asides = np.empty((len(wanted), 4)), [], []
        for (row, steps), (x, y) in zip(wanted, centres.tolist(), strict=True):
            width, height = self._size(row, style)
            wide, high = width / 2 + _ROOM * style.unit, (height + _ROOM * style.unit) / 2
            words = _heights(taken[: len(placed)], x, wide)
            if _free(words, y + steps[0], high):
                near = _heights(bubbles, x, width / 2) if len(steps) > 1 else []
                fits = (s for s in steps if _free(near, y + s, height / 2) and _free(words, y + s, high))
                aside = next(fits, steps[0])
                taken[len(placed)] = x - width / 2, y + aside - height / 2, x + width / 2, y + aside + height / 2
                placed.append(row)
                asides.append(aside)
        self._placed, self._aside = np.array(placed, np.int64), np.array(asides, np.float64)

    def _size(self, row: int, style: Style) -> tuple[float, float]:
        size = self._sizes.get(row)
        if size is None:
            metrics = QFontMetricsF(style.font(*_look(self._labels[row].rank)))
            size = self._sizes[row] = metrics.horizontalAdvance(self._labels[row].text), metrics.height()
        return size


def _heights(boxes: Boxes, x: float, half: float) -> list[list[float]]:
    """Top and bottom of the boxes that are above or below a stretch around x."""
    return boxes[(boxes[:, 0] < x + half) & (boxes[:, 2] > x - half)][:, 1::2].tolist()


def _free(heights: list[list[float]], y: float, half: float) -> bool:
    return not any(top < y + half and bottom > y - half for top, bottom in heights)


def _look(rank: float) -> tuple[FontRole, bool]:
    return ("body", True) if rank >= 2 else ("small", rank >= 1)


def _contains(outer: Bounds, inner: Bounds) -> bool:
    return (
        outer.west <= inner.west
        and outer.south <= inner.south
        and outer.east >= inner.east
        and outer.north >= inner.north
    )
