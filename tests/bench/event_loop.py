"""How long the event loop stood still: a heart beating every 5 ms, and the longest pause between two beats."""

from __future__ import annotations

import time

from PySide6.QtCore import QEventLoop, QObject, Qt, QTimer

BEAT_MS = 5


class StallWatch(QObject):
    """Pauses in ms beyond the beat: by the wall clock, and by this thread's own processor time.

    On a shared machine the wall clock also counts what others do; the processor time counts the table alone.
    """

    def __init__(self) -> None:
        super().__init__()
        self.pauses: list[float] = []
        self.worked: list[float] = []
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._beat)

    def __enter__(self) -> StallWatch:
        self._wall, self._cpu = time.perf_counter(), time.thread_time()
        self._timer.start(BEAT_MS)
        return self

    def __exit__(self, *_: object) -> None:
        self._timer.stop()

    def _beat(self) -> None:
        wall, cpu = time.perf_counter(), time.thread_time()
        self.pauses.append(max(0.0, 1000 * (wall - self._wall) - BEAT_MS))
        self.worked.append(1000 * (cpu - self._cpu))
        self._wall, self._cpu = wall, cpu


def run_for(steps: int, every_ms: int, step: object) -> None:
    """Turn the event loop while `step(number)` is called every so many ms; 0 means once per turn."""
    loop, timer, done = QEventLoop(), QTimer(), iter(range(steps))
    timer.setTimerType(Qt.TimerType.PreciseTimer)

    def turn() -> None:
        number = next(done, None)
        if number is None:
            timer.stop()
            # One more beat of the heart after the last step, or its pause would not be counted.
            QTimer.singleShot(4 * BEAT_MS, loop.quit)
        else:
            step(number)

    timer.timeout.connect(turn)
    timer.start(every_ms)
    loop.exec()
