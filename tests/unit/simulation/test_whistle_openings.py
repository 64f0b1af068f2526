"""When the simulated city whistles, who does, for what, and whom it calls: in every deployment by its own rules."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import Any

import pytest
from whistle_world import HOUR, NOON, org, town_world, world_of

from commandcenter.domain.joint import ORDER, WHISTLE, NewMeeting, NewSummons
from commandcenter.domain.model import CaseRow
from commandcenter.profiles.model import Profile
from commandcenter.profiles.reader import list_profiles, read_profile
from commandcenter.simulation.joint.habits import load_habits
from commandcenter.simulation.joint.occasions import Occasion, Occasions
from commandcenter.simulation.joint.openings import Opening, called_for, opening
from commandcenter.simulation.joint.world import World
from tests.support.small_city import case as any_case

DAY = 24 * HOUR
TURNS = range(120)


def _occasions(rate: float, seed: int = 1) -> Occasions:
    return Occasions(town_world().facts.directory, load_habits(), seed, rate)


def _opened(world: World, kind: str, cases: tuple[CaseRow, ...] = ()) -> list[Opening]:
    found = (opening(world, Occasion(NOON, f"{kind}-{turn}", kind), cases) for turn in TURNS)
    return [made for made in found if made is not None]


def _case(world: World, number: int, **more: Any) -> CaseRow:
    item = next(i.id for i in world.facts.directory.items.values() if i.grade == "cross")
    place = {"street_id": org(world, "A"), "community_id": org(world, "A1"), "grid_id": None}
    return any_case(id=number, grade="cross", item_id=item, lon=116.001, lat=40.001, **(place | more))


# ------------------------------------------------------------------ when
def test_a_days_occasions_depend_on_seed_and_date_alone_however_time_is_cut() -> None:
    whole = list(_occasions(3000).between(NOON, NOON + 3 * DAY))
    cut = [o for n in range(72) for o in _occasions(3000).between(NOON + n * HOUR, NOON + (n + 1) * HOUR)]
    assert whole == cut and len({o.key for o in whole}) == len(whole)
    assert whole != list(_occasions(3000, seed=2).between(NOON, NOON + 3 * DAY))


def test_there_are_as_many_as_the_citys_reports_suggest_and_none_in_a_city_that_reports_nothing() -> None:
    assert list(_occasions(0).between(NOON, NOON + 30 * DAY)) == []
    counts = Counter(o.kind for o in _occasions(1640).between(NOON, NOON + 28 * DAY))
    a_day = load_habits().raw["a_day"]
    for kind in ("whistle", "order", "meeting"):
        working_days = 28 * (5 + 2 * a_day["free_day"]) / 7
        assert counts[kind] == pytest.approx(a_day[kind] * 1.64 * working_days, rel=0.25), kind


def test_joint_orders_are_opened_in_the_evening() -> None:
    hours = {(o.at - NOON) % DAY // HOUR + 12 for o in _occasions(9000).between(NOON, NOON + 20 * DAY)
             if o.kind == "order"}  # fmt: skip
    assert hours and hours <= set(range(16, 22))


# ------------------------------------------------------------------ what
def _serves(world: World, profile: Profile, new: NewSummons, unit: int) -> bool:
    """As cc.callable_by judges."""
    u, caller = world.facts.directory.orgs[unit], world.facts.directory.orgs[new.caller_id]
    kinds, _ = world.rules.callers[new.caller_kind]
    here = caller.id if caller.kind == "street" else caller.parent_id
    near = new.caller_kind in ("street", "district") or u.serves_id == here or _has_people(world, profile, new, unit)
    of_district = u.district_id in (caller.district_id, world.facts.units.top)
    return u.active and u.kind in kinds and near and of_district and unit != new.caller_id


def _has_people(world: World, profile: Profile, new: NewSummons, unit: int) -> bool:
    """As cc.serves_grid: a specialist or partner of the unit's line in the grid, or in its street or community."""
    orgs, grid = world.facts.directory.orgs, world.facts.directory.grids.get(new.grid_id or 0)
    caller = orgs[new.caller_id]
    ground = {caller.key} if caller.kind == "street" else {caller.key, orgs[caller.parent_id or 0].key}
    ground |= {orgs[grid.community_id].key} if grid is not None and grid.community_id is not None else set()
    line, key = world.facts.units.line_of(unit), grid.key if grid is not None else None
    return any(
        m.role in ("specialist", "partner") and m.line == line and (m.org_key in ground or (m.grid_key or "") == key)
        for m in profile.grid_team
    )


@pytest.mark.parametrize("name", list_profiles())
def test_in_every_deployment_whistles_follow_its_rules(name: str) -> None:
    profile = read_profile(name)
    world = world_of(profile)
    made = [o for o in _opened(world, WHISTLE) if isinstance(o.new, NewSummons)]
    assert len(made) > len(TURNS) * 0.8
    listed = {scenario.code: scenario for scenario in world.rules.scenarios}
    for found in made:
        new = found.new
        assert isinstance(new, NewSummons) and found.who.logins and new.scenario is not None
        assert new.scope == listed[new.scenario].scope and new.level == listed[new.scenario].level
        assert [unit.lead for unit in new.parties].count(True) == 1
        assert all(_serves(world, profile, new, unit.unit_id) for unit in new.parties), new
        assert (new.grid_id is not None) == (new.caller_kind == "grid") and new.title and new.lon
        assert new.meet_at is None or (new.meet_at > NOON and listed[new.scenario].arrive_minutes is None)
    kinds = {o.new.caller_kind for o in made if isinstance(o.new, NewSummons)}
    assert "street" in kinds and kinds <= set(world.rules.callers)


def test_in_rencheng_every_level_whistles_and_a_grid_worker_calls_the_specialists_units() -> None:
    """任城: grid → specialist, community → agency, street → departments, the district takes the hard ones."""
    profile = read_profile("rencheng")
    equal = {"street": 1, "community": 1, "grid": 1, "district": 1}
    world = world_of(profile, callers=equal)
    called: dict[str, set[str]] = {kind: set() for kind in equal}
    orgs, times = world.facts.directory.orgs, Counter[str]()
    for found in _opened(world, WHISTLE):
        assert isinstance(found.new, NewSummons)
        times[found.new.caller_kind] += 1
        called[found.new.caller_kind] |= {orgs[party.unit_id].kind for party in found.new.parties}
        assert found.who.logins
        assert found.who.role == {"grid": "grid_worker", "district": "supervisor"}.get(found.new.caller_kind, "handler")
    assert min(times[kind] for kind in equal) > len(TURNS) / 8, times
    assert {"department", "utility"} <= called["grid"] <= {"department", "utility", "agency"}
    assert "agency" in called["community"] and "department" not in called["community"]
    assert "department" in called["street"] and "department" in called["district"]


@pytest.mark.parametrize("name", list_profiles())
def test_in_every_deployment_orders_call_a_standing_team_to_an_hour_ahead(name: str) -> None:
    world = world_of(read_profile(name))
    orgs, made = world.facts.directory.orgs, _opened(world, ORDER)
    assert len(made) == len(TURNS)
    for found in made:
        new = found.new
        assert isinstance(new, NewSummons) and orgs[new.caller_id].kind == "district"
        assert found.who.role == "supervisor" and new.meet_at is not None and NOON < new.meet_at < (new.ends_at or 0)
        teams = [{(line.line, line.heads) for line in team.lines} for team in world.teams]
        called = {(world.facts.units.line_of(unit.unit_id), unit.heads) for unit in new.parties}
        assert any(called <= team for team in teams) and new.checks


def test_a_forced_closure_is_whistled_for_first_and_by_its_own_street() -> None:
    world = town_world()
    forced = _case(world, 5, on_ledger=True, state="force_closed", street_id=org(world, "B"), community_id=None)
    cases = called_for({9}, [_case(world, 9), _case(world, 4), forced])
    assert [case.id for case in cases] == [5, 4]
    for found in _opened(world, WHISTLE, tuple(cases)):
        assert isinstance(found.new, NewSummons)
        assert (found.new.cases, found.new.caller_id) == ((5,), org(world, "B"))


def test_an_open_case_of_several_units_is_whistled_for_where_it_lies_its_own_line_first() -> None:
    only_streets = {"street": 1, "community": 0, "grid": 0, "district": 0}
    world = town_world(shares={"of_case": 1.0, "agency": 0.0}, callers=only_streets)
    case = _case(world, 4)
    for_case = [o.new for o in _opened(world, WHISTLE, (case,)) if isinstance(o.new, NewSummons) and o.new.cases]
    assert for_case
    for new in for_case:
        assert new.caller_id == org(world, "A") and (new.lon, new.lat) == (case.lon, case.lat)
        assert new.parties[0].unit_id == org(world, "D-GA")  # 夜间施工噪声: 公安


def test_nobody_whistles_where_nobody_could_sign_and_rate() -> None:
    world = town_world()
    staff = world.facts.staff
    without = {place: logins for place, logins in staff._at.items() if place[0] != "street_leader"}
    staff._at = without
    assert _opened(world, WHISTLE) == []


def test_a_deployment_without_teams_or_callers_opens_nothing() -> None:
    world = town_world()
    assert _opened(replace(world, teams=()), ORDER) == []
    nobody = replace(world, rules=replace(world.rules, callers={}))
    assert _opened(nobody, WHISTLE) == [] and _opened(nobody, ORDER) == []


def test_meetings_are_called_by_a_streets_head_with_some_departments() -> None:
    world = town_world()
    made = _opened(world, "meeting")
    assert len(made) == len(TURNS)
    for found in made:
        new = found.new
        assert isinstance(new, NewMeeting) and found.who.role == "street_leader"
        assert 2 <= len(new.units) == len(set(new.units)) and new.meet_at > NOON + HOUR
