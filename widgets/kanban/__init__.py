"""A board of columns that cards move through."""

from widgets.kanban.board import KanbanBoard
from widgets.kanban.cards import CardChip, KanbanCard, KanbanColumn
from widgets.kanban.column import CardList, ColumnView

__all__ = ["CardChip", "CardList", "ColumnView", "KanbanBoard", "KanbanCard", "KanbanColumn"]
