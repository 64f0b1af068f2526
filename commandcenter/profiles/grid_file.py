"""Reads grids.csv, whose column ``wkt`` holds each grid's outline in WGS-84 degrees."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
import shapely

from commandcenter.profiles.model import GRID_KINDS, GridCell, OrgUnit
from commandcenter.profiles.table import Row, read_rows, unique

GRID_COLUMNS: Final = ("key", "parent_key", "street_key", "community_key", "kind", "code", "name", "wkt")
Ring = tuple[tuple[float, float], ...]


def read_grids(path: Path, org: Sequence[OrgUnit]) -> tuple[GridCell, ...]:
    """Read all grids; where there are basic grids, a unit grid stands below one, in the same community."""
    rows = list(read_rows(path, GRID_COLUMNS))
    rings = _rings(rows)
    cells = [(row, _grid(row, ring)) for row, ring in zip(rows, rings, strict=True)]
    unique(cells, "code", lambda cell: cell.code)
    grids = unique(cells, "key", lambda cell: cell.key)
    _check_places(cells, {unit.key: unit for unit in org})
    return tuple(grids)


def _rings(rows: Sequence[Row]) -> list[Ring]:
    """Parse and examine all outlines at once; row by row would cost most of the loading time."""
    polygons = np.array([_polygon(row) for row in rows], dtype=object)
    good = shapely.is_valid(polygons) & (shapely.area(polygons) > 0)
    for index in np.flatnonzero(~good).tolist():
        raise rows[index].error(f"网格边界无效：{shapely.is_valid_reason(polygons[index])}")
    points, owner = shapely.get_coordinates(polygons, return_index=True)
    _check_degrees(rows, points, owner)
    first = np.searchsorted(owner, np.arange(len(rows) + 1))
    pairs = [(lon, lat) for lon, lat in points.tolist()]
    return [tuple(pairs[start : end - 1]) for start, end in zip(first[:-1], first[1:], strict=True)]


def _polygon(row: Row) -> shapely.Geometry:
    try:
        geometry = shapely.from_wkt(row.text("wkt"))
    except shapely.GEOSException as error:
        raise row.error("网格边界不是 WKT 文本") from error
    if geometry.geom_type != "Polygon" or geometry.is_empty or geometry.interiors:
        raise row.error("网格边界必须是没有空洞的单个多边形")
    return geometry


def _check_degrees(rows: Sequence[Row], points: npt.NDArray[np.float64], owner: npt.NDArray[np.intp]) -> None:
    beyond = ~((np.abs(points[:, 0]) <= 180) & (np.abs(points[:, 1]) <= 90))
    for index in np.flatnonzero(beyond):
        raise rows[owner[index]].error("坐标不是经纬度")


def _grid(row: Row, ring: Ring) -> GridCell:
    return GridCell(
        key=row.text("key"),
        parent_key=row.optional("parent_key"),
        street_key=row.text("street_key"),
        community_key=row.text("community_key"),
        kind=row.choice("kind", GRID_KINDS),
        code=row.text("code"),
        name=row.text("name"),
        polygon=ring,
    )


def _check_places(cells: Sequence[tuple[Row, GridCell]], org: dict[str, OrgUnit]) -> None:
    above: dict[str, GridCell] = {}
    two_levels = any(cell.kind == "basic" for _, cell in cells)
    for row, cell in cells:
        community = org.get(cell.community_key)
        if community is None or community.parent_key != cell.street_key:
            raise row.error(f"社区“{cell.community_key}”不在街道“{cell.street_key}”中")
        if (cell.kind == "unit" and two_levels) or cell.parent_key is not None:
            _check_parent(row, cell, above.get(cell.parent_key or ""))
        above[cell.key] = cell


def _check_parent(row: Row, cell: GridCell, parent: GridCell | None) -> None:
    if parent is None or parent.kind != "basic":
        raise row.error(f"所属基础网格“{cell.parent_key or ''}”不存在或排在本行之后")
    if parent.community_key != cell.community_key:
        raise row.error(f"所属基础网格“{parent.key}”在另一个社区“{parent.community_key}”")
