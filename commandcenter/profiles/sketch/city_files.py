"""Reads the sources of a city's sample data and writes the drawn files beside them."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Sequence
from pathlib import Path

from commandcenter.profiles.model import OrgUnit
from commandcenter.profiles.organisation_files import read_channels
from commandcenter.profiles.sketch.catalogue import Cells, answering_lines, list_types
from commandcenter.profiles.sketch.city import CityLine, build_city, city_grids, invent_territory
from commandcenter.profiles.sketch.city_people import city_staff
from commandcenter.profiles.sketch.city_territory import draw_city
from commandcenter.profiles.sketch.extras import redraw_extras
from commandcenter.profiles.sketch.tables import (
    source_rows,
    write_catalogue,
    write_grids,
    write_operators,
    write_org,
)


def redraw_city(name: str, root: Path) -> Iterator[Path]:
    """Write organisation, operators, grids and catalogue of a city; same sources, same bytes."""
    folder = root / "profiles" / name
    source = folder / "source"
    plan = tomllib.loads((source / "plan.toml").read_text(encoding="utf-8"))
    city = OrgUnit(plan["key"], None, "city", plan["name"], plan["short_name"], sample=True)
    districts, line_rows = _districts(source, city), source_rows(source / "lines.csv")
    lines = [_line(row) for row in line_rows]
    totals = plan["streets"], plan["communities"], plan["grids"], plan["seed"]
    nest = draw_city((plan["centre"][0], plan["centre"][1]), plan["radius_km"], len(districts), *totals)
    territory = invent_territory(districts, nest, plan["seed"])
    org = build_city(city, territory, lines)
    yield write_org(folder, org)
    channels = read_channels(folder / "channels.csv")
    yield write_operators(folder, city_staff(city, territory, lines, channels, plan["seed"]))
    grids = list(city_grids(territory, nest))
    yield write_grids(folder, grids)
    lists, answering = _lists(root / "catalogue" / "source"), answering_lines(line_rows)
    items = list_types(source_rows(source / "classes.csv"), *lists, answering)
    yield write_catalogue(root / "catalogue" / f"{name}.csv", items)
    yield from redraw_extras(folder, root, plan, org, grids)


def _districts(source: Path, city: OrgUnit) -> list[OrgUnit]:
    rows = source_rows(source / "districts.csv")
    return [OrgUnit(r["key"], city.key, "district", r["name"], r["short_name"], sample=True) for r in rows]


def _line(row: Cells) -> CityLine:
    names = row["department"], row["short_name"], row["bureau"], row["bureau_short"]
    return CityLine(row["line"], *names, int(row["districts"]), row["login"])


def _lists(source: Path) -> tuple[Sequence[Cells], Sequence[Cells], Sequence[Cells], dict[str, Cells]]:
    limits = {row.pop("limit"): row for row in source_rows(source / "limits.csv")}
    components, defects, events = (
        source_rows(source / f"{stem}.csv") for stem in ("components", "component_defects", "events")
    )
    return components, defects, events, limits
