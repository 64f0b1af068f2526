"""A table model over keyed rows: precise changes, newest on top, sorted and filtered without a proxy."""

from collections.abc import Callable, Hashable, Iterable, Sequence
from contextlib import contextmanager
from typing import Any

from PySide6.QtCore import (
    QAbstractItemModel,
    QAbstractTableModel,
    QMimeData,
    QModelIndex,
    QPersistentModelIndex,
    Qt,
    Signal,
)

from widgets.drag_keys import DEFAULT_MIME, encode_keys
from widgets.live_table.batch import Batch, Changes, Prepared
from widgets.live_table.columns import Column
from widgets.live_table.order import RowOrder, merged
from widgets.live_table.store import RowStore

KEY_ROLE = int(Qt.ItemDataRole.UserRole)
ROW_ROLE = KEY_ROLE + 1
# A begin/end pair costs about 15 µs under QTableView, one layout change of 100,000 rows 5 ms, sorted 45 ms
# (tests/qt/widgets/measure_live_table.py): beyond this many pieces the layout change is cheaper.
PIECES_AT_ONCE = 300
_SORTED_FACTOR = 4
_LAYOUT_SIGNATURE = ("QList<QPersistentModelIndex>", "QAbstractItemModel::LayoutChangeHint")
_RANGES_AT_ONCE = 64

Index = QModelIndex | QPersistentModelIndex


class KeyedTableModel(QAbstractTableModel):
    """Rows of any kind, found by key; ``row = n − 1 − position`` unless sorted or filtered.

    Costs per change are logarithmic in the number of rows apart from one shift of a list of integers.
    """

    applying = Signal()
    applied = Signal(object)
    order_changing = Signal()
    order_changed = Signal()

    def __init__(
        self,
        columns: Sequence[Column],
        key: Callable[[Any], Hashable],
        mime_type: str = DEFAULT_MIME,
        parent: Any = None,
    ) -> None:
        super().__init__(parent)
        self.columns = tuple(columns)
        self.mime_type = mime_type
        self._store = RowStore(key)
        self._order = RowOrder()
        self._predicate: Callable[[Any], bool] | None = None
        self._sorted_by: tuple[str | None, bool] = (None, False)

    # ---- reading

    @property
    def total(self) -> int:
        """Number of rows, also those filtered out."""
        return len(self._store)

    @property
    def sorted_by(self) -> tuple[str | None, bool]:
        """(column key, descending); (None, False) when the newest is on top."""
        return self._sorted_by

    @property
    def filtered(self) -> bool:
        """Whether a filter is set."""
        return self._predicate is not None

    def row_of(self, key: Hashable) -> int | None:
        """Row in which a key is shown; None if unknown or filtered out."""
        position = self._store.position(key)
        return None if position is None else self._order.row_of(position)

    def row_at(self, row: int) -> Any:
        """The value shown in a row; raises IndexError outside 0..rowCount−1."""
        if not 0 <= row < len(self._order):
            raise IndexError(row)
        return self._store.at(self._order.position_at(row))

    def key_at(self, row: int) -> Hashable:
        """Key shown in a row; raises IndexError outside 0..rowCount−1."""
        return self._store.key(self.row_at(row))

    def value(self, key: Hashable) -> Any | None:
        """The row of a key, shown or not; None if unknown."""
        position = self._store.position(key)
        return None if position is None else self._store.at(position)

    def keys(self, first: int = 0, end: int | None = None) -> list[Hashable]:
        """Shown keys from the top down, or those of the rows first..end−1."""
        key, at = self._store.key, self._store.at
        return [key(at(position)) for position in self._order.rows(first, end)]

    def column_number(self, key: str) -> int:
        """Section of a column; raises KeyError if there is none of that key."""
        for number, column in enumerate(self.columns):
            if column.key == key:
                return number
        raise KeyError(key)

    # ---- changing

    def reset(self, rows: Iterable[Any]) -> None:
        """Show these rows instead, given newest first; raises ValueError on a double key. Filter and sort stay."""
        self.adopt(self.prepare(rows))

    def prepare(self, rows: Iterable[Any]) -> Prepared:
        """The work of ``reset`` without touching the model: for long tables, on another thread."""
        listed = list(rows)
        listed.reverse()
        store = RowStore(self._store.key)
        store.fill(listed)
        sorted_by, predicate = self._sorted_by, self._predicate
        return Prepared(store, self._order_of(store, sorted_by, predicate), sorted_by, predicate)

    def adopt(self, prepared: Prepared) -> None:
        """Show what was prepared; if filter or sort became others meanwhile, the rows are ordered anew."""
        self.beginResetModel()
        self._store, self._order = prepared.store, prepared.order
        if (prepared.sorted_by, prepared.predicate) != (self._sorted_by, self._predicate):
            self._order = self._order_of(self._store, self._sorted_by, self._predicate)
        self.endResetModel()

    def take_over(self, prepared: Prepared) -> None:
        """``adopt`` for a table that is being worked on: selected rows that are among the prepared ones stay selected,
        and what is under the hand stays there."""
        self.applying.emit()
        with self._layout_change():
            self._store, self._order = prepared.store, prepared.order
            if (prepared.sorted_by, prepared.predicate) != (self._sorted_by, self._predicate):
                self._order = self._order_of(self._store, self._sorted_by, self._predicate)
        self.applied.emit(Changes())

    def apply(self, upserts: Iterable[Any] = (), removals: Iterable[Hashable] = ()) -> Changes:
        """Insert or replace rows and remove keys, as one step for whoever listens to ``applying`` and ``applied``.

        Of a key given twice the last row counts; a key that is also removed is removed; unknown removals and rows equal
        to the present ones change nothing.
        """
        gone = set(removals)
        rows = {self._store.key(row): row for row in upserts}
        batch = self._plan([row for key, row in rows.items() if key not in gone], gone)
        changes = self._describe(batch)
        if changes == Changes():
            return changes
        self.applying.emit()
        self._carry_out(batch)
        if self._store.worth_packing():
            self._pack()
        self.applied.emit(changes)
        return changes

    def renew(self, keys: Iterable[Hashable]) -> None:
        """What columns say of these rows comes from elsewhere and has changed: place and draw them anew."""
        batch = Batch()
        for key in keys:
            if (position := self._store.position(key)) is not None:
                self._plan_replacement(batch, position, self._store.at(position))
        if batch.replaced:
            changes = self._describe(batch)
            self.applying.emit()
            self._carry_out(batch)
            self.applied.emit(changes)

    def set_filter(self, predicate: Callable[[Any], bool] | None) -> None:
        """Show only rows for which ``predicate`` holds; None shows all. Selected rows that stay shown stay selected."""
        self._predicate = predicate
        self._reorder(self._order.values)

    def sort_by(self, column_key: str | None, descending: bool = False) -> None:
        """Sort by a column; None puts the newest on top. Raises KeyError or ValueError if it does not sort."""
        if column_key is not None and self.columns[self.column_number(column_key)].sort_key is None:
            raise ValueError(f"column {column_key} has no sort_key")
        self._sorted_by = (column_key, descending if column_key else False)
        self._reorder()

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Qt's way to ``sort_by``; a column that does not sort is left alone."""
        if column < 0:
            self.sort_by(None)
        elif self.columns[column].sort_key is not None:
            self.sort_by(self.columns[column].key, order == Qt.SortOrder.DescendingOrder)

    # ---- QAbstractItemModel

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        """Number of shown rows."""
        return 0 if parent.isValid() else len(self._order)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        """Number of columns."""
        return 0 if parent.isValid() else len(self.columns)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Text, tooltip, alignment, key (KEY_ROLE) and row (ROW_ROLE) of a cell."""
        if not index.isValid() or index.row() >= len(self._order):
            return None
        column, row = self.columns[index.column()], self.row_at(index.row())
        if role == Qt.ItemDataRole.DisplayRole:
            return column.text(row)
        if role == Qt.ItemDataRole.ToolTipRole:
            return column.tooltip(row) if column.tooltip else None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return column.align.flag
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{column.title} {column.text(row)}"
        return {KEY_ROLE: self._store.key(row), ROW_ROLE: row}.get(int(role))

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Column titles."""
        if orientation != Qt.Orientation.Horizontal or not 0 <= section < len(self.columns):
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self.columns[section].title
        return self.columns[section].align.flag if role == Qt.ItemDataRole.TextAlignmentRole else None

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Every row can be selected and dragged."""
        flag = Qt.ItemFlag
        if not index.isValid():
            return flag.NoItemFlags
        return flag.ItemIsEnabled | flag.ItemIsSelectable | flag.ItemIsDragEnabled | flag.ItemNeverHasChildren

    def mimeTypes(self) -> list[str]:
        """The one type a drag carries."""
        return [self.mime_type]

    def mimeData(self, indexes: Sequence[Index]) -> QMimeData:
        """Keys of the indexes' rows, from the top down, each once."""
        rows = sorted({index.row() for index in indexes if index.isValid()})
        return encode_keys([self.key_at(row) for row in rows], self.mime_type)

    def supportedDragActions(self) -> Qt.DropAction:
        """A drag says where a row should go; the row itself moves when the data says so."""
        return Qt.DropAction.CopyAction

    # ---- planning and carrying out a batch

    def _plan(self, rows: list[Any], gone: set[Hashable]) -> Batch:
        batch = Batch()
        for key in gone:
            position = self._store.position(key)
            if position is not None:
                batch.removed.append(position)
        batch.leaving = [position for position in batch.removed if self._order.row_of(position) is not None]
        for row in rows:
            position = self._store.position(self._store.key(row))
            if position is None:
                batch.new_rows.append(row)
            elif row is not self._store.at(position) and row != self._store.at(position):
                self._plan_replacement(batch, position, row)
        return batch

    def _plan_replacement(self, batch: Batch, position: int, row: Any) -> None:
        batch.replaced[position] = row
        before, after = self._order.row_of(position) is not None, self._passes(row)
        if before and not after:
            batch.leaving.append(position)
        elif after and not before:
            batch.entering.append(position)
        elif before and self._order.values is not None:
            value = self._sort_value(row)
            if value != self._order.values[position]:
                batch.moving[position] = value

    def _describe(self, batch: Batch) -> Changes:
        key, at = self._store.key, self._store.at
        return Changes(
            tuple(key(row) for row in batch.new_rows),
            tuple(key(row) for row in batch.replaced.values()),
            tuple(key(at(position)) for position in batch.removed),
        )

    def _carry_out(self, batch: Batch) -> None:
        leaving = self._order.removal_ranges(batch.leaving)
        arriving = 1 if self._order.values is None else len(batch.new_rows)
        if len(leaving) + len(batch.moving) + len(batch.entering) + arriving > self._most_pieces():
            self._carry_out_at_once(batch)
        else:
            self._carry_out_in_pieces(batch, leaving)
        self._emit_changed(batch.replaced)

    def _most_pieces(self) -> int:
        return PIECES_AT_ONCE * (1 if self._order.values is None else _SORTED_FACTOR)

    def _carry_out_in_pieces(self, batch: Batch, leaving: list[tuple[int, int]]) -> None:
        for first, last in leaving:
            self.beginRemoveRows(QModelIndex(), first, last)
            self._order.remove_rows(first, last)
            self.endRemoveRows()
        for position, value in batch.moving.items():
            self._move(position, value)
        entering = self._update_store(batch)
        for index, positions in self._order.insertions(entering):
            row = self._order.insertion_row(index, len(positions))
            self.beginInsertRows(QModelIndex(), row, row + len(positions) - 1)
            self._order.insert_at(index, positions)
            self.endInsertRows()

    def _carry_out_at_once(self, batch: Batch) -> None:
        with self._layout_change():
            shown = set(self._order.rows()).difference(batch.leaving)
            shown.update(self._update_store(batch))
            self._order.fill(sorted(shown))

    def _move(self, position: int, value: Any) -> None:
        row, target = self._order.destination(position, value)
        if row != target:
            below = target + 1 if target > row else target  # Qt counts the destination before the row is taken out
            self.beginMoveRows(QModelIndex(), row, row, QModelIndex(), below)
        self._order.values[position] = value
        if row != target:
            self._order.move(row, target)
            self.endMoveRows()

    def _update_store(self, batch: Batch) -> list[int]:
        """Write the batch's rows and sort values; returns the positions that are to be shown newly."""
        for position in batch.removed:
            self._store.drop(position)
        for position, row in batch.replaced.items():
            self._store.replace(position, row)
            if self._order.values is not None:
                self._order.values[position] = self._sort_value(row)
        entering = list(batch.entering)
        for row in batch.new_rows:
            position = self._store.add(row)
            if self._order.values is not None:
                self._order.values.append(self._sort_value(row))
            if self._passes(row):
                entering.append(position)
        return entering

    def _emit_changed(self, positions: Iterable[int]) -> None:
        rows = (self._order.row_of(position) for position in positions)
        ranges = merged(row for row in rows if row is not None)
        if len(ranges) > _RANGES_AT_ONCE:
            ranges = [(ranges[0][0], ranges[-1][1])]
        for first, last in ranges:
            self.dataChanged.emit(self.index(first, 0), self.index(last, len(self.columns) - 1))

    # ---- order

    def _passes(self, row: Any) -> bool:
        return self._predicate is None or bool(self._predicate(row))

    def _sort_value(self, row: Any) -> Any:
        return self.columns[self.column_number(self._sorted_by[0])].sort_key(row)

    def _order_of(self, store: RowStore, sorted_by: tuple[str | None, bool], test: Callable[[Any], bool] | None,
                  values: list[Any] | None = None) -> RowOrder:
        """Rows of a store in order; sort values that are known already need not be asked for again."""
        column_key, descending = sorted_by
        if column_key is None:
            order = RowOrder()
        else:
            sort_key = self.columns[self.column_number(column_key)].sort_key
            order = RowOrder(store.values(sort_key) if values is None else values, descending)
        at, positions = store.at, store.positions()
        order.fill(positions if test is None else (position for position in positions if test(at(position))))
        return order

    def _reorder(self, values: list[Any] | None = None) -> None:
        self.order_changing.emit()
        with self._layout_change():
            self._order = self._order_of(self._store, self._sorted_by, self._predicate, values)
        self.order_changed.emit()

    @contextmanager
    def _layout_change(self):
        """Tell Qt that rows find new places; persistent indexes (selection, current) follow their rows.

        The sort hint keeps the horizontal header from mapping its sections through a row that may go.
        """
        hint = QAbstractItemModel.LayoutChangeHint.VerticalSortHint
        self.layoutAboutToBeChanged[_LAYOUT_SIGNATURE].emit([], hint)
        before = self.persistentIndexList()
        keys = [self.key_at(index.row()) for index in before]
        yield
        after = []
        for index, key in zip(before, keys, strict=True):
            row = self.row_of(key)
            after.append(QModelIndex() if row is None else self.index(row, index.column()))
        self.changePersistentIndexList(before, after)
        self.layoutChanged[_LAYOUT_SIGNATURE].emit([], hint)

    def _pack(self) -> None:
        kept = self._store.pack()
        new_position = {old: new for new, old in enumerate(kept)}
        if self._order.values is not None:
            self._order.values = [self._order.values[old] for old in kept]
        self._order.renumber(new_position.__getitem__)
