"""The drawn grids tile the district, and the drawing works for any outline."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from commandcenter.profiles.geodesy import area_km2, to_degrees, to_metres
from commandcenter.profiles.reader import RESOURCES
from commandcenter.profiles.sketch.partition import BoxHint, partition_by_boxes, shares, voronoi_cells
from commandcenter.profiles.sketch.territory import StreetHint, draw_grids

L_SHAPE = shapely.Polygon([(0, 0), (3000, 0), (3000, 1000), (1000, 1000), (1000, 3000), (0, 3000)])
U_SHAPE = shapely.Polygon(
    [(0, 0), (3000, 0), (3000, 3000), (2800, 3000), (2800, 200), (200, 200), (200, 3000), (0, 3000)]
)


def _polygons(profile, kind):
    return np.array([shapely.Polygon(grid.polygon) for grid in profile.grids if grid.kind == kind])


@pytest.fixture(scope="module")
def outline():
    text = (RESOURCES / "profiles/dongcheng/source/outline.wkt").read_text(encoding="ascii")
    return shapely.from_wkt(text)


@pytest.mark.parametrize("kind", ["basic", "unit"])
def test_grids_cover_the_district_once(dongcheng, outline, kind):
    cells = _polygons(dongcheng, kind)
    assert shapely.is_valid(cells).all()
    assert shapely.coverage_is_valid(cells)
    union = shapely.coverage_union_all(cells)
    assert abs(shapely.area(cells).sum() - union.area) < 1e-9 * outline.area
    assert abs(union.area - outline.area) < 1e-6 * outline.area
    assert union.boundary.hausdorff_distance(outline.boundary) < 2e-6  # 0.2 m: rounding alone


def test_unit_grids_make_up_their_basic_grid(dongcheng):
    parts: dict[str, list[shapely.Polygon]] = {}
    for grid in dongcheng.grids:
        if grid.kind == "unit":
            parts.setdefault(grid.parent_key, []).append(shapely.Polygon(grid.polygon))
    for grid in dongcheng.grids:
        if grid.kind == "basic":
            assert shapely.union_all(parts[grid.key]).equals(shapely.Polygon(grid.polygon))


@pytest.mark.parametrize("level", ["street_key", "community_key"])
def test_territories_are_in_one_piece(dongcheng, level):
    members: dict[str, list[shapely.Polygon]] = {}
    for grid in dongcheng.grids:
        if grid.kind == "basic":
            members.setdefault(getattr(grid, level), []).append(shapely.Polygon(grid.polygon))
    pieces = {key: shapely.union_all(parts).geom_type for key, parts in members.items()}
    assert set(pieces.values()) == {"Polygon"}


def test_every_community_has_a_grid(dongcheng):
    communities = {unit.key for unit in dongcheng.org if unit.kind == "community"}
    assert {grid.community_key for grid in dongcheng.grids} == communities


@pytest.mark.parametrize(
    ("street", "km2"), [("110101001", 5.35), ("110101010", 5.02), ("110101011", 1.1), ("110101016", 4.03)]
)
def test_streets_have_about_their_real_area(dongcheng, street, km2):
    rings = [grid.polygon for grid in dongcheng.grids if grid.kind == "basic" and grid.street_key == street]
    assert area_km2(rings) == pytest.approx(km2, rel=0.06)


def test_coordinates_have_at_most_six_decimals(dongcheng):
    points = np.array([point for grid in dongcheng.grids for point in grid.polygon])
    assert np.array_equal(points, np.round(points, 6))


def test_area_of_the_whole_ellipsoid():
    """A 360th of the WGS-84 ellipsoid, whose surface is 510 065 621.7 km²."""
    lune = area_km2([((0, -90), (1, -90), (1, 90), (0, 90))])
    assert lune * 360 == pytest.approx(510_065_621.7, rel=1e-9)


def test_metre_plane_goes_there_and_back():
    square = shapely.box(116.3, 39.8, 116.5, 40.0)
    back = to_degrees(to_metres(square, (116.4, 39.9)), (116.4, 39.9))
    assert back.equals_exact(square, 1e-9)


@given(
    weights=st.lists(st.floats(0.01, 1000), min_size=1, max_size=60),
    spare=st.integers(0, 2000),
)
def test_shares_give_everything_and_at_least_one(weights, spare):
    total = len(weights) + spare
    counts = shares(total, weights)
    assert sum(counts) == total
    assert min(counts) >= 1


def test_shares_refuse_too_little():
    with pytest.raises(ValueError, match="at least one"):
        shares(2, [1, 1, 1])


@pytest.mark.parametrize("area", [L_SHAPE, U_SHAPE])
@pytest.mark.parametrize("count", [1, 2, 7, 40])
def test_voronoi_cells_tile_a_bent_area(area, count):
    cells = voronoi_cells(area, count, np.random.default_rng(3))
    assert len(cells) == count
    assert {cell.geom_type for cell in cells} == {"Polygon"}
    assert sum(cell.area for cell in cells) == pytest.approx(area.area, rel=1e-5)
    assert shapely.union_all(cells).area == pytest.approx(area.area, rel=1e-5)


def test_boxes_share_an_outline_by_area():
    outline = shapely.box(0, 0, 4000, 2000)
    hints = [BoxHint("west", 0, 0, 2000, 2000, 3.0), BoxHint("east", 2000, 0, 4000, 2000, 1.0)]
    west, east = partition_by_boxes(outline, hints)
    assert west.area + east.area == pytest.approx(outline.area, rel=1e-9)
    assert west.area == pytest.approx(6e6, rel=0.05)
    assert west.centroid.x < east.centroid.x


def test_same_seed_draws_the_same_city():
    outline = shapely.box(116.0, 40.0, 116.03, 40.02)
    streets = [
        StreetHint("s1", (116.0, 40.0, 116.015, 40.02), 1.0, 300),
        StreetHint("s2", (116.015, 40.0, 116.03, 40.02), 1.0, 100),
    ]
    communities = {"s1": [("s1a", "甲"), ("s1b", "乙")], "s2": [("s2a", "丙")]}
    first, second = (draw_grids(outline, streets, communities, 9, 31, seed=5) for _ in range(2))
    assert first == second
    assert sum(grid.kind == "basic" for grid in first) == 9
    assert sum(grid.kind == "unit" for grid in first) == 31


def test_a_district_may_have_one_level_of_grids():
    outline = shapely.box(116.0, 40.0, 116.03, 40.02)
    streets = [
        StreetHint("s1", (116.0, 40.0, 116.015, 40.02), 1.0, 300),
        StreetHint("s2", (116.015, 40.0, 116.03, 40.02), 1.0, 100),
    ]
    communities = {"s1": [("s1a", "甲"), ("s1b", "乙")], "s2": [("s2a", "丙")]}
    grids = draw_grids(outline, streets, communities, 0, 31, seed=5, raster_m=40.0)
    assert {(grid.kind, grid.parent_key) for grid in grids} == {("unit", None)}
    assert len(grids) == 31
    assert [(grid.key, grid.name) for grid in grids[:2]] == [("s1a01", "甲 01"), ("s1a02", "甲 02")]
    assert sum(grid.street_key == "s1" for grid in grids) > 15  # by population
    union = shapely.union_all([shapely.Polygon(grid.polygon) for grid in grids])
    assert union.area == pytest.approx(outline.area, rel=1e-6)
