"""The desk's menu 大屏: on which monitor, or over which of them, and from how far away it is read."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtGui import QActionGroup, QGuiApplication, QScreen
from PySide6.QtWidgets import QMenu, QWidget

from ui.app.monitors import monitor_words
from ui.app.preferences import Preferences
from ui.app.wall_sight import DISTANCES, WIDTHS, keep_sight, kept_sight
from ui.app.wall_stand import WallStand
from ui.models.wall_type import Sight

_AUTO = "按显示器报告的尺寸"
_USUAL = "自动（屏宽的两倍，最远 8 米）"


class WallMenu(QMenu):
    """Made anew each time it opens: monitors come and go."""

    def __init__(self, stand: WallStand, preferences: Preferences, window: QWidget,
                 screens: Callable[[], Sequence[QScreen]] = QGuiApplication.screens) -> None:
        super().__init__("大屏", window)
        self._stand, self._preferences, self._window, self._screens = stand, preferences, window, screens
        self.aboutToShow.connect(self._fill)

    def _fill(self) -> None:
        self.clear()
        there = list(self._screens())
        others = [screen for screen in there if screen is not self._window.screen()]
        for screen in [*others, *(screen for screen in there if screen not in others)]:
            here = "（本窗口所在）" if screen not in others else ""
            self.addAction(f"开在 {monitor_words(screen)}{here}").triggered.connect(
                lambda _=False, s=screen: self._stand.open(None, s))  # fmt: skip
        if len(others) > 1:
            self.addAction(f"横跨其余 {len(others)} 台显示器").triggered.connect(
                lambda _=False: self._stand.open(None, others))  # fmt: skip
        self.addSeparator()
        over = self.addAction("收起大屏")
        over.setEnabled(self._stand.on)
        over.triggered.connect(self._stand.close)
        self.addSeparator()
        sight = kept_sight(self._preferences)
        self._choices("观看距离", [(_USUAL if metres is None else f"{metres:g} 米", metres) for metres in DISTANCES],
                      sight.distance_m, lambda metres: self._set(Sight(metres, sight.width_m)))
        self._choices("屏宽", [(_AUTO if metres is None else f"{metres:g} 米", metres) for metres in WIDTHS],
                      sight.width_m, lambda metres: self._set(Sight(sight.distance_m, metres)))

    def _choices(self, title: str, offered: Sequence[tuple[str, float | None]], now: float | None,
                 choose: Callable[[float | None], None]) -> None:
        part, group = self.addMenu(title), QActionGroup(self)
        for words, value in offered:
            action = part.addAction(words)
            action.setCheckable(True)
            action.setChecked(value == now)
            group.addAction(action)
            action.triggered.connect(lambda _=False, v=value: choose(v))

    def _set(self, sight: Sight) -> None:
        keep_sight(self._preferences, sight)
        self._stand.see(sight)
