"""What is known already when a whistle or an order is begun: from cases, a whistle, or a place on the map."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import uuid4

from commandcenter.domain.joint import ORDER, CalledUnit, NewSummons, SummonsRow
from commandcenter.domain.model import CaseRow
from ui.joint.calling import WHO_MAY, callers
from ui.screens.workplace import Workplace

_NAMED = 3
_LONGEST = 100
KINDS = {"whistle": "吹哨", "order": "联合执法令"}


def why_not(place: Workplace, kind: str, rows: Sequence[CaseRow] = ()) -> str | None:
    """Why this person may not begin one (with these cases); None if he may."""
    found = callers(kind, place.person, place.backend.directory)
    if not found:
        return WHO_MAY[kind]
    homes = {home for row in rows if (home := _district_of(place, row)) is not None}
    if len(homes) > 1:
        return "案件分属不同区县，请分别办理"
    if rows and _caller(place, kind, rows, found) is None:
        return "案件不在您可召集的辖区内"
    return None


def from_cases(place: Workplace, kind: str, rows: Sequence[CaseRow]) -> NewSummons:
    """Titled by what the cases are about; called by their street where they lie in one; at the first one's place."""
    found = callers(kind, place.person, place.backend.directory)
    at = next((row for row in rows if row.lon is not None), None)
    grid = rows[0].grid_id if len({row.grid_id for row in rows}) == 1 else None
    return NewSummons(
        id=uuid4(), kind=kind, caller_id=_caller(place, kind, rows, found) or found[0], scope="",
        title=_title(place, rows), parties=(), grid_id=grid, level="",
        lon=at.lon if at else None, lat=at.lat if at else None, cases=tuple(row.id for row in rows),
    )


def from_whistle(place: Workplace, row: SummonsRow, reason: str = "") -> NewSummons:
    """An order that goes on from a whistle: the same matter, place, cases and units."""
    found = callers(ORDER, place.person, place.backend.directory)
    home = next((org for org in found if org == row.district_id), found[0] if found else row.district_id)
    parties = tuple(CalledUnit(p.unit_id, p.heads, p.lead) for p in row.live_parties)
    return NewSummons(
        id=uuid4(), kind=ORDER, caller_id=home, scope=row.scope, title=row.title, parties=parties,
        scenario=row.scenario, level=row.level, reason=reason, place=row.place, lon=row.lon, lat=row.lat,
        grid_id=row.grid_id, cases=row.cases, from_id=row.id,
    )


def from_place(place: Workplace, kind: str, lon: float, lat: float, rows: Sequence[CaseRow] = (),
               words: str = "") -> NewSummons:
    """A selection on the map: its middle, and the cases inside, nearest first; the nearest says in which grid it is."""
    found = callers(kind, place.person, place.backend.directory)
    caller = _caller(place, kind, rows, found) if rows else None
    return NewSummons(
        id=uuid4(), kind=kind, caller_id=caller or found[0], scope="", title=_title(place, rows), parties=(),
        place=words, lon=lon, lat=lat, level="", cases=tuple(row.id for row in rows),
        grid_id=rows[0].grid_id if rows else None,
    )


def _title(place: Workplace, rows: Sequence[CaseRow]) -> str:
    names = list(dict.fromkeys(place.words.title(row) for row in rows))
    told = "、".join(names[:_NAMED]) + ("等" if len(names) > _NAMED else "")
    return told[:_LONGEST]


def _caller(place: Workplace, kind: str, rows: Sequence[CaseRow], found: Sequence[int]) -> int | None:
    """The street of the cases if they lie in one, else whoever may call for their district."""
    streets = {row.street_id for row in rows}
    communities = {row.community_id for row in rows}
    district = next((home for row in rows if (home := _district_of(place, row)) is not None), None)
    wanted = [district] if kind == ORDER else [*streets] if len(streets) == 1 else []
    wanted += [] if kind == ORDER else [*communities] if len(communities) == 1 else []
    wanted.append(district)
    return next((org for org in wanted if org in found), None)


def _district_of(place: Workplace, row: CaseRow) -> int | None:
    street = place.backend.directory.orgs.get(row.street_id or 0)
    return street.district_id if street is not None else None
