"""What the core needs from the outside for emergencies; `db` implements it, tests fake it.

Every call may raise a DomainError. Calls block: screens reach them through ui.bridge, never on the GUI thread.
"""

from __future__ import annotations

from typing import Protocol
from uuid import UUID

from commandcenter.domain.emergency import Emergency, EmergencyEvent, EmergencyPlace


class Emergencies(Protocol):
    """应急 of the caller's district or city."""

    def running(self) -> list[Emergency]:
        """Those going on: one a district at most."""

    def past(self, at_most: int) -> list[Emergency]:
        """Those that ended, newest first."""

    def log(self, emergency_id: int) -> list[EmergencyEvent]:
        """Its entries, oldest first. Raises NotFound."""

    def begin(self, command_id: UUID, place: EmergencyPlace, words: str = "") -> int:
        """Turn wall and desks to it; its id. Raises NotAllowed, Conflict (one is going on), NotFound, InvalidInput."""

    def decide(self, command_id: UUID, emergency_id: int, words: str) -> None:
        """Write a decision down. Raises NotAllowed, NotFound, WrongState (it ended), InvalidInput."""

    def team(self, command_id: UUID, emergency_id: int, unit_id: int, state: str, words: str = "") -> None:
        """Where a unit's team is: state as in TEAM_STATES. Raises as `decide`."""

    def end(self, command_id: UUID, emergency_id: int, words: str = "") -> None:
        """It is over. Raises as `decide`."""
