"""Counts what a deployment's database holds, by the metrics that profiles publish."""

from __future__ import annotations

from sqlalchemy import Connection

_LEVELS = "select count(distinct kind) from cc.org where kind in ('city','district','street','community')"
_DEPARTMENTS = """select count(*) from cc.org o join cc.org p on p.id = o.parent_id
  where o.kind = 'department' and p.kind = """
_COUNTS = {
    "levels": f"select ({_LEVELS}) + (select count(distinct 1) from cc.grid)",
    "districts": "select count(*) from cc.org where kind = 'district'",
    "municipal_departments": f"{_DEPARTMENTS}'city'",
    "county_bureaus": f"{_DEPARTMENTS}'district'",
    "streets": "select count(*) from cc.org where kind = 'street'",
    "communities": "select count(*) from cc.org where kind = 'community'",
    "grids": "select count(*) from cc.grid",
    "basic_grids": "select count(*) from cc.grid where kind = 'basic'",
    "unit_grids": "select count(*) from cc.grid where kind = 'unit'",
    "channels_at_least": "select count(*) from cc.channel",
    "catalogue_items": "select count(*) from cc.catalogue_item i join cc.catalogue_version v"
    " on v.district_id = i.district_id and v.id = i.version_id and v.current",
    "classes": "select count(distinct major) from cc.catalogue_item i join cc.catalogue_version v"
    " on v.district_id = i.district_id and v.id = i.version_id and v.current",
    "supervision_domains": "select count(distinct domain) from cc.catalogue_item i join cc.catalogue_version v"
    " on v.district_id = i.district_id and v.id = i.version_id and v.current",
    "whistle_scopes": "select count(distinct scope) from cc.whistle_scenario",
    "whistle_scenarios": "select count(*) from cc.whistle_scenario",
}


def loaded_counts(connection: Connection) -> dict[str, int]:
    """What the database holds, by the metrics that profiles publish; the area comes from the stored polygons."""
    return {metric: connection.exec_driver_sql(sql).scalar_one() for metric, sql in _COUNTS.items()}


def stored_outlines(connection: Connection) -> list[tuple[tuple[float, float], ...]]:
    """The unit grids' polygons as stored, WGS-84 degrees, for measuring the area."""
    rows = connection.exec_driver_sql("select shape::text from cc.grid where kind = 'unit'").all()
    return [_points(row[0]) for row in rows]


def _points(shape: str) -> tuple[tuple[float, float], ...]:
    numbers = [float(n) for n in shape.replace("(", "").replace(")", "").split(",")]
    return tuple(zip(numbers[::2], numbers[1::2], strict=True))
