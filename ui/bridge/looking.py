"""What this session has open, over all its windows: the last selection is what the others are told."""

from __future__ import annotations

import logging

from PySide6.QtCore import QObject, QTimer

from commandcenter.domain.errors import DomainError
from ui.bridge.backend import Backend
from ui.bridge.live_cases import LiveCases

log = logging.getLogger(__name__)

_SETTLE_MS = 300  # walking through a list with the arrow keys opens nothing


class Looking(QObject):
    """The server keeps one open case per session; a window that closes gives way to what another one shows."""

    def __init__(self, backend: Backend, live: LiveCases) -> None:
        super().__init__(backend)
        self._backend, self._live = backend, live
        self._open: dict[object, int] = {}  # by window, the last selection last
        self._told: int | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_SETTLE_MS)
        self._timer.timeout.connect(self._tell)
        live.loaded.connect(self._tell_again)

    @property
    def case_id(self) -> int | None:
        """What the others should see as open here."""
        return next(reversed(self._open.values()), None)

    def look_at(self, window: object, case_id: int | None) -> None:
        """This case is selected in a window now; None: none."""
        self._open.pop(window, None)
        if case_id is not None:
            self._open[window] = case_id
        self._timer.start()

    def leave(self, window: object) -> None:
        """The window closes; told at once, for the session may end with it."""
        self._open.pop(window, None)
        self._timer.stop()
        self._tell()

    def _tell(self) -> None:
        if self.case_id != self._told and self._live.online:
            self._told = self.case_id
            self._backend.start(self._send(self._told))

    def _tell_again(self) -> None:
        """After a reconnect the server has forgotten."""
        self._told = None
        self._tell()

    async def _send(self, case_id: int | None) -> None:
        try:
            await self._backend.change(lambda commands: commands.look_at(case_id))
        except DomainError as error:
            # Presence is a courtesy: the connection's state is shown elsewhere.
            log.info("could not tell what is open here: %s", error)
