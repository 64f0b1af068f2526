"""提醒: what this person must do next, kept equal to the database. 通知 (notices.py) is what was said on the screen."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from PySide6.QtCore import QObject, QTimer, Signal

from commandcenter.domain.errors import DomainError
from commandcenter.domain.notices import PRESSING, Notice
from ui.bridge.backend import Backend
from ui.bridge.deeds import Deeds
from ui.bridge.live_cases import LiveCases

log = logging.getLogger(__name__)

_FRAME_S = 0.008  # what arrives within half a frame makes one question
_RETRY_S = (1.0, 2.0, 5.0)
_HOLD_MS = 200


@dataclass(frozen=True, slots=True)
class RemindersChange:
    """Reminders new or different, oldest first, and ids that are closed."""

    upserted: tuple[Notice, ...]
    removed: tuple[int, ...]


class Reminders(QObject):
    """The open reminders, and one question at a time for what the feed says of them.

    changed(RemindersChange); arrived(tuple[Notice]): new ones addressed to this person, oldest first, none about a
    step that he is just taking himself; state_changed(): `ready` or `error` differ. `acting`: whether he is at it.
    """

    changed = Signal(object)
    arrived = Signal(object)
    state_changed = Signal()

    def __init__(self, backend: Backend, live: LiveCases, deeds: Deeds,
                 acting: Callable[[], bool] = lambda: False) -> None:
        super().__init__(live)
        self._acting, self._waiting, self._later = acting, dict[int, None](), QTimer(self)
        self._later.setInterval(_HOLD_MS)
        self._later.timeout.connect(self._tell_waiting)
        self._backend, self._deeds = backend, deeds
        self._held: dict[int, Notice] = {}
        self.held: Mapping[int, Notice] = MappingProxyType(self._held)
        self.ready = False
        self.error: DomainError | None = None
        self._all, self._wanted, self._asking = False, set[int](), False
        live.loaded.connect(self.reload)
        live.notices_changed.connect(self.want)

    @property
    def mine(self) -> list[Notice]:
        """Those addressed to this person, oldest first."""
        return sorted((notice for notice in self._held.values() if notice.mine), key=lambda notice: notice.id)

    def count(self) -> tuple[int, int]:
        """How many are mine, and how many of these say more than 临期."""
        kinds = [notice.kind for notice in self._held.values() if notice.mine]
        return len(kinds), sum(kind in PRESSING for kind in kinds)

    def reload(self) -> None:
        """Read all of them anew: at start, after a reconnect, F5."""
        self._all = True
        self._begin()

    def want(self, ids: frozenset[int]) -> None:
        """Read these again."""
        self._wanted |= ids
        self._begin()

    async def acknowledge(self, notices: Sequence[Notice]) -> int:
        """确认; how many were still open. All of them leave the screen. Raises DomainError."""
        taken = await self._deeds.acknowledge(notices)
        self._take(RemindersChange((), tuple(notice.id for notice in notices if notice.id in self._held)))
        return len(taken)

    # ------------------------------------------------------------ asking
    def _begin(self) -> None:
        if not self._asking:
            self._asking = self._backend.start(self._ask(), self) is not None

    async def _ask(self) -> None:
        attempt = 0
        try:
            while self._all or self._wanted:
                await asyncio.sleep(_FRAME_S)
                if await self._ask_once():
                    attempt = 0
                else:
                    await asyncio.sleep(_RETRY_S[min(attempt, len(_RETRY_S) - 1)])
                    attempt += 1
        finally:
            self._asking = False

    async def _ask_once(self) -> bool:
        everything, wanted = self._all, self._wanted
        self._all, self._wanted = False, set[int]()
        try:
            found = await self._backend.call(self._question(everything, wanted))
        except DomainError as error:
            log.info("could not read reminders: %s", error)
            self._all, self._wanted = self._all or everything, self._wanted | wanted
            self._say(self.ready, error)
            return False
        self._take(self._difference(found, self._held.keys() if everything else wanted))
        self._say(True, None)
        return True

    def _question(self, everything: bool, wanted: set[int]) -> Callable[[], list[Notice]]:
        notices = self._backend.session.notices
        return notices.open_notices if everything else lambda: notices.notices(sorted(wanted))

    # ------------------------------------------------------------ taking
    def _difference(self, found: Sequence[Notice], asked: set[int] | Mapping[int, Notice]) -> RemindersChange:
        here = {notice.id for notice in found}
        fresh = sorted((n for n in found if self._held.get(n.id) != n), key=lambda notice: notice.id)
        return RemindersChange(tuple(fresh), tuple(i for i in asked if i not in here and i in self._held))

    def _take(self, change: RemindersChange) -> None:
        new = tuple(notice for notice in change.upserted if notice.mine and notice.id not in self._held)
        for notice_id in change.removed:
            del self._held[notice_id]
        self._held.update({notice.id: notice for notice in change.upserted})
        if change.upserted or change.removed:
            self.changed.emit(change)
        if new and self._acting():
            # Opened and signed in one go: what was to be signed is signed before anybody could read of it.
            self._waiting.update(dict.fromkeys(notice.id for notice in new if notice.entity is not None))
            self._later.start()
            new = tuple(notice for notice in new if notice.entity is None)
        if new:
            self.arrived.emit(new)

    def _tell_waiting(self) -> None:
        """Those that are still true when the hands are at rest."""
        if self._acting():
            return
        self._later.stop()
        told = tuple(self._held[i] for i in self._waiting if i in self._held)
        self._waiting.clear()
        if told:
            self.arrived.emit(told)

    def _say(self, ready: bool, error: DomainError | None) -> None:
        if (ready, error) != (self.ready, self.error):
            self.ready, self.error = ready, error
            self.state_changed.emit()
