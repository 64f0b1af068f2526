"""The cells as the painter needs them: measured, sorted into colours, their borders found once."""

from __future__ import annotations

from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QPainterPath

from widgets.map.data import Bounds, Boxes, CellGeometry, Ids, Points
from widgets.map.rings import following, holds, inside, rings_path, signed_areas

NOT_COLOURED = -1


class Cells:
    """Cells in local coordinates: metres from the middle of all, x to the east and y to the SOUTH as pixels go."""

    def __init__(self, geometry: CellGeometry, classes: Ids | None = None) -> None:
        self.ids = np.asarray(geometry.ids, np.int64)
        self.offsets = np.asarray(geometry.offsets, np.int64)
        self.origin = _middle(geometry.vertices)
        self.vertices = np.ascontiguousarray((geometry.vertices - self.origin) * (1.0, -1.0))
        count = len(self.ids)
        self.classes = np.full(count, NOT_COLOURED) if classes is None else np.array(classes, np.int64)
        if len(self.classes) != count:
            raise ValueError("cells: one class for each")
        self._rows = {key: row for row, key in enumerate(self.ids.tolist())}
        self.boxes = _boxes(self.vertices, self.offsets)
        self.centres = (self.boxes[:, :2] + self.boxes[:, 2:]) / 2
        self._find_edges(np.asarray(geometry.groups))

    def __len__(self) -> int:
        return len(self.ids)

    @property
    def bounds(self) -> Bounds:
        """The rectangle around all cells, on the plane."""
        west, north = self.boxes[:, :2].min(axis=0) * (1, -1) + self.origin
        east, south = self.boxes[:, 2:].max(axis=0) * (1, -1) + self.origin
        return Bounds(float(west), float(south), float(east), float(north))

    @cached_property
    def typical_size(self) -> float:
        """Metres across the cell in the middle of all, by size."""
        return float(np.median(np.diff(self.boxes[:, ::2]))) if len(self) else 0.0

    def rows_of(self, ids: Ids) -> Ids:
        """Rows of the ids that are known."""
        rows = self._rows
        return np.array([rows[key] for key in np.asarray(ids).tolist() if key in rows], np.int64)

    def recolour(self, ids: Ids, classes: Ids) -> Ids:
        """Take new classes; returns the rows that look otherwise now."""
        wanted = dict(zip(np.asarray(ids).tolist(), np.asarray(classes).tolist(), strict=True))
        rows = [self._rows[key] for key in wanted if key in self._rows]
        values = [wanted[key] for key in wanted if key in self._rows]
        changed = np.array(rows, np.int64)
        new = np.array(values, np.int64)
        differs = self.classes[changed] != new
        self.classes[changed[differs]] = new[differs]
        return changed[differs]

    def to_local(self, points: Points) -> Points:
        """Points of the plane in local coordinates."""
        return (np.asarray(points, np.float64) - self.origin) * (1.0, -1.0)

    def touching(self, left: float, top: float, right: float, bottom: float) -> Ids:
        """Rows whose boxes touch a local rectangle."""
        return np.flatnonzero(_touch(self.boxes, left, top, right, bottom))

    def lines_touching(self, left: float, top: float, right: float, bottom: float) -> Points:
        """Edges (n, 4) between cells of one group that touch a local rectangle."""
        return self.lines[_touch(self.line_boxes, left, top, right, bottom)]

    def borders_touching(self, left: float, top: float, right: float, bottom: float) -> Points:
        """Edges (n, 4) between groups and at the rim that touch a local rectangle."""
        return self.borders[_touch(self.border_boxes, left, top, right, bottom)]

    def path(self, rows: Ids) -> QPainterPath:
        """One path of these rows' rings, in local coordinates."""
        return rings_path(self.vertices, self.offsets, rows)

    def ring(self, row: int) -> Points:
        """One cell's ring, in local coordinates."""
        return self.vertices[self.offsets[row] : self.offsets[row + 1]]

    def at(self, x: float, y: float) -> int:
        """The id of the cell at a point of the plane; 0 where there is none. The smallest wins where they overlap."""
        east, south = self.to_local(np.array([[x, y]]))[0].tolist()
        rows = self.touching(east, south, east, south)
        hit = [row for row in rows.tolist() if holds(self.ring(row), east, south)]
        return int(self.ids[min(hit, key=self._extent)]) if hit else 0

    def within(self, polygon: Points) -> list[int]:
        """Ids of the cells whose middle lies in a polygon of the plane, ascending."""
        return sorted(self.ids[inside(self.centres, self.to_local(polygon))].tolist())

    def _extent(self, row: int) -> float:
        left, top, right, bottom = self.boxes[row].tolist()
        return (right - left) * (bottom - top)

    def _find_edges(self, groups: Ids) -> None:
        """Each border once. `borders`: between two groups or at the rim; `lines`: between cells of one group."""
        self.lines = self.borders = self.line_boxes = self.border_boxes = np.empty((0, 4))
        if not len(self):
            return
        after, cell = following(self.offsets), np.repeat(np.arange(len(self)), np.diff(self.offsets))
        corner = _corners(self.vertices)
        key = corner * np.int64(len(corner)) + corner[after]
        back = corner[after] * np.int64(len(corner)) + corner
        clockwise = signed_areas(self.vertices, self.offsets)[cell] < 0
        walked = (key < back) == clockwise  # in which direction, with the cell on one side
        order = np.argsort(np.minimum(key, back), kind="stable")
        first = np.flatnonzero(np.r_[True, np.diff(np.minimum(key, back)[order]) != 0])
        group, direction = groups[cell][order], walked[order]
        alone = np.maximum.reduceat(direction, first) == np.minimum.reduceat(direction, first)
        parts = np.minimum.reduceat(group, first) != np.maximum.reduceat(group, first)
        start = order[first]
        self._part_edges(np.hstack([self.vertices[start], self.vertices[after[start]]]), alone | parts)

    def _part_edges(self, edges: Points, strong: NDArray[np.bool_]) -> None:
        self.lines, self.borders = edges[~strong], edges[strong]
        self.line_boxes, self.border_boxes = _edge_boxes(self.lines), _edge_boxes(self.borders)


def _corners(vertices: Points) -> Ids:
    """A number for each vertex, the same for vertices at the same place (to a decimetre)."""
    grid = np.round(vertices * 10.0).astype(np.int64)
    grid -= grid.min(axis=0)
    return np.unique(grid[:, 0] * (grid[:, 1].max() + 1) + grid[:, 1], return_inverse=True)[1]


def _touch(boxes: Boxes, left: float, top: float, right: float, bottom: float) -> NDArray[np.bool_]:
    return (boxes[:, 0] <= right) & (boxes[:, 2] >= left) & (boxes[:, 1] <= bottom) & (boxes[:, 3] >= top)


def _middle(vertices: Points) -> Points:
    return np.round((vertices.min(axis=0) + vertices.max(axis=0)) / 2) if len(vertices) else np.zeros(2)


def _boxes(vertices: Points, offsets: Ids) -> Boxes:
    if len(offsets) < 2:
        return np.empty((0, 4))
    starts = offsets[:-1]
    return np.hstack([np.minimum.reduceat(vertices, starts), np.maximum.reduceat(vertices, starts)])


def _edge_boxes(edges: Points) -> Boxes:
    return np.hstack([np.minimum(edges[:, :2], edges[:, 2:]), np.maximum(edges[:, :2], edges[:, 2:])])
