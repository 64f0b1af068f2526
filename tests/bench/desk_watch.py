"""Watches our desk from the event loop: when it can be used, how long it stood still, what its operations take."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import psutil
from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt
from PySide6.QtTest import QTest

from tests.bench.desk_burst import Burst
from tests.bench.desk_spec import Spec
from tests.bench.event_loop import StallWatch

if TYPE_CHECKING:
    from ui.app.window import MainWindow

PATIENCE_S = 60.0
ROUNDS = 5       # of filter and sort, on and off
DROPS = 40
SETTLE_S = 6.0   # the feed's own safety net looks every 5 s


class Paints(QObject):
    """Counts the paintings of a widget, and notes when each stood on the screen, by the clock and by this thread's
    processor time (seconds): an event posted in a painting comes right after it, before what waits for a later turn."""

    def __init__(self, widget: Any) -> None:
        super().__init__(widget)
        self.count = 0
        self.stood: list[tuple[float, float]] = []
        widget.installEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """See Qt."""
        if event.type() == QEvent.Type.Paint:
            self.count += 1
            QCoreApplication.postEvent(self, QEvent(QEvent.Type.User), int(Qt.EventPriority.HighEventPriority.value))
        return False

    def event(self, event: QEvent) -> bool:
        """See Qt."""
        if event.type() == QEvent.Type.User:
            self.stood.append((time.perf_counter(), time.thread_time()))
            return True
        return super().event(event)


def _appending(counts: list[int], paints: Paints) -> Callable[[object], None]:
    return lambda _: counts.append(paints.count)


async def until(done: Callable[[], bool]) -> None:
    """Turn the loop until it holds."""
    limit = time.monotonic() + PATIENCE_S
    while not done():
        if time.monotonic() > limit:
            raise TimeoutError(done.__qualname__)
        await asyncio.sleep(0.001)


class DeskWatch:
    """One run over one window; writes into `figures`. Definitions: docs/benchmarks.md."""

    def __init__(self, window: MainWindow, spec: Spec, figures: dict[str, Any]) -> None:
        self._window, self._spec, self._figures = window, spec, figures
        self._desk, self._live = window.desk, window.place.live
        self._table, self._rows = window.desk.queue.table, window.desk.queue.rows
        self._paints = Paints(self._table.viewport())
        self._worked: list[float] = []  # this thread's processor time of each deed

    async def run(self) -> None:
        """Start; then, if wanted, everything that is done at a desk."""
        await self._start()
        if self._spec.operations:
            await self._operate()

    # ------------------------------------------------------------ start
    async def _start(self) -> None:
        await until(lambda: self._paints.count > 0)
        with StallWatch() as watch:
            await until(lambda: self._rows.model.rowCount() > 0 and self._table.current_key() is not None)
            await self._painted(lambda: None)
            self._note("painted_ms")
            await self._painted(self._press_down)
            await until(lambda: self._live.online)
            self._note("usable_ms")
            await until(lambda: self._live.ready and not self._live.loading and not self._rows.filling)
            await until(lambda: self._rows.model.rowCount() >= self._spec.cases)
            await self._painted(lambda: None)
            self._note("complete_ms")
            await asyncio.sleep(0.05)
        self._stalls("load", watch)
        await until(lambda: self._desk.complete)
        await asyncio.sleep(0.5)
        self._figures["memory_mb"] = psutil.Process().memory_info().rss / 1e6

    def _press_down(self) -> None:
        """As the hand does; the table must follow."""
        before = self._table.currentIndex().row()
        QTest.keyClick(self._table, Qt.Key.Key_Down)
        if self._table.currentIndex().row() != before + 1:
            raise RuntimeError("the desk does not react")

    def _note(self, name: str) -> None:
        self._figures[name] = 1000 * (time.monotonic() - self._spec.started)
        self._figures[name.replace("_ms", "_cpu_ms")] = 1000 * time.process_time()

    def _stalls(self, what: str, watch: StallWatch) -> None:
        self._figures[f"{what}_stall_ms"] = max(watch.pauses)
        self._figures[f"{what}_stall_cpu_ms"] = max(watch.worked)

    async def _painted(self, deed: Callable[[], object]) -> float:
        """Milliseconds until what the deed asks for is on the screen."""
        self._table.viewport().update()
        before, began, worked = self._paints.count, time.perf_counter(), time.thread_time()
        deed()
        self._table.viewport().update()
        await until(lambda: self._paints.count > before and not self._rows.filling)
        self._worked.append(1000 * (time.thread_time() - worked))
        return 1000 * (time.perf_counter() - began)

    # ------------------------------------------------------------ work
    async def _operate(self) -> None:
        streets = list({self._rows.model.row_at(n).street_id for n in range(50)})
        model, rows = self._rows.model, self._rows
        tests = [(lambda row, street=street: row.street_id == street) for street in streets[:ROUNDS]]
        filters = [None if n % 2 else tests[n // 2 % len(tests)] for n in range(2 * ROUNDS)]
        sorts = [("left" if n % 2 else "street", n % 4 > 1) for n in range(2 * ROUNDS)]
        self._figures["filter"] = [await self._painted(lambda f=f: rows.set_filter(f)) for f in filters]
        self._figures["filter_cpu"] = self._worked[-len(filters):]
        self._figures["sort"] = [await self._painted(lambda s=s: model.sort_by(*s)) for s in sorts]
        self._figures["sort_cpu"] = self._worked[-len(sorts):]
        await self._painted(lambda: model.sort_by("grade"))
        await self._drops()
        await self._burst()

    async def _drops(self) -> None:
        """Dispatches one after the other, as a card takes them: until the row shows it is sent, until it is gone."""
        marked: list[float] = []
        gone: list[float] = []
        worked: list[float] = []
        dispatching = self._desk.dispatching
        for _ in range(DROPS):
            row = self._rows.model.row_at(0)
            self._table.set_current_row(0)
            await asyncio.sleep(0.15)
            painted_before: list[int] = []  # how often the table had been painted when the row left it
            note = _appending(painted_before, self._paints)
            self._rows.left_queue.connect(note)
            began, before, used = time.perf_counter(), self._paints.count, time.thread_time()
            dispatching.send([row], self._spec.unit)
            await until(lambda b=before: len(self._paints.stood) > b)
            marked.append(1000 * (self._paints.stood[before][0] - began))
            await until(lambda p=painted_before: p and len(self._paints.stood) > p[0])
            at, spent = self._paints.stood[painted_before[0]]
            gone.append(1000 * (at - began))
            worked.append(1000 * (spent - used))
            self._rows.left_queue.disconnect(note)
        self._figures |= {"drop_reacts": marked, "drop_confirmed": gone, "drop_confirmed_cpu": worked}

    async def _burst(self) -> None:
        """500 commits a second by others, through the database and its feed, while the desk follows."""
        burst = Burst(self._spec)
        await asyncio.to_thread(burst.start)
        with StallWatch() as watch:
            await until(burst.ended)
            last, limit = burst.last(), time.monotonic() + SETTLE_S
            while self._missed(last) and time.monotonic() < limit:
                await asyncio.sleep(0.2)
        self._stalls("burst", watch)
        self._figures["burst_per_s"] = burst.rate()
        self._figures["burst_missed"] = self._missed(last)
        self._figures["memory_after_mb"] = psutil.Process().memory_info().rss / 1e6

    def _missed(self, versions: dict[int, int]) -> int:
        """Cases whose last version did not arrive."""
        held = self._live.picture.rows
        return sum(1 for key, version in versions.items() if key not in held or held[key].version != version)
