"""Between a draft as a value and the inputs of its sheet, which a file can keep."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from commandcenter.domain.joint import CalledUnit, NewSummons

Values = Mapping[str, Any]


def to_summons(given: Values, kind: str, number: UUID, from_id: int | None, caller_kind: str,
               parties: tuple[CalledUnit, ...]) -> NewSummons:
    """What is filled in so far; `given` names at least the caller."""
    lon, lat = given.get("point") or (None, None)
    return NewSummons(
        id=number, kind=kind, caller_id=given["caller"], scope=given.get("scope", ""), title=given.get("title", ""),
        parties=parties, caller_kind=caller_kind, grid_id=given.get("grid_id"), scenario=given.get("scenario"),
        level=given.get("level", ""), reason=given.get("reason", ""), place=given.get("place", ""), lon=lon, lat=lat,
        meet_at=seconds_of(given.get("meet_at")), ends_at=seconds_of(given.get("ends_at")),
        cases=tuple(given.get("cases", ())), checks=tuple(given.get("checks", ())), from_id=from_id,
    )


def to_values(new: NewSummons, zone: ZoneInfo) -> dict[str, Any]:
    """What is known of a draft, by input; what is not known is left out."""
    at = {code: datetime.fromtimestamp(instant, zone).isoformat()
          for code, instant in (("meet_at", new.meet_at), ("ends_at", new.ends_at)) if instant is not None}
    told = {
        "title": new.title, "reason": new.reason, "caller": new.caller_id, "scope": new.scope,
        "scenario": new.scenario, "level": new.level, "place": new.place, "grid_id": new.grid_id,
        "point": None if new.lon is None else [new.lon, new.lat], "checks": list(new.checks),
        "cases": list(new.cases), "parties": [[p.unit_id, p.heads, p.lead] for p in new.parties], **at,
    }
    return {code: value for code, value in told.items() if value not in (None, "", [])}


def seconds_of(iso: object) -> float | None:
    """Unix seconds of an ISO instant."""
    return datetime.fromisoformat(iso).timestamp() if isinstance(iso, str) else None
