"""The cards of one column as a list model: cards that come, go and change are told one by one."""

from collections.abc import Callable, Hashable, Sequence
from itertools import groupby
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
        known, row = {card.key for card in self._cards}, 0
        for is_known, run in groupby(cards, key=lambda card: card.key in known):
            if is_known:
                for card in run:
                    self._bring(row, card)
                    row += 1
            else:
                row += self._insert(row, list(run))
        self.applied.emit()

    def _drop_missing(self, wanted: set[Hashable]) -> None:
        """Each run of them at once."""
        last = len(self._cards)
        while last:
            first = last
            while first and self._cards[first - 1].key not in wanted:
                first -= 1
            if first < last:
                self.beginRemoveRows(QModelIndex(), first, last - 1)
                del self._cards[first:last]
                self.endRemoveRows()
            last = max(0, first - 1)

    def _insert(self, row: int, cards: list[KanbanCard]) -> int:
        self.beginInsertRows(QModelIndex(), row, row + len(cards) - 1)
        self._cards[row:row] = cards
        self.endInsertRows()
        return len(cards)

    def _bring(self, row: int, card: KanbanCard) -> None:
        """Everything above `row` is right already, so a card that is known stands at or below it."""
        present = next(place for place in range(row, len(self._cards)) if self._cards[place].key == card.key)
        if present != row:
            self.beginMoveRows(QModelIndex(), present, present, QModelIndex(), row)
            self._cards.insert(row, self._cards.pop(present))
            self.endMoveRows()
        if self._cards[row] != card:
            self._cards[row] = card
            here = self.index(row)
            self.dataChanged.emit(here, here)
