"""A past moment beside the live pictures: loaded off the GUI thread, played forward by what is read ahead of time."""

from __future__ import annotations

import asyncio
import gc
import logging
from collections.abc import Iterator, Sequence
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from commandcenter.domain.calendar import WorkTime
from commandcenter.domain.errors import DomainError
from commandcenter.domain.model import CaseRow
from commandcenter.live.queues import QueueSpec
from commandcenter.replay import ReplayClock, ReplayPicture
from ui.bridge.backend import Backend
from ui.bridge.replayed import ReplayedCases, ReplayedJoint

log = logging.getLogger(__name__)

_TICK_MS = 100
_RETRY_S = 2.0
_PRESENT_MS = 60_000  # how often the end of what can be shown is looked up


class Replay(QObject):
    """begun(), ended(): whether it is on. moved(moment): the moment shown is another. played(): it runs, stands or
    has another speed. limits_changed(): how far it reaches, or the density of events, is known anew.
    state_changed(): loading, waiting or `error` differ."""

    begun = Signal()
    ended = Signal()
    moved = Signal(float)
    played = Signal()
    limits_changed = Signal()
    state_changed = Signal()

    def __init__(self, backend: Backend, queues: Sequence[QueueSpec], work_time: WorkTime, parent: QObject) -> None:
        super().__init__(parent)
        self._backend, self._source = backend, backend.session.replay
        self.picture = ReplayPicture(queues, work_time)
        self.clock = ReplayClock(0.0, 0.0)
        self.cases = ReplayedCases(self.picture, self.clock, self)
        self.joint = ReplayedJoint(self.picture, self.cases)
        self.density: list[tuple[float, int]] = []
        self.active = False
        self.error: DomainError | None = None
        self._target: float | None = None    # a moment that is to be loaded
        self._working: asyncio.Task[None] | None = None
        self._timer, self._present = QTimer(self), QTimer(self)
        self._timer.setInterval(_TICK_MS)
        self._present.setInterval(_PRESENT_MS)
        self._timer.timeout.connect(self._tick)
        self._present.timeout.connect(self._follow_present)

    # ------------------------------------------------------------ asking
    @property
    def loading(self) -> bool:
        """A moment is being read."""
        return self._target is not None or self.cases.loading

    @property
    def waiting(self) -> bool:
        """It plays, and what comes next has not been read yet."""
        known, now = self.picture.known_until, self.clock.now()
        return self.active and self.clock.playing and not self.clock.over and now >= known

    # ------------------------------------------------------------ doing
    def begin(self, at: float | None = None) -> None:
        """Leave the present: to this moment, or an hour ago."""
        if self.active:
            return
        self.active = True
        self._present.start()
        self._backend.start(self._open(at), self)

    def end(self) -> None:
        """Back to the present."""
        if not self.active:
            return
        self.active = False
        self.clock.pause()
        for timer in (self._timer, self._present):
            timer.stop()
        if self._working is not None:
            self._working.cancel()
        self._working, self._target = None, None
        self.cases.ready = False
        self.picture.clear()
        self.ended.emit()

    def jump(self, at: float) -> None:
        """Show this moment; of several asked for while one is read, the last."""
        at = self.clock.clamped(at)
        if not self.loading and self.cases.ready and self.picture.reaches(at):
            self.clock.jump(at)
            self._advance(at)
        else:
            self._target = at
            self.clock.know_until(None)
            self.clock.jump(at)
            self.clock.know_until(at)
            self._work()
        self.moved.emit(self.clock.now())
        self.state_changed.emit()

    def play(self) -> None:
        """Run from here; from the end it cannot."""
        if self.active and not self.clock.over:
            self.clock.play()
            self._timer.start()
            self._work()
            self.played.emit()

    def pause(self) -> None:
        """Stand."""
        if self.clock.playing:
            self.clock.pause()
            self._timer.stop()
            self.played.emit()

    def toggle(self) -> None:
        """Play or pause."""
        self.pause() if self.clock.playing else self.play()

    def set_speed(self, speed: float) -> None:
        """1 to 600 times."""
        self.clock.set_speed(speed)
        self._work()
        self.played.emit()

    # ------------------------------------------------------------ time
    def _tick(self) -> None:
        now = self.clock.now()
        if self.cases.ready and not self.loading:
            self._advance(now)
            self._work()
        if self.clock.over:
            self.pause()
        self.moved.emit(now)

    def _advance(self, now: float) -> None:
        told = self.picture.advance(max(now, self.picture.at))
        if told.joint:
            self.joint.changed.emit(told.joint)
        if told.cases:
            self.cases.changed.emit(told.cases)
        if told.crossed:
            self.cases.timing_changed.emit(told.crossed)

    def _follow_present(self) -> None:
        self._backend.start(self._read_limits(), self)

    # ------------------------------------------------------------ reading
    async def _open(self, at: float | None) -> None:
        if not await self._read_limits():
            return
        self.begun.emit()
        self.jump(self.clock.until - 3_600 if at is None else at)
        try:
            self.density = await self._backend.call(self._source.density, self.clock.since, self.clock.until)
        except DomainError as error:
            log.info("no density of events: %s", error)
            return
        self.limits_changed.emit()

    async def _read_limits(self) -> bool:
        try:
            limits = await self._backend.call(self._source.limits)
        except DomainError as error:
            self._fail(error)
            return False
        if self.active:
            self.clock.set_limits(limits.since, limits.until)
            self.limits_changed.emit()
        return self.active

    def _work(self) -> None:
        """Load or read ahead, one question after the other."""
        if self.active and self._working is None and (self._target is not None or self._wanted()):
            self._working = self._backend.start(self._read(), self)

    def _wanted(self) -> tuple[float, float] | None:
        return self.picture.wants(self.clock.now(), self.clock.speed, self.clock.until) if self.cases.ready else None

    async def _read(self) -> None:
        try:
            while self._target is not None or self._wanted():
                try:
                    await (self._load() if self._target is not None else self._read_ahead())
                except DomainError as error:
                    self._fail(error)
                    await asyncio.sleep(_RETRY_S)
        finally:
            if self._working is asyncio.current_task():
                self._working = None

    async def _load(self) -> None:
        """Everything as of the target; given up when another one is wanted meanwhile."""
        at = self._target
        assert at is not None
        self.picture.begin(at)
        self.state_changed.emit()
        gc.disable()  # as LiveCases does while it loads: a full collection stops the GUI, and rows hold no cycles
        try:
            whole = await self._load_cases(at)
        finally:
            gc.freeze()
            gc.enable()
        if not whole:
            return
        joint = await self._backend.call(self._source.joint_at, at)
        if self._target != at:
            return
        self.picture.end(joint)
        self._target, self.error = None, None
        self.cases.ready = True
        self.joint.loaded.emit()
        self.cases.loaded.emit()
        self.cases.state_changed.emit()
        self.state_changed.emit()

    async def _load_cases(self, at: float) -> bool:
        """False: another moment is wanted by now."""
        stream: Iterator[Sequence[CaseRow]] = await self._backend.call(self._source.cases_at, at)
        coming = asyncio.ensure_future(self._backend.call(next, stream, None))
        try:
            while (batch := await asyncio.shield(coming)) is not None:
                if self._target != at:
                    return False
                coming = asyncio.ensure_future(self._backend.call(next, stream, None))
                self.picture.add(batch)
            return True
        finally:
            await self._close(stream, coming)

    async def _close(self, stream: Iterator[Sequence[CaseRow]], coming: asyncio.Future[Any]) -> None:
        """Not before the thread that reads from it has let go."""
        if not coming.done():
            await asyncio.wait([coming])
        if (close := getattr(stream, "close", None)) is not None:
            await self._backend.call(close)

    async def _read_ahead(self) -> None:
        span = self._wanted()
        assert span is not None
        cases = await self._backend.call(self._source.case_changes, *span)
        joint = await self._backend.call(self._source.joint_changes, *span)
        if self._target is None and self.picture.known_until == span[0]:
            self.picture.take(cases, joint)
            self.clock.know_until(self.picture.known_until)
            self._recover()

    def _recover(self) -> None:
        if self.error is not None:
            self.error = None
            self.state_changed.emit()

    def _fail(self, error: DomainError) -> None:
        log.info("replay: %s", error)
        self.error = error
        self.state_changed.emit()
