"""应急: one event to which a supervisor turns wall and desks, and its log of decisions and teams."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

TEAM_STATES: Final[Mapping[str, str]] = MappingProxyType(
    {"called": "已调派", "on_way": "在途", "arrived": "已到场", "left": "已撤离"}
)
LEADERS: Final = frozenset({"supervisor", "dispatcher", "street_leader"})  # who may decide and call teams
LONGEST: Final = 500  # letters of a decision


@dataclass(frozen=True, slots=True)
class Emergency:
    """What it is about: a case, a whistle or order, or a place alone. Times are Unix seconds of the city's clock."""

    id: int
    district_id: int
    version: int
    case_id: int | None
    summons_id: int | None
    item_id: int | None
    street_id: int
    grid_id: int | None
    lon: float
    lat: float
    began_at: float
    began_by: int
    ended_at: float | None

    @property
    def running(self) -> bool:
        """Not ended yet."""
        return self.ended_at is None


@dataclass(frozen=True, slots=True)
class EmergencyEvent:
    """An entry of the log. action: begin, decide, team, end. Names and words are empty for the hall screen."""

    seq: int
    at: float
    actor_name: str
    role: str
    action: str
    unit_id: int | None
    team_state: str | None
    words: str


@dataclass(frozen=True, slots=True)
class TeamAtWork:
    """Where a unit's team is, and since when."""

    unit_id: int
    state: str
    since: float


@dataclass(frozen=True, slots=True)
class EmergencyPlace:
    """What an emergency begins with: a case, a whistle or order, or a place in degrees WGS-84."""

    case_id: int | None = None
    summons_id: int | None = None
    lon: float | None = None
    lat: float | None = None


def teams(log: Iterable[EmergencyEvent]) -> list[TeamAtWork]:
    """The last that was heard of each team, in the order they were called."""
    found: dict[int, TeamAtWork] = {}
    for event in log:
        if event.unit_id is not None and event.team_state is not None:
            found[event.unit_id] = TeamAtWork(event.unit_id, event.team_state, event.at)
    return list(found.values())
