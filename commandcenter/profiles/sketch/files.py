"""Reads the sources of a profile's sample data and writes the drawn files beside them."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import shapely

from commandcenter.profiles.catalogue_file import CATALOGUE_COLUMNS
from commandcenter.profiles.model import GridCell, OrgUnit
from commandcenter.profiles.sketch.catalogue import expand_catalogue
from commandcenter.profiles.sketch.city_files import redraw_city
from commandcenter.profiles.sketch.organisation import Community, Line, Station, Street, build_org
from commandcenter.profiles.sketch.people import staff
from commandcenter.profiles.sketch.tables import source_rows, write_grids, write_operators, write_org, write_table
from commandcenter.profiles.sketch.territory import StreetHint, draw_grids

_BOX = ("min_lon", "min_lat", "max_lon", "max_lat")


@dataclass(frozen=True, slots=True)
class Plan:
    """The settings of a drawing, from source/plan.toml."""

    district: OrgUnit
    basic_grids: int
    unit_grids: int
    catalogue_items: int
    seed: int


def redraw(name: str, root: Path) -> Iterator[Path]:
    """Write a profile's organisation, operators, grids and catalogue; same sources, same bytes.

    A source with a list of districts is a city's, any other one district's.
    """
    source = root / "profiles" / name / "source"
    return redraw_city(name, root) if (source / "districts.csv").exists() else _redraw_district(name, root)


def _redraw_district(name: str, root: Path) -> Iterator[Path]:
    folder = root / "profiles" / name
    source = folder / "source"
    plan = _plan(source / "plan.toml")
    streets, communities = _streets(source), _communities(source)
    lines, stations = _lines(source), _stations(source)
    sections = (source / "street_sections.txt").read_text(encoding="utf-8").split()
    yield write_org(folder, build_org(plan.district, streets, communities, lines, stations, sections))
    yield write_operators(folder, staff(plan.district.key, streets, lines, stations, plan.seed))
    yield write_grids(folder, _grids(source, plan, communities))
    items = _catalogue(root / "catalogue" / "source", plan.catalogue_items)
    cells = ([item[column] for column in CATALOGUE_COLUMNS] for item in items)
    yield write_table(root / "catalogue" / f"{name}.csv", CATALOGUE_COLUMNS, cells)


def _plan(path: Path) -> Plan:
    table = tomllib.loads(path.read_text(encoding="utf-8"))
    district = OrgUnit(table["key"], None, "district", table["name"], table["short_name"])
    return Plan(district, table["basic_grids"], table["unit_grids"], table["catalogue_items"], table["seed"])


def _grids(source: Path, plan: Plan, communities: Sequence[Community]) -> list[GridCell]:
    outline = shapely.from_wkt((source / "outline.wkt").read_text(encoding="ascii"))
    members: dict[str, list[tuple[str, str]]] = {}
    for community in communities:
        members.setdefault(community.street_key, []).append((community.key, community.name))
    return draw_grids(outline, _hints(source), members, plan.basic_grids, plan.unit_grids, plan.seed)


def _catalogue(source: Path, total: int) -> list[dict[str, str]]:
    places = {row["set"]: row for row in source_rows(source / "places.csv")}
    limits = {row.pop("limit"): row for row in source_rows(source / "limits.csv")}
    components, defects, events = (
        source_rows(source / f"{stem}.csv") for stem in ("components", "component_defects", "events")
    )
    return expand_catalogue(components, defects, events, places, limits, total)


def _streets(source: Path) -> list[Street]:
    return [Street(row["key"], row["name"], row["pinyin"]) for row in source_rows(source / "streets.csv")]


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
