"""The bar at the top: screens, command line, reminders, notices, live state, who and where."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QFrame, QHBoxLayout, QMenu, QPushButton, QWidget

from commandcenter.domain.roles import ROLE_LABELS
from ui.app.bell import Bell
from ui.app.reader_chip import ReaderChip
from ui.screens.registry import ScreenSpec
from ui.screens.workplace import Workplace
from widgets.command_line import CommandLine
from widgets.live_pill import LivePill
from widgets.styling import label, set_property
from widgets.theme import current_theme, theme_events


class TopBar(QFrame):
    """screen_chosen(name); notices_wanted(); `menu` hangs at the person's name."""

    screen_chosen = Signal(str)
    notices_wanted = Signal()

    def __init__(self, place: Workplace, screens: Sequence[ScreenSpec], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._place = place
        self.setProperty("role", "bar")
        self.command, self.pill, self.reader = CommandLine(), LivePill(), ReaderChip(place)
        self.bell = Bell(place.reminders)
        self.notices, self.who, self.menu = QPushButton(), QPushButton(), QMenu(self)
        self._tabs = QButtonGroup(self)
        self._row = QHBoxLayout(self)
        self._build(screens)
        place.live.state_changed.connect(self.show_state)
        place.live.changed.connect(self._show_progress)
        place.notices.seen_changed.connect(self._show_unseen)
        theme_events().changed.connect(self._on_theme)
        self._on_theme()
        self.show_state()
        self._show_unseen(0)

    def _build(self, screens: Sequence[ScreenSpec]) -> None:
        self._row.addWidget(label("指挥中心", role="heading"))
        for spec in screens:
            self._add_tab(spec)
        self._row.addStretch(1)
        self.notices.setProperty("kind", "quiet")
        self.notices.clicked.connect(self.notices_wanted)
        self.who.setProperty("kind", "nav")
        self.who.setText(who_words(self._place))
        self.who.setMenu(self.menu)
        for part in (self.command, self.bell, self.notices, self.reader, self.pill, self.who):
            self._row.addWidget(part)

    def _add_tab(self, spec: ScreenSpec) -> None:
        tab = QPushButton(spec.title(self._place.roles))
        tab.setProperty("kind", "nav")
        tab.setCheckable(True)
        tab.clicked.connect(lambda: self.screen_chosen.emit(spec.name))
        tab.setObjectName(spec.name)
        self._tabs.addButton(tab)
        self._row.addWidget(tab)

    def choose(self, name: str) -> None:
        """Mark the screen shown."""
        for tab in self._tabs.buttons():
            tab.setChecked(tab.objectName() == name)

    def show_state(self) -> None:
        """How true the picture is."""
        live = self._place.live
        if live.state.kind == "disconnected":
            self.pill.set_disconnected(self._place.words.clock_time(live.state.since))
        elif live.state.kind == "connecting":
            self.pill.set_catching_up("正在连接")
        elif live.loading or not live.ready:
            self.pill.set_catching_up(f"已载入 {len(live.picture.rows):,} 件")
        elif live.state.kind == "catching_up":
            self.pill.set_catching_up()
        else:
            self.pill.set_live(live.state.lag_ms or 0.0)
        self.pill.setToolTip(live.state.reason)

    def _show_progress(self) -> None:
        if self._place.live.loading:
            self.show_state()

    def _show_unseen(self, unseen: int) -> None:
        self.notices.setText(f"通知 {unseen:,}" if unseen else "通知")
        set_property(self.notices, "active", bool(unseen))

    def _on_theme(self) -> None:
        sizes = current_theme().sizes
        self.setFixedHeight(sizes.bar_height)
        self._row.setContentsMargins(sizes.pad_large, 0, sizes.pad, 0)
        self._row.setSpacing(sizes.gap)
        self.command.setFixedWidth(sizes.card_height * 5)


def who_words(place: Workplace) -> str:
    """派遣员 王建国 · 东城区."""
    duty = place.person.duties[0] if place.person.duties else None
    role = ROLE_LABELS.get(duty.role, duty.role) if duty else ""
    where = place.words.unit(duty.org_id) if duty else place.words.unit(place.person.district_id)
    return f"{role} {place.person.name} · {where}".strip()
