"""Reads the sources of a profile's sample data and writes the drawn files beside them."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import shapely

from commandcenter.profiles.model import GridCell, OrgUnit
from commandcenter.profiles.sketch.catalogue import Cells, answering_lines, expand_catalogue, list_types
from commandcenter.profiles.sketch.city_files import redraw_city
from commandcenter.profiles.sketch.dedicated import draw_dedicated
from commandcenter.profiles.sketch.extras import redraw_extras
from commandcenter.profiles.sketch.organisation import Community, Line, Station, Street, build_org
from commandcenter.profiles.sketch.people import staff
from commandcenter.profiles.sketch.tables import (
    source_rows,
    write_catalogue,
    write_grids,
    write_operators,
    write_org,
)
from commandcenter.profiles.sketch.territory import StreetHint, draw_grids

_BOX = ("min_lon", "min_lat", "max_lon", "max_lat")


def redraw(name: str, root: Path) -> Iterator[Path]:
    """Write a profile's organisation, operators, grids and catalogue; same sources, same bytes.

    A source with a list of districts is a city's, any other one district's.
    """
    source = root / "profiles" / name / "source"
    return redraw_city(name, root) if (source / "districts.csv").exists() else _redraw_district(name, root)


def _redraw_district(name: str, root: Path) -> Iterator[Path]:
    folder = root / "profiles" / name
    source = folder / "source"
    plan = tomllib.loads((source / "plan.toml").read_text(encoding="utf-8"))
    district = OrgUnit(plan["key"], None, "district", plan["name"], plan["short_name"])
    streets, communities = _streets(source), _communities(source)
    lines, stations = _lines(source), _stations(source)
    sections = (source / "street_sections.txt").read_text(encoding="utf-8").split()
    org = build_org(district, streets, communities, lines, stations, sections)
    yield write_org(folder, org)
    staffed = communities if plan.get("community_posts") else ()
    yield write_operators(folder, staff(district.key, streets, lines, stations, plan["seed"], staffed))
    grids = _grids(source, plan, communities)
    yield write_grids(folder, grids)
    yield write_catalogue(root / "catalogue" / f"{name}.csv", _catalogue(root / "catalogue" / "source", source, plan))
    yield from redraw_extras(folder, root, plan, org, grids)


def _grids(source: Path, plan: dict[str, Any], communities: Sequence[Community]) -> list[GridCell]:
    outline = shapely.from_wkt((source / "outline.wkt").read_text(encoding="ascii"))
    members: dict[str, list[tuple[str, str]]] = {}
    for community in communities:
        members.setdefault(community.street_key, []).append((community.key, community.name))
    totals = plan.get("basic_grids", 0), plan["unit_grids"], plan["seed"]
    grids = draw_grids(outline, _hints(source), members, *totals, plan.get("raster_m", 30.0))
    sites = source / "dedicated.csv"
    return [*grids, *draw_dedicated(source_rows(sites), grids)] if sites.exists() else grids


def _catalogue(lists: Path, source: Path, plan: dict[str, Any]) -> list[Cells]:
    """One row per type where the source names its classes, otherwise a list of the wanted length."""
    components, defects, events = (
        source_rows(lists / f"{stem}.csv") for stem in ("components", "component_defects", "events")
    )
    limits = {row.pop("limit"): row for row in source_rows(lists / "limits.csv")}
    if (source / "classes.csv").exists():
        answering = answering_lines(source_rows(source / "lines.csv"))
        classes, first = source_rows(source / "classes.csv"), plan.get("event_fallback", "")
        return list_types(classes, components, defects, events, limits, answering, first)
    places = {row["set"]: row for row in source_rows(lists / "places.csv")}
    return expand_catalogue(components, defects, events, places, limits, plan["catalogue_items"])


def _streets(source: Path) -> list[Street]:
    return [
        Street(row["key"], row["name"], row["pinyin"], row.get("short_name", ""), row.get("sample") == "1")
        for row in source_rows(source / "streets.csv")
    ]


def _hints(source: Path) -> list[StreetHint]:
    return [_hint(row) for row in source_rows(source / "streets.csv")]


def _hint(row: dict[str, str]) -> StreetHint:
    west, south, east, north = (float(row[column]) for column in _BOX)
    return StreetHint(row["key"], (west, south, east, north), float(row["area_km2"]), int(row["population"]))


def _communities(source: Path) -> list[Community]:
    rows = source_rows(source / "communities.csv")
    return [Community(row["key"], row["street_key"], row["name"], row["sample"] == "1") for row in rows]


def _lines(source: Path) -> list[Line]:
    return [
        Line(r["line"], r["kind"], r["name"], r["short_name"], r["login"], tuple(r["sections"].split()))
        for r in source_rows(source / "lines.csv")
    ]


def _stations(source: Path) -> list[Station]:
    return [Station(row["line"], row["title"], row["login"]) for row in source_rows(source / "stations.csv")]
