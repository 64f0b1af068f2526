"""A seat chooses among the walls that are alive, pushes to one and takes back."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Final
from uuid import uuid4

from PySide6.QtCore import QObject, Signal

from commandcenter.domain.errors import OutcomeUnknown
from commandcenter.domain.wall import HallWall
from ui.bridge.backend import Backend
from ui.bridge.live_cases import LiveCases

_RETRY_S: Final = (0.5, 1.0, 2.0)


class WallSeat(QObject):
    """changed(): walls or what is pushed to them differ; whoever shows them asks anew."""

    changed = Signal()

    def __init__(self, backend: Backend, live: LiveCases) -> None:
        super().__init__(live)
        self._backend = backend
        live.wall_changed.connect(self.changed)

    @property
    def may_push(self) -> bool:
        """Whether this person may push at all; the database decides where to."""
        return "supervisor" in self._backend.session.person.roles()

    async def walls(self) -> list[HallWall]:
        """Walls that this seat may push to, those alive first. Raises DomainError."""
        return await self._backend.call(self._backend.session.wall.walls)

    async def push(
        self, wall_id: int, kind: str, entity_id: int | None = None, scene: str = "", until: float | None = None
    ) -> None:
        """Show this there; kind as in domain.wall.PUSH_KINDS. Raises DomainError."""
        command, wall = uuid4(), self._backend.session.wall
        await self._surely(lambda: wall.push(command, wall_id, kind, entity_id, scene, until))

    async def take_back(self, wall_id: int) -> None:
        """Let the wall go on with its own scenes. Raises DomainError."""
        command, wall = uuid4(), self._backend.session.wall
        await self._surely(lambda: wall.take_back(command, wall_id))

    async def _surely(self, deed: Callable[[], None]) -> None:
        """The same command once more when its answer was lost: it acts once."""
        for pause in _RETRY_S:
            try:
                await self._backend.call(deed)
            except OutcomeUnknown:
                await asyncio.sleep(pause)
            else:
                return
        await self._backend.call(deed)
