"""Words on the map: as many as find room, the most important first, and the same ones while the map is only pulled."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QRectF
from PySide6.QtGui import QFontMetricsF, QPainter, QPixmap

from widgets.map.camera import Camera
from widgets.map.data import Bounds, Boxes, Ids, Label
from widgets.map.sprites import Style, word
from widgets.theme import FontRole

_ROOM = 0.35  # of the small font: kept free around a word
_KEPT = 1500  # pictures of words
_TRIED = 700  # so many are tried for one place; who comes later finds no room anyway


class Labels:
    """Places words and draws them."""

    def __init__(self) -> None:
        self._labels: list[Label] = []
        self._xy, self._nearer = np.empty((0, 2)), np.empty(0)
        self._sizes: dict[int, tuple[float, float]] = {}
        self._placed: Ids = np.empty(0, np.int64)
        self._pictures: dict[int, tuple[QPixmap, float, float]] = {}
        self._placed_for: tuple[Bounds, float, float] | None = None

    def set(self, labels: Sequence[Label]) -> None:
        """Have these words."""
        self._labels = sorted(labels, key=lambda label: -label.rank)
        self._xy = np.array([(label.x, label.y) for label in self._labels], np.float64).reshape(-1, 2)
        self._nearer = np.array([label.nearer_than for label in self._labels], np.float64)
        self._placed = np.empty(0, np.int64)
        self.forget()

    def forget(self) -> None:
        """Measure all anew: the font is another."""
        self._sizes.clear()
        self._pictures.clear()
        self._placed_for = None

    def boxes(self, camera: Camera, style: Style) -> Boxes:
        """Where the words that are shown stand, in pixels of the widget."""
        self._place(camera, style)
        centres = camera.to_screen(self._xy[self._placed])
        halves = np.array([self._size(row, style) for row in self._placed.tolist()]).reshape(-1, 2) / 2
        return np.hstack([centres - halves, centres + halves])

    def texts(self, camera: Camera, style: Style) -> list[str]:
        """The words that are shown, in the order of their boxes."""
        self._place(camera, style)
        return [self._labels[row].text for row in self._placed.tolist()]

    def draw(self, painter: QPainter, area: QRectF, camera: Camera, style: Style, moving: bool) -> None:
        """Draw those that found room and touch an area of the widget. moving: the scale is still changing."""
        if not self._labels:
            return
        self._place(camera, style, moving)
        places = camera.to_screen(self._xy[self._placed])
        reach = np.array([8.0, 1.0]) * 2 * style.unit
        low, high = (area.left(), area.top()) - reach, (area.right(), area.bottom()) + reach
        seen = np.flatnonzero(np.all((places > low) & (places < high), axis=1))
        for row, (x, y) in zip(self._placed[seen].tolist(), places[seen].tolist(), strict=True):
            picture, across, down = self._picture(row, style)
            painter.drawPixmap(round(x - across), round(y - down), picture)

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

    def _place(self, camera: Camera, style: Style, moving: bool = False) -> None:
        resolution = camera.view.metres_per_pixel
        if self._placed_for is not None:
            area, placed_at, scale = self._placed_for
            nearer = moving and resolution <= placed_at  # what found room keeps it
            if (nearer or resolution == placed_at) and scale == style.scale and _contains(area, camera.bounds()):
                return
        area = camera.bounds(max(camera.width, camera.height) / 2)
        self._placed = self._find_room(camera, style, self._candidates(area, resolution))
        self._placed_for = area, resolution, style.scale

    def _candidates(self, area: Bounds, resolution: float) -> list[int]:
        x, y = self._xy[:, 0], self._xy[:, 1]
        seen = (x >= area.west) & (x <= area.east) & (y >= area.south) & (y <= area.north)
        rows = np.flatnonzero(seen & (resolution < self._nearer)).tolist()
        before = set(self._placed.tolist())
        return sorted(rows, key=lambda row: (-self._labels[row].rank, row not in before, row))[:_TRIED]

    def _find_room(self, camera: Camera, style: Style, rows: list[int]) -> Ids:
        centres, room = camera.to_screen(self._xy[rows]), _ROOM * style.unit
        taken, placed = np.empty((len(rows), 4)), []
        for row, (x, y) in zip(rows, centres.tolist(), strict=True):
            width, height = self._size(row, style)
            left, top, right, bottom = x - width / 2, y - height / 2, x + width / 2, y + height / 2
            others = taken[: len(placed)]
            across = (others[:, 0] < right + room) & (others[:, 2] > left - room)
            if not np.any(across & (others[:, 1] < bottom + room / 2) & (others[:, 3] > top - room / 2)):
                taken[len(placed)] = left, top, right, bottom
                placed.append(row)
        return np.array(placed, np.int64)

    def _size(self, row: int, style: Style) -> tuple[float, float]:
        size = self._sizes.get(row)
        if size is None:
            metrics = QFontMetricsF(style.font(*_look(self._labels[row].rank)))
            size = self._sizes[row] = metrics.horizontalAdvance(self._labels[row].text), metrics.height()
        return size


def _look(rank: float) -> tuple[FontRole, bool]:
    return ("body", True) if rank >= 2 else ("small", rank >= 1)


def _contains(outer: Bounds, inner: Bounds) -> bool:
    return (
        outer.west <= inner.west
        and outer.south <= inner.south
        and outer.east >= inner.east
        and outer.north >= inner.north
    )
