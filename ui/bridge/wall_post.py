"""A wall announces itself and hears what a seat pushed to it."""

from __future__ import annotations

import logging
from typing import Final

from PySide6.QtCore import QObject, QTimer, Signal

from commandcenter.domain.errors import DomainError
from commandcenter.domain.wall import HallWall, Push
from ui.bridge.backend import Backend
from ui.bridge.live_cases import LiveCases

log = logging.getLogger(__name__)

_HEARTBEAT_MS: Final = 30_000
_RETRY_MS: Final = 2_000
_LONGEST_WAIT_S: Final = 30.0


class WallPost(QObject):
    """`shown`: what is pushed to this wall now; it stays while the connection is gone, until its time is up.

    shown_changed(): it differs. error_changed(): `error` differs, why the wall cannot announce itself.
    """

    shown_changed = Signal()
    error_changed = Signal()

    def __init__(self, backend: Backend, live: LiveCases, name: str) -> None:
        super().__init__(live)
        self._backend, self._live, self.name = backend, live, name
        self.wall: HallWall | None = None
        self.shown: Push | None = None
        self.error: DomainError | None = None
        self._asking, self._again, self._running = False, False, False
        self._beat, self._end = QTimer(self), QTimer(self)
        self._beat.timeout.connect(self.announce)
        self._end.setSingleShot(True)
        self._end.timeout.connect(self._look_at_end)
        live.wall_changed.connect(self.announce)
        live.resync_begun.connect(self.announce)

    def start(self) -> None:
        """Be there."""
        self._running = True
        self._beat.start(_HEARTBEAT_MS)
        self.announce()

    def stop(self) -> None:
        """Be there no more; the seats see it after a minute and a half."""
        self._running = False
        self._beat.stop()
        self._end.stop()

    def announce(self) -> None:
        """Say so now, and hear what is pushed."""
        if not self._running:
            return
        self._again = True
        if not self._asking:
            self._asking = self._backend.start(self._ask(), self) is not None

    # ------------------------------------------------------------ inside
    async def _ask(self) -> None:
        try:
            while self._again and self._running:
                self._again = False
                self.wall = await self._backend.call(self._backend.session.wall.announce, self.name)
                self._say(None)
                self._show(self.wall.push)
        except DomainError as error:
            log.info("the wall could not announce itself: %s", error)
            self._say(error)
            QTimer.singleShot(_RETRY_MS, self, self.announce)
        finally:
            self._asking = False

    def _show(self, push: Push | None) -> None:
        if push is not None and push.over(self._live.clock.now()):
            push = None
        if push != self.shown:
            self.shown = push
            self.shown_changed.emit()
        self._wait_for_end()

    def _wait_for_end(self) -> None:
        self._end.stop()
        if self.shown is not None and self.shown.until is not None and self._running:
            left = (self.shown.until - self._live.clock.now()) / max(self._live.clock.speed, 1e-9)
            self._end.start(int(1000 * min(max(left, 0.0), _LONGEST_WAIT_S)) + 1)

    def _look_at_end(self) -> None:
        self._show(self.shown)

    def _say(self, error: DomainError | None) -> None:
        if error != self.error:
            self.error = error
            self.error_changed.emit()
