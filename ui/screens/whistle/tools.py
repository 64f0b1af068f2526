"""Words and countdowns of one screen; made anew when the directory or the city's rules are others."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from ui.models.joint_clock import JointClock
from ui.models.joint_words import JointWords
from ui.screens.workplace import Workplace


class JointTools(QObject):
    """changed(): `words` and `clock` are others."""

    changed = Signal()

    def __init__(self, place: Workplace, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._place = place
        self._take()
        place.words_changed.connect(self._renew)
        place.joint.state_changed.connect(self._on_state)

    def _take(self) -> None:
        self.words = JointWords(self._place.words, self._place.joint.rules)
        self.clock = JointClock(self.words, self._place.work_time)

    def _renew(self) -> None:
        self._take()
        self.changed.emit()

    def _on_state(self) -> None:
        if self.words.rules is not self._place.joint.rules:
            self._renew()
