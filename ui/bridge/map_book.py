"""Outlines of grids and positions of workers, as every map of one login shares them."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping, Sequence
from types import MappingProxyType

from PySide6.QtCore import QObject, Signal

from commandcenter.domain.errors import DomainError
from commandcenter.domain.map import CasePlaces, Shapes, TeamMember, TrackPoint, WorkerPosition
from ui.bridge.backend import Backend
from ui.bridge.live_cases import LiveCases

log = logging.getLogger(__name__)

_RETRY_S = 5.0
_GATHER_S = 0.02  # streets that are told in one breath make one question


class MapBook(QObject):
    """Nothing is read before somebody wants it; what changes is told by the feed.

    shapes_changed(): `shapes` or `error` differ. workers_changed(list[WorkerPosition], list[int] gone).
    """

    shapes_changed = Signal()
    workers_changed = Signal(object, object)

    def __init__(self, backend: Backend, live: LiveCases, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._backend, self._live = backend, live
        self.shapes: Shapes | None = None
        self.error: DomainError | None = None
        self.workers_error: DomainError | None = None
        self.workers_ready = False
        self._workers: dict[int, WorkerPosition] = {}
        self.workers: Mapping[int, WorkerPosition] = MappingProxyType(self._workers)
        self._reading = self._asking = self._following = False
        self._streets: set[int] = set()
        self._all = False
        live.positions_changed.connect(self._on_positions)
        live.loaded.connect(self._on_loaded)
        live.state_changed.connect(self._on_state)
        backend.directory_changed.connect(self._on_directory)

    # ------------------------------------------------------------ outlines
    def want(self) -> None:
        """Somebody shows a map: read the outlines unless they are there."""
        if self.shapes is None:
            self.reload()

    def reload(self) -> None:
        """Read the outlines anew."""
        if not self._reading:
            self._reading = self._backend.start(self._read_shapes(), self) is not None

    async def _read_shapes(self) -> None:
        try:
            self.shapes, self.error = await self._backend.call(self._backend.session.map.shapes), None
        except DomainError as error:
            log.info("could not read the outlines of grids: %s", error)
            self.error = error
        finally:
            self._reading = False
        self.shapes_changed.emit()

    def _on_directory(self) -> None:
        if self.shapes is not None:
            self.reload()

    def _on_state(self) -> None:
        """Back again."""
        if self._live.online and self.shapes is None and self.error is not None:
            self.reload()

    # ------------------------------------------------------------ workers
    def follow(self, on: bool) -> None:
        """Whether anybody sees workers now; who looks again after a while gets all anew."""
        if on and not self._following:
            self._all = True
        self._following = on
        self._ask_soon()

    def _on_positions(self, streets: frozenset[int]) -> None:
        self._streets |= streets
        self._ask_soon()

    def _on_loaded(self) -> None:
        """After a reconnect: what moved meanwhile nobody has told."""
        self._all = True
        self._ask_soon()

    def _ask_soon(self) -> None:
        if not self._following:
            self._streets.clear()
        elif (self._all or self._streets) and not self._asking:
            self._asking = self._backend.start(self._ask(), self) is not None

    async def _ask(self) -> None:
        try:
            while self._following and (self._all or self._streets):
                await asyncio.sleep(_GATHER_S)
                streets = None if self._all else sorted(self._streets)
                self._all, self._streets = False, set()
                try:
                    found = await self._backend.call(self._backend.session.map.positions, streets)
                except DomainError as error:
                    log.info("could not read positions: %s", error)
                    self.workers_error, self._all = error, True
                    self.workers_changed.emit([], [])
                    await asyncio.sleep(_RETRY_S)
                else:
                    self._take(found, streets)
        finally:
            self._asking = False

    def _take(self, found: Sequence[WorkerPosition], streets: Sequence[int] | None) -> None:
        """Whoever was in these streets and is not there any more is gone, unless he is told in another one."""
        told, asked = {worker.worker_id for worker in found}, None if streets is None else set(streets)
        gone = [number for number, worker in self._workers.items()
                if number not in told and (asked is None or worker.street_id in asked)]
        for number in gone:
            del self._workers[number]
        fresh = [worker for worker in found if self._workers.get(worker.worker_id) != worker]
        self._workers.update((worker.worker_id, worker) for worker in fresh)
        self.workers_ready, self.workers_error = True, None
        self.workers_changed.emit(fresh, gone)

    # ------------------------------------------------------------ asking once
    async def team(self, grid_id: int) -> list[TeamMember]:
        """Who is responsible for a grid. Raises DomainError."""
        return await self._backend.call(self._backend.session.map.team, grid_id)

    async def track(self, worker_id: int, since: float, until: float) -> list[TrackPoint]:
        """A worker's way, oldest first. Raises DomainError."""
        return await self._backend.call(self._backend.session.map.track, worker_id, since, until)

    async def reveal_phone(self, member_id: int, reason: str) -> str:
        """A phone in clear; the look is recorded. Raises DomainError."""
        return await self._backend.call(self._backend.session.map.reveal_phone, member_id, reason)

    async def case_places(self, since: float, until: float, items: Sequence[int]) -> CasePlaces:
        """Where cases were reported. Raises DomainError."""
        return await self._backend.call(self._backend.session.map.case_places, since, until, tuple(items))
