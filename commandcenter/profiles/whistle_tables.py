"""Reads scenarios.csv and teams.csv: listed whistle occasions (吹哨场景) and standing teams (联合执法队伍)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from commandcenter.profiles.errors import ProfileError
from commandcenter.profiles.model import OrgUnit
from commandcenter.profiles.table import Row, read_rows, unique
from commandcenter.profiles.whistle_model import SCOPES, Scenario, Team, TeamLine, WhistleLevel, WhistleRules

SCENARIO_COLUMNS: Final = (
    "code",
    "scope",
    "name",
    "parties",
    "rule",
    "level",
    "confirm_minutes",
    "arrive_minutes",
    "handle_hours",
)
TEAM_COLUMNS: Final = ("code", "name", "template", "line", "heads", "lead", "sample")
_YEAR_HOURS: Final = 366 * 24


def read_scenarios(path: Path, org: Sequence[OrgUnit], rules: WhistleRules) -> tuple[Scenario, ...]:
    """Read scenarios.csv; a deployment without a list of whistle scenarios has no such file."""
    if not path.exists():
        return ()
    lines, levels = _lines(org), {level.code: level for level in rules.levels}
    if not levels:
        raise ProfileError(path.name, None, "有吹哨场景，却没有吹哨规则（whistle.toml）")
    rows = [(row, _scenario(row, lines, levels)) for row in read_rows(path, SCENARIO_COLUMNS)]
    unique(rows, "name", lambda scenario: (scenario.scope, scenario.name))
    return tuple(unique(rows, "code", lambda scenario: scenario.code))


def read_teams(path: Path, org: Sequence[OrgUnit]) -> tuple[Team, ...]:
    """Read teams.csv, a row per member line; a team's rows have one name and template, and one leads."""
    if not path.exists():
        return ()
    lines = _lines(org)
    rows = [(row, _team_line(row, lines)) for row in read_rows(path, TEAM_COLUMNS)]
    unique(rows, "line", lambda line: line[:2])
    found: dict[str, list[tuple[Row, TeamLine]]] = {}
    for row, (code, _, line) in rows:
        found.setdefault(code, []).append((row, line))
    return tuple(_team(code, members) for code, members in found.items())


def _lines(org: Sequence[OrgUnit]) -> frozenset[str]:
    return frozenset(unit.line for unit in org if unit.line)


def _scenario(row: Row, lines: frozenset[str], levels: Mapping[str, WhistleLevel]) -> Scenario:
    parties = tuple(row.text("parties").split())
    for party in parties:
        if party not in lines:
            raise row.error(f"参与单位“{party}”没有对应的条线")
    if len(set(parties)) != len(parties):
        raise row.error("参与单位有重复")
    scenario = Scenario(
        code=row.text("code"),
        scope=row.choice("scope", SCOPES),
        name=row.text("name"),
        parties=parties,
        rule=row.text("rule"),
        level=row.choice("level", levels),
        confirm_minutes=row.optional_whole("confirm_minutes", 1, _YEAR_HOURS * 60),
        arrive_minutes=row.optional_whole("arrive_minutes", 1, _YEAR_HOURS * 60),
        handle_hours=row.optional_whole("handle_hours", 1, _YEAR_HOURS),
    )
    confirm = scenario.confirm_minutes or levels[scenario.level].confirm_minutes
    if scenario.arrive_minutes is not None and scenario.arrive_minutes < confirm:
        raise row.error(f"到场时限 {scenario.arrive_minutes} 分钟短于响应时限 {confirm} 分钟")
    return scenario


def _team_line(row: Row, lines: frozenset[str]) -> tuple[str, str, TeamLine]:
    line = row.text("line")
    if line not in lines:
        raise row.error(f"成员条线“{line}”没有对应的单位")
    return row.text("code"), line, TeamLine(line, row.whole("heads", 1, 999), row.flag("lead"), row.flag("sample"))


def _team(code: str, members: Sequence[tuple[Row, TeamLine]]) -> Team:
    first = members[0][0]
    name, template = first.text("name"), first.text("template")
    for row, _ in members:
        if (row.text("name"), row.text("template")) != (name, template):
            raise row.error(f"队伍“{code}”的名称或模式与第 {first.number} 行不同")
    leaders = [row for row, line in members if line.lead]
    if not leaders:
        raise first.error(f"队伍“{code}”没有牵头单位（lead）")
    if len(leaders) > 1:
        raise leaders[1].error(f"队伍“{code}”的牵头单位与第 {leaders[0].number} 行重复")
    return Team(code, name, template, tuple(sorted((line for _, line in members), key=lambda line: not line.lead)))
