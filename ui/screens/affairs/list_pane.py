"""The lists at the left: meetings, tasks and rectifications, the ledger, rulings; one is shown at a time."""

from __future__ import annotations

from collections import Counter
from typing import Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from commandcenter.domain.joint import MEETING, TASK, MeetingRow
from commandcenter.domain.rulings import Ruling
from ui.models.affair_columns import LedgerEntry, ledger_columns, ledger_entries, meeting_columns, task_columns
from ui.models.ruling_columns import ruling_columns
from ui.screens.affairs.closed_list import ClosedAffairs
from ui.screens.affairs.export import AffairExport
from ui.screens.affairs.ledger_cases import LedgerCases
from ui.screens.affairs.ledger_whistles import LedgerWhistles
from ui.screens.affairs.rulings import Rulings
from ui.screens.whistle.tools import JointTools
from ui.screens.workplace import Workplace
from widgets.live_table import KeyedTableModel, LiveTableView, StateKind, TableState
from widgets.panel import Panel
from widgets.styling import set_property
from widgets.theme import current_theme, theme_events

MEETINGS, TASKS, LEDGER, RULINGS = "meetings", "tasks", "ledger", "rulings"
TABS = {MEETINGS: "会商", TASKS: "交办与整改", LEDGER: "挂账", RULINGS: "定责记录"}
KEYS = {MEETINGS: "Ctrl+1", TASKS: "Ctrl+2", LEDGER: "Ctrl+3", RULINGS: "Ctrl+5"}
_EMPTY = {
    MEETINGS: TableState(StateKind.EMPTY, "没有进行中的会商", "召集的会商和邀请本单位的会商会出现在这里"),
    TASKS: TableState(StateKind.EMPTY, "没有未销号的交办事项", "会商交办、领导批办和整改会出现在这里"),
    LEDGER: TableState(StateKind.EMPTY, "台账上没有案件", "强制结案和督办的案件会挂在这里，销账后离开"),
    RULINGS: TableState(StateKind.EMPTY, "近期没有疑难定责", "值班长定责的案件会列在这里；更早的可往前查看"),
}
_NONE_OVER = {
    MEETINGS: TableState(StateKind.EMPTY, "还没有办结的会商", "办结或取消的会商可在这里查看"),
    TASKS: TableState(StateKind.EMPTY, "还没有办结的交办事项", "销号或取消的事项可在这里查看"),
}
_OVER = "已办结"
_ENTITY = {MEETINGS: MEETING, TASKS: TASK}
_ORDER = {MEETINGS: "at", TASKS: "left", LEDGER: "since", RULINGS: "at"}
_REDRAW_MS = 100


class AffairLists(Panel):
    """opened(MeetingRow | TaskRow | LedgerEntry); case_wanted(case id); tab_changed(); selection_changed()."""

    opened = Signal(object)
    case_wanted = Signal(object)
    tab_changed = Signal()
    selection_changed = Signal()

    def __init__(self, place: Workplace, tools: JointTools, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self.setProperty("role", "surface")
        self._place, self._tools = place, tools
        self._cases, self._whistles = LedgerCases(place, self), LedgerWhistles(place, self)
        self.closed, self.rulings = ClosedAffairs(place, self), Rulings(place, self)
        self.export = AffairExport(place, tools, self._named_rows, self)
        self.showing, self.over = MEETINGS, False
        self.table = LiveTableView()
        self.tabs = {name: QPushButton(title) for name, title in TABS.items()}
        self.over_button, self.older = QPushButton(_OVER), QPushButton("更早的")
        self.export_button = QPushButton("导出")
        self._later = QTimer(self)
        self._tasks_of: Counter[int] = Counter()
        self._build()
        self._connect()
        self._renew()

    def _build(self) -> None:
        box = QWidget()
        self._row = QHBoxLayout(box)
        self._row.setContentsMargins(0, 0, 0, 0)
        for name, button in self.tabs.items():
            button.setProperty("kind", "chip")
            button.setToolTip(KEYS[name])
            button.clicked.connect(lambda _=False, chosen=name: self.show_tab(chosen))
            self._row.addWidget(button)
        self._row.addStretch(1)
        for button, tip in ((self.older, "再读一页，滚动到底也会读"), (self.over_button, "Ctrl+4"),
                            (self.export_button, "把列出的事项存为 CSV 文件")):
            button.setProperty("kind", "chip")
            button.setToolTip(tip)
            self._row.addWidget(button)
        self._strip = QVBoxLayout()
        self._strip.addWidget(box)
        self.body.addLayout(self._strip)
        self.body.addWidget(self.table, 1)
        self.table.set_clock(self._place.live.clock.now)
        self.table.setDragEnabled(False)
        self.table.setProperty("role", "panel")
        self._later.setSingleShot(True)
        self._later.setInterval(_REDRAW_MS)
        theme_events().changed.connect(self._make_room)
        self._make_room()

    def _connect(self) -> None:
        self._later.timeout.connect(self.refresh)
        self.table.activated_key.connect(self._open)
        self.table.clicked.connect(lambda index: self._click(self.table.model().key_at(index.row())))
        self.table.selection_changed.connect(lambda _: self.selection_changed.emit())
        self.table.state_action.connect(self._try_again)
        self.table.verticalScrollBar().valueChanged.connect(self._on_scrolled)
        self.over_button.clicked.connect(self.toggle_over)
        self.older.clicked.connect(lambda: self._pages.more())
        self.export_button.clicked.connect(self.export.ask_file)
        for signal in (self._place.joint.changed, self._place.joint.loaded, self._place.joint.state_changed,
                       self._place.live.state_changed, self._cases.changed, self._whistles.changed,
                       self.closed.changed, self.rulings.changed):
            signal.connect(self._later.start)
        self._tools.changed.connect(self._renew)

    # ------------------------------------------------------------ what the screen asks
    def show_tab(self, name: str) -> None:
        """One of the lists, of what is under way."""
        self._show(name, False)

    def toggle_over(self) -> None:
        """已办结 of this list, or back to what is under way; ledger and rulings have none."""
        if self.showing in _ENTITY:
            self._show(self.showing, not self.over)

    def _show(self, name: str, over: bool) -> None:
        if (name, over) != (self.showing, self.over):
            self.showing, self.over = name, over
            self.closed.show(_ENTITY[name] if over else "")
            self.rulings.watch(name == RULINGS)
            self._renew()
            self.tab_changed.emit()
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def current(self) -> Any:
        """What the keyboard stands on."""
        key = self.table.current_key()
        return None if key is None else self.table.model().value(key)

    def chosen(self) -> list[LedgerEntry]:
        """Entries of the ledger that are selected."""
        model = self.table.model()
        found = (model.value(key) for key in self.table.selected_keys())
        return [entry for entry in found if isinstance(entry, LedgerEntry)]

    def rows(self) -> list[Any]:
        """What the list shows, unsorted."""
        picture = self._place.joint.picture
        if self.over or self.showing == RULINGS:
            return list(self._pages.rows)
        if self.showing == MEETINGS:
            return list(picture.meetings.values())
        return list(picture.tasks.values()) if self.showing == TASKS else self.ledger()

    def ledger(self) -> list[LedgerEntry]:
        """What stands on the ledger."""
        return ledger_entries(self._cases.rows.values(), [*self._place.joint.summons.values(), *self._whistles.rows])

    def refresh(self) -> None:
        """What is new, and what is gone."""
        self._whistles.follow(self._cases.rows)
        rows, model = self.rows(), self.table.model()
        picture = self._place.joint.picture
        self._tasks_of = Counter(task.meeting_id for task in picture.tasks.values() if task.meeting_id is not None)
        keys = {_key(row) for row in rows}
        model.apply([row for row in rows if model.value(_key(row)) != row],
                    [key for key in model.keys() if key not in keys])  # noqa: SIM118
        self.table.set_state(self.state_now())
        counts = {MEETINGS: len(picture.meetings), TASKS: len(picture.tasks), LEDGER: len(self.ledger())}
        for name, button in self.tabs.items():
            button.setText(f"{TABS[name]} {counts[name]:,}" if name in counts else TABS[name])
            set_property(button, "active", name == self.showing)
        set_property(self.over_button, "active", self.over)
        self.over_button.setVisible(self.showing in _ENTITY)
        self.older.setVisible((self.over or self.showing == RULINGS) and self._pages.has_more)
        self.older.setEnabled(not self._pages.busy)
        self.export_button.setVisible(self.showing in (TASKS, RULINGS))
        self.export_button.setEnabled(bool(rows))
        self.set_title(*self._heading(len(rows)))

    def state_now(self) -> TableState | None:
        """Empty, loading, error, disconnected; None while the rows say it all."""
        live, joint, rows = self._place.live, self._place.joint, self.rows()
        if live.state.kind == "disconnected" and not rows:
            return TableState(StateKind.DISCONNECTED, "与服务器的连接已断开", "正在自动重连，恢复后自动更新")
        if self.over or self.showing == RULINGS:
            return self._state_read()
        if joint.error is not None and not joint.ready:
            return TableState(StateKind.ERROR, "没有读到", joint.error.message, "重试")
        if not joint.ready:
            return TableState(StateKind.LOADING, "正在读取…")
        return None if rows else _EMPTY[self.showing]

    @property
    def _pages(self) -> ClosedAffairs | Rulings:
        """What is read only while somebody looks."""
        return self.rulings if self.showing == RULINGS else self.closed

    def _state_read(self) -> TableState | None:
        read = self._pages
        if read.rows:
            return None
        if read.error is not None:
            return TableState(StateKind.ERROR, "没有读到", read.error.message, "再读一次")
        empty = _NONE_OVER[self.showing] if self.over else _EMPTY[self.showing]
        return TableState(StateKind.LOADING, "正在读取…") if read.busy else empty

    # ------------------------------------------------------------ inside
    def _heading(self, count: int) -> tuple[str, str]:
        if self.showing == RULINGS:
            return TABS[RULINGS], f"近 {self.rulings.days:,} 天 {count:,} 件"
        if not self.over:
            return TABS[self.showing], f"{count:,} 项"
        failed = f" · 没有读到更多：{self.closed.error.message}" if self.closed.error is not None and count else ""
        return f"{TABS[self.showing]} · {_OVER}", f"{'最近 ' if self.closed.has_more else ''}{count:,} 项{failed}"

    def _named_rows(self) -> tuple[str, list[Any]]:
        model = self.table.model()
        return self._heading(0)[0].replace(" · ", ""), [model.value(key) for key in model.keys()]  # noqa: SIM118

    def _try_again(self) -> None:
        if self.over or self.showing == RULINGS:
            self._pages.reload()
        else:
            self._place.live.resync()

    def _on_scrolled(self, value: int) -> None:
        """The end of the list asks for what is older."""
        if self.over and 0 < value == self.table.verticalScrollBar().maximum() and self.closed.error is None:
            self.closed.more()

    def _renew(self) -> None:
        words, old = self._tools.words, self.table.model()
        columns = {
            MEETINGS: lambda: meeting_columns(words, lambda row: self._tasks_of[row.id], self.over),
            TASKS: lambda: task_columns(words, self._place.work_time, self._place.live.clock.now, self.over),
            LEDGER: lambda: ledger_columns(words), RULINGS: lambda: ruling_columns(words),
        }[self.showing]()
        model = KeyedTableModel(columns, _key, parent=self)
        newest = self.over or self.showing == RULINGS
        model.sort_by("closed" if self.over else _ORDER[self.showing], descending=newest)
        self.table.setModel(model)
        if old is not None:
            old.deleteLater()
        self.refresh()

    def _click(self, key: object) -> None:
        """A click shows what stands at the right; a ruling's case is elsewhere and wants Enter or a double click."""
        if self.showing != RULINGS:
            self._open(key)

    def _open(self, key: object) -> None:
        found = self.table.model().value(key)
        if isinstance(found, Ruling):
            self.case_wanted.emit(found.case_id)
        elif found is not None:
            self.opened.emit(found)

    def _make_room(self) -> None:
        sizes = current_theme().sizes
        self.body.setContentsMargins(0, 0, 0, 0)
        self._strip.setContentsMargins(sizes.pad, sizes.pad_small, sizes.pad, sizes.pad_small)
        self._row.setSpacing(sizes.pad_small)


def _key(row: Any) -> Any:
    return row.key if isinstance(row, LedgerEntry | Ruling) else row.id


def tab_of(row: Any) -> str:
    """The list in which something stands."""
    if isinstance(row, LedgerEntry):
        return LEDGER
    return MEETINGS if isinstance(row, MeetingRow) else TASKS
