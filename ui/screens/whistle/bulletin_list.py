"""The month's 通报 as a list: read while somebody looks, filtered by the figures under the scores."""

from __future__ import annotations

import asyncio

from PySide6.QtCore import QPoint, QTimer, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMenu, QVBoxLayout, QWidget

from commandcenter.domain.errors import DomainError
from commandcenter.domain.joint import BULLETIN_LABELS, Bulletin
from ui.models.joint_bulletins import bulletin_columns, bulletin_table, filters, fitting
from ui.models.joint_scores import RECTIFYING, Month
from ui.models.report_words import source_line
from ui.screens.whistle.tools import JointTools
from ui.screens.workplace import Workplace
from widgets.live_table import KeyedTableModel, LiveTableView, StateKind, TableState

_SETTLE_MS = 800  # as the scores: what publishes one often publishes several
_DAY_S = 86_400.0
_TASK_COLUMNS = frozenset({"due", "left"})
_LOADING = TableState(StateKind.LOADING, "正在读取通报…")
_CUT_OFF = TableState(StateKind.DISCONNECTED, "与服务器的连接已断开", "正在自动重连，恢复后自动更新")


class BulletinList(QWidget):
    """summons_wanted(id), task_wanted(id): one of a row was chosen; behind_wanted(key): the whistles of a figure;
    told(): `heading` or what is listed is another."""

    summons_wanted = Signal(object)
    task_wanted = Signal(object)
    behind_wanted = Signal(str)
    told = Signal()

    def __init__(self, place: Workplace, tools: JointTools, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._place, self._tools = place, tools
        self.table = LiveTableView()
        self.month: Month | None = None
        self.key: str | None = None
        self.ready, self.error = False, None
        self._rows: list[Bulletin] = []
        self._task: asyncio.Task[None] | None = None
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(_SETTLE_MS)
        self._build()
        self._new_table()
        self._connect()

    def _build(self) -> None:
        self.table.setProperty("role", "panel")
        self.table.setAccessibleName("通报")
        self.table.setDragEnabled(False)
        self.table.set_clock(self._place.live.clock.now)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.table)
        self.setFocusProxy(self.table)

    def _connect(self) -> None:
        self._soon.timeout.connect(self.reload)
        self.table.activated_key.connect(self._open)
        self.table.cell_clicked.connect(self._on_clicked)
        self.table.context_menu_requested.connect(self._show_menu)
        self.table.state_action.connect(self._on_state_action)
        self._tools.changed.connect(self._new_table)
        self._place.joint.changed.connect(self._on_live)
        self._place.joint.loaded.connect(self._soon.start)
        self._place.live.state_changed.connect(self._on_state)

    # ------------------------------------------------------------ what the pane asks
    def show_month(self, month: Month, key: str | None) -> None:
        """Those of a month; of a kind or still being put right where a key says so."""
        same = self.month == month and (self.key == RECTIFYING) == (key == RECTIFYING)
        self.month, self.key = month, key
        if not same:
            self._rows, self.ready = [], False
        self._show()
        self.reload()

    def leave(self) -> None:
        """Nobody looks: nothing more is asked."""
        self._stop()
        self.month = None

    def reload(self) -> None:
        """Read them now."""
        self._stop()
        if self.month is not None:
            self._task = self._place.backend.start(self._read(self.month, self.key), self)

    def listed(self) -> list[Bulletin]:
        """What is shown, in its order."""
        model = self.table.model()
        return [model.row_at(row) for row in range(model.rowCount())]

    def heading(self) -> tuple[str, str]:
        """What is shown, and how much of it."""
        word = dict(filters()).get(self.key or "")
        found = fitting(self._rows, self.key)
        back = sum(row.revoked_at is not None for row in found)
        when = "至今" if self.key == RECTIFYING else self.month.label if self.month else ""
        parts = [when, f"{len(found):,} 条" if self.ready else "", f"撤销 {back:,}" if back else ""]
        if self.ready and (state := self._place.reports.state) is not None:
            parts.append(source_line(state, self._place.words))
        return f"通报 · {word}" if word else "通报", " · ".join(part for part in parts if part)

    def named_table(self) -> tuple[str, list[list[object]]]:
        """For a file."""
        now = self._place.live.clock.now()
        title = " ".join(part for part in ("通报", self.month.label if self.month else "",
                                           dict(filters()).get(self.key or "", "")) if part)
        return title, bulletin_table(self.listed(), self._tools.words, self._place.work_time, now)

    # ------------------------------------------------------------ reading
    def _stop(self) -> None:
        self._soon.stop()
        if self._task is not None:
            self._task.cancel()
            self._task = None

    async def _read(self, month: Month, key: str | None) -> None:
        queries = self._place.backend.session.joint_queries
        since, until = month.since, month.until
        if key == RECTIFYING:  # what is still to be put right is counted whatever its month
            since, until = 0.0, self._place.live.clock.now() + _DAY_S
        try:
            self._rows = await self._place.backend.ask(lambda _: queries.bulletins(since, until))
            self.ready, self.error = True, None
        except DomainError as error:
            self.error = error
        self._show()

    def _on_live(self, change: object) -> None:
        """One more makes a task; its task or its whistle moves."""
        shown = {row.summons_id for row in self._rows}
        if self.month is not None and (change.tasks or change.removed or any(r.id in shown for r in change.summons)):
            self._soon.start()

    def _on_state(self) -> None:
        if self.month is not None and self.error is not None and self._place.live.online:
            self._soon.start()
        self.table.set_state(self._state())

    # ------------------------------------------------------------ showing
    def _new_table(self) -> None:
        before = self.table.model()
        columns = bulletin_columns(self._tools.words, self._place.work_time, self._place.live.clock.now, self._title)
        model = KeyedTableModel(columns, lambda row: row.id, parent=self.table)
        model.sort_by("at", descending=True)
        self.table.setModel(model)
        if before is not None:
            before.deleteLater()
        self._show()

    def _title(self, row: Bulletin) -> str:
        summons = self._place.joint.summons.get(row.summons_id)
        return summons.title if summons is not None else ""

    def _show(self) -> None:
        found = fitting(self._rows, self.key)
        wanted = {row.id for row in found}
        model = self.table.model()
        model.apply(found, [key for key in model.keys() if key not in wanted])  # noqa: SIM118
        self.table.set_state(self._state())
        self.told.emit()

    def _state(self) -> TableState | None:
        if self.error is not None:
            if self._place.live.state.kind == "disconnected":
                return _CUT_OFF
            return TableState(StateKind.ERROR, "通报读取失败", self.error.message, "再读一次")
        if not self.ready:
            return _LOADING
        return None if self.table.model().rowCount() else self._nothing()

    def _nothing(self) -> TableState:
        if self.key == RECTIFYING:
            return TableState(StateKind.EMPTY, "没有整改中的通报", "整改销号后离开这里")
        when, word = self.month.label if self.month else "", BULLETIN_LABELS.get(self.key or "", "")
        if word:
            hint = "计入考评的吹哨不一定作了通报"
            return TableState(StateKind.EMPTY, f"{when} 没有{word}的通报", hint, f"看{word}的吹哨")
        return TableState(StateKind.EMPTY, f"{when} 没有通报", "未响应、迟响应、未报到、到场不作为的通报会出现在这里")

    # ------------------------------------------------------------ the hand
    def _on_state_action(self) -> None:
        if self.error is None and self.key is not None:
            self.behind_wanted.emit(self.key)
        else:
            self.reload()

    def _open(self, key: object) -> None:
        """Enter: the whistle; where what is to be put right is listed, the rectification."""
        self._go(key, self.key == RECTIFYING)

    def _on_clicked(self, key: object, column: str) -> None:
        self._go(key, column in _TASK_COLUMNS or self.key == RECTIFYING)

    def _go(self, key: object, to_task: bool) -> None:
        row = self.table.model().value(key)
        if row is not None and to_task and row.task_state is not None:
            self.task_wanted.emit(row.task_id)
        elif row is not None:
            self.summons_wanted.emit(row.summons_id)

    def _show_menu(self, key: object, where: QPoint) -> None:
        row = self.table.model().value(key)
        if row is not None:
            self.menu_of(row).popup(where)

    def menu_of(self, row: Bulletin) -> QMenu:
        """Both that it leads to, and its number to copy."""
        menu = QMenu(self)
        menu.aboutToHide.connect(menu.deleteLater)
        kind = "令" if row.summons_no.startswith("LH") else "吹哨"
        menu.addAction(f"打开{kind} {row.summons_no}").triggered.connect(lambda: self._go(row.id, False))
        if row.task_state is not None:
            menu.addAction("打开整改").triggered.connect(lambda: self._go(row.id, True))
        menu.addSeparator()
        menu.addAction(f"复制编号 {row.no}").triggered.connect(lambda: QGuiApplication.clipboard().setText(row.no))
        return menu
