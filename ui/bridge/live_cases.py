"""Keeps the live picture right: feed batches are merged into one change per tick, reloads are streamed in slices."""

from __future__ import annotations

import asyncio
import gc
import logging
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import aclosing
from dataclasses import replace
from itertools import chain, repeat

from PySide6.QtCore import QObject, QTimer, Signal

from commandcenter.domain.errors import DomainError
from commandcenter.domain.model import CaseRow
from commandcenter.live.city_clock import CityClock
from commandcenter.live.picture import LivePicture, PictureChange
from commandcenter.ports import CaseQueries, FeedBatch, FeedState
from ui.bridge.backend import Backend, CasesChanged
from ui.bridge.feed_relay import FeedRelay

log = logging.getLogger(__name__)

_FIRST = 300        # cases of the first queue that are shown before the rest has come
_AT_ONCE = 1000     # ids per question, as rows per batch of a load
_LOADED_AT_ONCE = 500  # rows of a load that are merged in one turn of the loop
_FRAME_S = 0.008    # between two questions: what arrives meanwhile makes one, and one update of the screen
_TICK_MS = 1000
_RETRY_S = (1.0, 2.0, 5.0)


class LiveCases(QObject):
    """The picture of what is open, its clock and the state of its feed.

    changed(PictureChange): rows new, newer or gone; of the first load only the beginning of the first queue is told so,
    the rest by loaded(). timing_changed(tuple[CaseRow]): 临期 or 超期 by passing time. loaded(): a load is complete.
    state_changed(): `state` or `loading` differ, or a load came further. presence_changed(frozenset[int]): somebody
    opened or left these cases. notices_changed(frozenset[int]): reminders came or went. joint_changed(frozenset[int]):
    whistles, orders, meetings or tasks changed. cases_told(frozenset[int]): the feed spoke of these cases, of those
    too that are over or out of the picture. positions_changed(frozenset[int]): workers moved in these streets.
    wall_changed(), emergency_changed(), topics_changed(): look again. resync_begun(): everything is read anew.
    failed(DomainError): a load or fetch did not succeed and will be repeated.
    """

    changed = Signal(object)
    timing_changed = Signal(object)
    loaded = Signal()
    state_changed = Signal()
    presence_changed = Signal(object)
    notices_changed = Signal(object)
    joint_changed = Signal(object)
    cases_told = Signal(object)
    positions_changed = Signal(object)
    wall_changed = Signal()
    emergency_changed = Signal()
    topics_changed = Signal()
    resync_begun = Signal()
    failed = Signal(object)

    def __init__(self, backend: Backend, picture: LivePicture, clock: CityClock) -> None:
        super().__init__(backend)
        self.picture = picture
        self.clock = clock
        self.state = FeedState("connecting", None, clock.now())
        self.ready = False
        self._backend = backend
        self._wanted: set[int] = set()
        self._fetching = False
        self._asked_at = 0.0
        self._load: asyncio.Task[None] | None = None
        self._relay = FeedRelay(self)
        self._timer = QTimer(self)
        self._timer.setInterval(_TICK_MS)
        self._connect()

    def _connect(self) -> None:
        self._relay.batch_arrived.connect(self._take_batch)
        self._relay.state_changed.connect(self._take_state)
        self._relay.resync_wanted.connect(self.resync)
        self._backend.changed.connect(self._take_own)
        self._timer.timeout.connect(self.tick)

    # ------------------------------------------------------------ asking
    @property
    def online(self) -> bool:
        """Whether commands can be sent now."""
        return self.state.kind in ("live", "catching_up")

    @property
    def loading(self) -> bool:
        """A full load is under way."""
        return self.picture.loading

    def row(self, case_id: int) -> CaseRow | None:
        """The present row of a case in the picture."""
        return self.picture.rows.get(case_id)

    # ------------------------------------------------------------ doing
    def begin(self) -> None:
        """Start the feed; it asks for the first load itself."""
        self._timer.start()
        self._relay.begin(self._backend.session.feed)

    def stop(self) -> None:
        """Stop ticking; the backend ends the tasks and the feed."""
        self._timer.stop()

    def resync(self) -> None:
        """Read everything anew (F5, after a reconnect); a load that is under way is given up."""
        if self._load is not None:
            self._load.cancel()
        self._load = self._backend.start(self._reload())
        self.resync_begun.emit()

    def want(self, ids: Sequence[int]) -> None:
        """Read these cases again."""
        self._wanted.update(ids)
        if self._wanted and not self._fetching:
            self._fetching = self._backend.start(self._fetch()) is not None

    def tick(self) -> None:
        """Let the city's time pass for 临期 and 超期."""
        if crossed := self.picture.advance(self.clock.now()):
            self.timing_changed.emit(crossed)

    def whistle(self, ids: frozenset[int]) -> None:
        """These cases are under a whistle now, no others."""
        self._publish(self.picture.whistle(ids))

    # ------------------------------------------------------------ feed
    def _take_batch(self, batch: FeedBatch) -> None:
        self.clock.heard(batch.city_time, batch.speed)
        if batch.presence:
            self.presence_changed.emit(batch.presence)
        if batch.notices:
            self.notices_changed.emit(batch.notices)
        if batch.joint:
            self.joint_changed.emit(batch.joint)
        if batch.positions:
            self.positions_changed.emit(batch.positions)
        if batch.wall:
            self.wall_changed.emit()
        if batch.emergency:
            self.emergency_changed.emit()
        if batch.topics:
            self.topics_changed.emit()
        if batch.catalogue:
            self._backend.start(self._reload_directory())
        if batch.cases:
            self.cases_told.emit(batch.cases)
            self._take_cases(batch)

    def _take_cases(self, batch: FeedBatch) -> None:
        """Rows that came with the batch are merged at once, the other cases asked for."""
        told = [row.id for row in batch.rows]
        self._publish(self.picture.merge(batch.rows, told))
        self.want(tuple(batch.cases.difference(told)))

    def _take_own(self, change: CasesChanged) -> None:
        self.want(tuple(change.ids))

    def _take_state(self, state: FeedState) -> None:
        """Since when, by the city's clock (this machine's may be wrong), and not anew at every vain attempt."""
        same = state.kind == self.state.kind
        self.state = replace(state, since=self.state.since if same else self.clock.now())
        self.state_changed.emit()

    async def _reload_directory(self) -> None:
        try:
            await self._backend.reload_directory()
        except DomainError as error:
            self.failed.emit(error)

    # ------------------------------------------------------------ merging
    async def _fetch(self) -> None:
        try:
            pauses = _pauses()
            while self._wanted:
                if (pause := self._asked_at + _FRAME_S - time.monotonic()) > 0:
                    await asyncio.sleep(pause)
                ids = [self._wanted.pop() for _ in range(min(_AT_ONCE, len(self._wanted)))]
                if await self._fetch_some(ids):
                    pauses = _pauses()
                else:
                    await asyncio.sleep(next(pauses))
        finally:
            self._fetching = False

    async def _fetch_some(self, ids: list[int]) -> bool:
        self._asked_at = time.monotonic()
        try:
            rows = await self._backend.ask(lambda queries: queries.cases(ids))
        except DomainError as error:
            # The feed may be well while this connection is not: nobody else would ask for these again.
            log.info("could not read %d changed cases: %s", len(ids), error)
            self._wanted.update(ids)
            self.failed.emit(error)
            return False
        self._publish(self.picture.merge(rows, ids))
        return True

    def _publish(self, change: PictureChange) -> None:
        if change:
            self.changed.emit(change)

    # ------------------------------------------------------------ loading
    async def _reload(self) -> None:
        for pause in _pauses():
            try:
                await self._load_once()
                return
            except DomainError as error:
                log.info("full load failed: %s", error)
                self.failed.emit(error)
            await asyncio.sleep(pause)

    async def _load_once(self) -> None:
        self.picture.begin_load()
        self._wanted.clear()
        self.state_changed.emit()
        self.picture.advance(self.clock.now())
        # A full collection over 100,000 new rows would stop the GUI for longer than a frame; rows hold no cycles.
        gc.disable()
        try:
            await self._show_first()
            async with aclosing(_batches(self._backend)) as batches:
                async for batch in batches:
                    await self._take_loaded(batch)
        finally:
            gc.freeze()
            gc.enable()
        self._publish(self.picture.end_load())
        self.ready = True
        self.loaded.emit()
        self.state_changed.emit()

    async def _show_first(self) -> None:
        """The most urgent cases of the first queue, so that work begins while the rest is read."""
        queue = self.picture.queues[0]
        if self.ready or not queue.by_columns():
            return
        states, units = sorted(queue.states or ()), None if queue.units is None else sorted(queue.units)
        rows = await self._backend.ask(lambda queries: queries.first_cases(states, units, _FIRST))
        self._publish(self.picture.merge(rows, [row.id for row in rows]))
        await asyncio.sleep(_FRAME_S)  # painted before the rest comes in

    async def _take_loaded(self, batch: Sequence[CaseRow]) -> None:
        """In parts, with turns of the loop between them; told once, because every telling repaints. The first load is
        told by its end: a hundred thousand rows put into their order one batch after the other take seconds."""
        changed: list[CaseRow] = []
        for start in range(0, len(batch), _LOADED_AT_ONCE):
            changed += self.picture.add(batch[start:start + _LOADED_AT_ONCE]).upserted
            await asyncio.sleep(0)
        if self.ready:
            held = self.picture.rows
            self._publish(PictureChange(tuple(row for row in changed if held.get(row.id) is row)))
        self.state_changed.emit()
        await asyncio.sleep(0)


def _pauses() -> Iterator[float]:
    """Seconds between attempts: longer and longer, then steady."""
    return chain(_RETRY_S, repeat(_RETRY_S[-1]))


def _open_cases(queries: CaseQueries) -> Iterator[Sequence[CaseRow]]:
    return queries.open_cases()


async def _batches(backend: Backend) -> AsyncIterator[Sequence[CaseRow]]:
    """Batches of the open set; the next is read while the caller works on the last."""
    stream = await backend.ask(_open_cases)
    coming = asyncio.ensure_future(backend.call(next, stream, None))
    try:
        while (batch := await asyncio.shield(coming)) is not None:
            coming = asyncio.ensure_future(backend.call(next, stream, None))
            yield batch
    finally:
        await _give_up(backend, stream, coming)


async def _give_up(backend: Backend, stream: Iterator[Sequence[CaseRow]], coming: asyncio.Future) -> None:
    """Close a stream in the middle: not before the thread that reads from it has let go."""
    if not coming.done():
        await asyncio.wait([coming])
    close = getattr(stream, "close", None)
    if close is not None:
        await backend.call(close)
