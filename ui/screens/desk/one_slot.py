"""A grid of one slot whose keys choose among the cameras near a case."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QSizePolicy

from ui.screens.video.deck import CAMERA_MIME
from widgets.video import VideoGrid

_STEPS = {Qt.Key.Key_Left: -1, Qt.Key.Key_Up: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Down: 1}
_DIGITS = {Qt.Key(Qt.Key.Key_1 + place): place for place in range(9)}
_LEAVING = (Qt.Key.Key_Escape, Qt.Key.Key_Delete)
_OPENING = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class OneSlot(VideoGrid):
    """Its keys are its own while it has the keyboard: 1 to 9 choose a camera here and dispatch nothing.

    picked(int), stepped(int): another camera. left(): enough. all_wanted(): Enter, or a double click.
    """

    picked = Signal(int)
    stepped = Signal(int)
    left = Signal()
    all_wanted = Signal()

    def __init__(self) -> None:
        super().__init__(CAMERA_MIME)
        self.set_count(1)
        self.setAcceptDrops(False)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName("案件周边画面")

    def event(self, event: QEvent) -> bool:
        """Before the window's keys."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and self._is_ours(event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Figures and arrows change the camera, Enter opens all of them large, Esc and Delete close it."""
        key = Qt.Key(event.key())
        if not self._is_ours(event):
            event.ignore()
        elif key in _DIGITS:
            self.picked.emit(_DIGITS[key])
        elif key in _STEPS:
            self.stepped.emit(_STEPS[key])
        elif not event.isAutoRepeat():
            (self.left if key in _LEAVING else self.all_wanted).emit()

    def enlarge(self, index: int | None) -> None:
        """There is more room elsewhere."""
        if index is not None:
            self.all_wanted.emit()

    def _is_ours(self, event: QKeyEvent) -> bool:
        plain = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        return plain and Qt.Key(event.key()) in (*_DIGITS, *_STEPS, *_LEAVING, *_OPENING)
