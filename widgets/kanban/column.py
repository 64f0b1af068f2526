"""One column of the board: heading, count, and a list of cards that scrolls on its own."""

from collections.abc import Callable, Hashable, Sequence

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QFocusEvent, QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from widgets.durations import LiveText
from widgets.kanban.card_painter import CardLook, card_height, draw_card
from widgets.kanban.cards import KanbanCard, KanbanColumn
from widgets.kanban.model import CARD_ROLE, CardModel
from widgets.styling import label, set_property
from widgets.theme import current_theme, theme_events
from widgets.tones import Tone

Live = Callable[[Hashable], LiveText | None]
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class _Delegate(QStyledItemDelegate):
    """Draws cards; `view` says which one is open and what time it is."""

    def __init__(self, view: "CardList") -> None:
        super().__init__(view)
        self._view = view

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex) -> None:
        """The card without the gap below it."""
        card: KanbanCard = index.data(CARD_ROLE)
        theme, flags = current_theme(), QStyle.StateFlag
        focused = self._view.hasFocus() and index == self._view.currentIndex()
        look = CardLook(bool(option.state & flags.State_MouseOver), focused, card.key == self._view.opened_key)
        note = self._view.live(card.key) or LiveText(card.note, card.note_tone)
        draw_card(painter, option.rect.adjusted(0, 0, 0, -theme.sizes.gap), card, note, look, theme)

    def sizeHint(self, _option: QStyleOptionViewItem, _index: QModelIndex) -> QSize:
        """A card and the gap below it."""
        sizes = current_theme().sizes
        return QSize(sizes.card_height * 2, card_height(sizes) + sizes.gap)


class CardList(QListView):
    """opened(key) by click or Enter; left(-1 or 1): the arrow key leads out of the column; menu_wanted(key, QPoint
    global): by the right button or the menu key."""

    opened = Signal(object)
    menu_wanted = Signal(object, QPoint)
    left = Signal(int)
    current_key_changed = Signal(object)

    def __init__(self, live: Live, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.live = live
        self.opened_key: Hashable | None = None
        self._anchor: tuple[Hashable, int] | None = None
        self.cards = CardModel(self)
        self.cards.ticking = self._ticking
        self.setModel(self.cards)
        self.setItemDelegate(_Delegate(self))
        self.setMouseTracking(True)
        self.setUniformItemSizes(True)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.cards.applying.connect(self._remember_place)
        self.cards.applied.connect(self._keep_place)
        self.clicked.connect(self._open)

    def current_key(self) -> Hashable | None:
        """Key of the current card."""
        index = self.currentIndex()
        return self.cards.key_at(index.row()) if index.isValid() else None

    def card_rect(self, key: Hashable) -> QRect | None:
        """Where a card stands in the viewport."""
        row = self.cards.row_of(key)
        return None if row is None else self.visualRect(self.cards.index(row))

    def set_current(self, key: Hashable) -> bool:
        """Make a card the current one and bring it into sight; False if it is not here."""
        row = self.cards.row_of(key)
        if row is None:
            return False
        self.setCurrentIndex(self.cards.index(row))
        self.scrollTo(self.cards.index(row))
        return True

    def enter_at(self, height: int) -> bool:
        """Take the focus at the card nearest to this height in global pixels; False in an empty column."""
        count = self.cards.rowCount()
        if not count:
            return False
        rects = [self.visualRect(self.cards.index(row)) for row in range(count)]
        wanted = self.viewport().mapFromGlobal(QPoint(0, height)).y()
        nearest = min(range(count), key=lambda row: abs(rects[row].center().y() - wanted))
        self.setCurrentIndex(self.cards.index(nearest))
        self.setFocus(Qt.FocusReason.OtherFocusReason)
        return True

    def currentChanged(self, current: QModelIndex, previous: QModelIndex) -> None:
        """Tell which card the keyboard is at."""
        super().currentChanged(current, previous)
        if current.isValid():
            self.current_key_changed.emit(self.cards.key_at(current.row()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter opens, arrows to the side leave the column; letters are no search here. Without a card to be at, no
        key is for this column."""
        if not self.currentIndex().isValid():
            event.ignore()
        elif event.key() in _ENTER:
            self._open(self.currentIndex())
        elif event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            self.left.emit(1 if event.key() == Qt.Key.Key_Right else -1)
        elif event.text().strip():
            event.ignore()
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """At the card under the pointer; by the key at the current one."""
        by_key = event.reason() == QContextMenuEvent.Reason.Keyboard
        index = self.currentIndex() if by_key else self.indexAt(event.pos())
        if index.isValid():
            where = self.visualRect(index).center() if by_key else event.pos()
            self.menu_wanted.emit(self.cards.key_at(index.row()), self.viewport().mapToGlobal(where))

    def focusInEvent(self, event: QFocusEvent) -> None:
        """The keyboard always stands at a card."""
        super().focusInEvent(event)
        if not self.currentIndex().isValid() and self.cards.rowCount():
            self.setCurrentIndex(self.cards.index(0))

    def _ticking(self, key: Hashable) -> str:
        note = self.live(key)
        return note.text if note is not None else ""

    def _open(self, index: QModelIndex | QPersistentModelIndex) -> None:
        if index.isValid():
            self.opened.emit(self.cards.key_at(index.row()))

    # ------------------------------------------------------------ keeping place
    def _remember_place(self) -> None:
        """The card under the pointer, else the current one in sight, else the first in sight once one has scrolled."""
        index = self._under_pointer()
        if not index.isValid() and self.hasFocus() and self._in_sight(self.currentIndex()):
            index = self.currentIndex()
        if not index.isValid() and self.verticalScrollBar().value() > 0:
            index = self.indexAt(QPoint(self.viewport().width() // 2, current_theme().sizes.gap))
        self._anchor = (self.cards.key_at(index.row()), self.visualRect(index).top()) if index.isValid() else None

    def _keep_place(self) -> None:
        if self._anchor is None:
            return
        key, top = self._anchor
        self.doItemsLayout()
        rect = self.card_rect(key)
        if rect is not None:
            bar = self.verticalScrollBar()
            bar.setValue(bar.value() + rect.top() - top)

    def _under_pointer(self) -> QModelIndex:
        if not self.viewport().underMouse():
            return QModelIndex()
        return self.indexAt(self.viewport().mapFromGlobal(self.cursor().pos()))

    def _in_sight(self, index: QModelIndex) -> bool:
        return index.isValid() and self.viewport().rect().intersects(self.visualRect(index))


class ColumnView(QWidget):
    """A column with its heading. opened(key), left(step), current_changed(key)."""

    opened = Signal(object)
    left = Signal(int)
    current_changed = Signal(object)

    def __init__(self, live: Live, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title, self._figure = label(role="strong"), label(role="strong")
        self._empty = label(role="muted")
        self._figure.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._empty.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        self._empty.setWordWrap(True)
        self.list = CardList(live, self)
        self._column, self._head = QVBoxLayout(self), QHBoxLayout()
        self._head.addWidget(self._title, 1)
        self._head.addWidget(self._figure)
        self._column.addLayout(self._head)
        self._column.addWidget(self._empty)
        self._column.addWidget(self.list, 1)
        self.list.opened.connect(self.opened)
        self.list.left.connect(self.left)
        self.list.current_key_changed.connect(self.current_changed)
        theme_events().changed.connect(self._on_theme)
        self._on_theme()

    @property
    def figure(self) -> str:
        """The count in the heading."""
        return self._figure.text()

    def set_column(self, column: KanbanColumn) -> None:
        """Show another state of the column."""
        self._title.setText(column.title)
        self._figure.setText(column.figure)
        set_property(self._figure, "tone", (column.tone if column.cards or column.coming else Tone.MUTED).value)
        self.setAccessibleName(f"{column.title} {column.figure}")
        self.list.setAccessibleName(column.title)
        self._empty.setText(column.empty)
        self._empty.setVisible(not column.cards and not column.coming)
        self.list.setFocusPolicy(Qt.FocusPolicy.StrongFocus if column.cards else Qt.FocusPolicy.NoFocus)
        self.list.cards.set_cards(column.cards)

    def set_opened(self, key: Hashable | None) -> None:
        """Mark the card that is open elsewhere."""
        if self.list.opened_key != key:
            self.list.opened_key = key
            self.list.viewport().update()

    def tick(self) -> None:
        """Draw the ticking lines anew."""
        self.list.viewport().update()

    def _on_theme(self) -> None:
        sizes = current_theme().sizes
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(sizes.pad_small)
        self._head.setContentsMargins(sizes.line_width, 0, sizes.pad_small, 0)
        self.list.doItemsLayout()


def keys_of(columns: Sequence[ColumnView]) -> list[Hashable]:
    """All keys on the board, column by column."""
    return [card.key for column in columns for card in column.list.cards.cards()]
