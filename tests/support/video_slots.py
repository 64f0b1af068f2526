"""A video slot whose reports and pictures are kept, for tests that wait for what must come."""

import threading
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Self

import psutil

from commandcenter.domain.video import LIVE, StreamAddress, StreamReport
from commandcenter.video.frames import Frame, Shot
from commandcenter.video.slot_process import SlotProcess

PATIENCE_S = 30.0
SIZE = (320, 180)


class Slot:
    """takes: whether it takes each picture as a screen does."""

    def __init__(self, takes: bool = True) -> None:
        self.reports: list[StreamReport] = []
        self.pictures = 0
        self.takes = takes
        self.process = SlotProcess(self._report, self._picture)

    def play(self, url: str | Path | StreamAddress, size: tuple[int, int] = SIZE) -> None:
        self.reports.clear()
        address = url if isinstance(url, StreamAddress) else StreamAddress(1, "main", str(url))
        self.process.play(address, size)

    @property
    def state(self) -> str:
        return self.reports[-1].state if self.reports else ""

    @property
    def words(self) -> str:
        return self.reports[-1].words if self.reports else ""

    def until(self, state: str, within_s: float = PATIENCE_S) -> StreamReport:
        wait_until(lambda: self.state == state, within_s, lambda: f"{state}, but {self.reports[-3:]}")
        return self.reports[-1]

    def until_pictures(self, more: int, within_s: float = PATIENCE_S) -> None:
        wanted = self.pictures + more
        wait_until(lambda: self.pictures >= wanted, within_s, lambda: f"{more} pictures, but {self.reports[-3:]}")

    def live(self, url: str | Path | StreamAddress, size: tuple[int, int] = SIZE) -> Frame:
        """Play and return a picture of it."""
        self.play(url, size)
        self.until(LIVE)
        wait_until(lambda: self.process.frame() is not None, PATIENCE_S, lambda: "a picture")
        frame = self.process.frame()
        assert frame is not None
        return frame

    def shot(self, ask: Callable[[Callable[[Shot | None], None]], None], within_s: float = PATIENCE_S) -> Shot | None:
        """What snapshot or clip gives."""
        answered = threading.Event()
        taken: list[Shot | None] = []
        ask(lambda shot: (taken.append(shot), answered.set())[0])
        assert answered.wait(within_s), "no answer"
        return taken[0]

    def decoder(self) -> psutil.Process:
        wait_until(lambda: self.process.pid is not None, PATIENCE_S, lambda: "a process")
        return psutil.Process(self.process.pid)

    def _report(self, report: StreamReport) -> None:
        self.reports.append(report)

    def _picture(self) -> None:
        self.pictures += 1
        if self.takes:
            self.process.frame()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.process.close()


def wait_until(true: Callable[[], bool], within_s: float, what: Callable[[], str]) -> None:
    """Fail with `what` was waited for."""
    end = time.monotonic() + within_s
    while not true():
        assert time.monotonic() < end, f"waited {within_s} s for {what()}"
        time.sleep(0.02)
