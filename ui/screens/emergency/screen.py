"""应急: the event's map, the cameras near it, teams on the way, the log of decisions, the clock since it began."""

from __future__ import annotations

from collections.abc import Collection, Coroutine
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from commandcenter.domain.emergency import LEADERS, LONGEST, Emergency
from commandcenter.domain.errors import DomainError
from ui.models.emergency_words import log_entries, place_of, since_words, title_of
from ui.screens.emergency.event_map import EventMap
from ui.screens.emergency.past_list import PastList
from ui.screens.emergency.slots import EventSlots
from ui.screens.emergency.teams_pane import TeamsPane
from ui.screens.refusals import OFFLINE
from ui.screens.workplace import Workplace
from widgets.key_help import KeyGroup
from widgets.panel import Panel
from widgets.state_panel import StateKind, StatePanel, TableState
from widgets.styling import label
from widgets.theme import current_theme, theme_events
from widgets.timeline import Timeline
from widgets.tones import Tone

_DECIDE, _END = "记录一项决定，回车存入；所有席位立即可见", "写明结束的情况，回车结束应急；Esc 取消"
_SHARES = (0.64, 0.36)  # of the width: map and cameras, teams and log


def emergency_keys(roles: Collection[str]) -> tuple[KeyGroup, ...]:
    """As the help lists them."""
    own = (("Ctrl+D", "记录决定"), ("Ctrl+G", "调派队伍")) if LEADERS & set(roles) else ()
    end = (("Ctrl+Shift+X", "结束应急"),) if "supervisor" in roles else ()
    return (KeyGroup("应急", (("F12", "启动应急，或看正在进行的"), *own, *end, ("Home", "地图回到事发地"))),
            KeyGroup("窗口", (("Ctrl+K", "命令行"), ("?", "本屏快捷键"), ("Ctrl+T", "切换明暗主题"))))


class EmergencyScreen(QWidget):
    """case_wanted(case id), matter_wanted(entity, id): what the event is about is to be shown on its own screen."""

    case_wanted = Signal(object)
    matter_wanted = Signal(str, object)

    def __init__(self, place: Workplace, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.place, self.live = place, place.emergency
        self.setProperty("role", "screen")
        self.setObjectName("emergency")
        self.map, self.slots, self.teams = EventMap(place), EventSlots(place), TeamsPane(place)
        self.past, self.log, self.problem = PastList(place), Timeline(), StatePanel()
        self.title, self.clock, self.where = label(role="heading"), label(role="figure"), label(role="muted")
        self.open_it, self.call, self.end_it = QPushButton("打开案件"), QPushButton("调派队伍"), QPushButton("结束应急")
        self.words = QLineEdit()
        self.picker: QWidget | None = None
        self._ending = False
        self._pages = QStackedWidget()
        self._head, self._head_row = QFrame(), QHBoxLayout()
        self._left, self._columns = QSplitter(Qt.Orientation.Vertical), QSplitter(Qt.Orientation.Horizontal)
        self._logged = Panel("决定与记录")
        self._shared_out = False
        self._lay_out()
        self._connect()
        self._on_theme()
        self.refresh()

    def _lay_out(self) -> None:
        self._head.setProperty("role", "surface")
        self._head.setLayout(self._head_row)
        self.clock.setProperty("tone", Tone.OVERDUE.value)
        for part in (self.title, self.where):
            self._head_row.addWidget(part)
        self._head_row.addStretch(1)
        for part in (self.clock, self.open_it, self.end_it):
            self._head_row.addWidget(part)
        self.end_it.setProperty("kind", "danger")
        self.words.setMaxLength(LONGEST)
        self._logged.body.addWidget(self.log, 1)
        self._logged.body.addWidget(self.words)
        self.teams.set_corner(self.call)
        self.call.setProperty("kind", "chip")
        for part in (self.map, self.slots):
            self._left.addWidget(part)
        right = QSplitter(Qt.Orientation.Vertical)
        for part in (self.teams, self._logged):
            right.addWidget(part)
        right.setStretchFactor(1, 1)
        for part in (self._left, right):
            self._columns.addWidget(part)
        for splitter in (self._left, right, self._columns):
            splitter.setProperty("role", "gap")
            splitter.setChildrenCollapsible(False)
        running, column = QWidget(), QVBoxLayout()
        running.setLayout(column)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._head)
        column.addWidget(self._columns, 1)
        self._running, self._column = running, column
        for page in (self.past, running, self.problem):
            self._pages.addWidget(page)
        outer = QVBoxLayout(self)
        outer.addWidget(self._pages)
        self._outer = outer

    def _connect(self) -> None:
        self.live.changed.connect(self.refresh)
        self.live.ended.connect(lambda _: self.past.reload())
        self.place.words_changed.connect(self.refresh)
        self.place.live.state_changed.connect(self._show_rights)
        self.problem.action_triggered.connect(self.live.reload)
        self.open_it.clicked.connect(self._open)
        self.call.clicked.connect(self.call_team)
        self.end_it.clicked.connect(self.ask_end)
        self.words.returnPressed.connect(self._send_words)
        self.teams.team_wanted.connect(self._move_team)
        theme_events().changed.connect(self._on_theme)
        self.live.ticked.connect(self._tick)
        for key, deed in (("Ctrl+D", self.ask_decision), ("Ctrl+G", self.call_team), ("Ctrl+Shift+X", self.ask_end),
                          ("Home", self.map.centre)):
            shortcut = QShortcut(QKeySequence(key), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(deed)
        cancel = QShortcut(QKeySequence("Esc"), self.words)
        cancel.setContext(Qt.ShortcutContext.WidgetShortcut)
        cancel.activated.connect(self._cancel)

    # ------------------------------------------------------------ what the shell asks
    @property
    def complete(self) -> bool:
        """Everything that it shows at first has been read."""
        if self.event is None:
            return self.live.ready and self.past.ready
        return self.map.complete

    def take_keyboard(self) -> None:
        """The line for decisions, where somebody may decide."""
        if not self.past.ready:
            self.past.reload()
        (self.words if self.words.isVisible() else self.map.canvas).setFocus()

    def leave_keyboard(self) -> None:
        """Nobody here asked for it: keys go where they write nothing."""
        self.map.canvas.setFocus()

    def keep_drafts(self) -> None:
        """The window closes: end every look."""
        self.slots.shut()

    @property
    def event(self) -> Emergency | None:
        """The one shown."""
        return self.live.current

    # ------------------------------------------------------------ showing
    def refresh(self) -> None:
        """As it is now."""
        event, words = self.event, self.place.words
        if not self.live.ready and self.live.error is not None:
            self.problem.set_state(TableState(StateKind.ERROR, "应急读取失败", self.live.error.message, "重试"))
        known = self.live.ready or self.live.error is None
        self._pages.setCurrentWidget(self.problem if not known else self._running if event else self.past)
        self.map.show_event(event)
        self.slots.show_event(event)
        if event is None:
            self._ending = False
            if self.live.ready and not self.past.ready:
                self.past.reload()
            return
        self.title.setText(f"应急 · {title_of(event, words)}")
        self.where.setText(f"{place_of(event, words)}　{words.clock_time(event.began_at)} 启动")
        self.log.set_entries(log_entries(self.live.log, words))
        self._logged.set_title("决定与记录", f"{len(self.live.log):,} 条")
        self._show_rights()
        self._tick()

    def _show_rights(self) -> None:
        event, roles = self.event, self.place.roles
        leads = bool(LEADERS & roles)
        about = "" if event is None else "打开案件" if event.case_id else "打开吹哨" if event.summons_id else ""
        self.open_it.setText(about)
        self.open_it.setVisible(bool(about))
        self.end_it.setVisible("supervisor" in roles)
        self.words.setVisible(leads)
        self.call.setVisible(leads)
        self.words.setPlaceholderText(_END if self._ending else _DECIDE)
        self.words.setAccessibleName("结束的情况" if self._ending else "决定")
        for part in (self.end_it, self.call, self.words):
            part.setEnabled(self.place.live.online)
            part.setToolTip("" if self.place.live.online else OFFLINE)

    def _tick(self) -> None:
        if self.event is not None:
            self.clock.setText(since_words(self.event.began_at, self.live.now()))

    # ------------------------------------------------------------ verbs
    def ask_decision(self) -> None:
        """The line for a decision."""
        self._cancel()
        self.words.setFocus()

    def ask_end(self) -> None:
        """The same line asks how it ended; Enter ends it."""
        if self.event is not None and "supervisor" in self.place.roles:
            self._ending = True
            self._show_rights()
            self.words.setFocus()

    def call_team(self) -> None:
        """Choose a unit; it stands among the teams as called."""
        if self.event is not None and LEADERS & self.place.roles and self.picker is None:
            self.place.backend.start(self._open_picker(), self)

    async def _open_picker(self) -> None:
        from ui.forms.picker import Picker
        from ui.forms.unit_options import UnitOptions

        options = UnitOptions(await self.place.form_context(), None, "any")
        picker = Picker(options, options.title, "单位名称或拼音首字母，回车调派")
        picker.set_label("调派队伍")
        picker.changed.connect(lambda: self._on_picked(picker))
        leave = QShortcut(QKeySequence("Esc"), picker)
        leave.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        leave.activated.connect(self._close_picker)
        self.picker = picker
        self.teams.body.addWidget(picker)
        picker.setFocus()

    def _on_picked(self, picker: Any) -> None:
        if isinstance(unit := picker.value(), int):
            self._close_picker()
            self._move_team(unit, "called")

    def _close_picker(self) -> None:
        if self.picker is not None:
            picker, self.picker = self.picker, None
            picker.deleteLater()
            self.take_keyboard()

    def decide(self, said: str) -> None:
        """Write a decision down."""
        if self.event is not None:
            self._do(self.live.decide(self.event.id, said), "decide", said)

    def end(self, said: str) -> None:
        """It is over."""
        if self.event is not None:
            self._do(self.live.end(self.event.id, said), "end", said)

    def _move_team(self, unit: int, state: str) -> None:
        if self.event is not None:
            self._do(self.live.team(self.event.id, unit, state), "team")

    def _send_words(self) -> None:
        said = self.words.text().strip()
        if self._ending:
            self.end(said)
        elif said:
            self.decide(said)

    def _cancel(self) -> None:
        self._ending = False
        self._show_rights()

    def _do(self, deed: Coroutine[Any, Any, None], key: str, said: str = "") -> None:
        self.place.backend.start(self._carry_out(deed, key, said), self)

    async def _carry_out(self, deed: Coroutine[Any, Any, None], key: str, said: str) -> None:
        """What was typed stays until it is written down."""
        try:
            await deed
        except DomainError as error:
            self.place.notices.say(("emergency", key), "没有记下" if key != "end" else "没有结束", Tone.OVERDUE,
                                   error.message)
            return
        if said == self.words.text().strip():
            self.words.clear()
        self._cancel()

    def _open(self) -> None:
        event = self.event
        if event is not None and event.case_id is not None:
            self.case_wanted.emit(event.case_id)
        elif event is not None and event.summons_id is not None:
            self.matter_wanted.emit("summons", event.summons_id)

    # ------------------------------------------------------------ looks
    def showEvent(self, event: Any) -> None:
        """Shares are set once the real size is known; afterwards they are the user's."""
        super().showEvent(event)
        if not self._shared_out:
            self._shared_out = True
            self._columns.setSizes([round(self.width() * share) for share in _SHARES])
            self._left.setSizes([round(self.height() * 0.6), round(self.height() * 0.4)])

    def _on_theme(self) -> None:
        sizes = current_theme().sizes
        self._outer.setContentsMargins(sizes.gap, sizes.gap, sizes.gap, sizes.gap)
        self._column.setSpacing(sizes.gap)
        self._head_row.setContentsMargins(sizes.pad, sizes.pad_small, sizes.pad, sizes.pad_small)
        self._head_row.setSpacing(sizes.pad)
