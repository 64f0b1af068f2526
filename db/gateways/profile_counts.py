"""Counts what a deployment's database holds, by the metrics that profiles publish."""

from __future__ import annotations

from sqlalchemy import Connection

_LEVELS = "select count(distinct kind) from cc.org where kind in ('city','district','street','community')"
_DEPARTMENTS = """select count(*) from cc.org o join cc.org p on p.id = o.parent_id
  where o.kind = 'department' and p.kind = """
_CURRENT = """from cc.catalogue_item i
  join cc.catalogue_version v on v.district_id = i.district_id and v.id = i.version_id and v.current"""
_COUNTS = {
    "levels": f"select ({_LEVELS}) + (select count(distinct 1) from cc.grid)",
    "districts": "select count(*) from cc.org where kind = 'district'",
    "municipal_departments": f"{_DEPARTMENTS}'city'",
    "county_bureaus": f"{_DEPARTMENTS}'district'",
    "streets": "select count(*) from cc.org where kind = 'street'",
    "listed_streets": "select count(*) from cc.org where kind = 'street' and not sample",
    "communities": "select count(*) from cc.org where kind = 'community'",
    "departments": "select count(*) from cc.org where kind = 'department'",
    "utility_kinds": "select count(distinct line) from cc.org where kind = 'utility'",
    "grids": "select count(*) from cc.grid",
    "basic_grids": "select count(*) from cc.grid where kind = 'basic'",
    "unit_grids": "select count(*) from cc.grid where kind = 'unit'",
    "dedicated_grids": "select count(*) from cc.grid where kind = 'dedicated'",
    "grid_leaders": "select count(*) from cc.grid_team where role = 'leader'",
    "grid_workers": "select count(*) from cc.grid_team where role = 'worker'",
    "specialists": "select count(*) from cc.grid_team where role = 'specialist'",
    "compounds": "select count(*) from cc.compound",
    "cameras": "select count(*) from cc.camera",
    "camera_categories": "select count(*) from cc.camera_category",
    "channels_at_least": "select count(*) from cc.channel",
    "catalogue_items": f"select count(*) {_CURRENT}",
    "classes": f"select count(distinct major) {_CURRENT}",
    "subclasses": f"select count(distinct (major, minor)) {_CURRENT}",
    "supervision_domains": f"select count(distinct domain) {_CURRENT}",
    "whistle_scopes": "select count(distinct scope) from cc.whistle_scenario",
    "whistle_scenarios": "select count(*) from cc.whistle_scenario",
    "whistle_levels": "select count(*) from cc.whistle_level",
    "caller_levels": "select count(*) from cc.whistle_caller",
    "street_rating_percent": "select coalesce(round(max(weight_street)::numeric * 100, 2), 0)::float8"
    " from cc.whistle_rule",
    "team_lines": "select count(distinct line) from cc.team_line l join cc.team t"
    " on t.district_id = l.district_id and t.id = l.team_id where not l.lead and t.made_by is null",
}


def loaded_counts(connection: Connection) -> dict[str, float]:
    """What the database holds, by the metrics that profiles publish; the area comes from the stored polygons."""
    return {metric: connection.exec_driver_sql(sql).scalar_one() for metric, sql in _COUNTS.items()}


def stored_outlines(connection: Connection) -> list[tuple[tuple[float, float], ...]]:
    """The unit grids' polygons as stored, WGS-84 degrees, for measuring the area."""
    rows = connection.exec_driver_sql("select shape::text from cc.grid where kind = 'unit'").all()
    return [_points(row[0]) for row in rows]


def _points(shape: str) -> tuple[tuple[float, float], ...]:
    numbers = [float(n) for n in shape.replace("(", "").replace(")", "").split(",")]
    return tuple(zip(numbers[::2], numbers[1::2], strict=True))
