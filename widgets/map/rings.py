"""Rings of points: which points lie inside, which way round they go, and their paths for a painter."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF
from PySide6.QtGui import QPainterPath, QPolygonF

from widgets.map.arrays import path_of
from widgets.map.data import Ids, Points

_FEW = 10  # rings from which on building one path from arrays is quicker


def inside(points: Points, ring: Points) -> NDArray[np.bool_]:
    """Which of the points (n, 2) lie in the ring (k, 2), by even and odd crossings."""
    x, y = points[:, 0], points[:, 1]
    result = np.zeros(len(points), bool)
    for (ax, ay), (bx, by) in zip(ring.tolist(), np.roll(ring, -1, axis=0).tolist(), strict=True):
        if ay != by:
            crosses = (ay > y) != (by > y)
            result ^= crosses & (x < (bx - ax) * (y - ay) / (by - ay) + ax)
    return result


def holds(ring: Points, x: float, y: float) -> bool:
    """Whether one point lies in the ring (k, 2)."""
    after = np.roll(ring, -1, axis=0)
    crosses = (ring[:, 1] > y) != (after[:, 1] > y)
    one, other = ring[crosses], after[crosses]
    at = one[:, 0] + (y - one[:, 1]) * (other[:, 0] - one[:, 0]) / (other[:, 1] - one[:, 1])
    return bool(np.count_nonzero(at > x) % 2)


def following(offsets: Ids) -> Ids:
    """For each vertex the next one of its ring."""
    after = np.arange(1, int(offsets[-1]) + 1)
    after[offsets[1:] - 1] = offsets[:-1]
    return after


def signed_areas(vertices: Points, offsets: Ids) -> NDArray[np.float64]:
    """Twice the area of each ring, positive when it goes counter-clockwise (y up)."""
    after = following(offsets)
    cross = vertices[:, 0] * vertices[after, 1] - vertices[after, 0] * vertices[:, 1]
    return np.add.reduceat(cross, offsets[:-1])


def _path_of_few(vertices: Points, offsets: Ids, rows: Ids) -> QPainterPath:
    path = QPainterPath()
    for row in rows.tolist():
        ring = vertices[offsets[row] : offsets[row + 1]].tolist()
        path.addPolygon(QPolygonF([QPointF(x, y) for x, y in ring]))
        path.closeSubpath()
    return path


def rings_path(vertices: Points, offsets: Ids, rows: Ids) -> QPainterPath:
    """One path of the closed rings in these rows."""
    if len(rows) <= _FEW:
        return _path_of_few(vertices, offsets, rows)
    lengths = offsets[rows + 1] - offsets[rows] + 1
    ends = np.cumsum(lengths) - 1
    index = np.repeat(offsets[rows] - (ends + 1 - lengths), lengths) + np.arange(int(ends[-1]) + 1)
    index[ends] = offsets[rows]
    begins = np.zeros(len(index), bool)
    begins[ends[:-1] + 1] = True
    begins[0] = True
    return path_of(vertices[index], begins)
