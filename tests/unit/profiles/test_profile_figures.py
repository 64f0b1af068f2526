"""The shipped profile reproduces what the deployment has published."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from shutil import copytree

import pytest

from commandcenter.profiles.check import compare, count_profile
from commandcenter.profiles.model import ROLES, STAGES, Published
from commandcenter.profiles.reader import RESOURCES, list_profiles
from commandcenter.profiles.sketch.files import redraw

PUBLISHED = {
    "streets": 17,
    "communities": 177,
    "basic_grids": 592,
    "unit_grids": 2322,
    "area_km2": 41.84,
    "supervision_domains": 4,
    "catalogue_items": 3099,
    "channels_at_least": 20,
    "whistle_scopes": 4,
    "whistle_scenarios": 45,
}


def test_dongcheng_is_listed():
    assert "dongcheng" in list_profiles()


def test_profile_names_the_published_figures(dongcheng):
    assert {figure.metric: figure.value for figure in dongcheng.published} == PUBLISHED


@pytest.mark.parametrize("metric", PUBLISHED)
def test_published_figure_is_reproduced(dongcheng, metric):
    line = next(
        line for line in compare(dongcheng.published, count_profile(dongcheng)) if line.metric == metric
    )
    assert line.ok, line


def test_statistics_of_2018_are_kept(dongcheng):
    values = {figure.metric: figure.value for figure in dongcheng.statistics}
    assert values["reports_2018"] == 598429
    assert values["inside_sub_centres_2018"] == 189684


def test_eight_communities_are_marked_as_sample(dongcheng):
    marked = [unit for unit in dongcheng.org if unit.kind == "community" and unit.sample]
    assert len(marked) == 8


def test_every_street_has_one_agency_of_every_kind(dongcheng):
    streets = {unit.key for unit in dongcheng.org if unit.kind == "street"}
    served = Counter(unit.serves_key for unit in dongcheng.org if unit.kind == "agency")
    assert set(served) == streets
    assert set(served.values()) == {6}


def test_every_role_has_an_operator(dongcheng):
    without = {"gateway"}  # a real city adds one when it has one
    assert {role for person in dongcheng.operators for role, _ in person.duties} >= set(ROLES) - without


def test_named_posts_exist(dongcheng):
    by_login = {person.login: person for person in dongcheng.operators}
    assert by_login["d0032"].name.startswith("王")
    assert by_login["d0032"].duties == (("dispatcher", "110101"),)
    assert by_login["z0003"].duties == (("supervisor", "110101"),)


def test_every_responsible_unit_and_agency_has_a_handler(dongcheng):
    handled = {scope for person in dongcheng.operators for role, scope in person.duties if role == "handler"}
    must = {
        unit.key
        for unit in dongcheng.org
        if unit.kind in {"street", "department", "utility", "enterprise", "agency"}
    }
    assert handled == must


def test_names_of_people_are_distinct(dongcheng):
    names = [person.name for person in dongcheng.operators]
    assert len(set(names)) == len(names)


def test_every_item_has_a_limit_for_every_stage(dongcheng):
    assert {tuple(limit.stage for limit in item.limits) for item in dongcheng.catalogue} == {STAGES}


def test_urgent_items_run_through_the_night(dongcheng):
    clocks = {limit.clock for item in dongcheng.catalogue if item.urgent for limit in item.limits}
    assert clocks == {"urgent"}


def test_missing_well_cover_is_urgent_within_two_hours(dongcheng):
    item = next(item for item in dongcheng.catalogue if item.name == "污水井盖缺失")
    assert (item.line, item.fallback, item.grade_hint) == ("排水", "城管委", "clear")
    assert next(limit.minutes for limit in item.limits if limit.stage == "handle") == 120


def test_illegal_building_has_fifteen_working_days(dongcheng):
    item = next(item for item in dongcheng.catalogue if item.name == "私搭乱建")
    handle = next(limit for limit in item.limits if limit.stage == "handle")
    assert (handle.minutes, handle.clock, item.sample) == (15 * 480, "days", False)


def test_return_window_is_not_longer_than_receiving(dongcheng):
    for item in dongcheng.catalogue:
        receive = next(limit for limit in item.limits if limit.stage == "receive")
        assert 0 < item.return_window_minutes <= receive.minutes


def test_redrawing_gives_the_committed_tables(tmp_path):
    copytree(RESOURCES / "profiles" / "dongcheng" / "source", tmp_path / "profiles" / "dongcheng" / "source")
    copytree(RESOURCES / "catalogue" / "source", tmp_path / "catalogue" / "source")
    drawn = [path for path in redraw("dongcheng", tmp_path) if path.name != "grids.csv"]
    assert [path.read_bytes() for path in drawn] == [_committed(path, tmp_path) for path in drawn]


def _committed(path: Path, root: Path) -> bytes:
    return (RESOURCES / path.relative_to(root)).read_bytes()


@pytest.mark.parametrize(
    ("metric", "published", "loaded", "ok"),
    [
        ("streets", 17, 17, True),
        ("streets", 17, 18, False),
        ("channels_at_least", 20, 21, True),
        ("channels_at_least", 20, 19, False),
        ("area_km2", 41.84, 42.2, True),
        ("area_km2", 41.84, 42.3, False),
    ],
)
def test_comparison_rule(metric, published, loaded, ok):
    assert compare([Published(metric, "指标", published)], {metric: loaded})[0].ok is ok


def test_figure_that_nobody_counted_fails():
    line = compare([Published("streets", "街道", 17)], {})[0]
    assert (line.ok, line.loaded) == (False, None)
