"""Draws streets, communities, basic and unit grids of a district as one gapless coverage (示意)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from shapely.geometry import Polygon

from commandcenter.profiles.geodesy import to_degrees, to_metres
from commandcenter.profiles.model import GridCell
from commandcenter.profiles.sketch.partition import BoxHint, partition_by_boxes, shares, voronoi_cells

PRECISION_DEG = 1e-6


@dataclass(frozen=True, slots=True)
class StreetHint:
    """What is known of a street: box (west, south, east, north) in degrees, km² and inhabitants."""

    key: str
    box: tuple[float, float, float, float]
    area_km2: float
    population: int


@dataclass(frozen=True, slots=True)
class _Plot:
    """A community, basic or unit grid on the metre plane: who it belongs to and its outline."""

    street_key: str
    community_key: str
    basic: int
    unit: int
    outline: Polygon


def draw_grids(
    outline: Polygon,
    streets: Sequence[StreetHint],
    communities: Mapping[str, Sequence[tuple[str, str]]],
    basic_total: int,
    unit_total: int,
    seed: int,
    raster_m: float = 30.0,
) -> list[GridCell]:
    """Draw all grids of a district, basic ones first, all borders shared exactly.

    ``outline`` in WGS-84 degrees; ``communities``: street key → (key, name) of each. Basic grids are
    spread over communities by population, unit grids over basic grids by area; at least one each.
    Without basic grids (``basic_total`` 0) unit grids are spread by population. Streets come from
    squares of ``raster_m`` metres.
    """
    rng = np.random.default_rng(seed)
    origin = (outline.centroid.x, outline.centroid.y)
    street_plots = _street_plots(to_metres(outline, origin), streets, origin, raster_m)
    plots = _community_plots(street_plots, communities, rng)
    plots = _split(plots, _counts_by_people(plots, streets, basic_total or unit_total), rng)
    if basic_total:
        plots = _split(plots, shares(unit_total, [plot.outline.area for plot in plots]), rng)
    plots = _in_code_order(plots)
    cells = snap_coverage([to_degrees(plot.outline, origin) for plot in plots])
    names = {key: name for group in communities.values() for key, name in group}
    basic = _basic_grids(plots, cells, names) if basic_total else ()
    return [*basic, *_unit_grids(plots, cells, names, bool(basic_total))]


def snap_coverage(cells: Sequence[Polygon], precision: float = PRECISION_DEG) -> list[Polygon]:
    """Round cells to the lattice of this precision, giving neighbours the very same vertices.

    The borders are noded together, so that a corner that lies on a neighbour's side becomes a vertex of
    the neighbour too; otherwise rounding would leave slivers between them.
    """
    lines = shapely.union_all(shapely.boundary(cells), grid_size=precision)
    faces = np.array(shapely.get_parts(shapely.polygonize([lines])))
    tree = shapely.STRtree(cells)
    face_index, cell_index = tree.query(shapely.point_on_surface(faces), predicate="within")
    return [_one_polygon(faces[face_index[cell_index == i]]) for i in range(len(cells))]


def _one_polygon(faces: Sequence[Polygon]) -> Polygon:
    union = shapely.union_all(faces)
    if union.geom_type != "Polygon" or union.interiors:
        raise ValueError("rounding tore a grid apart; use another seed")
    return union


def _street_plots(
    outline: Polygon, streets: Sequence[StreetHint], origin: tuple[float, float], raster_m: float
) -> list[tuple[str, Polygon]]:
    hints = [_box_hint(street, origin) for street in streets]
    return list(zip((s.key for s in streets), partition_by_boxes(outline, hints, raster_m), strict=True))


def _box_hint(street: StreetHint, origin: tuple[float, float]) -> BoxHint:
    west, south, east, north = to_metres(shapely.box(*street.box), origin).bounds
    return BoxHint(street.key, west, south, east, north, street.area_km2)


def _community_plots(
    streets: Sequence[tuple[str, Polygon]],
    communities: Mapping[str, Sequence[tuple[str, str]]],
    rng: np.random.Generator,
) -> list[_Plot]:
    plots = []
    for street_key, outline in streets:
        members = communities[street_key]
        cells = _reading_order(voronoi_cells(outline, len(members), rng))
        plots += [_Plot(street_key, key, 0, 0, cell) for (key, _), cell in zip(members, cells, strict=True)]
    return plots


def _counts_by_people(plots: Sequence[_Plot], streets: Sequence[StreetHint], total: int) -> list[int]:
    """Communities of a street share its population evenly, half by head and half by area."""
    people = {s.key: s.population for s in streets}
    area, heads = dict.fromkeys(people, 0.0), dict.fromkeys(people, 0)
    for plot in plots:
        area[plot.street_key] += plot.outline.area
        heads[plot.street_key] += 1
    return shares(
        total,
        [
            people[p.street_key] * (0.5 / heads[p.street_key] + 0.5 * p.outline.area / area[p.street_key])
            for p in plots
        ],
    )


def _split(plots: Sequence[_Plot], counts: Sequence[int], rng: np.random.Generator) -> list[_Plot]:
    parts = []
    for plot, count in zip(plots, counts, strict=True):
        cells = _reading_order(voronoi_cells(plot.outline, count, rng))
        parts += [
            # A community still has basic 0: its parts get the number as basic grids.
            _Plot(plot.street_key, plot.community_key, plot.basic or number, number, cell)
            for number, cell in enumerate(cells, 1)
        ]
    return parts


def _in_code_order(plots: Sequence[_Plot]) -> list[_Plot]:
    """Order unit grids by basic grid: their code counts them through the whole community."""
    return sorted(plots, key=lambda p: (p.street_key, p.community_key, p.basic, p.unit))


def _reading_order(cells: Sequence[Polygon]) -> list[Polygon]:
    """North to south in bands of 300 m, west to east within a band, as grids are numbered by hand."""
    return sorted(cells, key=lambda c: (-round(c.centroid.y / 300), c.centroid.x))


def _basic_grids(
    plots: Sequence[_Plot], cells: Sequence[Polygon], names: Mapping[str, str]
) -> Iterator[GridCell]:
    members: dict[tuple[str, str, int], list[Polygon]] = {}
    for plot, cell in zip(plots, cells, strict=True):
        members.setdefault((plot.street_key, plot.community_key, plot.basic), []).append(cell)
    for (street, community, basic), parts in members.items():
        key, name = _basic_key(community, basic), f"{names[community]} {basic:02d}"
        yield GridCell(key, None, street, community, "basic", key, name, ring(_one_polygon(parts)))


def _unit_grids(
    plots: Sequence[_Plot], cells: Sequence[Polygon], names: Mapping[str, str], two_levels: bool
) -> Iterator[GridCell]:
    serial: dict[str, int] = {}
    for plot, cell in zip(plots, cells, strict=True):
        serial[plot.community_key] = number = serial.get(plot.community_key, 0) + 1
        key = f"{plot.community_key}{number:02d}"
        parent = _basic_key(plot.community_key, plot.basic) if two_levels else None
        name = f"{names[plot.community_key]} {plot.basic:02d}" + (f"-{plot.unit}" if two_levels else "")
        yield GridCell(key, parent, plot.street_key, plot.community_key, "unit", key, name, ring(cell))


def _basic_key(community_key: str, number: int) -> str:
    return f"{community_key}-{number:02d}"


def ring(polygon: Polygon) -> tuple[tuple[float, float], ...]:
    """A polygon as a grid keeps it: six decimals, first point not repeated."""
    ring = shapely.get_coordinates(polygon.normalize().exterior)[:-1]
    return tuple((round(float(lon), 6), round(float(lat), 6)) for lon, lat in ring)
