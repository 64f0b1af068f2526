"""The list at the lower left: what waits for me; or the whistles behind a figure; those that are over; the 通报."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from time import thread_time

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from commandcenter.domain.errors import DomainError
from ui.models.joint_bulletins import filters
from ui.models.joint_list import Entry, WaitingSteps, due_of, entry_columns, figure_entries
from ui.models.joint_scores import Month
from ui.screens.whistle.behind import Behind, question
from ui.screens.whistle.bulletin_list import BulletinList
from ui.screens.whistle.exporting import TableExport
from ui.screens.whistle.tools import JointTools
from ui.screens.workplace import Workplace
from widgets.filter_chip import FilterChip
from widgets.live_table import KeyedTableModel, LiveTableView, StateKind, TableState
from widgets.panel import Panel
from widgets.styling import set_property

_PAGE = 200
_REDRAW_MS = 100
_SLICE_S = 0.004  # of one turn of the loop, by this thread's own time
_LOADING = TableState(StateKind.LOADING, "正在读取…")
_MINE, _OVER, _BULLETINS = "待我办理", "已归档", "通报"
_NOTHING = {
    _MINE: TableState(StateKind.EMPTY, "没有等您办的事项", "新的会出现在这里，并在提醒中告知"),
    _OVER: TableState(StateKind.EMPTY, "还没有归档的", "核验归档后可在这里查看"),
}


class ListPane(Panel):
    """opened(SummonsRow, party no or None); summons_wanted(id), task_wanted(id): what a 通报 leads to;
    bulletins_wanted(): those of the month that the scores show."""

    opened = Signal(object, object)
    summons_wanted = Signal(object)
    task_wanted = Signal(object)
    bulletins_wanted = Signal()

    def __init__(self, place: Workplace, tools: JointTools, kind: str, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self.setProperty("role", "surface")
        self._place, self._tools, self._kind = place, tools, kind
        self._behind: Behind | None = None
        self._steps = WaitingSteps(place.person)
        self.showing = _MINE
        self.table, self.bulletins = LiveTableView(), BulletinList(place, tools)
        self.mine, self.over, self.older = QPushButton(_MINE), QPushButton(_OVER), QPushButton("更早的")
        self.published, self.fault = QPushButton(_BULLETINS), FilterChip("类别")
        self.export = TableExport(place, self.bulletins.named_table, self)
        self.export_button = self.export.button("导出通报")
        self._pages, self._stale = 1, False
        self._soon, self._later = QTimer(self), QTimer(self)
        self._build()
        self._connect()
        self.show_mine()

    def _build(self) -> None:
        corner = QWidget()
        row = QHBoxLayout(corner)
        row.setContentsMargins(0, 0, 0, 0)
        for button, tip in ((self.older, ""), (self.fault, "只看一类通报"), (self.export_button, "存为文件"),
                            (self.mine, "Ctrl+1"), (self.over, "Ctrl+2"), (self.published, "Ctrl+3")):
            button.setProperty("kind", "chip")
            button.setToolTip(tip)
            row.addWidget(button)
        self.set_corner(corner)
        self.fault.set_options(filters())
        self.body.setContentsMargins(0, 0, 0, 0)
        self.body.addWidget(self.table)
        self.body.addWidget(self.bulletins)
        self.table.set_clock(self._place.live.clock.now)
        self.table.setDragEnabled(False)
        self.table.setProperty("role", "panel")
        for timer, pause in ((self._soon, 0), (self._later, _REDRAW_MS)):
            timer.setSingleShot(True)
            timer.setInterval(pause)

    def _connect(self) -> None:
        self.mine.clicked.connect(self.show_mine)
        self.over.clicked.connect(self.show_over)
        self.older.clicked.connect(self.show_older)
        self.published.clicked.connect(self.bulletins_wanted)
        self.fault.selected.connect(self._on_fault)
        for timer in (self._soon, self._later):
            timer.timeout.connect(self._refresh)
        self.table.activated_key.connect(self._open)
        self.table.clicked.connect(lambda index: self._open(self.table.model().key_at(index.row())))
        self.table.state_action.connect(self._read_again)
        self.bulletins.told.connect(self._show_heading)
        self.bulletins.summons_wanted.connect(self.summons_wanted)
        self.bulletins.task_wanted.connect(self.task_wanted)
        self.bulletins.behind_wanted.connect(lambda key: self.show_behind(None, key, self.bulletins.month))
        self._place.joint.changed.connect(self._refresh_later)
        self._place.joint.loaded.connect(self._refresh_later)
        self._tools.changed.connect(self._renew)

    # ------------------------------------------------------------ what the screen asks
    def show_mine(self) -> None:
        """What waits for this person."""
        self._show(_MINE, None)

    def show_over(self) -> None:
        """The last ones that are archived or withdrawn."""
        self._show(_OVER, None)

    def show_older(self) -> None:
        """A page more of them."""
        self._pages += 1
        self._read_again()

    def show_behind(self, unit_id: int | None, key: str, month: Month) -> None:
        """The whistles behind a figure of the scores."""
        self._show("", Behind(unit_id, key, month))

    def show_bulletins(self, month: Month, key: str | None = None) -> None:
        """The 通报 of a month; of one kind, or only what is still to be put right."""
        self.showing, self._behind = _BULLETINS, None
        self.bulletins.show_month(month, key)
        self.fault.select(key)
        self._show_table()
        self._refresh()
        self.bulletins.setFocus(Qt.FocusReason.OtherFocusReason)

    def follow(self, month: Month) -> None:
        """The scores show another month: the 通报 follow."""
        if self.showing == _BULLETINS:
            self.bulletins.show_month(month, self.bulletins.key)

    def step_back(self) -> bool:
        """Back to what waits for me; False when that is shown."""
        if self.showing == _MINE:
            return False
        self.show_mine()
        return True

    @property
    def filling(self) -> bool:
        """Steps that wait are still being looked for."""
        return self._soon.isActive() or self._later.isActive()

    @property
    def waiting(self) -> int:
        """How many steps wait for this person."""
        return len(self._steps.entries())

    # ------------------------------------------------------------ showing
    def _refresh_later(self, change: object = None) -> None:
        """What waits is at hand; what is over is asked for, and only when something is over."""
        over = change is None or change.removed or any(row.closed_at is not None for row in change.summons)
        self._stale = self._stale or bool(over)
        self._later.start()

    def _show(self, showing: str, behind: Behind | None) -> None:
        self.showing, self._behind, self._pages = showing, behind, 1
        self.bulletins.leave()
        self._new_table()
        self._show_table()
        self._read_again()

    def _show_table(self) -> None:
        """The one that is looked at, and its buttons."""
        published = self.showing == _BULLETINS
        self.table.setVisible(not published)
        for part in (self.bulletins, self.fault, self.export_button):
            part.setVisible(published)
        self.older.setVisible(False)
        for button, name in ((self.mine, _MINE), (self.over, _OVER), (self.published, _BULLETINS)):
            set_property(button, "active", self.showing == name)
        self._show_heading()

    def _on_fault(self, key: str | None) -> None:
        if self.showing == _BULLETINS and key != self.bulletins.key:
            self.bulletins.show_month(self.bulletins.month, key)

    def _renew(self) -> None:
        """The board comes first."""
        self._new_table()
        self._stale = True
        self._later.start()

    def _new_table(self) -> None:
        live = self.showing == _MINE
        what = "下一步" if live else self._behind.title if self._behind else "综合"
        columns = entry_columns(self._tools.words, self._tools.clock, what, self._place.live.clock.now, live)
        model = KeyedTableModel(columns, lambda e: e.key, parent=self.table)
        before = self.table.model()
        self.table.setModel(model)
        if before is not None:
            before.deleteLater()
        if live:
            model.sort_by("left")

    def _read_again(self) -> None:
        self._stale = True
        self._refresh()

    def _refresh(self) -> None:
        if not self._look():
            self._soon.start()
            if self.showing == _MINE:
                self.table.set_state(_LOADING)
        elif self.showing == _MINE:
            self._fill(self._waiting(), _NOTHING[_MINE] if self._place.joint.ready else _LOADING)
        self.mine.setText(f"{_MINE} {self.waiting:,}")
        if self._stale and self.showing not in (_MINE, _BULLETINS):
            self._stale = False
            self._place.backend.start(self._read(), self)

    def _look(self) -> bool:
        """For what waits, of many rows some in each turn of the loop; True: at all of them."""
        until = thread_time() + _SLICE_S
        rows = [row for row in self._place.joint.summons.values() if row.kind == self._kind]
        return self._steps.look(rows, self._place.backend.directory, lambda: thread_time() < until)

    def _waiting(self) -> list[Entry]:
        return sorted(self._steps.entries(), key=lambda entry: (due_of(entry, self._tools.clock), entry.row.id))

    async def _read(self) -> None:
        showing, behind = self.showing, self._behind
        if not self.table.model().total:
            self.table.set_state(_LOADING)
        try:
            ask = self._question(behind)
            entries = await self._place.backend.ask(lambda _: ask())
        except DomainError as error:
            self.table.set_state(TableState(StateKind.ERROR, "读取失败", error.message, "再读一次"))
            return
        if (showing, behind) == (self.showing, self._behind):
            self._fill(entries, _NOTHING.get(showing, TableState(StateKind.EMPTY, "没有")))

    def _question(self, behind: Behind | None) -> Callable[[], list[Entry]]:
        queries, kind = self._place.backend.session.joint_queries, self._kind
        if behind is not None:
            return question(queries, behind)
        limit = _PAGE * self._pages
        return lambda: figure_entries(queries.archived(kind, None, limit), None, "score")

    def _fill(self, entries: Sequence[Entry], nothing: TableState) -> None:
        model = self.table.model()
        wanted = {entry.key for entry in entries}
        model.apply(list(reversed(entries)), [key for key in model.keys() if key not in wanted])  # noqa: SIM118
        self.table.set_state(None if entries else nothing)
        self.older.setVisible(self.showing == _OVER and len(entries) == _PAGE * self._pages)
        self._show_heading()

    def _show_heading(self) -> None:
        count = self.table.model().total
        if self.showing == _BULLETINS:
            title, detail = self.bulletins.heading()
            self.set_title(title, f"{detail}　Esc 返回")
        elif self._behind is None:
            self.set_title(self.showing, f"{count:,} 项" if self.showing == _MINE else f"最近 {count:,} 件")
        else:
            who = self._tools.words.unit(self._behind.unit_id) if self._behind.unit_id is not None else "全部部门"
            self.set_title(f"{who} · {self._behind.title}", f"{self._behind.month.label} · {count:,} 件　Esc 返回")

    def _open(self, key: object) -> None:
        entry = self.table.model().value(key)
        if entry is not None:
            self.opened.emit(entry.row, entry.party_no)
