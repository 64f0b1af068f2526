"""Measure the whole desk with 100,000 open cases: python tests/qt/ui/measure_desk.py [CASES].

A stall is the longest time between two turns of the GUI thread's loop: processor time of that thread (other processes
do not count) and, in brackets, by the wall clock.
"""

import asyncio
import os
import resource
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
sys.path[:0] = [str(Path(__file__).resolve().parents[3])]

from PySide6.QtCore import QTimer  # noqa: E402
from PySide6.QtWidgets import QApplication  # noqa: E402

from tests.fakes.population import small_city  # noqa: E402
from tests.fakes.session import PEOPLE, FakeSession  # noqa: E402
from ui.bridge.event_loop import run_to_end  # noqa: E402
from ui.screens.desk.desk import DeskScreen  # noqa: E402
from ui.screens.workplace import Workplace  # noqa: E402
from widgets.fonts import install_fonts  # noqa: E402
from widgets.theme import apply_theme, load_theme  # noqa: E402

CASES, BATCH = 100_000, 1000
STATES = ("filed", "feedback", *("in_progress",) * 38)


class Stalls:
    """Looks at the clock in every turn of the loop."""

    def __init__(self) -> None:
        self._timer = QTimer()
        self._timer.timeout.connect(self._beat)
        self.reset()
        self._timer.start(0)

    def reset(self) -> None:
        """Forget what was."""
        self.cpu = self.wall = 0.0
        self._last = (time.thread_time(), time.perf_counter())

    def _beat(self) -> None:
        now = (time.thread_time(), time.perf_counter())
        self.cpu, self.wall = max(self.cpu, now[0] - self._last[0]), max(self.wall, now[1] - self._last[1])
        self._last = now


def many(city, count):
    """Rows of this number after the pattern of the city's few, in several states, and their session's answers."""
    patterns = [record.row for record in city.records.values()]
    by_state = {state: [row for row in patterns if row.state == state] for state in set(STATES)}
    rows = []
    for number in range(count):
        same = by_state[STATES[number % len(STATES)]]
        row = same[number % len(same)]
        late = city.now - 5000 + number * 7919 % 90_000
        rows.append(replace(row, id=1_000_000 + number, no=f"2506-{number:06d}", deadline=late, warn_at=late - 1800,
                            summary=f"{row.summary} {number}"))
    return rows


class Measurement:
    """One desk, its operations and how long they took."""

    def __init__(self, count: int, home: Path) -> None:
        self.count = count
        city = small_city(filed=40, in_progress=60, feedback=20)
        rows, first = many(city, count), next(iter(city.records))
        session = FakeSession(city, PEOPLE["dispatcher"])
        # As a database's thread does, each row is made while it is read.
        session.queries.open_cases = lambda: (
            [replace(row) for row in rows[start:start + BATCH]] for start in range(0, count, BATCH))
        session.queries.case_file = lambda _id: city.file(first)
        self.place = Workplace(session, home)
        self.desk = DeskScreen(self.place)
        self.desk.resize(1900, 1000)
        self.stalls = Stalls()
        self.rows = self.desk.queue.rows

    async def run(self) -> int:
        """All of it."""
        self.desk.show()
        await self.time("start to complete", self.place.live.begin, lambda: self.desk.complete)
        for queue in ("running", "filed", "running"):
            await self.time(f"switch to {queue}", lambda q=queue: self.desk.show_queue(q), self.filled)
        for column in self.rows.model.columns:
            for descending in (False, True):
                word = f"sort by {column.key}{' descending' if descending else ''}"
                await self.time(word, lambda c=column.key, d=descending: self.rows.model.sort_by(c, d), self.filled)
        await self.time("sort by grade", lambda: self.rows.model.sort_by("grade"), self.filled)
        street = self.rows.model.row_at(0).street_id
        filters = self.desk.queue.filters
        await self.time("filter by street", lambda: choose(filters.street, street), self.filled)
        await self.time("no filter", filters.clear, self.filled)
        for text in ("垃", "垃圾"):
            await self.time(f"search {text}", lambda t=text: filters.search.setText(t), self.filled)
        await self.time("no search", filters.clear, self.filled)
        await self.time("select all", self.desk.queue.table.selectAll, self.filled)
        self.desk.queue.clear_selection()
        loaded: list[bool] = []
        self.place.live.loaded.connect(lambda: loaded.append(True))
        await self.time("full reload (F5)", self.place.live.resync, lambda: bool(loaded))
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        sys.stdout.write(f"memory at most {peak:,.0f} MB (with the {self.count:,} rows of the fake database)\n")
        self.desk.close()
        await self.place.close()
        return 0

    def filled(self) -> bool:
        """Nothing is under way in the queue."""
        return not self.rows.filling

    async def time(self, name, deed, done) -> None:
        """Until done and painted."""
        await asyncio.sleep(0.05)
        self.stalls.reset()
        begun, cpu = time.perf_counter(), time.thread_time()
        deed()
        while not done():
            await asyncio.sleep(0.001)
        await asyncio.sleep(0.02)
        took, used = time.perf_counter() - begun - 0.02, time.thread_time() - cpu
        sys.stdout.write(f"{name:28s} took {took * 1e3:7.0f} ms, GUI thread {used * 1e3:6.0f} ms, "
                         f"stall {self.stalls.cpu * 1e3:6.1f} ({self.stalls.wall * 1e3:.1f}) ms\n")
        sys.stdout.flush()


def choose(chip, key) -> None:
    """As the chip's menu does."""
    chip.select(key)
    chip.selected.emit(key)


def main() -> None:
    """Print one line per operation."""
    app = QApplication([])
    install_fonts()
    apply_theme(app, load_theme("dark"))
    errors: list[BaseException] = []
    with tempfile.TemporaryDirectory() as folder:
        made = Measurement(int(sys.argv[1]) if len(sys.argv) > 1 else CASES, Path(folder))
        run_to_end(app, made.run(), errors.append)
    for error in errors:
        raise error


if __name__ == "__main__":
    main()
