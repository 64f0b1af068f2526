"""Loads a deployment's whistle rules, standing teams, grid people and compounds, or brings them anew into its city."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import Connection, Engine, text

from commandcenter.domain.errors import DomainError
from commandcenter.profiles.model import Profile
from commandcenter.profiles.whistle_model import NO_WHISTLES, WhistleRules
from db.gateways.camera_loading import load_cameras
from db.gateways.grid_people import link_by_phone, load_grid_people
from db.gateways.wall_loading import load_wall

# What comes of the profile and nobody changes here; teams that somebody saved (made_by) stay.
_REPLACED = (
    "delete from cc.whistle_scenario",
    "delete from cc.whistle_level",
    "delete from cc.whistle_caller",
    "delete from cc.whistle_rule",
    "delete from cc.team_line l using cc.team t where t.district_id = l.district_id and t.id = l.team_id"
    " and t.made_by is null",
    "delete from cc.team where made_by is null",
    "delete from cc.compound",
)


@dataclass(frozen=True, slots=True)
class _Ids:
    """Ids by key as they stand in the database: (own id, district's id)."""

    shared: int
    org: Mapping[str, tuple[int, int]]
    grid: Mapping[str, tuple[int, int]]


def load_rules(connection: Connection, profile: Profile) -> None:
    """Everything of the profile's files for whistles; organisation and grids are loaded already."""
    ids = _present(connection)
    _load_scenarios(connection, profile, ids.shared)
    if profile.whistle is not NO_WHISTLES:
        _load_figures(connection, profile.whistle, ids.shared)
    _load_teams(connection, profile, ids.shared)
    load_grid_people(connection, profile.grid_team, ids.grid, ids.org)
    compounds = [
        {"district_id": ids.org[c.community_key][1], "community_id": ids.org[c.community_key][0], "name": c.name,
         "sample": c.sample} for c in profile.compounds
    ]  # fmt: skip
    _insert(connection, "compound", compounds)


def replace_rules(engine: Engine, profile: Profile) -> None:
    """Bring the profile's rules into the city that was loaded from it; whistles under way keep the limits they have.

    Raises DomainError when another profile is loaded, this one has no rules, or a unit it names is not there.
    """
    if profile.whistle is NO_WHISTLES:
        raise DomainError(f"部署方案 {profile.name} 没有吹哨规则（whistle.toml）")
    with engine.begin() as connection:
        connection.exec_driver_sql("set local statement_timeout = 0")
        connection.exec_driver_sql("lock table cc.district in exclusive mode")
        _check_city(connection, profile)
        for statement in _REPLACED:
            connection.exec_driver_sql(statement)
        load_rules(connection, profile)
        link_by_phone(connection, profile.operators)
        load_cameras(connection, profile.cameras)
        load_wall(connection, profile.wall)
        figures = json.dumps({"scenarios": len(profile.scenarios), "teams": len(profile.teams)})
        connection.execute(
            text("select cc.log_admin(min(shared_id), 'rules', :name, cast(:figures as jsonb)) from cc.district"),
            {"name": profile.name, "figures": figures},
        )


def _check_city(connection: Connection, profile: Profile) -> None:
    present = connection.exec_driver_sql("select min(profile) from cc.district").scalar()
    if present != profile.name:
        raise DomainError(f"数据库中的部署方案是 {present or '空'}，不是 {profile.name}")
    ids = _present(connection)
    named = {m.org_key for m in profile.grid_team} | {c.community_key for c in profile.compounds}
    missing = sorted({key for key in named if key} - set(ids.org))
    missing += sorted({m.grid_key for m in profile.grid_team if m.grid_key} - set(ids.grid))
    if missing:
        raise DomainError(f"数据库中没有 {'、'.join(missing[:5])} 等 {len(missing)} 个单位或网格，规则未改动")


def _present(connection: Connection) -> _Ids:
    def by_key(table: str) -> dict[str, tuple[int, int]]:
        rows = connection.exec_driver_sql(f"select key, id, district_id from cc.{table}")
        return {key: (number, district) for key, number, district in rows}

    shared = connection.exec_driver_sql("select min(shared_id) from cc.district").scalar_one()
    return _Ids(shared, by_key("org"), by_key("grid"))


def _load_scenarios(connection: Connection, profile: Profile, shared: int) -> None:
    rows = [asdict(s) | {"district_id": shared, "parties": "|".join(s.parties)} for s in profile.scenarios]
    _insert(connection, "whistle_scenario", rows)


def _load_figures(connection: Connection, rules: WhistleRules, shared: int) -> None:
    home = {"district_id": shared}
    _insert(connection, "whistle_level", [home | asdict(level) for level in rules.levels])
    _insert(connection, "whistle_caller", [home | asdict(caller) for caller in rules.callers])
    figures = {
        "radius_m": rules.radius_m,
        "early_minutes": rules.early_minutes,
        "late_minutes": rules.late_minutes,
        "raise_on_missed_confirm": rules.on_missed_confirm,
        "raise_on_missed_arrival": rules.on_missed_arrival,
        "reason_below": rules.reason_below,
        "objection_days": rules.objection_days,
        "rectification_days": rules.rectification_days,
        "bulletin_automatic": rules.bulletin_automatic,
    }
    weights = {f"weight_{name}": share for name, share in asdict(rules.weights).items()}
    _insert(connection, "whistle_rule", [home | figures | asdict(rules.score) | weights])


def _load_teams(connection: Connection, profile: Profile, shared: int) -> None:
    _insert(connection, "team", [
        {"district_id": shared, "code": t.code, "name": t.name, "template": t.template, "sample": t.sample}
        for t in profile.teams
    ])  # fmt: skip
    made = connection.exec_driver_sql("select code, id from cc.team where made_by is null")
    ids = {row.code: row.id for row in made}
    _insert(connection, "team_line", [
        {"district_id": shared, "team_id": ids[team.code], "position": n, "line": line.line, "heads": line.heads,
         "lead": line.lead}
        for team in profile.teams for n, line in enumerate(team.lines, start=1)
    ])  # fmt: skip


def _insert(connection: Connection, table: str, rows: Sequence[Mapping[str, Any]]) -> None:
    """Append rows to cc.<table>, one round trip."""
    if not rows:
        return
    columns = ", ".join(rows[0])
    connection.execute(
        text(
            f"insert into cc.{table} ({columns})"
            f" select {columns} from jsonb_populate_recordset(null::cc.{table}, cast(:rows as jsonb))"
        ),
        {"rows": json.dumps(rows, ensure_ascii=False)},
    )
