"""A table of figures: names at the left, figures right-aligned, every figure can be asked what is behind it."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from widgets.painting import draw_focus, draw_frame, draw_text
from widgets.theme import current_theme, theme_events
from widgets.tones import Tone

Index = QModelIndex | QPersistentModelIndex
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


@dataclass(frozen=True)
class FigureColumn:
    """A column of figures; ``told`` explains it in the heading's tooltip."""

    key: Hashable
    title: str
    told: str = ""


@dataclass(frozen=True)
class Figure:
    """A figure as text; ``value`` sorts (None last) and its tone says its state, ``told`` says it in words."""

    text: str
    value: float | None = None
    tone: Tone = Tone.NORMAL
    told: str = ""


@dataclass(frozen=True)
class FigureRow:
    """A name and its figures, one per column."""

    key: Hashable
    title: str
    figures: tuple[Figure, ...]
    told: str = ""


class FigureModel(QAbstractTableModel):
    """The name is column 0; sorting keeps what has no figure at the end."""

    def __init__(self, parent: Any = None) -> None:
        super().__init__(parent)
        self._heading = ""
        self._columns: tuple[FigureColumn, ...] = ()
        self._rows: list[FigureRow] = []
        self._given: tuple[FigureRow, ...] = ()
        self._sorted_by: tuple[int, Qt.SortOrder] = (-1, Qt.SortOrder.AscendingOrder)

    def set_columns(self, heading: str, columns: Sequence[FigureColumn]) -> None:
        """What the columns are; the rows go."""
        self.beginResetModel()
        self._heading, self._columns, self._rows, self._given = heading, tuple(columns), [], ()
        self.endResetModel()

    def set_rows(self, rows: Sequence[FigureRow]) -> None:
        """Show these rows; where only figures differ, only they are told."""
        if tuple(rows) == self._given:
            return
        self._given = tuple(rows)
        ordered = self._ordered(rows)
        if [row.key for row in ordered] == [row.key for row in self._rows]:
            self._rows = ordered
            self.dataChanged.emit(self.index(0, 0), self.index(len(ordered) - 1, len(self._columns)))
        else:
            self.beginResetModel()
            self._rows = ordered
            self.endResetModel()

    def rows(self) -> list[FigureRow]:
        """The rows as they stand."""
        return list(self._rows)

    def columns(self) -> tuple[FigureColumn, ...]:
        """The columns of figures."""
        return self._columns

    def place(self, index: Index) -> tuple[Hashable, Hashable | None]:
        """Keys of row and column; None for the name's column."""
        column = None if index.column() == 0 else self._columns[index.column() - 1].key
        return self._rows[index.row()].key, column

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        """Number of rows."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        """The name and the figures."""
        return 0 if parent.isValid() else 1 + len(self._columns)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Text, alignment, font and colour of a cell."""
        if not index.isValid() or index.row() >= len(self._rows):
            return None
        row = self._rows[index.row()]
        figure = None if index.column() == 0 else row.figures[index.column() - 1]
        if role == Qt.ItemDataRole.DisplayRole:
            return row.title if figure is None else figure.text
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _LEFT if figure is None else _RIGHT
        if role == Qt.ItemDataRole.ToolTipRole:
            return (row.told if figure is None else figure.told) or None
        return self._look(figure, role) or self._spoken(row, index.column(), role)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Titles of the columns, aligned as their cells."""
        if orientation != Qt.Orientation.Horizontal or not 0 <= section <= len(self._columns):
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self._heading if section == 0 else self._columns[section - 1].title
        if role == Qt.ItemDataRole.ToolTipRole:
            return None if section == 0 else self._columns[section - 1].told or None
        return (_LEFT if section == 0 else _RIGHT) if role == Qt.ItemDataRole.TextAlignmentRole else None

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """By a column; -1: as given."""
        self._sorted_by = (column, order)
        self.layoutAboutToBeChanged.emit()
        kept = [(index, self._rows[index.row()].key) for index in self.persistentIndexList()]
        self._rows = self._ordered(self._given)
        now = {row.key: number for number, row in enumerate(self._rows)}
        for index, key in kept:
            self.changePersistentIndex(index, self.index(now[key], index.column()))
        self.layoutChanged.emit()

    def _ordered(self, rows: Sequence[FigureRow]) -> list[FigureRow]:
        column, order = self._sorted_by
        down = order == Qt.SortOrder.DescendingOrder
        if column < 0:
            return list(rows)
        if column == 0:
            return sorted(rows, key=lambda row: row.title, reverse=down)
        known = [row for row in rows if row.figures[column - 1].value is not None]
        rest = [row for row in rows if row.figures[column - 1].value is None]
        return sorted(known, key=lambda row: row.figures[column - 1].value or 0.0, reverse=down) + rest

    def _look(self, figure: Figure | None, role: int) -> Any:
        theme = current_theme()
        if role == Qt.ItemDataRole.FontRole:
            return theme.font("body", strong=figure is not None and figure.value is not None)
        if role == Qt.ItemDataRole.ForegroundRole:
            return theme.colors.text if figure is None else theme.figure(figure.tone)
        return None

    def _spoken(self, row: FigureRow, column: int, role: int) -> str | None:
        if role != Qt.ItemDataRole.AccessibleTextRole:
            return None
        if column == 0:
            return row.title
        return f"{row.title} {self._columns[column - 1].title} {row.figures[column - 1].text}"


class _FigureDelegate(QStyledItemDelegate):
    """Text with room at both sides, a hover that says a figure can be pressed, a ring for the keyboard."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex) -> None:
        """One cell."""
        theme, flags = current_theme(), QStyle.StateFlag
        if option.state & flags.State_MouseOver:
            draw_frame(painter, option.rect, theme, None, theme.colors.hover, theme.sizes.radius_small)
        room = option.rect.adjusted(theme.sizes.pad, 0, -theme.sizes.pad, 0)
        draw_text(painter, room, index.data(), index.data(Qt.ItemDataRole.FontRole),
                  index.data(Qt.ItemDataRole.ForegroundRole), index.data(Qt.ItemDataRole.TextAlignmentRole))
        if option.state & flags.State_HasFocus:
            draw_focus(painter, option.rect, theme, theme.sizes.radius_small)


class FigureTable(QTableView):
    """figure_chosen(row key, column key): by click or Enter; the column is None for the name."""

    figure_chosen = Signal(object, object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.figures = FigureModel(self)
        self.setModel(self.figures)
        self.setItemDelegate(_FigureDelegate(self))
        self.setMouseTracking(True)
        self.setShowGrid(False)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTabKeyNavigation(False)
        self.setWordWrap(False)
        self.setSortingEnabled(True)
        self.verticalHeader().hide()
        self.horizontalHeader().setSectionsClickable(True)
        self.horizontalHeader().setSortIndicatorClearable(True)
        self.horizontalHeader().setHighlightSections(False)
        self.sortByColumn(-1, Qt.SortOrder.AscendingOrder)
        self.clicked.connect(self._choose)
        theme_events().changed.connect(self._on_theme)

    def set_columns(self, heading: str, columns: Sequence[FigureColumn]) -> None:
        """What is shown; the names take the room that the figures leave."""
        self.figures.set_columns(heading, columns)
        header = self.horizontalHeader()
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        for section in range(1, len(columns) + 1):
            header.setSectionResizeMode(section, QHeaderView.ResizeMode.Fixed)
        self._on_theme()

    def set_rows(self, rows: Sequence[FigureRow]) -> None:
        """Show these rows."""
        self.figures.set_rows(rows)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter asks for what is behind a figure; typed letters are for the screen."""
        if event.key() in _ENTER and self.currentIndex().isValid():
            self._choose(self.currentIndex())
        elif event.text().strip():
            event.ignore()
        else:
            super().keyPressEvent(event)

    def _choose(self, index: QModelIndex) -> None:
        self.figure_chosen.emit(*self.figures.place(index))

    def _on_theme(self) -> None:
        sizes, metrics = current_theme().sizes, self.fontMetrics()
        for section in range(1, self.figures.columnCount()):
            title = self.figures.columns()[section - 1].title
            widest = max(metrics.horizontalAdvance(title), metrics.horizontalAdvance("100.0"))
            self.setColumnWidth(section, widest + 2 * sizes.pad)
        self.verticalHeader().setDefaultSectionSize(sizes.queue_row - sizes.pad_small // 2)
        self.horizontalHeader().setFixedHeight(sizes.header_height)
