"""提示音: a new reminder can be heard, once for all windows, if the user wants it, as he set it."""

from __future__ import annotations

import logging
import sys
from pathlib import Path

from PySide6.QtCore import QObject, QProcess, QStandardPaths
from PySide6.QtWidgets import QApplication

from ui.app.preferences import Preferences
from ui.app.tunes import tune_file
from ui.bridge.reminders import Reminders

log = logging.getLogger(__name__)

# What plays a WAV file on a desk; the first that is there.
_PLAYERS = (("pw-play",), ("paplay",), ("aplay", "-q"), ("afplay",))


class Player(QObject):
    """Plays through the system's own player; where there is none, or it fails, the computer beeps."""

    def __init__(self, folder: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._folder = folder
        self._process: QProcess | None = None

    def play(self, tune: str, volume: str) -> None:
        """At once; while another is heard, nothing."""
        if self._process is not None:
            return
        try:
            path = str(tune_file(self._folder, tune, volume))
        except OSError as error:
            log.warning("no tune: %s", error)
            QApplication.beep()
            return
        words = _player()
        if words is not None:
            self._start([*words, path])
        elif sys.platform != "win32" or not _play_on_windows(path):
            QApplication.beep()

    def _start(self, words: list[str]) -> None:
        process = self._process = QProcess(self)
        process.finished.connect(self._on_finished)
        process.errorOccurred.connect(self._on_error)
        process.start(words[0], words[1:])

    def _on_finished(self, code: int) -> None:
        self._end(code == 0)

    def _on_error(self, error: QProcess.ProcessError) -> None:
        if error is QProcess.ProcessError.FailedToStart:
            self._end(False)

    def _end(self, heard: bool) -> None:
        if self._process is not None:
            self._process.deleteLater()
            self._process = None
            if not heard:
                QApplication.beep()


def _player() -> tuple[str, ...] | None:
    for name, *options in _PLAYERS:
        if found := QStandardPaths.findExecutable(name):
            return found, *options
    return None


def _play_on_windows(path: str) -> bool:
    import winsound  # of that system alone

    try:
        winsound.PlaySound(path, winsound.SND_FILENAME | winsound.SND_ASYNC)  # type: ignore[attr-defined]
    except RuntimeError:
        return False
    return True


class Ringing(QObject):
    """Lives as long as the reminders; a tune that is chosen is heard."""

    def __init__(self, reminders: Reminders, preferences: Preferences) -> None:
        super().__init__(reminders)
        self._preferences = preferences
        self.player = Player(preferences.home / "sounds", self)
        reminders.arrived.connect(self._ring)
        preferences.sound_changed.connect(self._ring)

    def _ring(self) -> None:
        if self._preferences.sound == "on":
            self.player.play(self._preferences.tune, self._preferences.volume)
