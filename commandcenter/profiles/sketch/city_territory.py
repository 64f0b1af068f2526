"""Draws an invented city: districts, streets, communities and grids, nested Voronoi cells without a gap (示意)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from shapely.geometry import Polygon

from commandcenter.profiles.geodesy import to_degrees
from commandcenter.profiles.sketch.partition import Floats, shares, voronoi_cells
from commandcenter.profiles.sketch.territory import snap_coverage

_DECIMALS = 5      # of degrees: about a metre, and a third less to commit than six
_LATTICE_M = 2.0
_CENTRE_SCALE = 0.45  # the middle of the city is drawn so much smaller than its rim grows
_ROUNDS = 6


@dataclass(frozen=True, slots=True)
class Nest:
    """How many streets each district has, communities each street, grids each community; and all grids in that order,
    as outlines in degrees. The inner districts come first."""

    streets: list[int]
    communities: list[int]
    grids: list[int]
    outlines: list[Polygon]


def draw_city(
    centre: tuple[float, float], radius_km: float, districts: int, streets: int, communities: int, grids: int, seed: int
) -> Nest:
    """Divide an invented outline into ``districts``, these into ``streets`` in all, and so on down to ``grids``.

    Every level is shared out by area, at least one each. Cells are even on a plane that is then drawn together in the
    middle, so that the inner districts are small and dense.
    """
    rng = np.random.default_rng(seed)
    cells = _by_distance(voronoi_cells(_outline(radius_km * 1000, rng), districts, rng))
    counts: list[list[int]] = []
    for total in (streets, communities, grids):
        counts.append(shares(total, [math.sqrt(cell.area) for cell in cells]))
        cells = _divided(cells, counts[-1], rng)
    outlines = _placed(snap_coverage(cells, _LATTICE_M), radius_km * 1000, centre)
    return Nest(counts[0], counts[1], counts[2], outlines)


def _outline(radius: float, rng: np.random.Generator) -> Polygon:
    """A wobbly disc round the origin."""
    angles = np.linspace(0, 2 * np.pi, 180, endpoint=False)
    waves = [rng.uniform(0.02, 0.06) * np.cos(k * angles + rng.uniform(0, 6.28)) for k in range(2, 9)]
    away = radius * (1 + np.sum(waves, axis=0))
    return Polygon(np.stack([away * np.cos(angles), away * np.sin(angles)], axis=1))


def _by_distance(cells: Sequence[Polygon]) -> list[Polygon]:
    return sorted(cells, key=lambda cell: math.hypot(cell.centroid.x, cell.centroid.y))


def _divided(parents: Sequence[Polygon], counts: Sequence[int], rng: np.random.Generator) -> list[Polygon]:
    found: list[Polygon] = []
    for parent, count in zip(parents, counts, strict=True):
        cells = voronoi_cells(parent, count, rng, _ROUNDS)
        found += sorted(cells, key=lambda c: (-round(c.centroid.y / 1000), c.centroid.x))
    return found


def _placed(cells: Sequence[Polygon], radius: float, centre: tuple[float, float]) -> list[Polygon]:
    """From the even plane to the earth. Raises ValueError when rounding broke the coverage."""
    warped = shapely.transform(np.array(cells, dtype=object), lambda xy: _drawn_together(xy, radius))
    degrees = shapely.transform([to_degrees(cell, centre) for cell in warped], lambda xy: xy.round(_DECIMALS))
    if not (shapely.is_valid(degrees).all() and shapely.coverage_is_valid(degrees)):
        raise ValueError("rounding tore a grid apart; use another seed")
    return list(degrees)


def _drawn_together(points: Floats, radius: float) -> Floats:
    away = np.hypot(points[:, 0], points[:, 1])[:, None] / radius
    drawn: Floats = points * (_CENTRE_SCALE + (1 - _CENTRE_SCALE) * away)
    return drawn
