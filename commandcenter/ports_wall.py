"""What the core needs from the outside for the hall screen; `db` implements it, tests fake it.

Every call may raise a DomainError. Calls block: screens reach them through ui.bridge, never on the GUI thread.
"""

from __future__ import annotations

from typing import Protocol
from uuid import UUID

from commandcenter.domain.wall import HallWall, WallEvent, WallMonth, WallPast, WallPlan, WallToday, WorkersNow


class Wall(Protocol):
    """Figures of the caller's territory, walls and what is pushed to them. Without territory there are none
    (NotAllowed)."""

    def plan(self) -> WallPlan:
        """Scenes, shifts and targets of the deployment; those the program brings where it has none."""

    def today(self) -> WallToday:
        """What the day brought, exact at this moment."""

    def latest(self, at_most: int = 20) -> list[WallEvent]:
        """What happened lately, newest first."""

    def month(self) -> WallMonth:
        """What the month brought, exact at this moment."""

    def workers(self) -> WorkersNow:
        """How many workers are about now."""

    def past(self) -> WallPast:
        """The trends a week and a year ago; new whenever ten minutes are over."""

    def announce(self, name: str) -> HallWall:
        """A wall says that it is there, and hears what is pushed to it: twice a minute, by a screen's or supervisor's
        login."""

    def walls(self) -> list[HallWall]:
        """Walls that the caller runs or may push to, those alive first."""

    def push(
        self,
        command_id: UUID,
        wall_id: int,
        kind: str,
        entity_id: int | None = None,
        scene: str = "",
        until: float | None = None,
    ) -> None:
        """Show this there: kind as in PUSH_KINDS. A supervisor's; the same command twice acts once.

        Raises NotAllowed, NotFound, InvalidInput or OutcomeUnknown."""

    def take_back(self, command_id: UUID, wall_id: int) -> None:
        """Let the wall go on with its own scenes. Raises as `push`."""
