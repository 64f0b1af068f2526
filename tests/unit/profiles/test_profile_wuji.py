"""The shipped city of five levels: published counts, a territory without gaps, names that do not collide."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from shutil import copytree

import numpy as np
import pytest
import shapely

from commandcenter.profiles.check import compare, count_profile
from commandcenter.profiles.model import ROLES, STAGES, Profile, homes_of
from commandcenter.profiles.reader import RESOURCES, read_profile
from commandcenter.profiles.sketch.files import redraw

PUBLISHED = {
    "levels": 5,
    "districts": 16,
    "municipal_departments": 55,
    "county_bureaus": 563,
    "streets": 173,
    "communities": 1329,
    "grids": 8358,
    "classes": 11,
    "catalogue_items": 282,
    "channels_at_least": 7,
    "whistle_levels": 3,
}


@pytest.fixture(scope="module")
def wuji() -> Profile:
    return read_profile("wuji")


@pytest.fixture(scope="module")
def cells(wuji: Profile) -> np.ndarray:
    return np.array([shapely.Polygon(grid.polygon) for grid in wuji.grids])


def test_the_published_figures_are_named_and_reproduced(wuji: Profile):
    assert {figure.metric: figure.value for figure in wuji.published} == PUBLISHED
    assert [line.metric for line in compare(wuji.published, count_profile(wuji)) if not line.ok] == []


def test_grids_tile_the_city_once(cells: np.ndarray):
    assert shapely.is_valid(cells).all()
    assert shapely.coverage_is_valid(cells)
    union = shapely.coverage_union_all(cells)
    assert union.geom_type == "Polygon"
    assert shapely.area(cells).sum() == pytest.approx(union.area, rel=1e-9)


@pytest.mark.parametrize("level", ["district", "street", "community"])
def test_territories_are_in_one_piece_without_holes(wuji: Profile, cells: np.ndarray, level: str):
    homes = homes_of(wuji.org)
    members: dict[str, list[shapely.Polygon]] = {}
    for grid, cell in zip(wuji.grids, cells, strict=True):
        keys = {"district": homes[grid.street_key], "street": grid.street_key, "community": grid.community_key}
        members.setdefault(keys[level], []).append(cell)
    unions = [shapely.coverage_union_all(parts) for parts in members.values()]
    assert {union.geom_type for union in unions} == {"Polygon"}
    assert not any(union.interiors for union in unions)


def test_every_district_touches_another(wuji: Profile, cells: np.ndarray):
    homes = homes_of(wuji.org)
    districts: dict[str, list[shapely.Polygon]] = {}
    for grid, cell in zip(wuji.grids, cells, strict=True):
        districts.setdefault(homes[grid.street_key], []).append(cell)
    outlines = [shapely.coverage_union_all(parts) for parts in districts.values()]
    assert len(outlines) == 16
    assert all(sum(one.touches(other) for other in outlines) >= 2 for one in outlines)


def test_no_name_is_used_twice_inside_a_district(wuji: Profile):
    homes = homes_of(wuji.org)
    names = Counter((homes[unit.key], unit.name) for unit in wuji.org)
    short = Counter((homes[unit.key], unit.short_name) for unit in wuji.org)
    assert names.most_common(1)[0][1] == short.most_common(1)[0][1] == 1


def test_every_invented_unit_and_item_is_marked(wuji: Profile):
    assert all(unit.sample for unit in wuji.org)
    assert wuji.sample
    assert {unit.key[:2] for unit in wuji.org if unit.kind in ("district", "street", "community")} == {"99"}


def test_every_line_of_the_catalogue_is_answered_for_in_every_district(wuji: Profile):
    homes = homes_of(wuji.org)
    lines = {key: {u.line for u in wuji.org if u.line and homes[u.key] == key} for key in set(homes.values())}
    wanted = {line for item in wuji.catalogue for line in (item.line, item.fallback)} - {"street"}
    districts = [unit.key for unit in wuji.org if unit.kind == "district"]
    assert all(wanted <= lines[key] | lines["990100"] for key in districts)
    assert {"通信", "能源", "邮政"} <= wanted - lines[districts[0]]  # the city's departments have work too


def test_every_item_has_a_limit_for_every_stage(wuji: Profile):
    assert {tuple(limit.stage for limit in item.limits) for item in wuji.catalogue} == {STAGES}


def test_a_case_can_go_the_whole_loop_in_every_district_and_at_the_city(wuji: Profile):
    posts = {duty for person in wuji.operators for duty in person.duties}
    centre = {"acceptor", "dispatcher", "verifier", "followup", "supervisor", "admin", "auditor"}
    wholes = [unit.key for unit in wuji.org if unit.kind in ("city", "district")]
    assert [(role, key) for key in wholes for role in centre if (role, key) not in posts] == []
    units = [unit.key for unit in wuji.org if unit.kind in ("department", "street")]
    assert [key for key in units if ("handler", key) not in posts] == []
    assert {role for role, _ in posts} >= set(ROLES) - {"gateway"}  # added when there is one


def test_the_grids_stay_small_enough_to_be_kept_as_text():
    assert (RESOURCES / "profiles/wuji/grids.csv").stat().st_size < 2_500_000


def test_redrawing_gives_the_committed_tables(tmp_path: Path):
    for folder in ("profiles/wuji/source", "catalogue/source"):
        copytree(RESOURCES / folder, tmp_path / folder)
    channels = "profiles/wuji/channels.csv"
    (tmp_path / channels).write_bytes((RESOURCES / channels).read_bytes())
    drawn = [path for path in redraw("wuji", tmp_path) if path.name != "grids.csv"]
    assert [p.read_bytes() for p in drawn] == [(RESOURCES / p.relative_to(tmp_path)).read_bytes() for p in drawn]
