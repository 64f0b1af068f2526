"""The Qt sides' loop: a step, the event loop until it is painted and the X server has it; milliseconds of each."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Protocol

from PySide6.QtCore import QEvent, QEventLoop, QObject, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QWidget

from tests.bench.wall_town import Town, View, read_town, whole_view
from widgets.memory import return_large_blocks

_PAINT_S = 5.0
_FEWEST = 5     # steps, even when the budget is spent


class Picture(Protocol):
    """What a Qt side can do. `painted` is the widget that receives the paint events."""

    painted: QWidget

    def look(self, view: View) -> None:
        """See this."""

    def complete(self) -> bool:
        """Whether what is seen is whole and sharp."""

    def update(self, change: dict[str, Any]) -> None:
        """Cells of other classes, cases at other places."""

    def walk(self, places: Sequence[Sequence[float]]) -> None:
        """All workers stand elsewhere."""

    def plain(self) -> None:
        """Draw each marker alone, where it would otherwise be gathered into bubbles."""


class _Paints(QObject):
    count = 0

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        self.count += event.type() is QEvent.Type.Paint
        return False


class QtSide:
    """Serves the orders on standard input until it is closed."""

    def __init__(self, make: Callable[[Town, int, int], tuple[QWidget, Picture]]) -> None:
        width, height = int(sys.argv[1]), int(sys.argv[2])
        return_large_blocks()    # as the program does; both sides gain
        self._app = QApplication.instance() or QApplication(sys.argv[:1])
        town = read_town(Path(sys.argv[3]))
        window, self._picture = make(town, width, height)
        self._paints = _Paints()
        self._picture.painted.installEventFilter(self._paints)
        window.showFullScreen()
        self._until(lambda: self._paints.count > 0)
        self._picture.look(whole_view(town, (width, height)))    # a view has its size only when it is shown
        self._settle()
        self._say({})

    def serve(self) -> None:
        """Order after order."""
        for line in sys.stdin:
            order = json.loads(line)
            self._say(getattr(self, "_" + order.pop("do"))(**order))

    # ------------------------------------------------------------ orders
    def _look(self, view: View) -> dict[str, Any]:
        self._picture.look(view)
        return {"ms": [self._settle()]}

    def _views(self, views: Sequence[View], budget_ms: float) -> dict[str, Any]:
        """A gesture; `settled`: from its last frame until the picture is whole and sharp."""
        taken = self._steps(self._picture.look, views, budget_ms)
        return {"ms": taken, "settled": self._settle()}

    def _updates(self, changes: Sequence[dict[str, Any]], budget_ms: float) -> dict[str, Any]:
        return {"ms": self._steps(self._picture.update, changes, budget_ms)}

    def _walks(self, places: Sequence[Sequence[Sequence[float]]], budget_ms: float) -> dict[str, Any]:
        return {"ms": self._steps(self._picture.walk, places, budget_ms)}

    def _plain(self) -> dict[str, Any]:
        self._picture.plain()
        return {"ms": [self._settle()]}

    def _idle(self, changes: Sequence[dict[str, Any]], every_ms: int) -> dict[str, Any]:
        """A change every so often, and otherwise whatever the picture does by itself."""
        left, loop, timer = list(changes), QEventLoop(), QTimer()
        before = self._paints.count

        def change() -> None:
            if left:
                self._picture.update(left.pop())
            else:
                loop.quit()

        timer.timeout.connect(change)
        timer.start(every_ms)
        loop.exec()
        return {"ms": [], "painted": self._paints.count - before}

    def _rest(self, seconds: float) -> dict[str, Any]:
        loop = QEventLoop()
        QTimer.singleShot(round(1000 * seconds), loop.quit)
        loop.exec()
        return {"ms": []}

    def _shot(self, path: str) -> dict[str, Any]:
        self._picture.painted.grab().save(path)
        return {"ms": []}

    # ------------------------------------------------------------ timing
    def _steps(self, do: Callable[[Any], None], steps: Sequence[Any], budget_ms: float) -> list[float]:
        taken: list[float] = []
        for step in steps:
            before, began = self._paints.count, time.perf_counter()
            do(step)
            self._until(lambda before=before: self._paints.count > before)
            QGuiApplication.sync()
            taken.append(1000 * (time.perf_counter() - began))
            if sum(taken) > budget_ms and len(taken) >= _FEWEST:
                break
        return taken

    def _settle(self) -> float:
        began = time.perf_counter()
        self._until(self._picture.complete)
        self._app.processEvents()
        QGuiApplication.sync()
        return 1000 * (time.perf_counter() - began)

    def _until(self, true: Callable[[], bool]) -> None:
        give_up = time.perf_counter() + _PAINT_S
        self._app.processEvents()
        while not true():
            if time.perf_counter() > give_up:
                raise TimeoutError("nothing was painted")
            self._app.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents, 1)

    def _say(self, answer: dict[str, Any]) -> None:
        print(json.dumps(answer), flush=True)
