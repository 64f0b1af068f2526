"""What the core needs from the outside for a map; `db` implements it, tests fake it.

Every call may raise a DomainError. Calls block: screens reach them through ui.bridge, never on the GUI thread.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from commandcenter.domain.map import CasePlaces, Shapes, TeamMember, TrackPoint, WorkerFix, WorkerPosition


class MapData(Protocol):
    """Outlines, workers, teams and past places in the caller's sight."""

    def shapes(self) -> Shapes:
        """Outlines of all grids of the deployment, every kind."""

    def positions(self, streets: Sequence[int] | None = None) -> list[WorkerPosition]:
        """Where the workers of these streets (None: of all in sight) are now; nobody who was not heard of today.

        FeedBatch.positions names the streets to ask for again: within 5 s, as positions wake nobody."""

    def track(self, worker_id: int, since: float, until: float) -> list[TrackPoint]:
        """A worker's track without noise, oldest first, thinned evenly to 5,000 points; kept for 90 days. Raises
        NotFound, and NotAllowed for who may not follow workers."""

    def team(self, grid_id: int) -> list[TeamMember]:
        """Who is responsible for a grid, leaders first; phones masked. Raises NotFound."""

    def reveal_phone(self, member_id: int, reason: str) -> str:
        """A team member's phone in clear; the look is recorded. Raises NotAllowed, NotFound, InvalidInput."""

    def case_places(self, since: float, until: float, items: Sequence[int] = ()) -> CasePlaces:
        """Where cases in sight were reported between two Unix times, of these catalogue items or of all; newest first,
        at most 200,000."""


class PhonePlatform(Protocol):
    """What reports for the workers of a district whose phones it serves: a login of role channel."""

    def shapes(self) -> Shapes:
        """Outlines of all grids of the deployment, every kind."""

    def members(self) -> list[TeamMember]:
        """Leaders and workers of all grids of the caller's district or city, by id; phones masked."""

    def report(self, fixes: Sequence[WorkerFix]) -> int:
        """Where workers were, at most 500 fixes, of the last day; each is kept once by worker and second. Returns how
        many were new. Raises InvalidInput and takes none when one is out of the world or the time."""
