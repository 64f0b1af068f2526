"""What somebody does next about a summons, a lane, a meeting or a task."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from commandcenter.domain.joint import MEETING, SUMMONS, TASK, MeetingRow, Party, SummonsRow, TaskRow

Row = SummonsRow | MeetingRow | TaskRow


@dataclass(frozen=True, slots=True)
class Who:
    """The role that acts and who may, first choice first."""

    role: str
    logins: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Deed:
    """One action at an instant (Unix seconds) of the city. photo: kind of a picture that is attached before it;
    due: when it would be late."""

    at: float
    who: Who
    entity: str
    entity_id: int
    version: int
    action: str
    args: Mapping[str, Any] = field(default_factory=dict)
    party_no: int | None = None
    photo: str = ""
    due: float | None = None


def entity_of(row: Row) -> str:
    """summons, meeting or task."""
    if isinstance(row, SummonsRow):
        return SUMMONS
    return MEETING if isinstance(row, MeetingRow) else TASK


def on_whole(row: Row, at: float, who: Who, action: str, photo: str = "", **args: Any) -> Deed:
    """An action on the matter itself."""
    return Deed(at, who, entity_of(row), row.id, row.version, action, args, photo=photo)


def on_lane(row: SummonsRow, party: Party, at: float, who: Who, action: str, photo: str = "", **args: Any) -> Deed:
    """An action on one lane."""
    return Deed(at, who, SUMMONS, row.id, party.version, action, args, party.no, photo)
