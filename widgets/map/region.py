"""Which part of the widget to paint anew: many small boxes as a region of few rectangles, and what touches it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRect, QRectF
from PySide6.QtGui import QRegion

from widgets.map.data import Boxes, Points

_BLOCK = 32  # pixels; many boxes are rounded to blocks
_FEW = 12  # boxes that are taken as they are
_MOST = 0.6  # of the widget: then all of it is painted at once


class Area:
    """What is painted now, in pixels of a widget: `box` is around all of it."""

    def __init__(self, region: QRegion) -> None:
        self.box = QRectF(region.boundingRect())
        self._sums: NDArray[np.int64] | None = None
        if region.rectCount() > 1:
            places = [(part.left(), part.top(), part.left() + part.width(), part.top() + part.height())
                      for part in region]  # fmt: skip
            edges = np.array(places) - [*self._corner, *self._corner]
            columns, rows = (-(-side // _BLOCK) for side in (int(self.box.width()), int(self.box.height())))
            self._sums = np.pad(_covered(edges, columns, rows), ((1, 0), (1, 0))).cumsum(axis=0).cumsum(axis=1)

    @property
    def _corner(self) -> tuple[int, int]:
        return int(self.box.left()), int(self.box.top())

    def touches(self, places: Points, reach: float) -> NDArray[np.bool_]:
        """Which of these places (n, 2) have something of it within `reach`; some more than that."""
        low, high = (self.box.left(), self.box.top()), (self.box.right(), self.box.bottom())
        near = np.all((places > np.subtract(low, reach)) & (places < np.add(high, reach)), axis=1)
        if self._sums is not None:
            rows = np.flatnonzero(near)
            near[rows] = self._blocks_around(places[rows] - low, reach) > 0
        return near

    def _blocks_around(self, places: Points, reach: float) -> NDArray[np.int64]:
        """How many covered blocks lie around each place."""
        assert self._sums is not None
        last = np.array(self._sums.shape)[::-1] - 1
        first_x, first_y = np.clip(np.floor((places - reach) / _BLOCK).astype(int), 0, last).T
        end_x, end_y = np.clip(np.floor((places + reach) / _BLOCK).astype(int) + 1, 0, last).T
        sums = self._sums
        return sums[end_y, end_x] - sums[first_y, end_x] - sums[end_y, first_x] + sums[first_y, first_x]


def region_of(boxes: Boxes, width: int, height: int) -> QRegion:
    """The pixels of a widget that boxes (n, 4: left, top, right, bottom) touch, and some more."""
    low = np.maximum(np.floor(boxes[:, :2]), 0.0)
    high = np.minimum(np.ceil(boxes[:, 2:]), (width, height))
    seen = np.all(high > low, axis=1)
    edges = np.hstack([low, high])[seen].astype(int)
    if len(edges) <= _FEW:
        return union([QRect(left, top, right - left, bottom - top) for left, top, right, bottom in edges.tolist()])
    covered = _covered(edges, -(-width // _BLOCK), -(-height // _BLOCK))
    if covered.mean() > _MOST:
        return QRegion(0, 0, width, height)
    return union(_runs(covered)).intersected(QRect(0, 0, width, height))


def _covered(edges: np.ndarray, columns: int, rows: int) -> np.ndarray:
    """Which blocks (rows, columns) the boxes touch."""
    first, last = edges[:, :2] // _BLOCK, (edges[:, 2:] - 1) // _BLOCK + 1
    count = np.zeros((rows + 1, columns + 1), np.int64)
    for x, y, sign in ((first, first, 1), (last, last, 1), (first, last, -1), (last, first, -1)):
        np.add.at(count, (y[:, 1], x[:, 0]), sign)
    return count.cumsum(axis=0).cumsum(axis=1)[:rows, :columns] > 0


def _runs(covered: np.ndarray) -> list[QRect]:
    """Neighbouring blocks of a row as one rectangle."""
    padded = np.zeros((len(covered), covered.shape[1] + 2), np.int8)
    padded[:, 1:-1] = covered
    turns = np.diff(padded, axis=1)
    (rows, begins), (_, ends) = np.nonzero(turns == 1), np.nonzero(turns == -1)
    places = np.column_stack([begins, rows, ends - begins]) * _BLOCK
    return [QRect(x, y, width, _BLOCK) for x, y, width in places.tolist()]


def union(places: list[QRect]) -> QRegion:
    """All of these."""
    region = QRegion()
    for place in places:
        region += place
    return region
