"""Asks now and then whether somebody does the duty rounds: without them deadlines and figures stand still."""

from __future__ import annotations

import logging

from PySide6.QtCore import QObject, QTimer, Signal

from commandcenter.domain.errors import DomainError
from ui.bridge.backend import Backend
from ui.bridge.live_cases import LiveCases

log = logging.getLogger(__name__)
_LOOK_MS = 20_000


class DutyWatch(QObject):
    """`changed(words)`: what to say about the duty, "" when all is well."""

    changed = Signal(str)

    def __init__(self, backend: Backend, live: LiveCases) -> None:
        super().__init__(live)
        self._backend, self._live = backend, live
        self.warning = ""
        timer = QTimer(self)
        timer.setInterval(_LOOK_MS)
        timer.timeout.connect(self.look)
        timer.start()

    def look(self) -> None:
        """Ask; while the server is away that is said elsewhere."""
        if self._live.online:
            self._backend.start(self._ask(), self)

    async def _ask(self) -> None:
        try:
            state = await self._backend.ask(lambda queries: queries.duty_state())
        except DomainError as error:
            log.info("no state of the duty: %s", error)
            return
        if (words := state.warning()) != self.warning:
            self.warning = words
            self.changed.emit(words)
