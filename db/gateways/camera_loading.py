"""Brings a deployment's cameras into its city, and the tables that people import."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Engine, text

from commandcenter.domain.errors import DomainError
from commandcenter.profiles.camera_model import CameraCategory, CameraEntry, CameraPlan
from commandcenter.profiles.camera_table import CameraFault
from commandcenter.profiles.model import OrgUnit
from db.errors import translated
from db.gateways.camera_envelope import camera_rows, sealed

_LOAD = text("select cc.load_cameras(:sealed, :file, :check)")
_CATEGORIES = text("""insert into cc.camera_category (district_id, code, label, position, view)
  select (select min(shared_id) from cc.district), c->>'code', c->>'label', n, array(
    select jsonb_array_elements_text(c->'view')) from jsonb_array_elements(cast(:rows as jsonb)) with ordinality x(c, n)
  on conflict (district_id, code) do update
    set label = excluded.label, position = excluded.position, view = excluded.view""")
_GONE = text("""delete from cc.camera_category k where not (k.code = any(:codes))
  and not exists (select from cc.camera c where c.category = k.code)""")
_ROUND = text("""insert into cc.camera_group (district_id, name, dwell_s)
  select min(shared_id), :name, :dwell_s from cc.district returning district_id, id""")
_MEMBERS = text("""insert into cc.camera_group_member (district_id, group_id, position, camera_id)
  select :district, :group, n, (select min(c.id) from cc.camera c where c.no = x.no)
  from unnest(cast(:numbers as text[])) with ordinality x(no, n)""")
_UNITS = """select o.key, null, o.kind, o.name, o.short_name from cc.org o where o.active and (cc.my_homes() = '{}'
  or o.district_id = any(cc.my_homes())
  or o.district_id in (select d.shared_id from cc.district d where d.district_id = any(cc.my_homes())))"""
_TIMEOUTS = "set local statement_timeout = '10min'; set local lock_timeout = '30s'"


@dataclass(frozen=True, slots=True)
class CameraLoad:
    """What became of a table; with faults nothing was written."""

    added: int = 0
    changed: int = 0
    same: int = 0
    faults: tuple[CameraFault, ...] = ()


def load_cameras(connection: Connection, plan: CameraPlan) -> None:
    """Categories of a deployment and, in a city that has none yet, its cameras and rotation groups; as the owner.

    Raises DomainError.
    """
    rows = [{"code": c.code, "label": c.label, "view": list(c.view)} for c in plan.categories]
    connection.execute(_CATEGORIES, {"rows": json.dumps(rows, ensure_ascii=False)})
    connection.execute(_GONE, {"codes": [c.code for c in plan.categories]})
    if not plan.cameras or connection.exec_driver_sql("select exists (select from cc.camera)").scalar():
        return
    found = _load(connection, plan.cameras, "cameras.csv", only_check=False)
    if found.faults:
        raise DomainError(f"cameras.csv 第 {found.faults[0].row} 行：{found.faults[0].words}")
    for group in plan.rounds:
        district, made = connection.execute(_ROUND, {"name": group.name, "dwell_s": group.dwell_s}).one()
        connection.execute(_MEMBERS, {"district": district, "group": made, "numbers": list(group.cameras)})


def import_cameras(engine: Engine, entries: Sequence[CameraEntry], file: str, *, only_check: bool) -> CameraLoad:
    """A table under the person's own rights: all of it or nothing. Raises NotAllowed."""
    with translated(), engine.begin() as connection:
        connection.exec_driver_sql(_TIMEOUTS)
        return _load(connection, entries, file, only_check=only_check)


def camera_words(engine: Engine) -> tuple[list[CameraCategory], list[OrgUnit]]:
    """What the words of a table may mean to this person: categories of the city, units of his own district and city."""
    with translated(), engine.connect() as connection:
        rows = connection.exec_driver_sql("select code, label, view from cc.camera_category order by position").all()
        units = [OrgUnit(*row) for row in connection.exec_driver_sql(_UNITS)]
    return [CameraCategory(code, label, tuple(view)) for code, label, view in rows], units


def _load(connection: Connection, entries: Sequence[CameraEntry], file: str, *, only_check: bool) -> CameraLoad:
    key = bytes(connection.exec_driver_sql("select cc.camera_envelope()").scalar_one())
    content = sealed(key, camera_rows(entries, _org_ids(connection)))
    answer = connection.execute(_LOAD, {"sealed": content, "file": file, "check": only_check}).scalar_one()
    return _said(answer)


def _org_ids(connection: Connection) -> dict[str, int]:
    return {row[0]: row[1] for row in connection.exec_driver_sql("select key, id from cc.org where active")}


def _said(answer: Mapping[str, Any]) -> CameraLoad:
    faults = tuple(CameraFault(fault["row"], fault["words"]) for fault in answer["errors"])
    same = answer.get("same", 0) + answer.get("known", 0)
    return CameraLoad(answer.get("added", 0), answer.get("changed", 0), same, faults)
