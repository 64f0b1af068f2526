"""What the sides of the bench `wall` are given: one city, the same for all, and gestures that do what they say."""

import json

import numpy as np
import pytest

from tests.bench.wall_town import (
    CASES,
    CHANGES,
    FRAMES,
    WORKERS,
    made_town,
    pan_views,
    read_town,
    updates,
    walks,
    whole_view,
    write_for_web,
    zoom_views,
)

SIZE = (1920, 1080)


@pytest.fixture(scope="module")
def town():
    return made_town()


def test_the_city_is_the_whole_of_wuji(town):
    assert len(town.groups) == 8_358
    assert len(np.unique(town.groups)) == 173
    assert (len(town.cases), len(town.workers)) == (CASES, WORKERS)


def test_it_is_the_same_for_everybody_and_every_time(town, tmp_path):
    again, read = made_town(), read_town(town.save(tmp_path))
    for name, values in town.__dict__.items():
        assert np.array_equal(values, getattr(again, name))
        assert np.array_equal(values, getattr(read, name))
    assert updates(town, 2, 7) == updates(town, 2, 7) != updates(town, 2, 8)


def test_all_of_it_is_seen_at_first(town):
    x, y, scale = whole_view(town, SIZE)
    pixels = np.abs(town.vertices - (x, y)) / scale
    assert pixels[:, 0].max() <= SIZE[0] / 2
    assert pixels[:, 1].max() <= SIZE[1] / 2
    assert (pixels.max(axis=0) > np.array(SIZE) / 2 - 30).any()


def test_a_pan_goes_to_and_fro_at_one_scale_and_ends_where_it_began(town):
    views = np.array(pan_views(town, SIZE, 3.0))
    assert len(views) == FRAMES
    assert views[-1] == pytest.approx(whole_view(town, SIZE, 3.0))
    steps = np.hypot(*(np.diff(views[:, :2], axis=0) / views[0, 2]).T)
    assert 5 < steps.min() < steps.max() < 80


def test_a_zoom_brings_its_goal_to_the_middle_without_losing_sight_of_it(town):
    views = np.array([whole_view(town, SIZE), *zoom_views(town, SIZE)])
    pixels = np.hypot(*((town.cases[0] - views[:, :2]) / views[:, 2:]).T)
    assert (np.diff(pixels) < 0).all()
    assert pixels[-1] == pytest.approx(0, abs=1e-3)
    assert views[0, 2] / views[-1, 2] == pytest.approx(10)


def test_an_update_changes_a_hundred_cells_and_a_hundred_cases(town):
    change = updates(town, 1, 1)[0]
    assert len(set(change["cells"])) == len(set(change["cases"])) == CHANGES
    assert len(change["classes"]) == len(change["places"]) == CHANGES
    assert np.hypot(*(np.array(change["places"]) - town.cases[change["cases"]]).T).max() < 1000
    assert len(walks(town, 1, 1)[0]) == WORKERS


def test_the_web_gets_the_same_cells_and_points_in_degrees_and_in_metres(town, tmp_path):
    write_for_web(town, tmp_path)
    for how, low, high in (("lonlat", 30, 120), ("plane", 4e6, 2e7)):
        cells = json.loads((tmp_path / f"cells_{how}.json").read_text("utf-8"))["features"]
        points = json.loads((tmp_path / f"points_{how}.json").read_text("utf-8"))
        assert [cell["properties"]["v"] for cell in cells] == town.classes.tolist()
        ring = cells[5]["geometry"]["coordinates"][0]
        assert ring[0] == ring[-1]
        assert len(ring) == 1 + town.offsets[6] - town.offsets[5]
        assert all(low < value < high for value in points["cases"][0])
        streets = json.loads((tmp_path / f"streets_{how}.json").read_text("utf-8"))["features"]
        assert len(streets) >= 173
