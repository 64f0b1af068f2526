"""提示音: a new reminder can be heard, once for all windows, if the user wants it."""

from __future__ import annotations

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication

from ui.app.preferences import Preferences
from ui.bridge.reminders import Reminders


class Ringing(QObject):
    """Lives as long as the reminders."""

    def __init__(self, reminders: Reminders, preferences: Preferences) -> None:
        super().__init__(reminders)
        self._preferences = preferences
        reminders.arrived.connect(self._ring)

    def _ring(self) -> None:
        if self._preferences.sound == "on":
            QApplication.beep()
