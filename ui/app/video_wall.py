"""大屏 on a monitor: which one is remembered by its identity; while it is away nothing is decoded, and it returns."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QScreen

from ui.app.preferences import Preferences, screen_identity
from ui.screens.video.layout_memory import LayoutMemory, SlotLayout
from ui.screens.video.wall import WallWindow
from ui.screens.workplace import Workplace
from widgets.tones import Tone

POST = "video-wall"
_RETURN_MS = 100  # a monitor that came back wants a moment before windows may go to it (spec/drawing.md)
_READ_AGAIN_MS = 5 * 60 * 1000


class VideoWall(QObject):
    """One a login. changed(): it was opened or closed."""

    changed = Signal()

    def __init__(self, place: Workplace, preferences: Preferences,
                 screens: Callable[[], Sequence[QScreen]] = QGuiApplication.screens) -> None:
        super().__init__(place)
        self._place, self._preferences, self._screens = place, preferences, screens
        self._memory = LayoutMemory(place.home, place.person.login, "wall")
        self.window: WallWindow | None = None
        self._layout = self._memory.read()
        self._read_again = QTimer(self)
        self._read_again.setInterval(_READ_AGAIN_MS)
        self._read_again.timeout.connect(place.cameras.reload)
        QGuiApplication.instance().screenAdded.connect(self._on_screen_added)
        QGuiApplication.instance().screenRemoved.connect(self._on_screen_removed)

    @property
    def on(self) -> bool:
        """Whether it is open, on a monitor or waiting for one."""
        return self.window is not None

    # ------------------------------------------------------------ opening
    def open(self, layout: SlotLayout, screen: QScreen | None = None, beside: QScreen | None = None) -> None:
        """Show this on the monitor named, else where it was last, else on another than `beside`."""
        chosen = screen or self._usual(beside)
        if self.window is None:
            self.window = WallWindow(self._place)
            self.window.given_up.connect(self.close)
        self.window.show_layout(layout)
        self._go_to(chosen)
        self._keep(replace(layout, on=True))
        self._read_again.start()
        self.changed.emit()

    def restore(self, beside: QScreen) -> None:
        """Open it as it was when the program ended, on its own monitor; never over the window one works in."""
        identity, _ = self._preferences.window(POST)
        home = self._screen(identity)
        if self._layout.on and not self.on and home is not None and home is not beside:
            self.open(self._layout, home)

    def close(self) -> None:
        """It was given up: it stays closed at the next start, too."""
        if self.on:
            self._keep(replace(self._layout, on=False))
            self.end()

    def end(self) -> None:
        """The program ends: it comes back with the next one."""
        self._memory.write()
        self._read_again.stop()
        if self.window is not None:
            window, self.window = self.window, None
            window.end()
            self.changed.emit()

    # ------------------------------------------------------------ monitors
    def _usual(self, beside: QScreen | None) -> QScreen:
        identity, _ = self._preferences.window(POST)
        others = [screen for screen in self._screens() if screen is not beside]
        return self._screen(identity) or next(iter(others), None) or self._screens()[0]

    def _go_to(self, screen: QScreen) -> None:
        assert self.window is not None
        if self.window.isFullScreen():
            self.window.showNormal()  # or it would stay on the monitor it fills
        self.window.setScreen(screen)
        self.window.setGeometry(screen.geometry())
        self.window.showFullScreen()
        self._preferences.keep_window(POST, screen, self.window.saveGeometry())

    def _on_screen_removed(self, _screen: QScreen) -> None:
        QTimer.singleShot(_RETURN_MS, self, self._hide_if_homeless)

    def _hide_if_homeless(self) -> None:
        """Qt would put it over somebody's desk."""
        identity, _ = self._preferences.window(POST)
        if self.window is not None and self.window.isVisible() and self._screen(identity) is None:
            self.window.hide()
            self._place.notices.say("wall", "大屏的显示器已断开", Tone.NEAR, "接回后自动恢复")

    def _on_screen_added(self, screen: QScreen) -> None:
        identity, _ = self._preferences.window(POST)
        if self.on and screen_identity(screen) == identity:
            QTimer.singleShot(_RETURN_MS, self, self._return)

    def _return(self) -> None:
        identity, _ = self._preferences.window(POST)
        home = self._screen(identity)
        if self.window is not None and home is not None:
            self._go_to(home)

    def _screen(self, identity: str) -> QScreen | None:
        return next((screen for screen in self._screens() if screen_identity(screen) == identity), None)

    def _keep(self, layout: SlotLayout) -> None:
        self._layout = layout
        self._memory.keep(layout)


def wall_of(place: Workplace, preferences: Preferences) -> VideoWall:
    """The one of this login, whichever of its windows asks."""
    return place.findChild(VideoWall) or VideoWall(place, preferences)
