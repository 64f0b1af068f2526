"""态势: the hall's scenes at a desk, at a desk's size: with a pointer, values on hover, every panel to be exported."""

from __future__ import annotations

from collections.abc import Collection

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from ui.models.wall_type import Sight
from ui.screens.wall.screen import WallScreen
from ui.screens.wall.seat_export import exportable
from ui.screens.workplace import Workplace
from widgets.key_help import KeyGroup
from widgets.styling import label, set_property
from widgets.theme import current_theme, theme_events

_MEANINGS = {
    "reported": "今日受理：今日零时以来采集的案件，与昨日同一时刻相比",
    "closed": "今日结案：今日结案、自处理和强制结案的案件；结案率是它与今日受理之比",
    "on_time": "按期处置率：本月结束的办理环节中未超期的占比",
    "satisfied": "群众满意率：本月回访中满意和基本满意的占比",
}
_SIGHT = Sight(distance_m=0.8, width_m=0.6)  # a desk's monitor, an arm away


def seat_keys(_roles: Collection[str]) -> tuple[KeyGroup, ...]:
    """As the help lists them."""
    return (KeyGroup("态势", (("PgUp PgDn", "上一个、下一个场景"), ("Alt+1 … 9", "选择场景"), ("鼠标停留", "看数值"),
                             ("右键、菜单键", "导出图片 PNG、SVG，数据 CSV"))),
            KeyGroup("窗口", (("Ctrl+K", "命令行"), ("?", "本屏快捷键"), ("Ctrl+T", "切换明暗主题"))))  # fmt: skip


class SeatScreen(QWidget):
    """Scenes are chosen here and do not turn by themselves; no seat pushes anything to it. figure_wanted(key): the
    cases behind a figure (open, near, overdue, whistles) are wanted."""

    figure_wanted = Signal(str)

    def __init__(self, place: Workplace, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "screen")
        self.setObjectName("figures")
        self.place = place
        self.wall = WallScreen(place, sight=_SIGHT)
        self.wall.turning = False
        self.exports = {name: exportable(panel, place) for name, panel in self.wall.panels.panels.items()}
        self.wall.panels.tiles.figure_clicked.connect(self._on_figure)
        self.buttons: dict[str, QPushButton] = {}
        self._bar, self._row = QFrame(), QHBoxLayout()
        self._bar.setLayout(self._row)
        self._row.addWidget(label("场景", role="muted"))
        self._row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._bar)
        column.addWidget(self.wall, 1)
        self.wall.figures.plan_changed.connect(self._fill)
        self.wall.shown_changed.connect(self._mark)
        theme_events().changed.connect(self._on_theme)
        keys = [("PgDown", lambda: self.wall.turn(1)), ("PgUp", lambda: self.wall.turn(-1))]
        keys += [(f"Alt+{number}", lambda n=number: self._choose(n - 1)) for number in range(1, 10)]
        for key, deed in keys:
            shortcut = QShortcut(QKeySequence(key), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(deed)
        self._on_theme()
        self._fill()

    # ------------------------------------------------------------ what the shell asks
    @property
    def complete(self) -> bool:
        """Everything that it shows has been read."""
        return self.wall.complete

    def take_keyboard(self) -> None:
        """The panels."""
        self.wall.setFocus(Qt.FocusReason.OtherFocusReason)

    def keep_drafts(self) -> None:
        """The window closes: end every look."""
        self.wall.end()

    # ------------------------------------------------------------ scenes
    def _fill(self) -> None:
        """A button for each scene of the deployment."""
        plan = self.wall.figures.plan
        scenes = plan.scenes if plan else ()
        for button in self.buttons.values():
            button.deleteLater()
        self.buttons = {}
        for number, scene in enumerate((scene for scene in scenes if scene.rotates), 1):
            button = QPushButton(scene.label)
            button.setProperty("kind", "chip")
            button.setToolTip(f"Alt+{number}")
            button.clicked.connect(lambda _=False, code=scene.code: self.wall.choose(code))
            self._row.insertWidget(number, button)
            self.buttons[scene.code] = button
        self._mark()

    def _on_figure(self, key: str) -> None:
        """To the cases behind it; a figure of the past says what it counts."""
        if key in _MEANINGS:
            self.place.notices.say(("figure", key), _MEANINGS[key], detail="明细可导出数据 CSV")
        else:
            self.figure_wanted.emit(key)

    def _choose(self, place: int) -> None:
        if place < len(self.buttons):
            self.wall.choose(list(self.buttons)[place])

    def _mark(self) -> None:
        showing = self.wall.play.showing
        for code, button in self.buttons.items():
            set_property(button, "active", showing is not None and showing.scene.code == code)

    def _on_theme(self) -> None:
        sizes = current_theme().sizes
        self._row.setContentsMargins(sizes.pad, sizes.pad_small, sizes.pad, 0)
        self._row.setSpacing(sizes.pad_small)
