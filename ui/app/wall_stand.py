"""大屏 on its monitors: which ones is remembered by their identity; while they are away it waits, and it returns."""

from __future__ import annotations

import socket
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QScreen

from ui.app.preferences import Preferences, screen_identity
from ui.app.wall_awake import Awake
from ui.app.wall_sight import kept_sight
from ui.models.wall_type import Sight
from ui.screens.video.layout_memory import LayoutMemory, SlotLayout
from ui.screens.workplace import Workplace
from widgets.tones import Tone

if TYPE_CHECKING:
    from ui.screens.wall.window import HallWindow

POST = "hall-wall"
_SPAN = f"windows/{POST}/span"
_RETURN_MS = 100  # a monitor that came back wants a moment before windows may go to it (spec/drawing.md)
_READ_AGAIN_MS = 5 * 60 * 1000


class WallStand(QObject):
    """One a login. changed(): it was opened or closed."""

    changed = Signal()

    def __init__(self, place: Workplace, preferences: Preferences,
                 screens: Callable[[], Sequence[QScreen]] = QGuiApplication.screens, name: str = "",
                 unattended: bool = False) -> None:
        """name: under which seats find it. unattended: Esc does not close it, and a wall closed by the desktop opens
        again; Ctrl+Q ends it."""
        super().__init__(place)
        self._name, self._unattended = name or host_name(), unattended
        self._place, self._preferences, self._screens = place, preferences, screens
        self._memory = LayoutMemory(place.home, place.person.login, "wall")
        self.window: HallWindow | None = None
        self.awake = Awake(self)
        self._layout = self._memory.read()
        self._read_again = QTimer(self)
        self._read_again.setInterval(_READ_AGAIN_MS)
        self._read_again.timeout.connect(place.cameras.reload)
        QGuiApplication.instance().screenAdded.connect(self._on_screen_added)
        QGuiApplication.instance().screenRemoved.connect(self._on_screen_removed)

    @property
    def on(self) -> bool:
        """Whether it is open, on its monitors or waiting for them."""
        return self.window is not None

    @property
    def identities(self) -> list[str]:
        """The monitors it belongs to."""
        value = self._preferences.settings.value(_SPAN, [])
        return [str(part) for part in (value if isinstance(value, list) else [value]) if part]

    # ------------------------------------------------------------ opening
    def open(self, layout: SlotLayout | None = None, screen: QScreen | Sequence[QScreen] | None = None,
             beside: QScreen | None = None) -> None:
        """Show all scenes in turns, or a layout of the video screen alone, on the monitors named, else where it was
        last, else on another than `beside`."""
        named = [screen] if isinstance(screen, QScreen) else list(screen or ())
        chosen = named or self._usual(beside)
        if self.window is None:
            from ui.screens.wall.window import HallWindow  # maps and charts: a desk without a wall does without

            self.window = HallWindow(self._place, self._name)
            self.window.given_up.connect(self._stand_anew if self._unattended else self.close)
            self.window.quit_wanted.connect(self.close)
        self.window.show_layout(layout or SlotLayout())
        self._preferences.settings.setValue(_SPAN, [screen_identity(one) for one in chosen])
        self._go_to(chosen)
        self._keep(replace(layout or SlotLayout(), on=True))
        self._read_again.start()
        self.awake.begin()
        self.changed.emit()

    def restore(self, beside: QScreen | None = None) -> None:
        """Open it as it was when the program ended, on its own monitors; never over the window one works in."""
        home = self._home()
        if self._layout.on and not self.on and home and beside not in home:
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
        self.awake.end()
        if self.window is not None:
            window, self.window = self.window, None
            window.end()
            self.changed.emit()

    def see(self, sight: Sight) -> None:
        """People sit elsewhere, or the wall is of another width: its type follows at once."""
        if self.window is not None:
            self.window.screen_shown.see(sight)

    # ------------------------------------------------------------ monitors
    def _usual(self, beside: QScreen | None) -> list[QScreen]:
        others = [screen for screen in self._screens() if screen is not beside]
        return self._home() or others[:1] or list(self._screens())[:1]

    def _home(self) -> list[QScreen]:
        """Those of its monitors that are there."""
        wanted = self.identities
        return [screen for screen in self._screens() if screen_identity(screen) in wanted]

    def _go_to(self, screens: Sequence[QScreen]) -> None:
        assert self.window is not None
        self.window.stand_on(screens, kept_sight(self._preferences))

    def _on_screen_removed(self, screen: QScreen) -> None:
        if screen_identity(screen) in self.identities:
            QTimer.singleShot(_RETURN_MS, self, self._stand_anew)

    def _on_screen_added(self, screen: QScreen) -> None:
        if screen_identity(screen) in self.identities:
            QTimer.singleShot(_RETURN_MS, self, self._stand_anew)

    def _stand_anew(self) -> None:
        """On those that are left; without any it waits out of sight: Qt would put it over somebody's desk."""
        if self.window is None:
            return
        if home := self._home():
            self._go_to(home)
        elif self.window.isVisible():
            self.window.hide()
            self._place.notices.say("wall", "大屏的显示器已断开", Tone.NEAR, "接回后自动恢复")

    def _keep(self, layout: SlotLayout) -> None:
        self._layout = layout
        self._memory.keep(layout)


def host_name() -> str:
    """Of a wall that was given no name."""
    return socket.gethostname().partition(".")[0] or "大屏"


def wall_of(place: Workplace, preferences: Preferences) -> WallStand:
    """The one of this login, whichever of its windows asks."""
    return place.findChild(WallStand) or WallStand(place, preferences)
