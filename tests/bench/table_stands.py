"""Three tables of the same cases: the live table, Qt's item model under its proxy, our model under that proxy."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any, Protocol

from PySide6.QtCore import QSortFilterProxyModel, Qt
from PySide6.QtGui import QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QApplication, QHeaderView, QTableView

from commandcenter.domain.model import CaseRow
from tests.bench.table_rows import LEFT, NOW, STREET, STREETS, columns
from widgets.fonts import install_fonts
from widgets.live_table import KeyedTableModel, LiveTableView
from widgets.theme import apply_theme, load_theme

SIZE = (1280, 1000)
SORT_ROLE = int(Qt.ItemDataRole.UserRole) + 9


def application() -> QApplication:
    """The dressed application, drawing into memory."""
    known = QApplication.instance()
    if isinstance(known, QApplication):
        return known
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    app = QApplication([])
    install_fonts()
    apply_theme(app, load_theme("dark"))
    return app


class Stand(Protocol):
    """What the measurement does to each table. Rows come newest first and belong on top."""

    view: QTableView

    def load(self, rows: Sequence[CaseRow]) -> None:
        """Show these rows instead."""

    def append(self, rows: Sequence[CaseRow]) -> None:
        """Take one batch of a long load, wherever it is cheapest."""

    def change(self, new: Sequence[CaseRow], changed: Sequence[CaseRow], gone: Sequence[int]) -> None:
        """Take in one batch of the feed."""

    def tick(self, now: float) -> None:
        """Let the countdowns in sight show another second."""

    def filter(self, street: int | None) -> None:
        """Show one street, or all."""

    def sort(self, by_deadline: bool) -> None:
        """Sort by what is left, or newest on top."""


class LiveStand:
    """The product's table."""

    def __init__(self) -> None:
        self.now = NOW
        self.model = KeyedTableModel(columns(), key=lambda row: row.id)
        self.view = LiveTableView()
        self.view.set_clock(lambda: self.now)
        self.view.setModel(self.model)
        self.view.resize(*SIZE)

    def load(self, rows: Sequence[CaseRow]) -> None:
        self.model.reset(rows)

    def append(self, rows: Sequence[CaseRow]) -> None:
        self.model.apply(rows)

    def change(self, new: Sequence[CaseRow], changed: Sequence[CaseRow], gone: Sequence[int]) -> None:
        self.model.apply([*changed, *reversed(new)], gone)

    def tick(self, now: float) -> None:
        self.now = now
        self.view.tick()

    def filter(self, street: int | None) -> None:
        self.model.set_filter(None if street is None else lambda row: row.street_id == street)

    def sort(self, by_deadline: bool) -> None:
        self.model.sort_by("left" if by_deadline else None)


def _plain_view(model: QSortFilterProxyModel) -> QTableView:
    """Qt's own table, set up as favourably as a rival would."""
    view = QTableView()
    view.setModel(model)
    view.verticalHeader().hide()
    view.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
    view.verticalHeader().setDefaultSectionSize(30)
    view.setWordWrap(False)
    view.setShowGrid(False)
    view.resize(*SIZE)
    return view


def _visible(view: QTableView) -> range:
    last = view.rowAt(view.viewport().height() - 1)
    return range(max(0, view.rowAt(0)), (last if last >= 0 else view.model().rowCount() - 1) + 1)


class ProxyStand:
    """What both rivals share: QSortFilterProxyModel between the model and a plain view."""

    def __init__(self) -> None:
        self.proxy = QSortFilterProxyModel()
        self.proxy.setFilterKeyColumn(STREET)
        self.proxy.setSortRole(SORT_ROLE)
        self.view = _plain_view(self.proxy)

    def filter(self, street: int | None) -> None:
        self.proxy.setFilterFixedString("" if street is None else STREETS[street])

    def sort(self, by_deadline: bool) -> None:
        self.proxy.sort(LEFT if by_deadline else -1)


class ItemStand(ProxyStand):
    """QStandardItemModel: one item a cell, made from the same words."""

    def __init__(self) -> None:
        super().__init__()
        self.now = NOW
        self.columns = columns()
        self._start()
        self.proxy.setSourceModel(self.model)

    def _start(self) -> None:
        self.items: dict[int, list[QStandardItem]] = {}
        self.model = QStandardItemModel(0, len(self.columns))

    def load(self, rows: Sequence[CaseRow]) -> None:
        """Filled while nobody looks, the cheapest way: under a proxy and a view it takes twice as long."""
        self._start()
        self.append(rows)
        self.proxy.setSourceModel(self.model)

    def append(self, rows: Sequence[CaseRow]) -> None:
        for row in rows:
            self.model.appendRow(self._made(row))

    def change(self, new: Sequence[CaseRow], changed: Sequence[CaseRow], gone: Sequence[int]) -> None:
        for row in changed:
            for item, text in zip(self.items[row.id], self._texts(row), strict=True):
                item.setText(text)
            self.items[row.id][LEFT].setData(row.deadline, SORT_ROLE)
        for key in gone:
            self.model.removeRow(self.items.pop(key)[0].row())
        for row in reversed(new):
            self.model.insertRow(0, self._made(row))

    def tick(self, now: float) -> None:
        self.now = now
        live = self.columns[LEFT].live
        for row in _visible(self.view):
            item = self.model.itemFromIndex(self.proxy.mapToSource(self.proxy.index(row, LEFT)))
            item.setText(live(_Due(item.data(SORT_ROLE)), now).text)

    def _made(self, row: CaseRow) -> list[QStandardItem]:
        made = [QStandardItem(text) for text in self._texts(row)]
        made[LEFT].setData(row.deadline, SORT_ROLE)
        self.items[row.id] = made
        return made

    def _texts(self, row: CaseRow) -> list[str]:
        still = [column.text(row) for column in self.columns[:LEFT]]
        return [*still, self.columns[LEFT].live(row, self.now).text]


class _Due:
    """As much of a row as the countdown asks for."""

    def __init__(self, deadline: float) -> None:
        self.deadline = deadline


class _SortableModel(KeyedTableModel):
    """Our model as a proxy needs it: the countdown as text, the deadline under a sort role."""

    now = NOW

    def data(self, index: Any, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if index.column() == LEFT and role == Qt.ItemDataRole.DisplayRole:
            return self.columns[LEFT].live(self.row_at(index.row()), self.now).text
        if role == SORT_ROLE:
            return self.row_at(index.row()).deadline
        return super().data(index, role)


class ProxiedStand(ProxyStand):
    """Our model without our order and view: what the proxy costs over Python."""

    def __init__(self) -> None:
        super().__init__()
        self.model = _SortableModel(columns(), key=lambda row: row.id)
        self.proxy.setSourceModel(self.model)

    def load(self, rows: Sequence[CaseRow]) -> None:
        self.model.reset(rows)

    def append(self, rows: Sequence[CaseRow]) -> None:
        self.model.apply(rows)

    def change(self, new: Sequence[CaseRow], changed: Sequence[CaseRow], gone: Sequence[int]) -> None:
        self.model.apply([*changed, *reversed(new)], gone)

    def tick(self, now: float) -> None:
        self.model.now = now
        rows = _visible(self.view)
        first, last = (self.proxy.mapToSource(self.proxy.index(row, LEFT)) for row in (rows[0], rows[-1]))
        self.model.dataChanged.emit(first, last, [Qt.ItemDataRole.DisplayRole])


STANDS: dict[str, type[Stand]] = {"ours": LiveStand, "standard": ItemStand, "proxied": ProxiedStand}
