"""Whistle rules of all deployments: who calls, what the words of a scenario say in figures, standing teams."""

from __future__ import annotations

import re
from functools import cache

import pytest

from commandcenter.profiles.limits import minutes_per_day
from commandcenter.profiles.model import Profile, Scenario, homes_of
from commandcenter.profiles.reader import list_profiles, read_profile
from commandcenter.profiles.sketch.whistles import pick_scenarios
from commandcenter.profiles.whistle_model import SCOPES

ALL = list_profiles()
ARRIVE = re.compile(r"(\d+) (分钟|小时|个工作日)内到场")
CONFIRM = re.compile(r"(\d+) 分钟内响应")
HANDLE = re.compile(r"(\d+) 小时内(?!到场)")


@cache
def city(name: str) -> Profile:
    return read_profile(name)


def _said(profile: Profile, scenario: Scenario) -> tuple[int | None, int | None, int | None]:
    """(confirm, arrive, handle) as the words of the rule give them, on the clock of the scenario's level."""
    clock = next(level.clock for level in profile.whistle.levels if level.code == scenario.level)
    worth = {"分钟": 1, "小时": 60, "个工作日": minutes_per_day(profile.office_windows)[clock]}
    confirm, arrive, handle = (pattern.search(scenario.rule) for pattern in (CONFIRM, ARRIVE, HANDLE))
    return (
        int(confirm[1]) if confirm else None,
        int(arrive[1]) * worth[arrive[2]] if arrive else None,
        int(handle[1]) if handle else None,
    )


@pytest.mark.parametrize("name", ALL)
def test_the_figures_of_a_scenario_agree_with_its_words(name):
    profile = city(name)
    for scenario in profile.scenarios:
        told = scenario.confirm_minutes, scenario.arrive_minutes, scenario.handle_hours
        assert told == _said(profile, scenario), scenario


@pytest.mark.parametrize("name", ALL)
def test_hours_run_through_the_night_and_working_days_do_not(name):
    clocks = {level.code: level.clock for level in city(name).whistle.levels}
    for scenario in city(name).scenarios:
        if found := ARRIVE.search(scenario.rule):
            assert clocks[scenario.level] == ("days" if found[2] == "个工作日" else "urgent"), scenario


@pytest.mark.parametrize("name", ALL)
def test_all_four_scopes_have_scenarios(name):
    assert {scenario.scope for scenario in city(name).scenarios} == set(SCOPES)


@pytest.mark.parametrize("name", ALL)
def test_every_line_of_a_scenario_team_or_level_answers_in_every_district(name):
    """The sixteen districts of a city may leave it to the city's own department."""
    org = city(name).org
    homes = homes_of(org)
    lines = {key: {u.line for u in org if u.line and homes[u.key] == key} for key in homes.values()}
    rules = city(name)
    wanted = {line for scenario in rules.scenarios for line in scenario.parties}
    wanted |= {line.line for team in rules.teams for line in team.lines}
    wanted |= {line for level in rules.whistle.levels for line in level.adds}
    districts = [unit.key for unit in org if unit.kind == "district"]
    assert all(wanted <= lines[key] | lines[rules.top.key] for key in districts)


CALLERS = {
    "dongcheng": {"street": True, "district": False},
    "baohe": {"street": True, "district": False},
    "tunxi": {"street": True, "district": False},
    "wuji": {"street": True, "district": False},
    "lixia": {"street": True, "district": False},
    "rencheng": {"grid": False, "community": False, "street": True, "district": False},
}


@pytest.mark.parametrize("name", ALL)
def test_who_may_call_and_whose_head_signs(name):
    assert {caller.kind: caller.signed for caller in city(name).whistle.callers} == CALLERS[name]


def test_a_grid_worker_calls_specialists_and_a_community_its_agencies():
    calls = {caller.kind: set(caller.calls) for caller in city("rencheng").whistle.callers}
    assert {"department", "utility"} <= calls["grid"]
    assert "agency" in calls["community"]
    assert "department" not in calls["community"]
    assert "department" in calls["street"]


@pytest.mark.parametrize("name", ALL)
def test_a_whistle_grows_older_into_the_next_level_and_calls_more(name):
    normal, key, hard = city(name).whistle.levels
    assert (normal.label, key.label, hard.label) == ("普通哨", "重点哨", "疑难哨")
    assert normal.escalate_hours and key.escalate_hours and not hard.escalate_hours
    assert key.adds and hard.adds


@pytest.mark.parametrize("name", ALL)
def test_a_whistle_raised_by_two_levels_at_once_calls_whom_the_level_between_would_have_called(name):
    _, key, hard = city(name).whistle.levels
    assert set(key.adds) < set(hard.adds)


TEMPLATES = {"dongcheng": "1+5+N", "baohe": "4+X", "tunxi": "1+X"}


@pytest.mark.parametrize("name", ALL)
def test_every_team_has_a_leader_and_followers(name):
    teams = city(name).teams
    assert teams
    assert all([line.lead for line in team.lines] == [True] + [False] * (len(team.lines) - 1) for team in teams)
    assert all(len(team.lines) >= 5 and team.sample for team in teams)
    if name in TEMPLATES:
        assert {team.template for team in teams} == {TEMPLATES[name]}


def test_the_team_of_tunxi_has_eleven_lines_behind_the_leader():
    (team,) = city("tunxi").teams
    assert len(team.lines) == 12


# ------------------------------------------------------------------ picking from the common list
LISTED = [
    {"scope": "综合执法", "name": "甲", "parties": "城管委 城管执法 公安", "rule": "r"},
    {"scope": "应急处置", "name": "乙", "parties": "公安", "rule": "r"},
    {"scope": "综合执法", "name": "丙", "parties": "公安", "rule": "r"},
]


def test_picked_scenarios_are_numbered_by_scope_and_speak_of_the_lines_here():
    answering = {"城管委": "城管", "城管执法": "城管"}
    picked = pick_scenarios(LISTED, ["丙", "乙", "甲"], answering)
    assert [(x["code"], x["name"], x["parties"]) for x in picked] == [
        ("Z01", "甲", "城管 公安"),
        ("Y01", "乙", "公安"),
        ("Z02", "丙", "公安"),
    ]


def test_a_scenario_that_is_not_listed_cannot_be_picked():
    with pytest.raises(ValueError, match="丁"):
        pick_scenarios(LISTED, ["甲", "丁"], {})
