"""The four districts drawn beside 东城: published figures, grids without gaps, people, catalogues."""

from __future__ import annotations

from collections import Counter
from functools import cache
from pathlib import Path
from shutil import copytree

import numpy as np
import pytest
import shapely

from commandcenter.domain.model import Channel
from commandcenter.profiles.check import compare, count_profile
from commandcenter.profiles.model import ROLES, STAGES, Profile
from commandcenter.profiles.reader import RESOURCES, list_profiles, read_profile
from commandcenter.profiles.sketch.files import redraw
from commandcenter.simulation.data import city_data
from commandcenter.simulation.phrases import Phrases

CITIES = ("baohe", "rencheng", "lixia", "tunxi")
PUBLISHED = {
    "baohe": {
        "streets": 14, "listed_streets": 13, "basic_grids": 168, "grid_leaders": 168, "grid_workers": 403,
        "compounds": 522, "classes": 11, "subclasses": 118, "channels_at_least": 4,
    },
    "rencheng": {
        "grids": 1571, "unit_grids": 1541, "dedicated_grids": 30, "grid_workers": 1571, "departments": 16,
        "utility_kinds": 5, "specialists": 3579, "caller_levels": 4,
    },
    "lixia": {"streets": 13, "communities": 139, "whistle_scenarios": 81, "street_rating_percent": 30},
    "tunxi": {"streets": 9, "communities": 76, "team_lines": 11},
}  # fmt: skip
STATISTICS = {
    "baohe": {"reported_2019": 84896, "closed_2019": 81314, "closing_rate_2019": 95.78},
    "rencheng": {"grid_households_from": 300, "grid_households_to": 500, "grid_people": 1000},
    "lixia": {"wishes_published": 820, "wishes_claimed": 797, "wishes_done": 611},
    "tunxi": {
        "accepted_2018": 73342, "handled_2018": 70830, "handling_rate_2018": 96.57, "joint_enforcements_2018": 67,
    },
}  # fmt: skip


@cache
def city(name: str) -> Profile:
    return read_profile(name)


def test_all_six_deployments_are_listed():
    assert list_profiles() == ["baohe", "dongcheng", "lixia", "rencheng", "tunxi", "wuji"]


@pytest.mark.parametrize("name", CITIES)
def test_the_published_figures_are_named_and_reproduced(name):
    assert {figure.metric: figure.value for figure in city(name).published} == PUBLISHED[name]
    lines = compare(city(name).published, count_profile(city(name)))
    assert [line for line in lines if not line.ok] == []


@pytest.mark.parametrize("name", CITIES)
def test_results_of_past_years_are_kept(name):
    values = {figure.metric: figure.value for figure in city(name).statistics}
    assert STATISTICS[name].items() <= values.items()


@pytest.mark.parametrize(
    ("name", "done", "of", "rate"),
    [
        ("baohe", "closed_2019", "reported_2019", "closing_rate_2019"),
        ("tunxi", "handled_2018", "accepted_2018", "handling_rate_2018"),
    ],
)
def test_published_rates_follow_from_the_published_counts(name, done, of, rate):
    values = {figure.metric: figure.value for figure in city(name).statistics}
    assert round(100 * values[done] / values[of], 2) == values[rate]


# ------------------------------------------------------------------ territory
@pytest.mark.parametrize("name", CITIES)
def test_unit_grids_cover_the_outline_once(name):
    cells = np.array([shapely.Polygon(grid.polygon) for grid in city(name).grids if grid.kind == "unit"])
    outline = shapely.from_wkt((RESOURCES / "profiles" / name / "source/outline.wkt").read_text("ascii"))
    assert shapely.is_valid(cells).all()
    assert shapely.coverage_is_valid(cells)
    union = shapely.coverage_union_all(cells)
    assert abs(shapely.area(cells).sum() - union.area) < 1e-9 * outline.area
    assert abs(union.area - outline.area) < 1e-6 * outline.area


@pytest.mark.parametrize("level", ["street_key", "community_key"])
@pytest.mark.parametrize("name", CITIES)
def test_territories_are_in_one_piece(name, level):
    members: dict[str, list[shapely.Polygon]] = {}
    for grid in city(name).grids:
        if grid.kind == "unit":
            members.setdefault(getattr(grid, level), []).append(shapely.Polygon(grid.polygon))
    assert {shapely.coverage_union_all(parts).geom_type for parts in members.values()} == {"Polygon"}


@pytest.mark.parametrize("name", CITIES)
def test_every_community_has_a_grid(name):
    communities = {unit.key for unit in city(name).org if unit.kind == "community"}
    assert {grid.community_key for grid in city(name).grids if grid.kind == "unit"} == communities


def test_dedicated_grids_lie_inside_a_grid_of_their_community_and_do_not_touch_each_other():
    grids = city("rencheng").grids
    shapes = {grid.key: shapely.Polygon(grid.polygon) for grid in grids}
    dedicated = [grid for grid in grids if grid.kind == "dedicated"]
    for one in dedicated:
        homes = [g for g in grids if g.kind == "unit" and shapes[g.key].contains(shapes[one.key])]
        assert [home.community_key for home in homes] == [one.community_key]
        assert shapes[one.key].area > 0.2 * shapes[homes[0].key].area
    assert len({grid.name for grid in dedicated}) == 30
    assert not any(shapes[a.key].intersects(shapes[b.key]) for a in dedicated for b in dedicated if a is not b)


# ------------------------------------------------------------------ organisation and people
@pytest.mark.parametrize("name", CITIES)
def test_no_unit_of_a_line_has_anothers_name(name):
    units = [u for u in city(name).org if u.kind in ("department", "utility", "enterprise", "street", "agency")]
    for names in ([u.name for u in units], [u.short_name for u in units]):
        assert Counter(names).most_common(1)[0][1] == 1


@pytest.mark.parametrize("name", CITIES)
def test_only_what_the_national_list_lacks_is_marked_among_streets_and_communities(name):
    marked = {u.name for u in city(name).org if u.kind in ("street", "community") and u.sample}
    assert marked == ({"高铁南站片区", "高铁南站社区"} if name == "baohe" else set())


@pytest.mark.parametrize("name", CITIES)
def test_every_street_has_one_agency_of_every_kind(name):
    streets = {unit.key for unit in city(name).org if unit.kind == "street"}
    agencies = [unit for unit in city(name).org if unit.kind == "agency"]
    kinds = {unit.parent_key for unit in agencies}
    assert Counter(unit.serves_key for unit in agencies) == dict.fromkeys(streets, len(kinds))


@pytest.mark.parametrize("name", CITIES)
def test_every_role_has_an_operator_and_every_unit_a_handler(name):
    posts = {duty for person in city(name).operators for duty in person.duties}
    assert {role for role, _ in posts} == set(ROLES)
    units = [u.key for u in city(name).org if u.kind in ("street", "department", "utility", "enterprise", "agency")]
    assert [key for key in units if ("handler", key) not in posts] == []


def test_every_street_of_rencheng_has_a_clerk_and_a_grid_worker_in_a_community():
    org = {unit.key: unit for unit in city("rencheng").org}
    for wanted in ("handler", "grid_worker"):
        at = [key for person in city("rencheng").operators for role, key in person.duties if role == wanted]
        streets = {org[key].parent_key for key in at if org[key].kind == "community"}
        assert streets == {key for key, unit in org.items() if unit.kind == "street"}


def test_every_basic_grid_of_baohe_has_a_leader_and_at_least_two_workers():
    at = {role: Counter(m.grid_key for m in city("baohe").grid_team if m.role == role) for role in ("leader", "worker")}
    basic = [grid.key for grid in city("baohe").grids if grid.kind == "basic"]
    assert all(at["leader"][key] == 1 and at["worker"][key] >= 2 for key in basic)
    assert set(at["leader"]) | set(at["worker"]) == set(basic)


def test_every_grid_of_rencheng_has_one_worker():
    at = Counter(m.grid_key for m in city("rencheng").grid_team if m.role == "worker")
    assert at == dict.fromkeys([grid.key for grid in city("rencheng").grids], 1)


def test_every_street_of_rencheng_has_specialists_of_every_department_and_utility():
    """A grid worker can whistle for a department only if a specialist of it serves his street."""
    lines = {unit.line for unit in city("rencheng").org if unit.kind in ("department", "utility")}
    serving: dict[str, set[str]] = {}
    for m in city("rencheng").grid_team:
        if m.role == "specialist":
            serving.setdefault(m.org_key, set()).add(m.line)
    assert serving == {unit.key: lines for unit in city("rencheng").org if unit.kind == "street"}


def test_every_community_of_rencheng_has_its_officials():
    team, org = city("rencheng").grid_team, city("rencheng").org
    officials: dict[str, set[str]] = {}
    for m in team:
        if m.role == "partner":
            officials.setdefault(m.org_key, set()).add(m.line)
    assert officials.keys() == {unit.key for unit in org if unit.kind == "community"}
    assert all(lines == {"法官", "检察官", "民警", "律师"} for lines in officials.values())


@pytest.mark.parametrize("name", [*CITIES, "dongcheng", "wuji"])
def test_invented_people_are_marked_and_no_two_share_a_name_or_phone(name):
    team = city(name).grid_team
    assert team
    assert all(member.sample for member in team)
    assert len({member.name for member in team}) == len({member.phone for member in team}) == len(team)


def test_compounds_of_baohe_lie_in_every_community_and_have_names_of_their_own():
    compounds = city("baohe").compounds
    assert {c.community_key for c in compounds} == {u.key for u in city("baohe").org if u.kind == "community"}
    assert len({c.name for c in compounds}) == 522


# ------------------------------------------------------------------ catalogue
@pytest.mark.parametrize("name", CITIES)
def test_every_item_has_a_limit_for_every_stage_and_its_own_code(name):
    assert {tuple(limit.stage for limit in item.limits) for item in city(name).catalogue} == {STAGES}


def test_every_event_of_tunxi_belongs_to_the_territory_first():
    """What domain/recommend.py reads off the fallback; a component goes to its line whatever the fallback."""
    assert {item.fallback for item in city("tunxi").catalogue if item.kind == "event"} == {"street"}
    assert {item.fallback for item in city("lixia").catalogue if item.kind == "event"} > {"street"}


def test_baohe_ranks_by_danger_visibility_and_disorder():
    items = city("baohe").catalogue
    for rank in ("danger", "visibility", "disorder"):
        assert {getattr(item, rank) for item in items} == {1, 2, 3}


@pytest.mark.parametrize("name", [*CITIES, "dongcheng"])
def test_every_street_has_roads_for_invented_addresses(name):
    streets = {unit.key for unit in city(name).org if unit.kind == "street"}
    roads = city_data(name).roads
    assert roads.keys() == streets
    assert min(map(len, roads.values())) >= 2  # an address names a road and the one that crosses it


@pytest.mark.parametrize("name", [*CITIES, "dongcheng", "wuji"])
def test_only_citizens_channels_speak_with_a_citizens_voice(name):
    phrases = Phrases(city_data(name))
    for c in city(name).channels:
        channel = Channel(1, c.code, c.name, c.proactive, c.citizen, c.short_name)
        assert (phrases.voice(channel) == "citizen") == c.citizen, c.code


@pytest.mark.parametrize("name", CITIES)
def test_redrawing_gives_the_committed_tables(name, tmp_path: Path):
    for folder in (f"profiles/{name}/source", "catalogue/source"):
        copytree(RESOURCES / folder, tmp_path / folder)
    drawn = [path for path in redraw(name, tmp_path) if path.name != "grids.csv"]
    assert {"grid_team.csv", "scenarios.csv", "org.csv"} <= {path.name for path in drawn}
    assert [p.read_bytes() for p in drawn] == [(RESOURCES / p.relative_to(tmp_path)).read_bytes() for p in drawn]
