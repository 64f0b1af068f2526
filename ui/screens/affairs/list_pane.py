"""The lists at the left: meetings, tasks and rectifications, the ledger; one is shown at a time."""

from __future__ import annotations

from collections import Counter
from typing import Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from commandcenter.domain.joint import MeetingRow
from ui.models.affair_columns import LedgerEntry, ledger_columns, ledger_entries, meeting_columns, task_columns
from ui.screens.affairs.ledger_cases import LedgerCases
from ui.screens.whistle.tools import JointTools
from ui.screens.workplace import Workplace
from widgets.live_table import KeyedTableModel, LiveTableView, StateKind, TableState
from widgets.panel import Panel
from widgets.styling import set_property
from widgets.theme import current_theme, theme_events

MEETINGS, TASKS, LEDGER = "meetings", "tasks", "ledger"
TABS = {MEETINGS: "会商", TASKS: "交办与整改", LEDGER: "挂账"}
_EMPTY = {
    MEETINGS: TableState(StateKind.EMPTY, "没有进行中的会商", "召集的会商和邀请本单位的会商会出现在这里"),
    TASKS: TableState(StateKind.EMPTY, "没有未销号的交办事项", "会商交办、领导批办和整改会出现在这里"),
    LEDGER: TableState(StateKind.EMPTY, "台账上没有案件", "强制结案和督办的案件会挂在这里，销账后离开"),
}
_ORDER = {MEETINGS: "at", TASKS: "left", LEDGER: "since"}
_REDRAW_MS = 100


class AffairLists(Panel):
    """opened(MeetingRow | TaskRow | LedgerEntry); tab_changed(); selection_changed()."""

    opened = Signal(object)
    tab_changed = Signal()
    selection_changed = Signal()

    def __init__(self, place: Workplace, tools: JointTools, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self.setProperty("role", "surface")
        self._place, self._tools = place, tools
        self._cases = LedgerCases(place, self)
        self.showing = MEETINGS
        self.table = LiveTableView()
        self.tabs = {name: QPushButton(title) for name, title in TABS.items()}
        self._later = QTimer(self)
        self._tasks_of: Counter[int] = Counter()
        self._build()
        self._connect()
        self._renew()

    def _build(self) -> None:
        box = QWidget()
        self._row = QHBoxLayout(box)
        self._row.setContentsMargins(0, 0, 0, 0)
        for number, (name, button) in enumerate(self.tabs.items(), 1):
            button.setProperty("kind", "chip")
            button.setToolTip(f"Ctrl+{number}")
            button.clicked.connect(lambda _=False, chosen=name: self.show_tab(chosen))
            self._row.addWidget(button)
        self._row.addStretch(1)
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
        self.table.clicked.connect(lambda index: self._open(self.table.model().key_at(index.row())))
        self.table.selection_changed.connect(lambda _: self.selection_changed.emit())
        self.table.state_action.connect(self._place.live.resync)
        for signal in (self._place.joint.changed, self._place.joint.loaded, self._place.joint.state_changed,
                       self._place.live.state_changed, self._cases.changed):
            signal.connect(self._later.start)
        self._tools.changed.connect(self._renew)

    # ------------------------------------------------------------ what the screen asks
    def show_tab(self, name: str) -> None:
        """One of the three lists."""
        if name != self.showing:
            self.showing = name
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
        if self.showing == MEETINGS:
            return list(picture.meetings.values())
        return list(picture.tasks.values()) if self.showing == TASKS else self.ledger()

    def ledger(self) -> list[LedgerEntry]:
        """What stands on the ledger."""
        return ledger_entries(self._cases.rows.values(), self._place.joint.summons.values())

    def refresh(self) -> None:
        """What is new, and what is gone."""
        rows, model = self.rows(), self.table.model()
        picture = self._place.joint.picture
        self._tasks_of = Counter(task.meeting_id for task in picture.tasks.values() if task.meeting_id is not None)
        keys = {_key(row) for row in rows}
        model.apply([row for row in rows if model.value(_key(row)) != row],
                    [key for key in model.keys() if key not in keys])  # noqa: SIM118
        self.table.set_state(self.state_now())
        counts = {MEETINGS: len(picture.meetings), TASKS: len(picture.tasks), LEDGER: len(self.ledger())}
        for name, button in self.tabs.items():
            button.setText(f"{TABS[name]} {counts[name]:,}")
            set_property(button, "active", name == self.showing)
        self.set_title(TABS[self.showing], f"{len(rows):,} 项")

    def state_now(self) -> TableState | None:
        """Empty, loading, error, disconnected; None while the rows say it all."""
        live, joint, rows = self._place.live, self._place.joint, self.rows()
        if live.state.kind == "disconnected" and not rows:
            return TableState(StateKind.DISCONNECTED, "与服务器的连接已断开", "正在自动重连，恢复后自动更新")
        if joint.error is not None and not joint.ready:
            return TableState(StateKind.ERROR, "没有读到", joint.error.message, "重试")
        if not joint.ready:
            return TableState(StateKind.LOADING, "正在读取…")
        return None if rows else _EMPTY[self.showing]

    # ------------------------------------------------------------ inside
    def _renew(self) -> None:
        words, old = self._tools.words, self.table.model()
        columns = {
            MEETINGS: lambda: meeting_columns(words, lambda row: self._tasks_of[row.id]),
            TASKS: lambda: task_columns(words, self._place.work_time),
            LEDGER: lambda: ledger_columns(words),
        }[self.showing]()
        model = KeyedTableModel(columns, _key, parent=self)
        model.sort_by(_ORDER[self.showing])
        self.table.setModel(model)
        if old is not None:
            old.deleteLater()
        self.refresh()

    def _open(self, key: object) -> None:
        found = self.table.model().value(key)
        if found is not None:
            self.opened.emit(found)

    def _make_room(self) -> None:
        sizes = current_theme().sizes
        self.body.setContentsMargins(0, 0, 0, 0)
        self._strip.setContentsMargins(sizes.pad, sizes.pad_small, sizes.pad, sizes.pad_small)
        self._row.setSpacing(sizes.pad_small)


def _key(row: Any) -> int:
    return row.key if isinstance(row, LedgerEntry) else row.id


def tab_of(row: Any) -> str:
    """The list in which something stands."""
    if isinstance(row, LedgerEntry):
        return LEDGER
    return MEETINGS if isinstance(row, MeetingRow) else TASKS
