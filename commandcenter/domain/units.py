"""The organisation as an index: who takes cases, answers for a line, serves a street, stands under whom."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from commandcenter.domain.model import CaseRow, Directory, Duty, Org

# db/schema/functions/30_guards.sql, takes_cases
TAKING_KINDS = frozenset(
    {"street", "community", "department", "agency", "section", "utility", "enterprise"}
)


def takes_cases(org: Org | None) -> bool:
    """Whether a node may be given cases at all."""
    return org is not None and org.active and org.kind in TAKING_KINDS


class UnitIndex:
    """Look-ups over one directory, built once (a few ms for 500 units)."""

    def __init__(self, orgs: Mapping[int, Org]) -> None:
        self._orgs = orgs
        self._children: dict[int, list[int]] = defaultdict(list)
        self._serving: dict[int, list[int]] = defaultdict(list)
        self._by_line: dict[tuple[int, str], int] = {}
        self.agencies: dict[tuple[str, int], list[int]] = defaultdict(list)
        for org in orgs.values():
            self._add(org)
        # What hangs under the root itself: the district's own units, or those of a city of several districts.
        self.top = next((org.district_id for org in orgs.values() if org.parent_id is None), 0)

    def _add(self, org: Org) -> None:
        if org.parent_id is not None:
            self._children[org.parent_id].append(org.id)
        if org.serves_id is not None:
            self._serving[org.serves_id].append(org.id)
        if not takes_cases(org):
            return
        if org.line and org.kind != "agency":
            self._by_line.setdefault((org.district_id, org.line), org.id)
        if org.serves_id is not None and (line := self.line_of(org.id)):
            self.agencies[line, org.serves_id].append(org.id)

    def responsible(self, line: str, district_id: int) -> int | None:
        """The unit that answers for a line (条) in a district: its own bureau, else the city's department."""
        return self._by_line.get((district_id, line), self._by_line.get((self.top, line)))

    def all_responsible(self, district_id: int) -> list[int]:
        """Every unit that answers for a line in a district, the city's departments included."""
        return [unit for (district, _), unit in self._by_line.items() if district in (district_id, self.top)]

    def line_of(self, unit_id: int | None) -> str | None:
        """The line (条) a unit belongs to: its own or the nearest one above it."""
        seen: set[int] = set()
        while unit_id is not None and unit_id not in seen and (org := self._orgs.get(unit_id)):
            if org.line:
                return org.line
            seen.add(unit_id)
            unit_id = org.parent_id
        return None

    def below(self, unit_id: int) -> frozenset[int]:
        """All under a unit, itself left out: by the tree, and agencies that serve it."""
        found: set[int] = set()
        waiting = [*self._children[unit_id], *self._serving[unit_id]]
        while waiting:
            child = waiting.pop()
            if child not in found:
                found.add(child)
                waiting += self._children[child]
        return frozenset(found - {unit_id})


_recent: list[tuple[Mapping[int, Org], UnitIndex]] = []


def unit_index(directory: Directory) -> UnitIndex:
    """The index of a directory, kept for the last one asked for: directories rarely change."""
    for orgs, index in _recent:
        if orgs is directory.orgs:
            return index
    index = UnitIndex(directory.orgs)
    _recent[:] = [(directory.orgs, index)]
    return index


def district_of(row: CaseRow, directory: Directory) -> int:
    """The district in which a case lies; while nobody knows the place, the person's own."""
    street = directory.orgs.get(row.street_id or 0)
    return directory.district_id if street is None else street.district_id


def serves_case(unit_id: int, row: CaseRow, directory: Directory) -> bool:
    """Whether a unit belongs to the case's district or to the city, as cc.serves_case judges."""
    org = directory.orgs.get(unit_id)
    return org is not None and org.district_id in (district_of(row, directory), unit_index(directory).top)


def of_whole_city(directory: Directory) -> bool:
    """Whether the person works for a city above its districts."""
    home = directory.orgs.get(directory.district_id)
    return home is not None and home.kind == "city"


def reach_for(reach: frozenset[int], row: CaseRow | None, directory: Directory) -> frozenset[int]:
    """What of a reach may be given a case; without a case all of it, but of a city's reach its own units only."""
    if not of_whole_city(directory):
        return reach
    here = {unit_index(directory).top, *(() if row is None else (district_of(row, directory),))}
    return frozenset(unit for unit in reach if directory.orgs[unit].district_id in here)


def reach_of(duties: Iterable[Duty], directory: Directory, role: str = "dispatcher") -> frozenset[int]:
    """Units that the duties of one role reach, as unit_in_reach of the database: at or under the duty's node."""
    index = unit_index(directory)
    nodes = [duty.org_id for duty in duties if duty.role == role]
    return frozenset(nodes).union(*(index.below(node) for node in nodes))
