"""A clock that strikes once a second, only while its widget can be seen."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QWidget

_SECOND_MS = 1000


class SecondTicker(QObject):
    """Calls ``strike`` each second between the widget's show and hide events."""

    def __init__(self, widget: QWidget, strike: Callable[[], None]) -> None:
        super().__init__(widget)
        self._timer = QTimer(self)
        self._timer.setInterval(_SECOND_MS)
        self._timer.timeout.connect(strike)
        widget.installEventFilter(self)

    @property
    def running(self) -> bool:
        """Whether it strikes now."""
        return self._timer.isActive()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Run with the widget's visibility."""
        if event.type() == QEvent.Type.Show:
            self._timer.start()
        elif event.type() == QEvent.Type.Hide:
            self._timer.stop()
        return False
