"""Loads a deployment profile into an empty database, in one transaction."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, Engine, text

from commandcenter.domain.errors import DomainError
from commandcenter.profiles.model import CatalogueItem, Profile, homes_of
from db.gateways.camera_loading import load_cameras
from db.gateways.copying import copy_rows
from db.gateways.grid_people import link_by_phone
from db.gateways.logins import make_logins
from db.gateways.wall_loading import load_wall
from db.gateways.whistle_loading import load_rules
from db.gateways.work_calendar import CLOCKS, extend_calendar

_OWNER_ONLY = "只有数据库管理员可以装载部署方案"

# Who stands above whom: the tree, and every agency (with what is below it) under the street it serves and above.
_CLOSURE = """
with recursive up(district_id, ancestor_id, descendant_id, depth) as (
  select district_id, id, id, 0 from cc.org
  union all
  select u.district_id, o.parent_id, u.descendant_id, u.depth + 1 from up u join cc.org o on o.id = u.ancestor_id
   where o.parent_id is not null)
insert into cc.org_closure select district_id, ancestor_id, descendant_id, 'line', depth from up"""
_SERVED = """
insert into cc.org_closure
select distinct on (below.district_id, above.ancestor_id, below.descendant_id)
       below.district_id, above.ancestor_id, below.descendant_id, 'serves', above.depth + below.depth + 1
from cc.org a
join cc.org_closure above on above.descendant_id = a.serves_id and above.via = 'line'
join cc.org_closure below on below.ancestor_id = a.id and below.via = 'line'
where a.serves_id is not null
order by below.district_id, above.ancestor_id, below.descendant_id, above.depth"""


def loaded_profile(connection: Connection) -> str | None:
    """The name of the profile in the database, None when it is empty."""
    name: str | None = connection.execute(text("select profile from cc.district order by district_id limit 1")).scalar()
    return name


def load_profile(engine: Engine, profile: Profile, passwords: Mapping[str, str]) -> None:
    """Load everything, all or nothing. `passwords`: by login, one for every operator of the profile.

    Raises DomainError when the database already holds a profile.
    """
    with engine.begin() as connection:
        connection.exec_driver_sql("set local statement_timeout = 0")
        # Logins are the whole server's: the upgrade of another database keeps them locked for its whole transaction.
        connection.exec_driver_sql("set local lock_timeout = '10min'")
        connection.exec_driver_sql("lock table cc.district in exclusive mode")
        present = loaded_profile(connection)
        if present is not None:
            raise DomainError(f"数据库中已有部署方案 {present}，不能再装载；请另建数据库")
        ids = {unit.key: number for number, unit in enumerate(profile.org, start=1)}
        whole = _wholes(profile, ids)
        _load_districts(connection, profile, ids, whole)
        _load_organisation(connection, profile, ids, whole)
        _load_channels(connection, profile, whole.shared)
        _load_grids(connection, profile, ids, whole)
        load_rules(connection, profile)
        load_cameras(connection, profile.cameras)
        load_wall(connection, profile.wall)
        _load_calendar(connection, profile, whole.shared)
        _load_people(connection, profile, ids, whole, passwords)
        connection.execute(
            text("select cc.load_catalogue(:source, cast(:items as jsonb))"),
            {"source": f"profile {profile.name}", "items": json.dumps([item_json(i) for i in profile.catalogue])},
        )
        connection.exec_driver_sql("analyze cc.org_closure, cc.grid, cc.catalogue_item, cc.org")


@dataclass(frozen=True, slots=True)
class _Wholes:
    """Which district a unit lies in, and under whose id that is kept which all districts share."""

    shared: int
    home: Mapping[str, int]

    def of(self, keys: Iterable[str]) -> int:
        """The one district in which all these units lie, else the city above them."""
        found = {self.home[key] for key in keys}
        return found.pop() if len(found) == 1 else self.shared


def _wholes(profile: Profile, ids: Mapping[str, int]) -> _Wholes:
    return _Wholes(ids[profile.top.key], {key: ids[home] for key, home in homes_of(profile.org).items()})


def _load_districts(connection: Connection, profile: Profile, ids: Mapping[str, int], whole: _Wholes) -> None:
    """A row for every district, and one for the city above several."""
    rows = [
        (
            ids[u.key],
            profile.name,
            profile.title if u is profile.top else f"{profile.title} · {u.short_name}",
            profile.crs,
            profile.reopen_days,
            profile.sample,
            whole.shared,
        )
        for u in profile.org
        if u.kind in ("city", "district")
    ]
    columns = ("district_id", "profile", "title", "crs", "reopen_days", "sample", "shared_id")
    copy_rows(connection, "district", columns, rows)


def _load_organisation(connection: Connection, profile: Profile, ids: Mapping[str, int], whole: _Wholes) -> None:
    columns = (
        "district_id",
        "id",
        "key",
        "parent_id",
        "kind",
        "name",
        "short_name",
        "serves_id",
        "line",
        "position",
        "sample",
    )
    rows = [
        (
            whole.home[u.key],
            ids[u.key],
            u.key,
            ids.get(u.parent_key or ""),
            u.kind,
            u.name,
            u.short_name,
            ids.get(u.serves_key or ""),
            u.line,
            ids[u.key],
            u.sample,
        )
        for u in profile.org
    ]
    copy_rows(connection, "org", columns, rows)
    connection.exec_driver_sql(_CLOSURE)
    connection.exec_driver_sql(_SERVED)


def _load_channels(connection: Connection, profile: Profile, shared: int) -> None:
    """Once, for all districts."""
    channels = [
        (shared, n, c.code, c.name, c.short_name, c.proactive, c.citizen)
        for n, c in enumerate(profile.channels, start=1)
    ]
    copy_rows(
        connection, "channel", ("district_id", "id", "code", "name", "short_name", "proactive", "citizen"), channels
    )


def _polygon(points: Sequence[tuple[float, float]]) -> str:
    return "(" + ",".join(f"({x},{y})" for x, y in points) + ")"


def _load_grids(connection: Connection, profile: Profile, ids: Mapping[str, int], whole: _Wholes) -> None:
    numbers = {cell.key: n for n, cell in enumerate(profile.grids, start=1)}
    columns = ("district_id", "id", "key", "parent_id", "street_id", "community_id", "kind", "code", "name", "shape")
    rows = [
        (
            whole.home[g.street_key],
            numbers[g.key],
            g.key,
            numbers.get(g.parent_key or ""),
            ids[g.street_key],
            ids.get(g.community_key),
            g.kind,
            g.code,
            g.name,
            _polygon(g.polygon),
        )
        for g in profile.grids
    ]
    copy_rows(connection, "grid", columns, rows)


def _load_calendar(connection: Connection, profile: Profile, shared: int) -> None:
    windows = [w for w in profile.office_windows if w.clock in CLOCKS]
    rows = [(shared, w.clock, n, w.start_minute * 60, w.end_minute * 60) for n, w in enumerate(windows, start=1)]
    copy_rows(connection, "office_window", ("district_id", "clock", "seq", "from_s", "to_s"), rows)
    extend_calendar(connection, shared, date.today())


def _load_people(
    connection: Connection, profile: Profile, ids: Mapping[str, int], whole: _Wholes, passwords: Mapping[str, str]
) -> None:
    make_logins(connection, {person.login: passwords[person.login] for person in profile.operators})
    people = [
        {
            "home": whole.of(key for _, key in person.duties),
            "login": person.login,
            "name": person.name,
            "duties": [{"role": role, "org_id": ids[key]} for role, key in person.duties],
        }
        for person in profile.operators
    ]
    connection.execute(
        text(
            "select cc.insert_operator((p->>'home')::int, p->>'login', p->>'name', p->'duties')"
            " from jsonb_array_elements(cast(:people as jsonb)) p"
        ),
        {"people": json.dumps(people)},
    )
    link_by_phone(connection, profile.operators)


def item_json(item: CatalogueItem) -> dict[str, Any]:
    """A catalogue item as cc.load_catalogue takes it."""
    return {
        "code": item.code,
        "kind": item.kind,
        "domain": item.domain,
        "major": item.major,
        "minor": item.minor,
        "name": item.name,
        "danger": item.danger,
        "visibility": item.visibility,
        "disorder": item.disorder,
        "urgent": item.urgent,
        "grade": item.grade_hint,
        "line": item.line,
        "fallback": item.fallback,
        "filing_condition": item.filing_condition,
        "closing_standard": item.closing_standard,
        "return_window_minutes": item.return_window_minutes,
        "photo_required": item.photo_required,
        "sample": item.sample,
        "limits": [{"stage": x.stage, "minutes": x.minutes, "clock": x.clock} for x in item.limits],
    }
