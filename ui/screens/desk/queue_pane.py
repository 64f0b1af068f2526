"""The middle of the desk: the chosen queue with its filters and the live table."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from commandcenter.domain.model import CaseRow
from commandcenter.live.picture import PictureChange
from ui.bridge.backend import CasesChanged
from ui.models.case_columns import WORK_ORDER
from ui.screens.desk.filters import Filters
from ui.screens.desk.queue_rows import QueueRows
from ui.screens.workplace import Workplace
from widgets.elided_label import ElidedLabel
from widgets.live_table import DragCard, LiveTableView, RowState, RowStateKind, StateKind, TableState
from widgets.styling import label, set_property
from widgets.theme import current_theme, theme_events

_LINGER_MS = 6000  # how long a refused row stays with its reason before it goes where it belongs


class QueuePane(QFrame):
    """current_changed(case id | None), selection_changed(list of case ids), opened(case id).

    `add_button` puts a verb of the whole desk (新案采集, 撤销) at the right end of the heading.
    """

    current_changed = Signal(object)
    selection_changed = Signal(list)
    opened = Signal(object)

    def __init__(self, place: Workplace, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._place = place
        self.rows = QueueRows(place, self)
        self.table = LiveTableView()
        self.filters = Filters(place.words)
        self._title, self._detail = label(role="title"), ElidedLabel("muted")
        self._chosen = QPushButton()
        self._presence: dict[int, tuple[str, ...]] = {}
        self._untouched = True              # nothing was ever selected in this queue: its first case will be
        self._leaving: set[object] = set()  # our own deeds may take these out of the queue
        self._step_row: int | None = None   # where the first of the selection stood, until all of it has left
        self._stepping: frozenset[object] = frozenset()
        self._build()
        self._connect()
        self._attach_model()
        self._on_theme()

    def _build(self) -> None:
        self._chosen.setProperty("kind", "chip")
        self._chosen.setToolTip("清除选择（Esc）")
        self._head = QFrame()
        self._head.setProperty("role", "panel_header")
        row = QHBoxLayout(self._head)
        row.addWidget(self._title)
        row.addWidget(self._detail, 1)
        row.addWidget(self.filters)
        row.addWidget(self._chosen)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addWidget(self._head)
        outer.addWidget(self.table, 1)

    def _connect(self) -> None:
        self.table.set_clock(self._place.live.clock.now)
        self.table.set_drag_card(self._drag_card)
        self.table.set_stripe(lambda row, now: self._place.remaining.stripe(row, now))
        self.table.current_changed.connect(self.current_changed)
        self.table.selection_changed.connect(self._on_selection)
        self.table.activated_key.connect(self.opened)
        self.table.state_action.connect(self._on_state_action)
        self.filters.changed.connect(self._on_filter)
        self._chosen.clicked.connect(self.clear_selection)
        self.rows.counted.connect(self._say)
        self.rows.columns_changed.connect(self._attach_model)
        self.rows.counted.connect(self._select_first_arrival)
        self.rows.left_queue.connect(self._step_on)
        self._place.backend.changed.connect(self._expect_leaving)
        self._place.live.changed.connect(self._on_stayed)
        self._place.live.state_changed.connect(self._say)
        self._place.joint.state_changed.connect(self._say)
        self._place.words_changed.connect(self._on_words)
        theme_events().changed.connect(self._on_theme)

    # ------------------------------------------------------------ what the desk asks
    @property
    def touched(self) -> bool:
        """Something has been selected in this queue, if only by the queue itself."""
        return not self._untouched

    def add_button(self, button: QPushButton) -> None:
        """One more verb at the right end of the heading."""
        button.setProperty("kind", "chip")
        self._head.layout().addWidget(button)

    def show_queue(self, key: str) -> None:
        """Another queue; filters stay."""
        self._leaving.clear()
        self._step_row = None
        self._untouched = True
        self.rows.show(key)
        self._on_filter()
        self._select_first_arrival()

    def selected_rows(self) -> list[CaseRow]:
        """Selected rows from the top down, as the model has them now."""
        model = self.rows.model
        return [model.value(key) for key in self.table.selected_keys()]

    def rows_of(self, keys: Sequence[object]) -> list[CaseRow]:
        """Rows of dragged keys that are still there."""
        found = (self.rows.model.value(key) for key in keys)
        return [row for row in found if row is not None]

    def choose(self, *case_ids: int) -> bool:
        """Select these rows and bring the first into sight; False if the queue does not show them all."""
        if any(self.rows.model.row_of(case_id) is None for case_id in case_ids):
            return False
        self.table.select_keys(case_ids)
        self.table.scrollTo(self.table.currentIndex())
        return True

    def clear_selection(self) -> None:
        """Select nothing."""
        self._untouched = False
        self.table.clearSelection()

    def set_presence(self, case_id: int, names: Sequence[str]) -> None:
        """Mark a row that others have open."""
        self._presence[case_id] = tuple(names)
        now = self.table.row_state(case_id).kind
        if now in (RowStateKind.SENDING, RowStateKind.FAILED):
            return
        state = RowState(RowStateKind.HELD, f"{'、'.join(names)} 查看中") if names else RowState()
        self.table.set_row_state(case_id, state)

    # ------------------------------------------------------------ sending
    def show_sending(self, case_id: int, state: RowState) -> None:
        """A row under way, refused or open in its outcome keeps its place."""
        self.rows.hold(case_id)
        self.table.set_row_state(case_id, state)

    def settle(self, case_id: int, ok: bool) -> None:
        """Confirmed: the row goes where it belongs. Refused: it stays a while with its reason."""
        if ok:
            self._let_go(case_id)
        else:
            self._step_row = None
            QTimer.singleShot(_LINGER_MS, self, lambda: self._let_go_refused(case_id))

    def _let_go_refused(self, case_id: int) -> None:
        if self.table.row_state(case_id).kind is RowStateKind.FAILED:
            self._let_go(case_id)

    def _let_go(self, case_id: int) -> None:
        self.rows.release(case_id)
        self.table.set_row_state(case_id, RowState())
        if names := self._presence.get(case_id):
            self.set_presence(case_id, names)

    # ------------------------------------------------------------ inside
    def _attach_model(self) -> None:
        self.table.setModel(self.rows.model)
        self.rows.model.order_changed.connect(self._say)
        self._say()

    def _select_first_arrival(self) -> None:
        """A queue begins with its first case selected, even if that comes later."""
        if not self._untouched or not self.rows.model.rowCount() or self.table.model() is not self.rows.model:
            return
        self._untouched = False
        if self.table.current_key() is None:
            self.table.set_current_row(0)

    # ------------------------------------------------------------ stepping on
    def _expect_leaving(self, change: CasesChanged) -> None:
        """What we have just done may take the selected cases away; then the next one is wanted."""
        chosen = [key for key in self.table.selected_keys() if key in change.ids]
        rows = [row for key in chosen if (row := self.rows.model.row_of(key)) is not None]
        if rows:
            if self._step_row is None:
                self._stepping = frozenset(self.table.selected_keys())
            self._step_row = min(rows) if self._step_row is None else min(self._step_row, *rows)
            self._leaving.update(chosen)

    def _on_stayed(self, change: PictureChange) -> None:
        picture, queue = self._place.live.picture, self.rows.queue
        stayed = {row.id for row in change.upserted if row.id in self._leaving and picture.in_queue(row.id, queue)}
        self._leaving -= stayed
        if stayed and not self._leaving:
            self._step_row = None

    def _step_on(self, gone: tuple[object, ...]) -> None:
        """Only after our own deed: where others took a case away nothing is selected, so that no key hits another."""
        if self._leaving.isdisjoint(gone):
            return
        self._leaving.difference_update(gone)
        if self._step_row is not None and not self._leaving and not self.table.selected_keys():
            row, self._step_row = self._step_row, None
            self.table.set_current_row(row)

    def _on_words(self) -> None:
        self.filters.set_words(self._place.words)
        self.rows.rebuild()

    def _on_filter(self) -> None:
        self.rows.set_filter(self.filters.predicate())
        self._say()

    def _on_selection(self, keys: list[object]) -> None:
        if self._step_row is not None and not self._stepping.issuperset(keys):
            self._step_row = None  # another selection: the hand has moved on
        self._chosen.setText(f"已选 {len(keys):,} 件")
        self._chosen.setVisible(bool(keys))
        set_property(self._chosen, "active", bool(keys))
        self.selection_changed.emit(keys)

    def _on_state_action(self) -> None:
        if self.rows.model.filtered:
            self.filters.clear()

    def _say(self) -> None:
        self._title.setText(self._place.queue(self.rows.queue).label)
        self._detail.setText(f"{self._count_text()} · {self._order_text()}")
        self.table.set_state(self._state())

    @property
    def _counted(self) -> bool:
        """Everything that decides what stands in this queue has been read."""
        whistled = self._place.queue(self.rows.queue).whistled
        return self._place.live.ready and (self._place.holds.ready or not whistled)

    def _count_text(self) -> str:
        shown, total = self.rows.model.rowCount(), self._place.live.picture.counts[self.rows.queue]
        if not self._counted:
            return f"先列 {shown:,} 件，其余正在载入"  # how many there are nobody knows yet
        return f"{shown:,} / {total:,} 件" if self.rows.model.filtered else f"{total:,} 件"

    def _order_text(self) -> str:
        key, descending = self.rows.model.sorted_by
        if key == WORK_ORDER and not descending:
            return "按优先级、剩余时间"
        if key is None:
            return "最新在前"
        title = next(column.title for column in self.rows.model.columns if column.key == key)
        return f"按{title}{'降序' if descending else ''}"

    def _state(self) -> TableState | None:
        live = self._place.live
        if live.state.kind == "disconnected" and not self.rows.model.rowCount():
            since = self._place.words.clock_time(live.state.since)
            return TableState(StateKind.DISCONNECTED, "与服务器的连接已断开",
                              f"自 {since} 起没有新的变化；正在自动重连")
        if self.rows.model.rowCount():
            return None  # what is there can be worked on while the rest is on its way
        if not self._counted:
            return TableState(StateKind.LOADING, "正在载入案件…", f"已载入 {len(live.picture.rows):,} 件")
        if self.rows.filling:
            return TableState(StateKind.LOADING, "正在排列案件…")
        if self.rows.model.filtered:
            return TableState(StateKind.EMPTY, "没有符合筛选条件的案件", "换一个条件，或清除筛选", "清除筛选")
        return TableState(StateKind.EMPTY, "这个队列没有案件", "新案件到达时会自动出现在这里")

    def _drag_card(self, rows: Sequence[CaseRow]) -> DragCard:
        words, first = self._place.words, rows[0]
        more = "" if len(rows) == 1 else f"另 {len(rows) - 1:,} 件 · {words.title(rows[1])} {words.street(rows[1])}"
        return DragCard(words.title(first), words.street(first), more)

    def _on_theme(self) -> None:
        sizes = current_theme().sizes
        self._head.setFixedHeight(sizes.panel_header)
        self._head.layout().setContentsMargins(sizes.pad_large, 0, sizes.pad, 0)
        self._head.layout().setSpacing(sizes.gap)
        self._head.layout().setAlignment(Qt.AlignmentFlag.AlignVCenter)
