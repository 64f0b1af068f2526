"""The board with its filter line."""

from __future__ import annotations

from time import thread_time

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from commandcenter.domain.joint import SummonsRow
from ui.models.joint_cards import CardShelf, columns
from ui.models.joint_words import KIND_LABELS
from ui.screens.whistle.board_filters import BoardFilters
from ui.screens.whistle.tools import JointTools
from ui.screens.workplace import Workplace
from widgets.durations import LiveText
from widgets.elided_label import ElidedLabel
from widgets.kanban import CardList, KanbanBoard
from widgets.live_table import StateKind, TableState
from widgets.styling import label
from widgets.theme import current_theme, theme_events

_TO_A_CARD = frozenset({Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Return,
                        Qt.Key.Key_Enter})
_SLICE_S = 0.004  # of one turn of the loop, by this thread's own time
_TITLES = {"whistle": "吹哨", "order": "联合执法"}


class BoardPane(QFrame):
    """opened(SummonsRow), current_changed(SummonsRow | None). `add_button` puts a verb at the end of the heading."""

    opened = Signal(object)
    current_changed = Signal(object)

    def __init__(self, place: Workplace, tools: JointTools, kind: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._place, self._tools, self._kind = place, tools, kind
        self.board, self.filters = KanbanBoard(), BoardFilters(place, tools, kind)
        self._title, self._detail = label(_TITLES[kind], role="title"), ElidedLabel("muted")
        self._head, self._column = QHBoxLayout(), QVBoxLayout(self)
        self._soon, self._later, self._shelf = QTimer(self), QTimer(self), CardShelf()
        self._changed = False  # what is shown, not only what was still to be made
        self._made = 0         # cards when they were shown last
        self._build()
        self._connect()
        self.refresh()

    def _build(self) -> None:
        self._head.addWidget(self._title)
        self._head.addWidget(self._detail, 1)
        self._head.addWidget(self.filters)
        self._column.setContentsMargins(0, 0, 0, 0)  # cards stand in line with what is below the board
        self._column.setSpacing(0)
        self._column.addLayout(self._head)
        self._column.addWidget(self.board, 1)
        self.board.set_live(self._note, self._place.live.clock.now)
        self._soon.setSingleShot(True)
        self._soon.setInterval(0)
        self._later.setInterval(60_000)  # times of day become dates, order by what runs out first
        self._later.start()
        self._on_theme()

    def _connect(self) -> None:
        self.board.opened.connect(lambda key: self._tell(self.opened, key))
        self.board.current_changed.connect(lambda key: self._tell(self.current_changed, key))
        self.board.state_action.connect(self._place.joint.reload)
        self.filters.changed.connect(self.refresh)
        self._soon.timeout.connect(self._go_on)
        self._later.timeout.connect(self._renew)
        self._tools.changed.connect(self._renew)
        self._place.joint.timing_changed.connect(self._on_timing)
        joint = self._place.joint
        for signal in (joint.changed, joint.timing_changed, joint.state_changed, self._place.live.state_changed):
            signal.connect(self._refresh_soon)
        theme_events().changed.connect(self._on_theme)

    # ------------------------------------------------------------ what the screen asks
    def add_button(self, button: QPushButton) -> None:
        """One more verb at the right end of the heading."""
        self._head.addWidget(button)

    def rows(self) -> list[SummonsRow]:
        """All of this kind."""
        return [row for row in self._place.joint.summons.values() if row.kind == self._kind]

    def current(self) -> SummonsRow | None:
        """The card the keyboard is at."""
        return self._place.joint.summons.get(self.board.current_key())

    @property
    def filling(self) -> bool:
        """Cards are still being made, or are about to be."""
        return self._soon.isActive()

    def refresh(self) -> None:
        """The board as it is now; of many cards those on top, the others in the next turns of the loop."""
        rows, now = self.rows(), self._place.live.clock.now()
        self._shelf.keep({row.id for row in rows})
        self._make(rows, now)
        self._show(rows, now)

    # ------------------------------------------------------------ inside
    def _go_on(self) -> None:
        """Make some more cards; they come into sight by twice as many each time, and with the last of them."""
        if self._changed:
            self._changed = False
            self.refresh()
        else:
            rows, now = self.rows(), self._place.live.clock.now()
            if self._make(rows, now) or self._shelf.made >= 2 * max(1, self._made):
                self._show(rows, now)

    def _make(self, rows: list[SummonsRow], now: float) -> bool:
        """One turn's share of the cards; True: all are made."""
        until = thread_time() + _SLICE_S
        whole = self._shelf.make(rows, self._tools.clock, self._tools.words, now, lambda: thread_time() < until)
        if not whole:
            self._soon.start()
        return whole

    def _show(self, rows: list[SummonsRow], now: float) -> None:
        chosen = self.filters.chosen()
        shown = {row.id for row in rows if chosen.passes(row, self._tools.words)} if chosen.active else None
        self._made = self._shelf.made
        self.board.set_columns(columns(self._kind, rows, shown, self._shelf))
        self.board.set_state(self._state(bool(rows)))
        self._say(rows, shown, now)

    def _on_timing(self, ids: frozenset[int]) -> None:
        self._shelf.drop(ids)

    def _refresh_soon(self, *_told: object) -> None:
        """A method, not a lambda: what outlives this screen must not call it when it is gone."""
        self._changed = True
        self._soon.start()

    def _renew(self) -> None:
        self._shelf.clear()
        self._refresh_soon()

    def _say(self, rows: list[SummonsRow], shown: set[int] | None, now: float) -> None:
        late = self._shelf.overdue(now)
        parts = [f"在办 {len(rows):,}" if shown is None else f"{len(shown):,} / {len(rows):,}"]
        parts += [f"超时 {late:,}"] if late else []
        parts += ["连接已断开，画面停在断开时"] if self._place.live.state.kind == "disconnected" else []
        self._detail.setText(" · ".join(parts) if self._place.joint.ready else "")

    def _state(self, any_rows: bool) -> TableState | None:
        joint, live = self._place.joint, self._place.live
        if joint.ready and (any_rows or joint.error is None):
            return None
        if live.state.kind == "disconnected":
            return TableState(StateKind.DISCONNECTED, "与服务器的连接已断开", "正在自动重连，恢复后自动更新")
        if joint.error is not None:
            return TableState(StateKind.ERROR, f"{KIND_LABELS[self._kind]}读取失败", joint.error.message, "再读一次")
        return TableState(StateKind.LOADING, "正在读取…")

    def _note(self, key: object, now: float) -> LiveText | None:
        row = self._place.joint.summons.get(key)
        return self._tools.clock.note(row, now) if row is not None else None

    def _tell(self, signal: object, key: object) -> None:
        row = self._place.joint.summons.get(key)
        if row is not None:
            signal.emit(row)

    def focus_board(self) -> None:
        """Give the keyboard to the board."""
        if not self.board.focus_card():
            self.setFocus(Qt.FocusReason.OtherFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Where no card had the keyboard, the first arrow or Enter brings it to one: cards may have come meanwhile."""
        from_cards = self.hasFocus() or isinstance(self.focusWidget(), CardList | QLineEdit)
        if event.key() not in _TO_A_CARD or not from_cards or not self.board.focus_card():
            super().keyPressEvent(event)

    def _on_theme(self) -> None:
        sizes = current_theme().sizes
        self._head.setContentsMargins(sizes.pad, sizes.pad_small, sizes.pad, 0)
        self._head.setSpacing(sizes.pad_small)
