"""Builds an invented city of five levels: 市, 区县, 街道/镇/乡, 社区/村, 网格, with its departments and bureaus."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import shapely

from commandcenter.profiles.model import GridCell, OrgUnit
from commandcenter.profiles.sketch.city_names import CommunityNames, place_stems, street_title
from commandcenter.profiles.sketch.city_territory import Nest


@dataclass(frozen=True, slots=True)
class CityLine:
    """A line (条): the city's department, and the bureau that the first ``districts`` districts have of it."""

    key: str
    department: str
    short_name: str
    bureau: str
    bureau_short: str
    districts: int
    login: str


@dataclass(frozen=True, slots=True)
class Territory:
    """Districts, streets and communities of a city, each list in the order of the drawing."""

    districts: list[OrgUnit]
    streets: list[OrgUnit]
    communities: list[OrgUnit]


def invent_territory(districts: Sequence[OrgUnit], nest: Nest, seed: int) -> Territory:
    """Name what was drawn. Keys continue the district's in the manner of the national codes."""
    rng = random.Random(seed)
    found = Territory(list(districts), [], [])
    stems, communities = place_stems(rng), iter(nest.communities)
    for district, count in zip(districts, nest.streets, strict=True):
        streets = list(_streets(district, count, stems, rng))
        names = CommunityNames(rng, {street.short_name for street in streets})
        found.streets.extend(streets)
        for street in streets:
            found.communities.extend(_communities(street, next(communities), names, rng))
    return found


def _streets(district: OrgUnit, count: int, stems: Iterator[str], rng: random.Random) -> Iterator[OrgUnit]:
    urban = district.name.endswith("区")
    for number in range(1, count + 1):
        stem = next(stems)
        name = stem + street_title(rng, urban, number == 1)
        yield OrgUnit(f"{district.key}{number:03d}", district.key, "street", name, stem, sample=True)


def _communities(street: OrgUnit, count: int, names: CommunityNames, rng: random.Random) -> Iterator[OrgUnit]:
    rural = {"道": 0.0, "镇": 0.6, "乡": 0.95}[street.name[-1]]
    for number in range(1, count + 1):
        name = names.draw("村" if number > 1 and rng.random() < rural else "社区")
        stem = name.removesuffix("社区").removesuffix("村")
        yield OrgUnit(f"{street.key}{number:03d}", street.key, "community", name, stem, sample=True)


def build_city(city: OrgUnit, territory: Territory, lines: Sequence[CityLine]) -> list[OrgUnit]:
    """All units of a city, parents first."""
    bureaus = [
        OrgUnit(
            bureau_key(district, line), district.key, "department", district.name + line.bureau,
            district.name[:-1] + line.bureau_short, line=line.key, sample=True,
        )
        for number, district in enumerate(territory.districts)
        for line in lines
        if number < line.districts
    ]  # fmt: skip
    departments = [
        OrgUnit(
            department_key(line), city.key, "department", city.name + line.department,
            f"市{line.short_name}", line=line.key, sample=True,
        )
        for line in lines
    ]  # fmt: skip
    return [city, *departments, *territory.districts, *territory.streets, *territory.communities, *bureaus]


def department_key(line: CityLine) -> str:
    """Key of the city's department that answers for a line."""
    return f"D-{line.key}"


def bureau_key(district: OrgUnit, line: CityLine) -> str:
    """Key of a district's bureau of a line."""
    return f"D-{district.key}-{line.key}"


def city_grids(territory: Territory, nest: Nest) -> Iterator[GridCell]:
    """The grids of every community, numbered through it: 桃林社区 03."""
    outlines = iter(nest.outlines)
    for community, count in zip(territory.communities, nest.grids, strict=True):
        for number in range(1, count + 1):
            key, name = f"{community.key}{number:02d}", f"{community.name} {number:02d}"
            ring = shapely.get_coordinates(next(outlines).normalize().exterior)[:-1]
            points = tuple((round(float(lon), 6), round(float(lat), 6)) for lon, lat in ring)
            yield GridCell(key, None, community.key[:-3], community.key, "unit", key, name, points)
