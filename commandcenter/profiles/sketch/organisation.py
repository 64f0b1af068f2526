"""Builds the organisation of a district from its lists of streets, communities, lines and stations."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from commandcenter.profiles.model import OrgUnit


@dataclass(frozen=True, slots=True)
class Street:
    """A street (街道) with the stem of its logins; ``sample`` if it is not on the national list."""

    key: str
    name: str
    login: str
    short_name: str = ""
    sample: bool = False


@dataclass(frozen=True, slots=True)
class Community:
    """A community (社区); ``sample`` if it is not on the national list."""

    key: str
    street_key: str
    name: str
    sample: bool


@dataclass(frozen=True, slots=True)
class Line:
    """A department, utility or enterprise that answers for a line (条), and its sections."""

    key: str
    kind: str
    name: str
    short_name: str
    login: str
    sections: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Station:
    """A kind of agency (派出机构) that a line keeps in every street."""

    line: str
    title: str
    login: str


def build_org(
    district: OrgUnit,
    streets: Sequence[Street],
    communities: Sequence[Community],
    lines: Sequence[Line],
    stations: Sequence[Station],
    street_sections: Sequence[str],
) -> list[OrgUnit]:
    """All units, parents first. Territory keeps its national codes; lines and below are sample rows."""
    return [
        district,
        *(OrgUnit(s.key, district.key, "street", s.name, _short(s), sample=s.sample) for s in streets),
        *(_community(community) for community in communities),
        *_line_units(district.key, lines),
        *_agencies(streets, stations),
        *(_section(s.key, s.key, title) for s in streets for title in street_sections),
    ]


def unit_key(line: str) -> str:
    """Key of the unit that answers for ``line``."""
    return f"D-{line}"


def agency_key(street_key: str, title: str) -> str:
    """Key of the agency of kind ``title`` in a street."""
    return f"A-{street_key}-{title}"


def stem(name: str) -> str:
    """东华门街道 → 东华门, 多福巷社区 → 多福巷."""
    return name.removesuffix("街道").removesuffix("社区")


def _short(street: Street) -> str:
    return street.short_name or stem(street.name)


def _community(community: Community) -> OrgUnit:
    short = stem(community.name)
    return OrgUnit(
        community.key, community.street_key, "community", community.name, short, sample=community.sample
    )


def _line_units(district_key: str, lines: Sequence[Line]) -> Iterator[OrgUnit]:
    for line in lines:
        key = unit_key(line.key)
        yield OrgUnit(key, district_key, line.kind, line.name, line.short_name, line=line.key, sample=True)
        yield from (_section(key, line.key, title) for title in line.sections)


def _agencies(streets: Sequence[Street], stations: Sequence[Station]) -> Iterator[OrgUnit]:
    for street in streets:
        for station in stations:
            name = _short(street) + station.title
            key, parent = agency_key(street.key, station.title), unit_key(station.line)
            yield OrgUnit(key, parent, "agency", name, name, serves_key=street.key, sample=True)


def _section(parent_key: str, label: str, title: str) -> OrgUnit:
    return OrgUnit(f"S-{label}-{title}", parent_key, "section", title, title, sample=True)
