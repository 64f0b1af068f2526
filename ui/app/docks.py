"""拆出面板: panels of the screens that may stand in windows of their own, each remembered by its monitor."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QObject, QRect
from PySide6.QtGui import QGuiApplication, QScreen
from PySide6.QtWidgets import QWidget

from commandcenter.domain.joint import ORDER, WHISTLE
from ui.app.preferences import Preferences
from ui.app.window_place import WindowPlace
from ui.screens.affairs.screen import AFFAIRS
from ui.screens.video.screen import VIDEO
from widgets.tear_off import TearOff


@dataclass(frozen=True, slots=True)
class Dock:
    """A panel that may be torn off: its key among all, the screen it belongs to, its title."""

    key: str
    screen: str
    title: str
    find: Callable[[QWidget], QWidget]


DOCKS: Mapping[str, Dock] = {
    dock.key: dock
    for dock in (
        Dock("case", "dispatch", "案件", lambda screen: screen.case),
        Dock("side", "dispatch", "派给谁与办理", lambda screen: screen.side),
        Dock("whistle-board", WHISTLE, "吹哨看板", lambda screen: screen.board),
        Dock("order-board", ORDER, "联合执法看板", lambda screen: screen.board),
        Dock("affairs-list", AFFAIRS, "会商督办列表", lambda screen: screen.lists),
        Dock("cameras", VIDEO, "摄像机列表", lambda screen: screen.list),
    )
}


class Docks(QObject):
    """Of one main window. `screen_of` makes the screen that a panel belongs to."""

    def __init__(self, window: QWidget, post: str, preferences: Preferences,
                 screen_of: Callable[[str], QWidget]) -> None:
        super().__init__(window)
        self._window, self._post, self._preferences, self._screen_of = window, post, preferences, screen_of
        self._made: dict[str, TearOff] = {}
        self._ending = False

    @property
    def torn(self) -> list[str]:
        """Keys of those torn off now."""
        return [key for key, part in self._made.items() if part.torn]

    def toggle(self, key: str) -> bool:
        """Tear a panel off or put it back; whether it is torn off now."""
        if key in self.torn:
            self._made[key].put_back()
        else:
            self._tear(key)
        return key in self.torn

    def restore(self) -> None:
        """As this post had them; those that are torn off now and were not go back."""
        wanted = [key for key in self._preferences.torn(self._post) if key in DOCKS]
        for key in self.torn:
            if key not in wanted:
                self._made[key].put_back()
        for key in wanted:
            self._tear(key)

    def end(self) -> None:
        """The window closes: what is torn off goes with it and comes back with the next start."""
        self._ending = True
        for part in self._made.values():
            part.put_back()

    # ------------------------------------------------------------ inside
    def _tear(self, key: str) -> None:
        part = self._part(key)
        if part.torn:
            return
        window = part.tear()
        place = WindowPlace(window, f"{self._post}.{key}", self._preferences)
        if not place.go_home():
            window.setGeometry(_beside(self._window.screen(), window.geometry()))
        window.show()

    def _part(self, key: str) -> TearOff:
        if key not in self._made:
            dock = DOCKS[key]
            panel = dock.find(self._screen_of(dock.screen))
            self._made[key] = TearOff(panel, f"{dock.title} · 指挥中心")
            self._made[key].changed.connect(self._keep)
        return self._made[key]

    def _keep(self) -> None:
        if not self._ending:
            self._preferences.keep_torn(self._post, self.torn)


def _beside(here: QScreen, size: QRect, screens: Sequence[QScreen] | None = None) -> QRect:
    """The same size in the middle of another monitor, of this one where there is no other."""
    others = [screen for screen in (screens or QGuiApplication.screens()) if screen is not here]
    room = (others[0] if others else here).availableGeometry()
    found = QRect(room.topLeft(), size.size().boundedTo(room.size()))
    found.moveCenter(room.center())
    return found
