"""The live table's view: cached rows, one ticking cell, and a queue that never jumps under the hand."""

import time
from collections.abc import Callable, Hashable, Iterable
from typing import Any

from PySide6.QtCore import (
    QEvent,
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    QPoint,
    QRect,
    Qt,
    Signal,
)
from PySide6.QtGui import QContextMenuEvent, QGuiApplication, QMouseEvent, QPainter, QPaintEvent, QRegion
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from widgets.live_table.drag import DragCard, drag_keys
from widgets.live_table.header import LiveHeader
from widgets.live_table.layout import column_widths
from widgets.live_table.model import Changes, KeyedTableModel
from widgets.live_table.overlays import Overlays
from widgets.live_table.place import Hand
from widgets.live_table.row_painter import RowLook, RowPainter
from widgets.live_table.row_state import RowState, RowStates
from widgets.painting import draw_focus
from widgets.state_panel import TableState
from widgets.theme import current_theme, theme_events
from widgets.ticker import SecondTicker
from widgets.tones import Tone

_UNIT_FONT = 14  # px of the font for which columns state their widths


class LiveTableView(QTableView):
    """Shows a KeyedTableModel; see docs/widgets.md for what each signal means."""

    activated_key = Signal(object)
    cell_clicked = Signal(object, str)
    current_changed = Signal(object)
    current_removed = Signal(int)
    selection_changed = Signal(list)
    context_menu_requested = Signal(object, QPoint)
    arrived = Signal(int)
    state_action = Signal()
    drag_started = Signal(list)
    drag_finished = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._clock: Callable[[], float] = time.time
        self._stripe: Callable[[Any, float], Tone | None] | None = None
        self._drag_card: Callable[[list[Any]], DragCard] = lambda rows: DragCard(f"{len(rows)} 行")
        self._laying_out = False
        self._hover_row, self._unseen = -1, 0
        self._told_current: Hashable | None = None
        self._told_selected: list[Hashable] = []
        self._dragged_widths: dict[int, int] = {}
        self._painter = RowPainter(current_theme())
        self._hand, self._states = Hand(self), RowStates(self)
        self._overlays = Overlays(self.viewport())
        self._ticker = SecondTicker(self, self.tick)
        self._set_up_view()
        self._connect()
        self._on_theme(current_theme())

    def _set_up_view(self) -> None:
        self._header = LiveHeader(self)
        self.setHorizontalHeader(self._header)
        self._header.sectionResized.connect(self._on_section_resized)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)  # Tab leaves the table, it does not walk its cells
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setDragEnabled(True)
        self.setDragDropMode(QAbstractItemView.DragDropMode.DragOnly)
        self.viewport().setMouseTracking(True)
        self.setAccessibleName("列表")

    def _connect(self) -> None:
        self._states.changed.connect(self._update_key)
        self._overlays.to_top.connect(self.scroll_to_top)
        self._overlays.state_action.connect(self.state_action)
        self.verticalScrollBar().valueChanged.connect(self._on_scrolled)
        self.activated.connect(lambda index: self.activated_key.emit(self.model().key_at(index.row())))
        self.clicked.connect(self._on_clicked)
        theme_events().changed.connect(self._on_theme)

    # ---- what the caller sets

    def setModel(self, model: KeyedTableModel) -> None:
        """Show another model."""
        if self.model() is not None:
            for signal, slot in self._links(self.model()):
                signal.disconnect(slot)
        super().setModel(model)
        for signal, slot in self._links(model):
            signal.connect(slot)
        self._dragged_widths.clear()
        self._lay_out_columns()
        self._after_reset()

    def set_clock(self, clock: Callable[[], float]) -> None:
        """Take the time (epoch seconds) from here; the default is this machine's."""
        self._clock = clock
        self.tick()

    def set_stripe(self, stripe: Callable[[Any, float], Tone | None]) -> None:
        """Tone of the mark at a row's left edge, given the row and the time; None is the quiet one."""
        self._stripe = stripe
        self.viewport().update()

    def set_drag_card(self, card: Callable[[list[Any]], DragCard]) -> None:
        """Words on the card at the pointer, given the dragged rows."""
        self._drag_card = card

    def set_reduced_motion(self, reduced: bool) -> None:
        """A failed row is only coloured, it does not flash."""
        self._states.reduced_motion = reduced

    def set_state(self, state: TableState | None) -> None:
        """Say what the rows cannot: EMPTY and LOADING show while there are no rows, ERROR and DISCONNECTED always."""
        self._overlays.set_state(state or TableState(), self._row_count())

    def set_row_state(self, key: Hashable, state: RowState) -> None:
        """Mark a row as being sent, rolled back or open elsewhere until told otherwise."""
        self._states.set(key, state)

    def row_state(self, key: Hashable) -> RowState:
        """State set for a key."""
        return self._states.of(key)

    def clear_row_states(self) -> None:
        """All rows are normal again."""
        self._states.clear()

    # ---- selection by key

    def selected_keys(self) -> list[Hashable]:
        """Keys of the selected rows, from the top down."""
        if self.selectionModel() is None:
            return []
        parts = {(part.top(), part.bottom()) for part in self.selectionModel().selection()}
        return [key for first, last in sorted(parts) for key in self.model().keys(first, last + 1)]

    def select_keys(self, keys: Iterable[Hashable]) -> None:
        """Select the rows of these keys as far as they are shown; the first becomes current."""
        model, chosen = self.model(), QItemSelection()
        rows = [row for row in (model.row_of(key) for key in keys) if row is not None]
        for row in rows:
            chosen.select(model.index(row, 0), model.index(row, model.columnCount() - 1))
        flags = QItemSelectionModel.SelectionFlag
        if rows:
            self.selectionModel().setCurrentIndex(model.index(rows[0], 0), flags.NoUpdate)
        self.selectionModel().select(chosen, flags.ClearAndSelect)

    def current_key(self) -> Hashable | None:
        """Key of the current row."""
        index = self.currentIndex()
        return self.model().key_at(index.row()) if index.isValid() else None

    def set_current(self, key: Hashable) -> bool:
        """Go to a key and select it alone; False if it is not shown."""
        row = self.model().row_of(key)
        if row is not None:
            self.selectRow(row)
        return row is not None

    def set_current_row(self, row: int) -> None:
        """Go to a row, or the last one if there are fewer; for stepping on after a row was dispatched."""
        if self._row_count():
            self.selectRow(max(0, min(row, self._row_count() - 1)))

    @property
    def unseen(self) -> int:
        """Rows that arrived above since the top was last in sight."""
        return self._unseen

    def scroll_to_top(self) -> None:
        """Show the newest rows and forget the counter."""
        self.verticalScrollBar().setValue(0)
        self._set_unseen(0)

    # ---- the clock

    def tick(self) -> None:
        """Draw the countdowns and stripes anew; nothing else."""
        height, shift = self.viewport().height(), self._header.offset()
        area = QRegion(0, 0, self._painter.left_margin(), height)
        for section in self._painter.sections:
            if section.column.live is not None:
                area = area.united(QRect(section.left - shift, 0, section.width, height))
        self.viewport().update(area)

    # ---- painting

    def paintEvent(self, event: QPaintEvent) -> None:
        """Blit the visible rows and draw what lives on them."""
        painter, theme = QPainter(self.viewport()), current_theme()
        painter.fillRect(event.rect(), theme.colors.background)
        self._painter.set_sections(self._header.sections(), self.devicePixelRatioF())
        top_row = self.rowAt(max(0, event.rect().top()))
        if top_row < 0 or not self._painter.sections:
            return
        now, height = self._clock(), theme.sizes.row_height
        for row in range(top_row, self._row_count()):
            top = self.rowViewportPosition(row)
            if top > event.rect().bottom():
                break
            self._paint_row(painter, row, top, now, height)

    def _paint_row(self, painter: QPainter, row: int, top: int, now: float, height: int) -> None:
        value, shift = self.model().row_at(row), self._header.offset()
        key = self.model().key_at(row)
        look = self._look(row, key)
        painter.drawPixmap(-shift, top, self._painter.pixmap(key, value, look))
        tone = self._stripe(value, now) if self._stripe else None
        self._painter.draw_stripe(painter, top, shift, tone, look)
        self._painter.draw_live(painter, top, shift, value, now, look)
        if self.hasFocus() and self.currentIndex().row() == row:
            draw_focus(painter, QRect(0, top, self.viewport().width(), height), current_theme())

    def _look(self, row: int, key: Hashable) -> RowLook:
        selected = self.selectionModel().isRowSelected(row)
        return RowLook(selected, row == self._hover_row, self._states.flashing(key), self._states.of(key))

    def _update_key(self, key: Hashable) -> None:
        row = self.model().row_of(key) if self.model() else None
        if row is not None:
            self._update_row(row)

    def _update_row(self, row: int) -> None:
        if row >= 0:
            self.viewport().update(0, self.rowViewportPosition(row), self.viewport().width(), self.rowHeight(row))

    # ---- layout and theme

    def resizeEvent(self, event: QEvent) -> None:
        """Stretching columns take what is left."""
        super().resizeEvent(event)
        self._lay_out_columns()
        self._overlays.place()

    def _on_theme(self, theme: Any) -> None:
        self._painter.theme = theme
        self._painter.clear()
        self.verticalHeader().setMinimumSectionSize(1)
        self.verticalHeader().setDefaultSectionSize(theme.sizes.row_height)
        self._dragged_widths.clear()
        self._lay_out_columns()
        self._overlays.place()
        self.viewport().update()

    def _lay_out_columns(self) -> None:
        if self.model() is None or not self.model().columns:
            return
        margin = self._painter.left_margin() - current_theme().sizes.pad_small // 2
        self._header.left_margin = self._painter.left_margin()
        unit = current_theme().sizes.font_body / _UNIT_FONT
        room = self.viewport().width()
        widths = column_widths(self.model().columns, room, unit, margin, self._dragged_widths)
        self._laying_out = True
        for number, width in enumerate(widths):
            self.setColumnHidden(number, width == 0)
            if width:
                self.setColumnWidth(number, width)
        self._laying_out = False

    def _on_section_resized(self, number: int, _old: int, new: int) -> None:
        if not self._laying_out:
            self._dragged_widths[number] = new
            self.viewport().update()

    # ---- changes under the hand

    def _links(self, model: KeyedTableModel) -> tuple[tuple[Any, Callable[..., None]], ...]:
        return (
            (model.applying, self._before_changes),
            (model.applied, self._after_changes),
            (model.order_changed, self._after_reorder),
            (model.modelReset, self._after_reset),
        )

    def _before_changes(self) -> None:
        self._hand.remember()

    def _after_changes(self, changes: Changes) -> None:
        if self._hand.holding:
            self._hand.restore()
            self._set_unseen(self._unseen + self._hand.count_above(changes.inserted))
        self._states.forget(changes.removed)
        self._painter.forget(changes.updated)
        self._refresh_state()
        self._hover()
        self.viewport().update()

    def _after_reorder(self) -> None:
        self._tell_what_was_lost()
        self.scroll_to_top()
        self._refresh_state()
        self._header.viewport().update()
        self.viewport().update()

    def _after_reset(self) -> None:
        self._tell_what_was_lost()
        self._painter.clear()
        self._set_unseen(0)
        self._refresh_state()
        self._hover()

    def _refresh_state(self) -> None:
        self._overlays.set_state(self._overlays.state, self._row_count())

    def _on_scrolled(self, value: int) -> None:
        if value == 0:
            self._set_unseen(0)
        self._hover()

    def _set_unseen(self, count: int) -> None:
        if count != self._unseen:
            self._unseen = count
            self._overlays.set_unseen(count)
            self.arrived.emit(count)

    def _row_count(self) -> int:
        return self.model().rowCount() if self.model() else 0

    # ---- the hand

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Note the row under the pointer."""
        super().mouseMoveEvent(event)
        self._hand.point_at(event.position().toPoint().y())
        self._hover()

    def viewportEvent(self, event: QEvent) -> bool:
        """Forget the row when the pointer leaves."""
        if event.type() == QEvent.Type.Leave:
            self._hand.point_at(None)
            self._hover()
        return super().viewportEvent(event)

    def _on_clicked(self, index: QModelIndex) -> None:
        """A click with a key held chooses rows and means no cell."""
        if not QGuiApplication.keyboardModifiers():
            self.cell_clicked.emit(self.model().key_at(index.row()), self.model().columns[index.column()].key)

    def _hover(self) -> None:
        """Mark the row that is under the pointer now."""
        row = self._hand.row
        if row != self._hover_row:
            self._update_row(self._hover_row)
            self._hover_row = row
            self._update_row(row)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Ask for a menu of the row under the pointer, or of the current row from the keyboard."""
        by_key = event.reason() == QContextMenuEvent.Reason.Keyboard
        index = self.currentIndex() if by_key else self.indexAt(event.pos())
        if index.isValid():
            point = self.viewport().mapToGlobal(self.visualRect(index).bottomLeft()) if by_key else event.globalPos()
            self.context_menu_requested.emit(self.model().key_at(index.row()), point)

    def keyboardSearch(self, search: str) -> None:
        """Digits dispatch and letters are commands: typing does not search."""

    def startDrag(self, actions: Qt.DropAction) -> None:
        """Drag the selected rows; the card at the pointer says what they are."""
        keys = self.selected_keys()
        if not keys:
            return
        card = self._drag_card([self.model().value(key) for key in keys])
        self._hand.dragging = True
        self.drag_started.emit(keys)
        done = drag_keys(self, self.model().mimeData(self.selectionModel().selectedRows()), card, actions)
        self._hand.dragging = False
        self.drag_finished.emit(done)

    # ---- Qt's notifications

    def currentChanged(self, current: QModelIndex, previous: QModelIndex) -> None:
        """Tell which key is current."""
        super().currentChanged(current, previous)
        if current.row() != previous.row() or not current.isValid():
            self._tell_current(self.model().key_at(current.row()) if current.isValid() else None)

    def selectionChanged(self, selected: QItemSelection, deselected: QItemSelection) -> None:
        """Tell which keys are selected."""
        super().selectionChanged(selected, deselected)
        self.viewport().update()
        self._tell_selection()

    def _tell_current(self, key: Hashable | None) -> None:
        self._told_current = key
        self.current_changed.emit(key)

    def _tell_selection(self) -> None:
        self._told_selected = self.selected_keys()
        self.selection_changed.emit(self._told_selected)

    def _tell_what_was_lost(self) -> None:
        """Qt says nothing of selected rows that a filter hides or a reset drops: a key press would still mean them."""
        if self.current_key() != self._told_current:
            self._tell_current(self.current_key())
        if len(self._told_selected) != sum(part.height() for part in self.selectionModel().selection()):
            self._tell_selection()

    def rowsAboutToBeRemoved(self, parent: QModelIndex, first: int, last: int) -> None:
        """Let go of a current row that is taken away.

        Qt would select its neighbour, and the next key press would act on a row nobody chose.
        """
        current = self.currentIndex().row()
        if first <= current <= last:
            flags = QItemSelectionModel.SelectionFlag
            self.selectionModel().setCurrentIndex(QModelIndex(), flags.NoUpdate)
            self.current_removed.emit(current)
        super().rowsAboutToBeRemoved(parent, first, last)
