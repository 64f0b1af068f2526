"""Loads the people of the grids with their phones, keeps who is there already, and finds their logins."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, text

from commandcenter.profiles.model import Operator, TeamMember

Places = Mapping[str, tuple[int, int]]
_KEY = ("district_id", "grid_id", "org_id", "role", "name", "phone_masked", "line")
_PRESENT = f"select {', '.join(_KEY)}, id from cc.grid_team order by id"
_ADD = """insert into cc.grid_team (district_id, grid_id, org_id, role, name, phone_masked, line, sample)
  select district_id, grid_id, org_id, role, name, phone_masked, line, sample
  from jsonb_populate_recordset(null::cc.grid_team, cast(:rows as jsonb))"""
_PHONES = "insert into cc.grid_phone select * from jsonb_populate_recordset(null::cc.grid_phone, cast(:rows as jsonb))"
_FORGET = """delete from cc.worker_position w
  where not exists (select from cc.grid_team m where m.id = w.worker_id and m.district_id = w.district_id)"""
# One person a login and one login a person, where the login's duty stands above his grid.
_LINK = """update cc.grid_team m set operator_id = found.operator_id
  from (select distinct on (o.id) o.id as operator_id, p.member_id
          from jsonb_to_recordset(cast(:rows as jsonb)) r(login text, phone text)
          join cc.operator o on o.login = r.login join cc.grid_phone p on p.phone = r.phone
          cross join lateral cc.member_place(p.member_id) k
         where k.login_id is null and cc.stands_above(o.id, '{grid_worker}', k.district, k.street, k.community)
           and not exists (select from cc.grid_team t where t.operator_id = o.id)
         order by o.id, p.member_id) found
 where m.id = found.member_id"""


def load_grid_people(connection: Connection, team: Sequence[TeamMember], grids: Places, orgs: Places) -> None:
    """Make the people of the grids those of the profile; who was there keeps his number, and so his track and login.

    grids, orgs: by key, the own id and the district's.
    """
    wanted = [_row(member, grids, orgs) for member in team]
    present = _present(connection)
    new = [row for row in wanted if not _take(present, row)]
    gone = [number for numbers in present.values() for number in numbers]
    connection.execute(text("delete from cc.grid_team where id = any(:gone)"), {"gone": gone})
    _insert(connection, _ADD, new)
    present = _present(connection)
    connection.exec_driver_sql("delete from cc.grid_phone")
    phones = [
        {"district_id": row["district_id"], "member_id": _take(present, row), "phone": member.phone}
        for row, member in zip(wanted, team, strict=True)
    ]
    _insert(connection, _PHONES, [row for row in phones if row["phone"]])
    connection.exec_driver_sql(_FORGET)


def link_by_phone(connection: Connection, operators: Sequence[Operator]) -> None:
    """A 网格员 whose login and place in a grid's team tell the same phone is one person."""
    rows = [
        {"login": person.login, "phone": person.phone}
        for person in operators if person.phone and any(role == "grid_worker" for role, _ in person.duties)
    ]  # fmt: skip
    _insert(connection, _LINK, rows)


def masked(phone: str) -> str:
    """As cc.mask_phone: of a phone the middle is not shown."""
    return f"{phone[:3]}****{phone[-4:]}" if len(phone) >= 8 else "****" if phone else ""


def _row(m: TeamMember, grids: Places, orgs: Places) -> dict[str, Any]:
    grid = grids.get(m.grid_key or "")
    number, district = grid or orgs[m.org_key or ""]
    return {
        "district_id": district, "grid_id": number if grid else None, "org_id": None if grid else number,
        "role": m.role, "name": m.name, "phone_masked": masked(m.phone), "line": m.line, "sample": m.sample,
    }  # fmt: skip


def _present(connection: Connection) -> dict[tuple[Any, ...], list[int]]:
    found: dict[tuple[Any, ...], list[int]] = defaultdict(list)
    for *key, number in connection.exec_driver_sql(_PRESENT):
        found[tuple(key)].append(number)
    return found


def _take(present: dict[tuple[Any, ...], list[int]], row: Mapping[str, Any]) -> int:
    """The number of a person like this, each once; 0 when there is none."""
    numbers = present[tuple(row[name] for name in _KEY)]
    return numbers.pop(0) if numbers else 0


def _insert(connection: Connection, statement: str, rows: Sequence[Mapping[str, Any]]) -> None:
    if rows:
        connection.execute(text(statement), {"rows": json.dumps(rows, ensure_ascii=False)})
