"""The list at the lower left: what waits for me; or the whistles behind a figure; or those that are over."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from time import thread_time

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from commandcenter.domain.errors import DomainError
from commandcenter.domain.joint import SummonsRow
from ui.models.joint_list import Entry, WaitingSteps, due_of, entry_columns, figure_entries
from ui.models.joint_scores import COLUMNS, Month, behind, faults
from ui.screens.whistle.tools import JointTools
from ui.screens.workplace import Workplace
from widgets.live_table import KeyedTableModel, LiveTableView, StateKind, TableState
from widgets.panel import Panel
from widgets.styling import set_property

_PAGE = 200
_REDRAW_MS = 100
_SLICE_S = 0.004  # of one turn of the loop, by this thread's own time
_LOADING = TableState(StateKind.LOADING, "正在读取…")
_MINE, _OVER = "待我办理", "已归档"
_NOTHING = {
    _MINE: TableState(StateKind.EMPTY, "没有等您办的事项", "新的会出现在这里，并在提醒中告知"),
    _OVER: TableState(StateKind.EMPTY, "还没有归档的", "核验归档后可在这里查看"),
}


@dataclass(frozen=True, slots=True)
class _Behind:
    unit_id: int | None
    key: str
    month: Month


class ListPane(Panel):
    """opened(SummonsRow, party no or None)."""

    opened = Signal(object, object)

    def __init__(self, place: Workplace, tools: JointTools, kind: str, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self.setProperty("role", "surface")
        self._place, self._tools, self._kind = place, tools, kind
        self._behind: _Behind | None = None
        self._steps = WaitingSteps(place.person)
        self.showing = _MINE
        self.table = LiveTableView()
        self.mine, self.over, self.older = QPushButton(_MINE), QPushButton(_OVER), QPushButton("更早的")
        self._pages = 1
        self._soon, self._later = QTimer(self), QTimer(self)
        self._build()
        self._connect()
        self.show_mine()

    def _build(self) -> None:
        corner = QWidget()
        row = QHBoxLayout(corner)
        row.setContentsMargins(0, 0, 0, 0)
        for button in (self.older, self.mine, self.over):
            button.setProperty("kind", "chip")
            row.addWidget(button)
        self.set_corner(corner)
        self.body.setContentsMargins(0, 0, 0, 0)
        self.body.addWidget(self.table)
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
        for timer in (self._soon, self._later):
            timer.timeout.connect(self._refresh)
        self.table.activated_key.connect(self._open)
        self.table.clicked.connect(lambda index: self._open(self.table.model().key_at(index.row())))
        self.table.state_action.connect(self._refresh)
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
        self._refresh()

    def show_behind(self, unit_id: int | None, key: str, month: Month) -> None:
        """The whistles behind a figure of the scores."""
        self._show("", _Behind(unit_id, key, month))

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
        if self.showing == _MINE or over:
            self._later.start()

    def _show(self, showing: str, behind: _Behind | None) -> None:
        self.showing, self._behind, self._pages = showing, behind, 1
        self._new_table()
        self._refresh()

    def _renew(self) -> None:
        """The board comes first."""
        self._new_table()
        self._later.start()

    def _new_table(self) -> None:
        live = self.showing == _MINE
        what = "下一步" if live else _what_title(self._behind.key) if self._behind else "综合"
        columns = entry_columns(self._tools.words, self._tools.clock, what, self._place.live.clock.now, live)
        model = KeyedTableModel(columns, lambda e: e.key, parent=self.table)
        before = self.table.model()
        self.table.setModel(model)
        if before is not None:
            before.deleteLater()
        if live:
            model.sort_by("left")

    def _refresh(self) -> None:
        if not self._look():
            self.table.set_state(_LOADING)
            self._soon.start()
        elif self.showing == _MINE:
            self._fill(self._waiting(), _NOTHING[_MINE] if self._place.joint.ready else _LOADING)
        else:
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
            question = self._question(behind)
            entries = await self._place.backend.ask(lambda _: question())
        except DomainError as error:
            self.table.set_state(TableState(StateKind.ERROR, "读取失败", error.message, "再读一次"))
            return
        if (showing, behind) == (self.showing, self._behind):
            self._fill(entries, _NOTHING.get(showing, TableState(StateKind.EMPTY, "没有")))

    def _question(self, behind: _Behind | None) -> Callable[[], list[Entry]]:
        queries, kind = self._place.backend.session.joint_queries, self._kind
        if behind is None:
            limit = _PAGE * self._pages
            return lambda: figure_entries(queries.archived(kind, None, limit), None, "score")
        if behind.key == "rectifying":
            ids = self._rectified(behind.unit_id)
            return lambda: figure_entries(queries.joint(ids).summons, None, "score")
        if behind.unit_id is None:
            return lambda: _of_all_units(queries, behind)
        unit = behind.unit_id
        return lambda: figure_entries(
            _fitting(queries.scored_lanes(unit, behind.month.since, behind.month.until), unit, behind.key), unit,
            behind.key)

    def _rectified(self, unit_id: int | None) -> list[int]:
        """Whistles whose rectification is still open."""
        tasks = self._place.joint.picture.tasks.values()
        return [t.summons_id for t in tasks if t.source == "rectification" and t.open and t.summons_id is not None
                and unit_id in (None, t.unit_id)]

    def _fill(self, entries: Sequence[Entry], nothing: TableState) -> None:
        model = self.table.model()
        wanted = {entry.key for entry in entries}
        model.apply(list(reversed(entries)), [key for key in model.keys() if key not in wanted])  # noqa: SIM118
        self.table.set_state(None if entries else nothing)
        self.set_title(*self._heading(len(entries)))
        set_property(self.mine, "active", self.showing == _MINE)
        set_property(self.over, "active", self.showing == _OVER)
        self.older.setVisible(self.showing == _OVER and len(entries) == _PAGE * self._pages)
        mine = len(entries) if self.showing == _MINE else self.waiting
        self.mine.setText(f"{_MINE} {mine:,}")

    def _heading(self, count: int) -> tuple[str, str]:
        if self._behind is None:
            return self.showing, f"{count:,} 项" if self.showing == _MINE else f"最近 {count:,} 件"
        who = self._tools.words.unit(self._behind.unit_id) if self._behind.unit_id is not None else "全部部门"
        return f"{who} · {_what_title(self._behind.key)}", f"{self._behind.month.label} · {count:,} 件　Esc 返回"

    def _open(self, key: object) -> None:
        entry = self.table.model().value(key)
        if entry is not None:
            self.opened.emit(entry.row, entry.party_no)


def _what_title(key: str) -> str:
    titles = {str(column.key): column.title for column in COLUMNS} | {key: word for key, word, _ in faults(())}
    return titles.get(key, "综合")


def _fitting(rows: Sequence[SummonsRow], unit_id: int | None, key: str) -> list[SummonsRow]:
    """Those with a lane that the figure counts; 群众 is about the whole."""
    if key == "citizen":
        return [row for row in rows if row.citizen_score is not None]
    test = behind(key)
    return [row for row in rows if any(test(p) for p in row.parties if unit_id in (None, p.unit_id))]


def _of_all_units(queries: object, behind: _Behind) -> list[Entry]:
    """A figure of the footer: of every unit that has some."""
    month = behind.month
    units = [s.unit_id for s in queries.unit_scores(month.since, month.until) if getattr(s, behind.key)]
    found = {row.id: row for unit in units for row in
             _fitting(queries.scored_lanes(unit, month.since, month.until), unit, behind.key)}
    return figure_entries(found.values(), None, behind.key)
