"""What rarely changes: organisation, grids, channels, catalogue, colleagues, calendar."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, text

from commandcenter.domain.errors import DomainError
from commandcenter.domain.model import Calendar, CatalogueItem, Channel, Directory, Grid, Org

# What is kept for a whole city is found under the id :s, what lies in districts under those (:homes) at or below :d.
_DISTRICT = "select title, time_zone, sample, reopen_days, shared_id from cc.district where district_id = :d"
_HOMES = """select d.district_id from cc.district d
  join cc.org_closure c on c.descendant_id = d.district_id and c.via = 'line' where c.ancestor_id = :d"""
_ORGS = """select o.id, o.key, o.parent_id, o.kind, o.name, o.short_name, o.serves_id, o.line, o.active, o.district_id
  from cc.org o where o.district_id = any(:homes) or o.district_id = :s or o.kind = 'city' order by o.position, o.id"""
_GRIDS = """select id, key, parent_id, street_id, community_id, kind, code, name from cc.grid
  where district_id = any(:homes) order by id"""
_CHANNELS = "select id, code, name, proactive, citizen, short_name from cc.channel where district_id = :s order by id"
_ITEMS = """select i.id, i.code, i.kind, i.domain, i.major, i.minor, i.name, i.urgent, i.grade, i.line, i.fallback,
  i.photo_required,
  i.return_window_minutes, i.filing_condition, i.closing_standard
  from cc.catalogue_item i where i.district_id = :s order by i.id"""
_OPERATORS = "select id, name from cc.operator where district_id = any(:homes) or district_id = :s"
_WINDOWS = "select clock, from_s, to_s from cc.office_window where district_id = :s order by clock, seq"
_DAYS = "select day::text, working from cc.calendar_day where district_id = :s and clock = 'hours' order by day"


def read_directory(connection: Connection, district_id: int) -> Directory:
    """What people of this district may meet: some 6,000 rows; with the city's own id those of all its districts.

    To a district belong the city's own units too: they handle its cases and name its actors.
    """
    keys: dict[str, Any] = {"d": district_id}

    def rows(sql: str) -> Sequence[Any]:
        return connection.execute(text(sql), {k: v for k, v in keys.items() if f":{k}" in sql}).all()

    facts = rows(_DISTRICT)
    if not facts:
        raise DomainError("数据库中没有本区的数据，请管理员执行 profile load")
    title, time_zone, sample, reopen_days, keys["s"] = facts[0]
    keys["homes"] = [r[0] for r in rows(_HOMES)]
    return Directory(
        district_id=district_id,
        title=title,
        time_zone=time_zone,
        sample=sample,
        reopen_days=reopen_days,
        orgs={r[0]: Org(*r) for r in rows(_ORGS)},
        grids={r[0]: Grid(*r) for r in rows(_GRIDS)},
        channels={r[0]: Channel(*r) for r in rows(_CHANNELS)},
        items={r[0]: CatalogueItem(*r) for r in rows(_ITEMS)},
        operators={r[0]: r[1] for r in rows(_OPERATORS)},
        calendar=_calendar(time_zone, rows(_WINDOWS), rows(_DAYS)),
    )


def _calendar(time_zone: str, windows: Sequence[Any], days: Sequence[Any]) -> Calendar:
    by_clock: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for clock, from_s, to_s in windows:
        by_clock[clock].append((from_s, to_s))
    return Calendar(time_zone, {c: tuple(w) for c, w in by_clock.items()}, tuple((d, w) for d, w in days))
