"""A button that says so while its work is under way."""

from PySide6.QtWidgets import QPushButton, QWidget


class BusyButton(QPushButton):
    """Disabled, with other words, between ``set_busy(True)`` and ``set_busy(False)``; its width does not jump."""

    def __init__(self, text: str, busy_text: str = "处理中…", kind: str = "", parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self._idle_text, self._busy_text, self._busy = text, busy_text, False
        if kind:
            self.setProperty("kind", kind)

    @property
    def busy(self) -> bool:
        """Whether the work is under way."""
        return self._busy

    def set_idle_text(self, text: str) -> None:
        """What the button says while nothing is under way."""
        self._idle_text = text
        if not self._busy:
            self.setText(text)

    def set_busy(self, busy: bool) -> None:
        """Say that the work began or ended."""
        if busy == self._busy:
            return
        if busy:
            self.setMinimumWidth(self.width() if self.isVisible() else self.sizeHint().width())
        self._busy = busy
        self.setEnabled(not busy)
        self.setText(self._busy_text if busy else self._idle_text)
        if not busy:
            self.setMinimumWidth(0)
