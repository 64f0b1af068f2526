"""Where a post's window stands: remembered by the monitor itself, and taken up again when that monitor comes back."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QObject, QRect, Qt, QTimer
from PySide6.QtGui import QGuiApplication, QScreen
from PySide6.QtWidgets import QWidget

from ui.app.preferences import Preferences, screen_identity

_SETTLE_MS = 400   # of a window that is being moved or resized
_RETURN_MS = 100   # a monitor that came back wants a moment before windows may go to it (spec/drawing.md)
_SHARE = 0.9       # of a monitor, for a window that never stood anywhere
_STATES = {"full": Qt.WindowState.WindowFullScreen, "maximized": Qt.WindowState.WindowMaximized}
_MOVES = (QEvent.Type.Move, QEvent.Type.Resize, QEvent.Type.WindowStateChange)


class WindowPlace(QObject):
    """Watches one window. While its monitor is away, where it stands meanwhile is not taken for its place."""

    def __init__(self, window: QWidget, post: str, preferences: Preferences,
                 screens: Callable[[], Sequence[QScreen]] = QGuiApplication.screens) -> None:
        super().__init__(window)
        self._window, self._post, self._preferences, self._screens = window, post, preferences, screens
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_SETTLE_MS)
        self._timer.timeout.connect(self.remember)
        window.installEventFilter(self)
        QGuiApplication.instance().screenAdded.connect(self._on_screen_added)
        QGuiApplication.instance().screenRemoved.connect(self._on_screen_removed)

    def take(self) -> None:
        """Where this post's window stood last, if that monitor is there; else most of the first."""
        if not self.go_home():
            available = QGuiApplication.primaryScreen().availableGeometry()
            self._window.resize(available.size() * _SHARE)
            self._window.setWindowState(Qt.WindowState.WindowMaximized)

    def remember(self) -> None:
        """This is its place now, unless it only waits for its monitor here."""
        identity, geometry = self._preferences.window(self._post)
        away = geometry is not None and self._screen(identity) is None
        if not away and self._window.isVisible():
            screen = self._window.screen()
            self._preferences.keep_window(self._post, screen, _told(self._window, screen))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """A window that moved settles first."""
        if event.type() in _MOVES:
            self._timer.start()
        return super().eventFilter(watched, event)

    # ------------------------------------------------------------ inside
    def _on_screen_added(self, screen: QScreen) -> None:
        identity, _ = self._preferences.window(self._post)
        if screen_identity(screen) == identity:
            QTimer.singleShot(_RETURN_MS, self, self.go_home)

    def _on_screen_removed(self, _screen: QScreen) -> None:
        QTimer.singleShot(_RETURN_MS, self, self._stay_in_sight)

    def _stay_in_sight(self) -> None:
        """Qt gives the window another monitor but leaves it where none is any more; not every desktop brings it in."""
        screens = self._screens()
        if screens and not any(s.geometry().contains(self._window.geometry().center()) for s in screens):
            self._window.setGeometry(_inside(screens[0], self._window.geometry()))

    def go_home(self) -> bool:
        """To where it stood last; False when that monitor is not there, or it never stood anywhere."""
        identity, geometry = self._preferences.window(self._post)
        home = self._screen(identity)
        if home is None or geometry is None:
            return False
        place, state = _read(geometry)
        self._window.setWindowState(Qt.WindowState.WindowNoState)  # or it would stay on the monitor it fills
        self._window.setScreen(home)
        self._window.setGeometry(_within(home, place.translated(home.geometry().topLeft())))
        if state is not Qt.WindowState.WindowNoState:
            self._window.setWindowState(state)
        return True

    def _screen(self, identity: str) -> QScreen | None:
        return next((screen for screen in self._screens() if screen_identity(screen) == identity), None)


def _told(window: QWidget, screen: QScreen) -> str:
    """Where it stands on the monitor, in device-independent pixels from its corner: neither the arrangement of the
    monitors nor their scales matter, as they do to QWidget.restoreGeometry."""
    state = next((code for code, one in _STATES.items() if one & window.windowState()), "normal")
    before = window.normalGeometry()
    place = window.geometry() if state == "normal" or not before.isValid() else before
    place.translate(-screen.geometry().topLeft())
    return f"{place.x()} {place.y()} {place.width()} {place.height()} {state}"


def _read(told: str) -> tuple[QRect, Qt.WindowState]:
    x, y, width, height, state = told.split(" ")
    return QRect(int(x), int(y), int(width), int(height)), _STATES.get(state, Qt.WindowState.WindowNoState)


def _within(screen: QScreen, place: QRect) -> QRect:
    """There, as far as the monitor has room for it."""
    room = screen.availableGeometry()
    if place.isEmpty():
        place = QRect(room.topLeft(), room.size() * _SHARE)
    found = QRect(place.topLeft(), place.size().boundedTo(room.size()))
    return found if room.contains(found.center()) else _inside(screen, found)


def _inside(screen: QScreen, before: QRect) -> QRect:
    """The same size, in the middle of a monitor."""
    room = screen.availableGeometry()
    found = QRect(room.topLeft(), before.size().boundedTo(room.size()))
    found.moveCenter(room.center())
    return found
