"""Our side: a whole grid of slots in a process of its own, offscreen, that plays, paints and is watched."""

from __future__ import annotations

import os
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from typing import TYPE_CHECKING, Any

import psutil

from commandcenter.domain.video import LIVE, LOST, StreamAddress, StreamReport

if TYPE_CHECKING:
    from widgets.video import VideoGrid, VideoSlot

SIZE = (1920, 1080)
_PATIENCE_S = 30.0
_LOOK_MS = 20


@dataclass(frozen=True)
class Watched:
    """What some seconds of watching showed. pauses, worked: of the loop, ms. slot_s, gui_s: processor seconds of the
    decoders and of the process that paints. shown: pictures that came to a slot."""

    seconds: float
    pauses: list[float]
    worked: list[float]
    slot_s: float
    gui_s: float
    shown: int


def serve(orders: Connection, urls: list[str]) -> None:
    """Orders: ("play", count), ("watch", seconds), ("lost",), ("pictures",), ("stop",)."""
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    try:
        _run(orders, urls)
    except Exception:  # noqa: BLE001 - raised again in the process that waits for the answer
        orders.send(traceback.format_exc())


def _run(orders: Connection, urls: list[str]) -> None:
    from PySide6.QtWidgets import QApplication

    from widgets.fonts import install_fonts
    from widgets.theme import apply_theme, load_theme
    from widgets.video import VideoGrid

    app = QApplication(["commandcenter"])
    install_fonts()
    apply_theme(app, load_theme("dark"))
    grid = VideoGrid("application/x-nothing")
    grid.resize(*SIZE)
    grid.show()
    wall = _Wall(grid, urls)
    orders.send(True)
    while (order := orders.recv()) is not None:
        name, *values = order
        orders.send(getattr(wall, name)(*values))
    wall.stop()


@dataclass
class _Shown:
    """One slot and what came to it."""

    decoder: Any
    arrived: Any
    reports: list[StreamReport] = field(default_factory=list)
    frames: int = 0
    at: float = 0.0


class _Wall:
    def __init__(self, grid: VideoGrid, urls: list[str]) -> None:
        self._grid, self._urls = grid, urls
        self._slots: list[_Shown] = []

    def play(self, count: int) -> bool:
        """So many slots; returns when each shows a picture and says that it is live."""
        self._grid.set_count(count)
        for index in range(count):
            self._slots.append(_played(self._grid.slots[index], self._urls[index]))
        self._until(lambda: all(_state(slot) == LIVE and slot.frames for slot in self._slots))
        return True

    def watch(self, seconds: float) -> Watched:
        """Let it run."""
        from tests.bench.event_loop import StallWatch

        until = time.monotonic() + seconds
        before, began = [slot.frames for slot in self._slots], time.perf_counter()
        used, own = self._used(), time.process_time()
        with StallWatch() as watch:
            self._until(lambda: time.monotonic() >= until)
        shown = sum(slot.frames for slot in self._slots) - sum(before)
        gui, decoding, took = time.process_time() - own, self._used() - used, time.perf_counter() - began
        return Watched(took, watch.pauses, watch.worked, decoding, gui, shown)

    def lost(self) -> bool:
        """Returns when every slot says that its picture is gone."""
        self._until(lambda: all(_state(slot) == LOST for slot in self._slots))
        return True

    def pictures(self) -> list[float]:
        """When (monotonic) each slot had its next picture."""
        had = [slot.frames for slot in self._slots]
        self._until(lambda: all(slot.frames > old for slot, old in zip(self._slots, had, strict=True)))
        return [slot.at for slot in self._slots]

    def stop(self) -> bool:
        """Nothing plays, no decoder is left."""
        children = psutil.Process().children()
        for slot in self._slots:
            slot.decoder.close()
        self._slots.clear()
        psutil.wait_procs(children, timeout=_PATIENCE_S)
        return True

    def _used(self) -> float:
        return sum(_processor_s(slot.decoder.pid) for slot in self._slots)

    def _until(self, done: Callable[[], bool]) -> None:
        """Turn the loop."""
        from PySide6.QtCore import QEventLoop, QTimer

        loop, limit, timer = QEventLoop(), time.monotonic() + _PATIENCE_S, QTimer()
        timer.timeout.connect(lambda: loop.quit() if done() or time.monotonic() > limit else None)
        timer.start(_LOOK_MS)
        loop.exec()
        if not done():
            raise TimeoutError([_state(slot) for slot in self._slots])


def _played(slot: VideoSlot, url: str) -> _Shown:
    """As ui.bridge.camera_stream does it."""
    from PySide6.QtCore import QObject, Signal
    from PySide6.QtGui import QImage

    from commandcenter.video.slot_process import SlotProcess
    from widgets.video import SlotFace

    class _Arrived(QObject):
        came = Signal()
        said = Signal(object)

    arrived = _Arrived(slot)
    decoder = SlotProcess(arrived.said.emit, arrived.came.emit)
    shown = _Shown(decoder, arrived)

    def take() -> None:
        frame = decoder.frame()
        if frame is not None:
            image = QImage(frame.data, frame.width, frame.height, frame.stride, QImage.Format.Format_RGB32)
            slot.show_picture(image)
            shown.frames, shown.at = shown.frames + 1, time.monotonic()

    def say(report: StreamReport) -> None:
        shown.reports.append(report)
        status = f"{report.fps:.0f} fps · {report.delay_s:.1f} s"
        slot.set_face(SlotFace("东四大街与朝内大街路口", "道路街面", status, live=report.state == LIVE))

    arrived.came.connect(take)
    arrived.said.connect(say)
    size = slot.device_size()
    decoder.play(StreamAddress(1, "main", url), (size.width(), size.height()))
    return shown


def _state(slot: _Shown) -> str:
    return slot.reports[-1].state if slot.reports else ""


def _processor_s(pid: int | None) -> float:
    if pid is None:
        return 0.0
    times = psutil.Process(pid).cpu_times()
    return float(times.user + times.system)
