"""The cards of one column as a list model: cards that come, go and change are told one by one."""

from collections.abc import Callable, Hashable, Sequence
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt, Signal

from widgets.kanban.cards import KanbanCard

CARD_ROLE = int(Qt.ItemDataRole.UserRole)
Index = QModelIndex | QPersistentModelIndex


class CardModel(QAbstractListModel):
    """applying() before and applied() after a change, for whoever keeps the place."""

    applying = Signal()
    applied = Signal()

    def __init__(self, parent: Any = None) -> None:
        super().__init__(parent)
        self._cards: list[KanbanCard] = []
        self.ticking: Callable[[Hashable], str] = lambda key: ""  # what a card's ticking line says now

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        """Number of cards."""
        return 0 if parent.isValid() else len(self._cards)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Title, the card itself (CARD_ROLE), tooltip and spoken words."""
        if not index.isValid() or index.row() >= len(self._cards):
            return None
        card = self._cards[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return card.title
        if role == Qt.ItemDataRole.ToolTipRole:
            return card.told or None
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return "，".join(part for part in (card.spoken(), self.ticking(card.key)) if part)
        return card if role == CARD_ROLE else None

    def cards(self) -> list[KanbanCard]:
        """The cards in order."""
        return list(self._cards)

    def key_at(self, row: int) -> Hashable:
        """Key of a row; raises IndexError."""
        return self._cards[row].key

    def row_of(self, key: Hashable) -> int | None:
        """Row of a key, None if it is not here."""
        return next((row for row, card in enumerate(self._cards) if card.key == key), None)

    def set_cards(self, cards: Sequence[KanbanCard]) -> None:
        """Show these in this order; what stays the same is not told."""
        if self._cards == list(cards):
            return
        self.applying.emit()
        self._drop_missing({card.key for card in cards})
        for row, card in enumerate(cards):
            self._bring(row, card)
        self.applied.emit()

    def _drop_missing(self, wanted: set[Hashable]) -> None:
        for row in reversed(range(len(self._cards))):
            if self._cards[row].key not in wanted:
                self.beginRemoveRows(QModelIndex(), row, row)
                del self._cards[row]
                self.endRemoveRows()

    def _bring(self, row: int, card: KanbanCard) -> None:
        """Everything above `row` is right already, so a card that is known stands at or below it."""
        present = self.row_of(card.key)
        if present is None:
            self.beginInsertRows(QModelIndex(), row, row)
            self._cards.insert(row, card)
            self.endInsertRows()
            return
        if present != row:
            self.beginMoveRows(QModelIndex(), present, present, QModelIndex(), row)
            self._cards.insert(row, self._cards.pop(present))
            self.endMoveRows()
        if self._cards[row] != card:
            self._cards[row] = card
            here = self.index(row)
            self.dataChanged.emit(here, here)
