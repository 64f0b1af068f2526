"""The city's whistle rules and standing teams, as a client reads them."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from sqlalchemy import Connection, text

from commandcenter.domain.errors import NotFound
from commandcenter.domain.joint import SCOPES, Level, Scenario, Team, TeamLine, WhistleRules

# Kept for a whole city under the id that its districts share; a team that a district saved, under its own.
_SHARED = "(select d.shared_id from cc.district d where d.district_id = :home)"
_RULE = f"""select radius_m, early_minutes, late_minutes, respond_on_time, respond_late, arrive_on_time, arrive_late,
  acted, weight_response, weight_street, weight_citizen, reason_below, objection_days, rectification_days,
  bulletin_automatic from cc.whistle_rule where district_id = {_SHARED}"""
_LEVELS = f"""select code, label, confirm_minutes, clock, arrive_minutes, escalate_hours, adds from cc.whistle_level
  where district_id = {_SHARED} order by array_position('{{normal,key,hard}}', code)"""
_CALLERS = f"select kind, calls, signed from cc.whistle_caller where district_id = {_SHARED}"
_SCENARIOS = f"""select code, scope, name, parties, rule, level, confirm_minutes, arrive_minutes, handle_hours
  from cc.whistle_scenario where district_id = {_SHARED} order by array_position(:scopes, scope), code"""
_TEAMS = f"""select id, code, name, template, made_by is not null, district_id from cc.team
  where active and district_id in (:home, {_SHARED}) order by made_by is not null, id"""
_TEAM_LINES = f"""select district_id, team_id, line, heads, lead from cc.team_line
  where district_id in (:home, {_SHARED}) order by position"""


def read_whistle_rules(connection: Connection, home: int) -> WhistleRules:
    """The rules of the district's city. Raises NotFound when its profile has none."""
    keys: dict[str, Any] = {"home": home}
    rule = connection.execute(text(_RULE), keys).mappings().one_or_none()
    if rule is None:
        raise NotFound("本部署没有吹哨规则，请管理员在部署方案中补充 whistle.toml 后执行 profile rules")
    scenarios = connection.execute(text(_SCENARIOS), keys | {"scopes": list(SCOPES)}).all()
    levels = connection.execute(text(_LEVELS), keys).all()
    callers = connection.execute(text(_CALLERS), keys).all()
    return WhistleRules(
        **rule,
        levels=tuple(_level(row) for row in levels),
        callers={kind: (tuple(calls), signed) for kind, calls, signed in callers},
        scenarios=tuple(_scenario(row) for row in scenarios),
    )


def _level(row: Any) -> Level:
    told = dict(row._mapping)
    return Level(**told | {"adds": tuple(told["adds"])})


def _scenario(row: Any) -> Scenario:
    code, scope, name, parties, *rest = row
    return Scenario(code, scope, name, tuple(parties.split("|")), *rest)


def read_teams(connection: Connection, home: int) -> list[Team]:
    """Those of the profile first, then those that were saved here."""
    lines: dict[tuple[int, int], list[TeamLine]] = defaultdict(list)
    for district, number, line, heads, lead in connection.execute(text(_TEAM_LINES), {"home": home}):
        lines[district, number].append(TeamLine(line, heads, lead))
    return [
        Team(number, code, name, template, tuple(lines[district, number]), own)
        for number, code, name, template, own, district in connection.execute(text(_TEAMS), {"home": home})
    ]
