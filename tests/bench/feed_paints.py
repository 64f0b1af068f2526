"""When changes that a table was told of stood on its screen."""

from __future__ import annotations

import time
from collections.abc import Iterable

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QWidget

from tests.bench.feed_listeners import Heard


class Paints(QObject):
    """Notes the first turn of the event loop after a painting: then the picture is in the window."""

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        self._waiting: list[int] = []
        self._painted: Heard = []
        widget.installEventFilter(self)

    def expect(self, ids: Iterable[int]) -> None:
        """These are in the model now; the next painting shows them."""
        self._waiting += ids

    def known(self) -> set[int]:
        """All that were painted since the last `give`."""
        return {case_id for case_id, _ in self._painted}

    def give(self) -> Heard:
        """What was painted when, since the last time."""
        painted, self._painted = self._painted, []
        return painted

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """See Qt."""
        if event.type() == QEvent.Type.Paint and self._waiting:
            shown, self._waiting = self._waiting, []
            QTimer.singleShot(0, self, lambda: self._note(shown))
        return False

    def _note(self, shown: list[int]) -> None:
        now = time.perf_counter()
        self._painted += [(case_id, now) for case_id in shown]
