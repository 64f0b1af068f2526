"""What can be done with the slots, in one line above them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication, QScreen
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QMenu, QPushButton, QWidget

from commandcenter.domain.video import IDLE, LOST, SLOT_COUNTS, STALLED, STATE_LABELS, CameraGroup
from ui.screens.video.case_field import CaseField
from widgets.elided_label import ElidedLabel
from widgets.styling import set_property
from widgets.theme import current_theme, theme_events
from widgets.tones import Tone


class ToolRow(QWidget):
    """count_wanted(int), stop_wanted(), shot_wanted(bool clip), mark_wanted(), clear_wanted(), wall_wanted(QScreen),
    wall_over(). `fill_groups` fills the menu of 轮巡 as it opens.
    """

    count_wanted = Signal(int)
    stop_wanted = Signal()
    shot_wanted = Signal(bool)
    mark_wanted = Signal()
    clear_wanted = Signal()
    wall_wanted = Signal(object)
    wall_over = Signal()

    def __init__(self, case: CaseField, fill_groups: Callable[[QMenu], None]) -> None:
        super().__init__()
        self._fill_groups, self.on_wall = fill_groups, False
        self.counts = {count: _chip(f"{count} 路", f"Ctrl+{n}") for n, count in enumerate(SLOT_COUNTS, 1)}
        self.rotation, self.stop = _chip("轮巡 ▼", "Ctrl+R"), _chip("停止轮巡", "Ctrl+R")
        self.shot, self.clip = _chip("抓拍存证", "Ctrl+S"), _chip("30 秒存证", "Ctrl+Shift+S")
        self.mark, self.clear = _chip("☆ 收藏", "Ctrl+D"), _chip("清空", "关闭全部画面")
        self.wall = _chip("大屏 ▼", "把画面投到一台显示器上")
        self.states = ElidedLabel()
        self.states.setProperty("role", "muted")
        self._menu, self._group, self._row = QMenu(self.rotation), QButtonGroup(self), QHBoxLayout(self)
        self._monitors = QMenu(self.wall)
        self._lay_out(case)
        self._connect()
        theme_events().changed.connect(self._on_theme)
        self._on_theme()

    def _lay_out(self, case: CaseField) -> None:
        self._row.setContentsMargins(0, 0, 0, 0)
        for count, button in self.counts.items():
            button.setCheckable(True)
            self._group.addButton(button, count)
            self._row.addWidget(button)
        for button in (self.rotation, self.stop):
            self._row.addWidget(button)
        self._row.addWidget(self.states, 3)
        self._row.addWidget(case, 4)
        for button in (self.shot, self.clip, self.mark, self.clear, self.wall):
            self._row.addWidget(button)
        self.rotation.setMenu(self._menu)
        self.wall.setMenu(self._monitors)

    def _connect(self) -> None:
        self._group.idClicked.connect(self.count_wanted)
        self._menu.aboutToShow.connect(self._fill_menu)
        self._monitors.aboutToShow.connect(self._fill_monitors)
        self.stop.clicked.connect(self.stop_wanted)
        self.shot.clicked.connect(lambda: self.shot_wanted.emit(False))
        self.clip.clicked.connect(lambda: self.shot_wanted.emit(True))
        self.mark.clicked.connect(self.mark_wanted)
        self.clear.clicked.connect(self.clear_wanted)

    def show_state(self, count: int, group: CameraGroup | None, turn: tuple[int, int], held: bool, why_no_shot: str,
                   marked: bool | None, states: Sequence[str]) -> None:
        """held: the group stands still for a while. marked: None without a camera under the keyboard. states: of the
        slots in sight that have one.
        """
        self.counts[count].setChecked(True)
        for number, button in self.counts.items():
            set_property(button, "active", "true" if number == count else "false")
        self.rotation.setVisible(group is None)
        self.stop.setVisible(group is not None)
        if group is not None:
            name = self.fontMetrics().elidedText(group.name, Qt.TextElideMode.ElideRight, self.rotation.width() * 2)
            self.stop.setText(f"■ {name} {turn[0]}/{turn[1]} · {'已暂停' if held else f'{group.dwell_s} 秒'}")
            self.stop.setToolTip(f"停止轮巡 {group.name}（Ctrl+R）；PgUp、PgDn 翻页")
        for button, key in ((self.shot, "Ctrl+S"), (self.clip, "Ctrl+Shift+S")):
            button.setEnabled(bool(states))
            button.setToolTip(f"{why_no_shot}（{key}）" if why_no_shot else key)
        self.mark.setEnabled(marked is not None)
        self.mark.setText("★ 已收藏" if marked else "☆ 收藏")
        self.clear.setEnabled(bool(states))
        self._show_states(states)

    def _show_states(self, states: Sequence[str]) -> None:
        counted = Counter(states)
        told = (state for state in STATE_LABELS if counted[state] and state != IDLE)
        parts = [f"{STATE_LABELS[state]} {counted[state]}" for state in told]
        self.states.setText(" · ".join(parts))
        bad = counted[LOST] + counted[STALLED]
        set_property(self.states, "tone", (Tone.OVERDUE if counted[LOST] else Tone.NEAR if bad else Tone.MUTED).value)

    def _fill_menu(self) -> None:
        self._menu.clear()
        self._fill_groups(self._menu)

    def _fill_monitors(self) -> None:
        self._monitors.clear()
        for screen in QGuiApplication.screens():
            action = self._monitors.addAction(_monitor(screen))
            action.triggered.connect(lambda _=False, chosen=screen: self.wall_wanted.emit(chosen))
        self._monitors.addSeparator()
        over = self._monitors.addAction("关闭大屏\tEsc")
        over.setEnabled(self.on_wall)
        over.triggered.connect(lambda _=False: self.wall_over.emit())

    def _on_theme(self) -> None:
        self._row.setSpacing(current_theme().sizes.pad_small)


def _monitor(screen: QScreen) -> str:
    size, ratio = screen.geometry().size(), screen.devicePixelRatio()
    name = " ".join(part for part in (screen.manufacturer(), screen.model()) if part) or screen.name()
    return f"投到 {name}（{round(size.width() * ratio)}×{round(size.height() * ratio)}）"


def _chip(text: str, tip: str) -> QPushButton:
    button = QPushButton(text)
    button.setProperty("kind", "chip")
    button.setToolTip(tip)
    return button
