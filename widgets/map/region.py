"""Which part of the widget to paint anew: many small boxes as a region of few rectangles."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QRect
from PySide6.QtGui import QRegion

from widgets.map.data import Boxes

_BLOCK = 32  # pixels; many boxes are rounded to blocks
_FEW = 12  # boxes that are taken as they are
_MOST = 0.6  # of the widget: then all of it is painted at once


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
