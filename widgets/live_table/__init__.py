"""A table of keyed rows that changes while it is worked on."""

from widgets.durations import LiveText, countdown
from widgets.live_table.batch import Changes, Prepared
from widgets.live_table.columns import Align, CellKind, Column
from widgets.live_table.drag import DragCard
from widgets.live_table.model import KEY_ROLE, ROW_ROLE, KeyedTableModel
from widgets.live_table.row_state import RowState, RowStateKind
from widgets.live_table.view import LiveTableView
from widgets.state_panel import StateKind, TableState

__all__ = [
    "KEY_ROLE",
    "ROW_ROLE",
    "Align",
    "CellKind",
    "Changes",
    "Column",
    "DragCard",
    "KeyedTableModel",
    "LiveTableView",
    "LiveText",
    "Prepared",
    "RowState",
    "RowStateKind",
    "StateKind",
    "TableState",
    "countdown",
]
