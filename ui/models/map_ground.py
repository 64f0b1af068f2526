"""The cells of a map on its plane, made from outlines of grids; and the names that stand on it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from commandcenter.domain.map import Shapes
from commandcenter.domain.model import Grid
from commandcenter.geo import to_plane
from ui.models.map_areas import COMMUNITY, DISTRICT, GRID, STREET, TOP, Areas, Key
from widgets.map.data import Bounds, CellGeometry, Label

_RANKS = {DISTRICT: 4.0, STREET: 3.0, COMMUNITY: 2.0, GRID: 1.0}


class Ground:
    """Cells with their middles; metres of Web Mercator. `ids` in the order of the geometry."""

    def __init__(self, geometry: CellGeometry) -> None:
        self.geometry = geometry
        self.ids: list[int] = geometry.ids.tolist()
        self._row = {cell: row for row, cell in enumerate(self.ids)}
        starts, sizes = geometry.offsets[:-1], np.diff(geometry.offsets)[:, None]
        rings = geometry.vertices if len(starts) else np.empty((0, 2))
        self._lows = np.minimum.reduceat(rings, starts) if len(starts) else rings
        self._highs = np.maximum.reduceat(rings, starts) if len(starts) else rings
        self._middles = np.add.reduceat(rings, starts) / sizes if len(starts) else rings

    def __contains__(self, cell: int) -> bool:
        return cell in self._row

    def rows(self, cells: Iterable[int]) -> NDArray[np.int64]:
        """Where these are in the geometry; unknown ones are left out."""
        return np.array([self._row[cell] for cell in cells if cell in self._row], np.int64)

    def bounds(self, cells: Iterable[int]) -> Bounds | None:
        """The rectangle around these cells; None if none has an outline."""
        rows = self.rows(cells)
        if not len(rows):
            return None
        low, high = self._lows[rows].min(axis=0), self._highs[rows].max(axis=0)
        return Bounds(float(low[0]), float(low[1]), float(high[0]), float(high[1]))

    def middle(self, cells: Iterable[int]) -> tuple[float, float] | None:
        """The mean of the cells' middles."""
        rows = self.rows(cells)
        if not len(rows):
            return None
        x, y = self._middles[rows].mean(axis=0)
        return float(x), float(y)


def ground_of(shapes: Shapes, grids: Mapping[int, Grid], areas: Areas) -> Ground:
    """Cells of the outermost grids that have an outline, on the plane; borders between streets are drawn stronger."""
    wanted = set(areas.cell_of.values())
    plane = to_plane(shapes.vertices)
    ids, rings = [], []
    for row, grid_id in enumerate(shapes.ids.tolist()):
        ring = _open(plane[int(shapes.offsets[row]):int(shapes.offsets[row + 1])])
        if grid_id in wanted and len(ring) >= 3:
            ids.append(grid_id)
            rings.append(ring)
    offsets = np.concatenate([[0], np.cumsum([len(ring) for ring in rings])]).astype(np.int64)
    vertices = np.concatenate(rings) if rings else np.empty((0, 2))
    groups = np.array([grids[grid_id].street_id for grid_id in ids], np.int64)
    return Ground(CellGeometry(np.array(ids, np.int64), vertices, offsets, groups))


def _open(ring: NDArray[np.float64]) -> NDArray[np.float64]:
    """Without its last point where that is the first again."""
    return ring[:-1] if len(ring) > 1 and bool((ring[0] == ring[-1]).all()) else ring


def labels(ground: Ground, areas: Areas, focus: Key) -> list[Label]:
    """Names of what can be drilled to from here: the next level, and of the whole of a city the streets, too."""
    named = _named(areas, focus)
    found = ((key, area, ground.middle(area.cells)) for key in named if (area := areas.area(key)) is not None)
    return [Label(areas.short_name(key), *middle, _RANKS[key[0]] + min(len(area.cells), 99) / 100)
            for key, area, middle in found if middle is not None]


def _named(areas: Areas, focus: Key) -> Sequence[Key]:
    below = areas.children(focus)
    if focus == TOP and below and below[0][0] == DISTRICT:
        return [*below, *(street for district in below for street in areas.children(district))]
    return below
