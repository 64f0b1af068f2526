"""A board of columns: cards are found by eye, by arrow keys and by filter; nothing jumps under the hand."""

from collections.abc import Callable, Hashable, Sequence

from PySide6.QtCore import QPoint, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QStackedLayout, QWidget

from widgets.durations import LiveText
from widgets.kanban.cards import KanbanColumn
from widgets.kanban.column import ColumnView, keys_of
from widgets.state_panel import StatePanel, TableState
from widgets.theme import current_theme, theme_events
from widgets.ticker import SecondTicker


class KanbanBoard(QFrame):
    """opened(key): a card was clicked or entered; current_changed(key); menu_wanted(key, QPoint global): its menu;
    state_action(): the state's button."""

    opened = Signal(object)
    menu_wanted = Signal(object, QPoint)
    current_changed = Signal(object)
    state_action = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._columns: dict[Hashable, ColumnView] = {}
        self._live: Callable[[Hashable, float], LiveText | None] = lambda key, now: None
        self._clock: Callable[[], float] = lambda: 0.0
        self._opened: Hashable | None = None
        self._current: Hashable | None = None
        self._settling = False
        self._state, self._content = StatePanel(), QWidget()
        self._row, self._stack = QHBoxLayout(self._content), QStackedLayout(self)
        self._stack.addWidget(self._content)
        self._stack.addWidget(self._state)
        self._state.action_triggered.connect(self.state_action)
        self._ticker = SecondTicker(self, self.tick)
        theme_events().changed.connect(self._on_theme)
        self._on_theme()

    # ---- what the caller sets
    def set_live(self, live: Callable[[Hashable, float], LiveText | None], clock: Callable[[], float]) -> None:
        """What a card's third line says at a moment (epoch seconds of ``clock``); None: its own note stands."""
        self._live, self._clock = live, clock

    def set_columns(self, columns: Sequence[KanbanColumn]) -> None:
        """Show these columns; those that stay keep their widgets, cards that stay keep their place."""
        if list(self._columns) != [column.key for column in columns]:
            self._make_columns(columns)
        was, focused = self._current, any(view.list.hasFocus() for view in self.columns)
        self._settling = True
        for column in columns:
            self._columns[column.key].set_column(column)
        self._settling = False
        self._follow(was, focused)

    def set_opened(self, key: Hashable | None) -> None:
        """Mark the card whose matter is open; None: none is."""
        self._opened = key
        for column in self._columns.values():
            column.set_opened(key)

    def set_state(self, state: TableState | None) -> None:
        """Show a state instead of the columns; None shows the columns."""
        self._state.set_state(state or TableState())
        self._stack.setCurrentWidget(self._content if state is None else self._state)

    # ---- reading
    @property
    def columns(self) -> list[ColumnView]:
        """The columns from left to right."""
        return list(self._columns.values())

    def column(self, key: Hashable) -> ColumnView:
        """A column by its key; raises KeyError."""
        return self._columns[key]

    def keys(self) -> list[Hashable]:
        """All cards shown, column by column."""
        return keys_of(self.columns)

    def current_key(self) -> Hashable | None:
        """The card the keyboard was at last."""
        return self._current

    def state_shown(self) -> bool:
        """Whether a state stands instead of the columns."""
        return self._stack.currentWidget() is self._state

    # ---- what the hand does
    def focus_card(self, key: Hashable | None = None) -> bool:
        """Bring the keyboard to a card, else to the current one, else to the first; False on an empty board."""
        wanted = next((k for k in (key, self._current) if k is not None and k in self.keys()), None)
        for column in self.columns:
            if column.list.cards.rowCount() and (wanted is None or column.list.set_current(wanted)):
                column.list.setFocus()
                return True
        return False

    def show_card(self, key: Hashable) -> None:
        """Make a card current and bring it into sight without taking the keyboard."""
        for column in self.columns:
            column.list.set_current(key)

    def tick(self) -> None:
        """Draw what counts down anew."""
        for column in self.columns:
            column.tick()

    # ---- inside
    def _make_columns(self, columns: Sequence[KanbanColumn]) -> None:
        for gone in self._columns.values():
            self._row.removeWidget(gone)
            gone.hide()
            gone.deleteLater()
        self._columns = {column.key: self._make_column() for column in columns}

    def _make_column(self) -> ColumnView:
        view = ColumnView(lambda key: self._live(key, self._clock()), self._content)
        view.opened.connect(self.opened)
        view.list.menu_wanted.connect(self.menu_wanted)
        view.current_changed.connect(self._on_current)
        view.left.connect(lambda step: self._step(view, step))
        view.set_opened(self._opened)
        self._row.addWidget(view, 1)
        return view

    def _on_current(self, key: Hashable) -> None:
        if key != self._current and not self._settling:
            self._current = key
            self.current_changed.emit(key)

    def _step(self, view: ColumnView, step: int) -> None:
        """To the next column that has cards, at the same height."""
        columns = self.columns
        rect = view.list.visualRect(view.list.currentIndex())
        height = view.list.viewport().mapToGlobal(rect.center()).y()
        place = columns.index(view) + step
        while 0 <= place < len(columns):
            if columns[place].list.enter_at(height):
                return
            place += step

    def _follow(self, key: Hashable | None, focused: bool) -> None:
        """A card that moved to another column takes the keyboard along; one that is gone leaves it to a neighbour."""
        if key in self.keys():
            if focused:
                self.focus_card(key)
        elif (view := next((v for v in self.columns if v.list.hasFocus()), None)) is not None:
            self._on_current(view.list.current_key())

    def _on_theme(self) -> None:
        sizes = current_theme().sizes
        self._row.setContentsMargins(sizes.pad, sizes.pad_small, sizes.pad, 0)
        self._row.setSpacing(sizes.pad)
