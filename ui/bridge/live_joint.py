"""Keeps the picture of whistles, orders, meetings and tasks right: feed ids are read anew, merged, told once a tick."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable, Mapping

from PySide6.QtCore import QObject, QTimer, Signal

from commandcenter.domain.calendar import WorkTime
from commandcenter.domain.errors import DomainError, NotFound
from commandcenter.domain.joint import SummonsRow, WhistleRules
from commandcenter.live.joint import JointChange, JointPicture
from ui.bridge.backend import Backend
from ui.bridge.joint_deeds import JointDeeds
from ui.bridge.live_cases import LiveCases

log = logging.getLogger(__name__)

_FRAME_S = 0.008  # what arrives within half a frame makes one question
_AT_ONCE = 1_000
_TICK_MS = 1_000
_RETRY_S = (1.0, 2.0, 5.0)


class LiveJoint(QObject):
    """What is open, beside LiveCases and by its feed.

    changed(JointChange): rows new, newer or gone. loaded(): everything was read anew. state_changed(): `ready`, `error`
    or `rules` differ. timing_changed(frozenset[int]): 临期 or 超期 by passing time. concerned(frozenset[int]): the feed
    or an own deed spoke of these ids.
    """

    changed = Signal(object)
    loaded = Signal()
    state_changed = Signal()
    timing_changed = Signal(object)
    concerned = Signal(object)

    def __init__(self, backend: Backend, live: LiveCases, deeds: JointDeeds) -> None:
        super().__init__(live)
        self._backend, self._live = backend, live
        self.picture = JointPicture(WorkTime(backend.directory.calendar))
        self.ready = False
        self.error: DomainError | None = None
        self.rules: WhistleRules | None = None
        self._all, self._wanted, self._asking = False, set[int](), False
        self._timer = QTimer(self)
        self._timer.setInterval(_TICK_MS)
        self._timer.timeout.connect(self.tick)
        live.resync_begun.connect(self.reload)
        live.joint_changed.connect(self.want)
        deeds.touched.connect(self.want)
        backend.directory_changed.connect(self._on_directory)

    @property
    def summons(self) -> Mapping[int, SummonsRow]:
        """Open whistles and orders by id."""
        return self.picture.summons

    def tick(self) -> None:
        """Let the city's time pass."""
        if crossed := self.picture.advance(self._live.clock.now()):
            self.timing_changed.emit(crossed)

    def reload(self) -> None:
        """Read everything anew: at start, after a reconnect, F5."""
        self._timer.start()
        self._all = True
        self._begin()

    def _on_directory(self) -> None:
        """The profile may have been loaded anew, and its rules with it."""
        self.rules = None
        self.reload()

    def want(self, ids: Iterable[int]) -> None:
        """Read these again; whoever shows one of them is told at once."""
        if found := frozenset(ids):
            self._wanted |= found
            self.concerned.emit(found)
            self._begin()

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
            change = await (self._load() if everything else self._fetch(wanted))
        except DomainError as error:
            log.info("could not read whistles: %s", error)
            self._all, self._wanted = self._all or everything, self._wanted | wanted
            self._say(self.ready, error)
            return False
        await self._between(everything)
        self.picture.advance(self._live.clock.now())
        await self._between(everything)
        if change:
            self.changed.emit(change)
        await self._between(everything)
        self._say(True, None)
        if everything:
            self.loaded.emit()
        return True

    async def _between(self, everything: bool) -> None:
        """Of a whole city each part of a load takes a turn of the loop of its own."""
        if everything:
            await asyncio.sleep(0)

    async def _load(self) -> JointChange:
        queries = self._backend.session.joint_queries
        if self.rules is None:
            self.rules = await self._read_rules()
        self.picture.begin_load()
        return self.picture.load(await self._backend.call(queries.open_joint))

    async def _fetch(self, wanted: set[int]) -> JointChange:
        ids = sorted(wanted)
        self._wanted |= set(ids[_AT_ONCE:])
        asked = ids[:_AT_ONCE]
        return self.picture.merge(await self._backend.call(self._backend.session.joint_queries.joint, asked), asked)

    async def _read_rules(self) -> WhistleRules | None:
        """A city without whistle rules shows what others call it to, and cannot whistle itself."""
        try:
            return await self._backend.call(self._backend.session.joint_queries.whistle_rules)
        except NotFound as error:
            log.info("no whistle rules: %s", error)
            return None

    def _say(self, ready: bool, error: DomainError | None) -> None:
        if (ready, error) != (self.ready, self.error):
            self.ready, self.error = ready, error
            self.state_changed.emit()
