"""What rarely changes: organisation, grids, channels, catalogue, colleagues, calendar."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, text

from commandcenter.domain.errors import DomainError
from commandcenter.domain.model import Calendar, CatalogueItem, Channel, Directory, Grid, Org

_DISTRICT = "select title, time_zone, sample, reopen_days from cc.district where district_id = :d"
_ORGS = """select id, key, parent_id, kind, name, short_name, serves_id, line, active, district_id from cc.org
  order by position, id"""
_GRIDS = """select id, key, parent_id, street_id, community_id, kind, code, name from cc.grid
  where district_id = :d order by id"""
_CHANNELS = "select id, code, name, proactive, citizen, short_name from cc.channel where district_id = :d order by id"
_ITEMS = """select i.id, i.code, i.kind, i.domain, i.major, i.minor, i.name, i.urgent, i.grade, i.line, i.fallback,
  i.photo_required,
  i.return_window_minutes, i.filing_condition, i.closing_standard
  from cc.catalogue_item i where i.district_id = :d order by i.id"""
_OPERATORS = "select id, name from cc.operator where district_id = :d"
_WINDOWS = "select clock, from_s, to_s from cc.office_window where district_id = :d order by clock, seq"
_DAYS = "select day::text, working from cc.calendar_day where district_id = :d and clock = 'hours' order by day"


def read_directory(connection: Connection, district_id: int) -> Directory:
    """Read all of it in one snapshot; about 6,000 rows for a district."""

    def rows(sql: str) -> Sequence[Any]:
        return connection.execute(text(sql), {"d": district_id} if ":d" in sql else {}).all()

    facts = rows(_DISTRICT)
    if not facts:
        raise DomainError("数据库中没有本区的数据，请管理员执行 profile load")
    title, time_zone, sample, reopen_days = facts[0]
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
