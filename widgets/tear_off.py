"""A panel of a splitter that can be torn off into a window of its own and put back in its place."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget


class TornPanel(QWidget):
    """The window around a panel. A tool window of its screen's: the screen's keys go on working in it. closed()."""

    closed = Signal()

    def __init__(self, title: str, owner: QWidget) -> None:
        super().__init__(owner, Qt.WindowType.Tool)
        self.setWindowTitle(title)
        self.setProperty("role", "screen")
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)

    def hold(self, panel: QWidget) -> None:
        """Take the panel in."""
        self._column.addWidget(panel)
        panel.show()

    def closeEvent(self, event: QCloseEvent) -> None:
        """The panel goes back."""
        super().closeEvent(event)
        self.closed.emit()


class TearOff(QObject):
    """Made while the panel stands in its splitter. changed(): it was torn off or put back."""

    changed = Signal()

    def __init__(self, panel: QWidget, title: str) -> None:
        super().__init__(panel)
        splitter = panel.parentWidget()
        if not isinstance(splitter, QSplitter):
            raise TypeError("only a panel of a splitter can be torn off")
        self.panel, self.title = panel, title
        self.window: TornPanel | None = None
        self._splitter = splitter
        self._before = [splitter.widget(place) for place in range(splitter.indexOf(panel))]
        self._sizes: list[int] = []

    @property
    def torn(self) -> bool:
        """Whether it stands in a window of its own."""
        return self.window is not None

    def tear(self) -> TornPanel:
        """Into a window of the same size, which is not shown yet: the caller places it."""
        if self.window is None:
            self._sizes = self._splitter.sizes()
            size = self.panel.size()
            self.window = TornPanel(self.title, self._splitter.window())
            self.window.hold(self.panel)
            self.window.resize(size)
            self.window.closed.connect(self.put_back)
            self.changed.emit()
        return self.window

    def put_back(self) -> None:
        """Into its place, at its size of before if nothing else changed there."""
        if self.window is None:
            return
        window, self.window = self.window, None
        self._splitter.insertWidget(sum(w.parentWidget() is self._splitter for w in self._before), self.panel)
        self.panel.show()
        if len(self._sizes) == self._splitter.count():
            self._splitter.setSizes(self._sizes)
        window.hide()
        window.deleteLater()
        self.changed.emit()
