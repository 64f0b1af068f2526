"""应急 as the feed tells of it: what goes on in the district, its log, and the ways to begin, note and end one."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import TypeVar
from uuid import UUID

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from commandcenter.domain.emergency import Emergency, EmergencyEvent, EmergencyPlace, TeamAtWork, teams
from commandcenter.domain.errors import DomainError
from commandcenter.ports_emergency import Emergencies
from ui.bridge.answered import answered
from ui.bridge.backend import Backend
from ui.bridge.live_cases import LiveCases

log = logging.getLogger(__name__)
_RETRY_S = 5.0
_LATE_MS, _SHORTEST_MS = 10, 250  # past the full second, for no timer is to be early; where the clock is a fast one
_T = TypeVar("_T")


class LiveEmergency(QObject):
    """One a login. changed(): `running`, `log` or `error` differ. began(Emergency): one that was not there at the last
    look, never those found at the first. ended(int id). ticked(): it lasts a second longer: all clocks of one event
    strike together, in every window and on the wall."""

    changed = Signal()
    began = Signal(object)
    ended = Signal(int)
    ticked = Signal()

    def __init__(self, backend: Backend, live: LiveCases) -> None:
        super().__init__(live)
        self._backend, self._live = backend, live
        self.running: tuple[Emergency, ...] = ()
        self.log: tuple[EmergencyEvent, ...] = ()
        self.ready = False
        self.error: DomainError | None = None
        self._reading = self._again = False
        self._second = QTimer(self)
        self._second.setSingleShot(True)
        self._second.setTimerType(Qt.TimerType.PreciseTimer)
        self._second.timeout.connect(self._strike)
        live.emergency_changed.connect(self.reload)
        live.loaded.connect(self.reload)

    # ------------------------------------------------------------ asking
    @property
    def current(self) -> Emergency | None:
        """The one that goes on; of several districts the newest."""
        return self.running[0] if self.running else None

    @property
    def teams(self) -> list[TeamAtWork]:
        """Teams of the current one and where they are."""
        return teams(self.log)

    @property
    def online(self) -> bool:
        """Whether commands can be sent now."""
        return self._live.online

    def now(self) -> float:
        """Unix seconds of the city's clock."""
        return self._live.clock.now()

    # ------------------------------------------------------------ following
    def reload(self) -> None:
        """Look again; what is told meanwhile is looked at afterwards."""
        self._again = True
        if not self._reading:
            self._reading = self._backend.start(self._read(), self) is not None

    async def _read(self) -> None:
        try:
            while self._again:
                self._again = False
                try:
                    running = tuple(await self._ask(lambda port: port.running()))
                    entries = await self.log_of(running[0].id) if running else []
                except DomainError as error:
                    log.info("could not read emergencies: %s", error)
                    self.error, self._again = error, True
                    self.changed.emit()
                    await asyncio.sleep(_RETRY_S)
                else:
                    self._take(running, tuple(entries))
        finally:
            self._reading = False

    def _take(self, running: tuple[Emergency, ...], entries: tuple[EmergencyEvent, ...]) -> None:
        first = not self.ready
        before = {one.id for one in self.running}
        self.running, self.log, self.ready, self.error = running, entries, True, None
        self.changed.emit()
        self._await_second()
        for one in running:
            if one.id not in before and not first:
                self.began.emit(one)
        for number in before - {one.id for one in running}:
            self.ended.emit(number)

    def _strike(self) -> None:
        self.ticked.emit()
        self._await_second()

    def _await_second(self) -> None:
        if self.current is None:
            self._second.stop()
            return
        begun = (self.now() - self.current.began_at) % 1.0
        self._second.start(max(_SHORTEST_MS, round((1.0 - begun) * 1000) + _LATE_MS))

    # ------------------------------------------------------------ doing
    async def begin(self, place: EmergencyPlace, words: str = "") -> int:
        """Turn wall and desks to it; its id. Raises DomainError."""
        return await self._do(lambda port, command: port.begin(command, place, words))

    async def decide(self, emergency_id: int, words: str) -> None:
        """Write a decision down. Raises DomainError."""
        await self._do(lambda port, command: port.decide(command, emergency_id, words))

    async def team(self, emergency_id: int, unit_id: int, state: str, words: str = "") -> None:
        """Where a unit's team is. Raises DomainError."""
        await self._do(lambda port, command: port.team(command, emergency_id, unit_id, state, words))

    async def end(self, emergency_id: int, words: str = "") -> None:
        """It is over. Raises DomainError."""
        await self._do(lambda port, command: port.end(command, emergency_id, words))

    async def past(self, at_most: int = 50) -> list[Emergency]:
        """Those that ended, newest first. Raises DomainError."""
        return await self._ask(lambda port: port.past(at_most))

    async def log_of(self, emergency_id: int) -> list[EmergencyEvent]:
        """The log of one that ended. Raises DomainError."""
        return await self._ask(lambda port: port.log(emergency_id))

    async def _ask(self, question: Callable[[Emergencies], _T]) -> _T:
        return await self._backend.call(question, self._backend.session.emergencies)

    async def _do(self, deed: Callable[[Emergencies, UUID], _T]) -> _T:
        port = self._backend.session.emergencies
        try:
            return await answered(self._backend, lambda command: deed(port, command))
        finally:
            self.reload()
