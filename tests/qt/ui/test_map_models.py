"""What the map counts and draws, without a map: areas, figures, heat, search, ways."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from commandcenter.domain.gazetteer import Gazetteer
from commandcenter.domain.map import CasePlaces, Shapes, TrackPoint
from commandcenter.geo import to_plane
from tests.fakes.cameras import park_of
from tests.fakes.directory import dongcheng, org_id
from tests.fakes.map import map_of, rings
from tests.fakes.population import small_city
from ui.models.map_areas import GRID, STREET, TOP, Areas, cells_of
from ui.models.map_found import AREA, CAMERA, CASE, NUMBER, POINT, WORKER, Searched, coordinates, search
from ui.models.map_ground import ground_of, labels
from ui.models.map_heat import HeatFilter, heat_of, local_times, period_of, wanted
from ui.models.map_marks import case_marks
from ui.models.map_tally import NEAR, NORMAL, OVERDUE, TIMINGS, CaseTally, class_of
from ui.models.map_words import track_length, track_words
from ui.models.words import CaseWords
from widgets.map.data import Bounds

CITY = ZoneInfo("Asia/Shanghai")


@pytest.fixture(scope="module")
def directory():
    return dongcheng()


@pytest.fixture(scope="module")
def areas(directory):
    return Areas(directory)


# ---------------------------------------------------------------- areas
def test_a_unit_grid_counts_in_its_basic_grid(directory):
    cells = cells_of(directory.grids)
    units = [grid for grid in directory.grids.values() if grid.kind == "unit"]
    assert {cells[grid.id] for grid in units} <= {g.id for g in directory.grids.values() if g.kind == "basic"}
    assert all(cells[grid.id] == grid.parent_id for grid in units)


def test_every_cell_lies_in_one_street_and_the_whole_has_them_all(areas, directory):
    streets = [areas.area(key) for key in areas.children(TOP)]
    assert len(streets) == 17 and {area.kind for area in streets} == {STREET}
    assert sorted(cell for area in streets for cell in area.cells) == list(areas.area(TOP).cells)
    assert len(areas.area(TOP).cells) == 592


def test_from_the_whole_one_goes_down_to_a_grid_step_by_step(areas):
    cell = areas.area((STREET, org_id("和平里"))).cells[0]
    key, way = TOP, []
    while key != (GRID, cell):
        key = areas.step(key, cell)
        way.append(key[0])
    assert way == ["street", "community", "grid"]
    assert areas.path(key)[0] == TOP and areas.step(key, cell) == key


def test_the_map_begins_where_somebody_works(areas):
    street = org_id("和平里")
    assert areas.home([street, street]) == (STREET, street)
    assert areas.home([1]) == areas.home([street, org_id("龙潭")]) == areas.home([]) == TOP


def test_a_city_of_one_district_has_no_level_for_districts_and_one_of_two_has(directory):
    streets = [org.id for org in directory.orgs.values() if org.kind == "street"]
    orgs = {key: replace(org, district_id=2) if key in streets[:5] else org for key, org in directory.orgs.items()}
    two = Areas(replace(directory, orgs=orgs))
    assert [key[0] for key in two.children(TOP)] == ["district", "district"]
    assert sum(len(two.children(key)) for key in two.children(TOP)) == 17


# ---------------------------------------------------------------- figures
def test_figures_equal_a_count_of_the_rows_after_any_changes(areas):
    rng = random.Random(3)
    rows = {r.row.id: r.row for r in small_city(filed=40, in_progress=60, closed=10).records.values()}
    timing = {key: rng.choice([None, "near", "overdue"]) for key in rows}
    tally = CaseTally(areas)
    tally.put(rows.values(), timing.get)
    grids = [grid.id for grid in areas._directory.grids.values() if grid.kind == "unit"]
    for _ in range(300):
        key = rng.choice(list(rows))
        if rng.random() < 0.2:
            gone = rows.pop(key)
            tally.drop([gone.id])
            continue
        grid = areas._directory.grids[rng.choice(grids)]
        rows[key] = replace(rows[key], open=rng.random() < 0.8, grid_id=grid.id, street_id=grid.street_id,
                            community_id=grid.community_id, lon=rng.choice([None, 116.4]), lat=39.9)
        timing[key] = rng.choice([None, "near", "overdue"])
        tally.put([rows[key]], timing.get)
    kinds = {None: NORMAL, "near": NEAR, "overdue": OVERDUE}
    counted = Counter((key, kinds[timing[row.id]]) for row in rows.values() if row.open for key in areas.chain(row))
    for key in [TOP, *areas.children(TOP), *((GRID, cell) for cell in areas.area(TOP).cells)]:
        assert [tally.count(key, kind) for kind in TIMINGS] == [counted[key, kind] for kind in TIMINGS]
    assert tally.placeless(TOP) == sum(row.open and row.lon is None for row in rows.values())


def test_only_cells_whose_count_differs_are_told(areas):
    rows = [record.row for record in small_city(filed=5).records.values()]
    tally = CaseTally(areas)
    assert tally.put(rows, lambda _: None) == {areas.cell_of[row.grid_id] for row in rows}
    moved = replace(rows[0], grid_id=rows[1].grid_id, street_id=rows[1].street_id, community_id=rows[1].community_id)
    assert tally.put([moved], lambda _: None) == {areas.cell_of[rows[0].grid_id], areas.cell_of[rows[1].grid_id]}
    assert tally.drop([rows[2].id, 999]) == {areas.cell_of[rows[2].grid_id]}


def test_a_cells_class_goes_from_none_to_nine_and_more():
    assert class_of(np.arange(12)).tolist() == [0, 1, 2, 3, 4, 5, 5, 6, 6, 7, 7, 7]


def test_a_case_without_a_place_or_of_a_hidden_kind_has_no_mark(areas):
    rows = [record.row for record in small_city(filed=4).records.values()]
    placed = [replace(row, lon=116.4, lat=39.92) for row in rows[:3]]
    tally = CaseTally(areas)
    tally.put([*placed, rows[3]], lambda key: "overdue" if key == rows[0].id else None)
    marks = case_marks([*placed, rows[3]], tally, {NORMAL}, TOP)
    assert marks.ids.tolist() == [rows[1].id, rows[2].id] and set(marks.without) == {rows[0].id, rows[3].id}
    inside = case_marks(placed, tally, set(TIMINGS), areas.chain(rows[1])[1])
    assert rows[1].id in inside.ids.tolist()
    assert all(areas.chain(row)[1] == areas.chain(rows[1])[1] for row in placed if row.id in inside.ids.tolist())


# ---------------------------------------------------------------- the ground
def test_outlines_become_cells_of_the_outermost_grids_on_the_plane(areas, directory):
    held = rings()
    offsets = np.concatenate([[0], np.cumsum([len(ring) for ring in held.values()])])
    shapes = Shapes(np.array(list(held)), np.concatenate(list(held.values())), offsets)
    ground = ground_of(shapes, directory.grids, areas)
    assert sorted(ground.ids) == list(areas.area(TOP).cells)
    first = held[ground.ids[0]]
    assert len(first) - 1 == ground.geometry.offsets[1]  # closed outlines are opened
    assert ground.geometry.vertices[0].tolist() == to_plane(first[:1])[0].tolist()
    box = ground.bounds([ground.ids[0]])
    x, y = ground.middle([ground.ids[0]])
    assert box.west < x < box.east and box.south < y < box.north
    assert ground.bounds([-1]) is None and ground.middle([-1]) is None


def test_names_on_the_map_are_those_of_the_next_level(areas, directory):
    held = rings()
    offsets = np.concatenate([[0], np.cumsum([len(ring) for ring in held.values()])])
    ground = ground_of(Shapes(np.array(list(held)), np.concatenate(list(held.values())), offsets), directory.grids,
                       areas)
    assert {label.text for label in labels(ground, areas, TOP)} >= {"和平里", "龙潭"}
    street = (STREET, org_id("和平里"))
    assert len(labels(ground, areas, street)) == len(areas.children(street))


# ---------------------------------------------------------------- heat
def places(times, items=None, lonlat=(116.4, 39.92)):
    at = np.array([datetime(*when, tzinfo=CITY).timestamp() for when in times])
    count = len(at)
    return CasePlaces(np.arange(count), np.tile(lonlat, (count, 1)), at,
                      np.array(items or [0] * count, np.int64))


def test_hours_and_weekdays_are_those_of_the_city():
    found = places([(2025, 6, 18, 23, 59), (2025, 6, 21, 0, 1), (2025, 6, 22, 12, 0)])
    hours, weekdays = local_times(found.at, CITY)
    assert hours.tolist() == [23, 0, 12] and weekdays.tolist() == [2, 5, 6]
    assert [len(part) for part in local_times(np.empty(0), CITY)] == [0, 0]


def test_only_cases_of_the_hours_weekdays_and_items_count():
    found = places([(2025, 6, 18, 7), (2025, 6, 18, 20), (2025, 6, 21, 7)], [1, 1, 2])
    assert wanted(found, HeatFilter(hours=(6, 12)), CITY).tolist() == [True, False, True]
    assert wanted(found, HeatFilter(weekdays=(5, 6)), CITY).tolist() == [False, False, True]
    assert wanted(found, HeatFilter(hours=(6, 12), items=(1,)), CITY).tolist() == [True, False, False]


def test_heat_is_strongest_where_the_cases_are_and_loses_none():
    plane = to_plane([(116.4, 39.92)])[0]
    around = Bounds(plane[0] - 8000, plane[1] - 8000, plane[0] + 8000, plane[1] + 8000)
    north = np.tile((116.4, 39.95), (30, 1))
    heat = heat_of(north, around)
    row, column = np.unravel_index(heat.values.argmax(), heat.values.shape)
    assert row < heat.values.shape[0] / 2 and abs(column - heat.values.shape[1] / 2) <= 1  # the first row: north
    assert heat.values.sum() == pytest.approx(30, rel=1e-3)
    assert heat_of(np.empty((0, 2)), around).values.max() == 0


def test_today_begins_at_midnight_of_the_city():
    now = datetime(2025, 6, 18, 14, 32, tzinfo=CITY).timestamp()
    assert period_of("today", now, CITY) == (datetime(2025, 6, 18, tzinfo=CITY).timestamp(), now)
    assert period_of("week", now, CITY) == (now - 7 * 86400, now)


# ---------------------------------------------------------------- search
@pytest.fixture
def where(directory, areas):
    city = small_city(filed=3)
    workers = map_of(city).workers.values()
    return Searched(CaseWords(directory), Gazetteer(directory), areas.cell_of,
                    {record.row.id: record.row for record in city.records.values()},
                    park_of(city).cameras.values(), workers)


def test_a_street_is_found_by_its_name_and_by_its_initials(where):
    for typed in ("和平里", "hpl"):
        found = search(typed, where)[0]
        assert (found.kind, found.what) == (AREA, (STREET, org_id("和平里")))


def test_a_district_of_a_city_is_found_by_its_name_and_by_its_initials(directory, where):
    district = next(org for org in directory.orgs.values() if org.kind == "district")
    city = replace(where, districts=[replace(district, id=9, name="明湖区", short_name="明湖区")])
    for typed in ("明湖区", "明湖", "mhq"):
        found = search(typed, city)[0]
        assert (found.kind, found.what, found.hint) == (AREA, ("district", 9), "区县"), typed
    assert all(one.what[0] != "district" for one in search("mhq", where) if one.kind == AREA)


def test_a_unit_grid_leads_to_the_cell_it_counts_in(where, areas):
    found = [one for one in search("多福巷社区 01", where) if one.what[0] == GRID]
    assert found and all(one.what[1] in areas.area(TOP).cells for one in found)


def test_a_case_is_found_by_its_number_and_one_that_is_over_can_be_asked_for(where):
    found = search("2", where)
    assert [one.kind for one in found] == [CASE, NUMBER] and where.cases[found[0].what].no.endswith("000002")
    assert [one.kind for one in search("999999", where)] == [NUMBER]


def test_cameras_and_workers_are_found_by_name(where):
    assert search("景山01号", where)[0].kind == CAMERA
    found = [one for one in search("lxy", where) if one.kind == WORKER]
    assert found and all(one.title == "李晓燕" for one in found)


def test_coordinates_are_taken_in_both_orders_and_both_datums(where):
    found = search("39.92, 116.41", where)
    assert [one.kind for one in found] == [POINT, POINT] and found[0].what == (116.41, 39.92)
    lon, lat = found[1].what
    assert 0.005 < 116.41 - lon < 0.008 and 0.0005 < 39.92 - lat < 0.003  # GCJ-02 lies to the north-east here
    assert coordinates("200.5, 100.1") is None and coordinates("2378") is None


# ---------------------------------------------------------------- ways
def test_a_way_has_its_length_on_the_ground_and_its_hours():
    start = datetime(2025, 6, 18, 8, 2, tzinfo=CITY).timestamp()
    way = [TrackPoint(116.4, 39.92 + 0.001 * n, start + 60 * n) for n in range(11)]
    assert track_length(way) == pytest.approx(1112, abs=2)
    words = track_words(CaseWords(dongcheng()), way)
    assert "08:02–08:12" in words and "1.1 km" in words and "11 个点" in words
    assert track_words(CaseWords(dongcheng()), []) == "今日没有轨迹"


