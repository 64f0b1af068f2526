"""The list of queues with their counts."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QSize, Qt, Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QAbstractItemView, QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from widgets.painting import RIGHT, draw_focus, draw_text
from widgets.theme import current_theme, theme_events
from widgets.tones import Tone


@dataclass(frozen=True)
class QueueItem:
    """One queue: its count (None while unknown), the count's tone, and whether a line is drawn above it."""

    key: Hashable
    title: str
    count: int | None = None
    tone: Tone = Tone.NORMAL
    separator: bool = False


class _QueueModel(QAbstractListModel):
    """Items by row; a changed count is one dataChanged."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.items: list[QueueItem] = []

    def set_items(self, items: list[QueueItem]) -> bool:
        """Take other items; True if the queues themselves changed, not only what they say."""
        if [item.key for item in items] != [item.key for item in self.items]:
            self.beginResetModel()
            self.items = items
            self.endResetModel()
            return True
        changed = [row for row, item in enumerate(items) if item != self.items[row]]
        self.items = items
        for row in changed:
            self.dataChanged.emit(self.index(row), self.index(row))
        return False

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = QModelIndex()) -> int:  # noqa: B008
        """Number of queues."""
        return 0 if parent.isValid() else len(self.items)

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Title, and title with count for screen readers."""
        if not index.isValid():
            return None
        item = self.items[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return item.title
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return item.title if item.count is None else f"{item.title} {item.count} 件"
        return None


class _QueueDelegate(QStyledItemDelegate):
    """Draws one queue."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex) -> None:
        """Title left, count right, a bar at the selected one's edge."""
        theme, item, rect = current_theme(), index.model().items[index.row()], option.rect
        sizes, colors = theme.sizes, theme.colors
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        hovered = bool(option.state & QStyle.StateFlag.State_MouseOver)
        fill = colors.selection if chosen else colors.hover if hovered else colors.background
        painter.fillRect(rect, fill)
        if item.separator:
            painter.fillRect(rect.left(), rect.top(), rect.width(), sizes.line_width, colors.line)
        if chosen:
            painter.fillRect(rect.left(), rect.top(), sizes.marker_width, rect.height(), colors.action_mark)
        inner = rect.adjusted(sizes.pad_large, 0, -sizes.pad_large, 0)
        count = "…" if item.count is None else f"{item.count:,}"
        tone = Tone.MUTED if item.count in (None, 0) else item.tone
        taken = draw_text(painter, inner, count, theme.font("body", True), theme.figure(tone), RIGHT)
        draw_text(painter, inner.adjusted(0, 0, -taken - sizes.pad, 0), item.title, theme.font(), colors.text)
        if option.state & QStyle.StateFlag.State_HasFocus:
            draw_focus(painter, rect, theme)

    def sizeHint(self, _option: QStyleOptionViewItem, _index: QModelIndex) -> QSize:
        """Height from the theme."""
        return QSize(current_theme().sizes.queue_row * 4, current_theme().sizes.queue_row)


class QueueList(QListView):
    """Shows queues; ``selected(key)`` when the user or ``select`` chose another one."""

    selected = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = _QueueModel(self)
        self._quiet = False
        self.setModel(self._model)
        self.setItemDelegate(_QueueDelegate(self))
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setAccessibleName("队列")
        theme_events().changed.connect(self.doItemsLayout)

    def set_items(self, items: Sequence[QueueItem]) -> None:
        """Show these queues; the selection stays with its key and is not announced again."""
        key = self.selected_key()
        if self._model.set_items(list(items)) and key is not None:
            self._quiet = True
            self.select(key)
            self._quiet = False

    def select(self, key: Hashable) -> bool:
        """Choose a queue; False if there is none of that key."""
        for row, item in enumerate(self._model.items):
            if item.key == key:
                self.setCurrentIndex(self._model.index(row))
                return True
        return False

    def selected_key(self) -> Hashable | None:
        """Key of the chosen queue."""
        index = self.currentIndex()
        return self._model.items[index.row()].key if index.isValid() else None

    def sizeHint(self) -> QSize:
        """Room for all queues."""
        row = current_theme().sizes.queue_row
        return QSize(row * 5, row * max(1, self._model.rowCount()))

    def currentChanged(self, current: QModelIndex, previous: QModelIndex) -> None:
        """Announce another choice."""
        super().currentChanged(current, previous)
        if current.isValid() and not self._quiet:
            self.selected.emit(self._model.items[current.row()].key)

    def keyboardSearch(self, search: str) -> None:
        """Digits and letters are commands of the screen."""
