"""A section of the board: its heading and its grid of cards, kept by key."""

from collections.abc import Callable, Hashable

from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from widgets.board.card import UnitCard
from widgets.board.cards import CardData, Section
from widgets.styling import label
from widgets.theme import current_theme


class SectionView(QWidget):
    """Shows one Section; a card that stays keeps its widget, and with it focus and hover."""

    def __init__(self, make_card: Callable[[CardData], UnitCard], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._make_card = make_card
        self._cards: dict[Hashable, UnitCard] = {}
        self._placed: tuple[tuple[Hashable, ...], int] = ((), 0)
        self._columns = 2
        self._heading = label(role="muted")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        self._grid = QGridLayout()
        layout.addWidget(self._heading)
        layout.addLayout(self._grid)
        self.apply_spacing()

    @property
    def columns(self) -> int:
        """Cards side by side."""
        return self._columns

    def cards(self) -> list[UnitCard]:
        """Cards in order, also filtered ones."""
        return list(self._cards.values())

    def apply_spacing(self) -> None:
        """Take the distances of the present theme."""
        gap = current_theme().sizes.gap
        self.layout().setSpacing(gap)
        self._grid.setSpacing(gap)

    def set_section(self, section: Section) -> None:
        """Show other data, making and dropping only the cards that come and go."""
        self._heading.setText(section.title)
        self._heading.setVisible(bool(section.title))
        wanted = {card.key: card for card in section.cards}
        for key in [key for key in self._cards if key not in wanted]:
            self._discard(self._cards.pop(key))
        cards = {}
        for key, data in wanted.items():
            cards[key] = self._cards.get(key) or self._make_card(data)
            cards[key].set_data(data)
        self._cards, self._columns = cards, section.columns

    def arrange(self, text: str) -> bool:
        """Lay out the cards that match the filter text; False if none does."""
        shown = [card for card in self._cards.values() if card.data.matches(text)]
        placed = (tuple(card.data.key for card in shown), self._columns)
        if placed != self._placed:
            self._placed = placed
            self._lay_out(shown)
        self.setVisible(bool(shown))
        return bool(shown)

    def _lay_out(self, shown: list[UnitCard]) -> None:
        while self._grid.count():
            self._grid.takeAt(0)
        for card in self._cards.values():
            card.setVisible(card in shown)
        for place, card in enumerate(shown):
            self._grid.addWidget(card, place // self._columns, place % self._columns)
        for column in range(self._grid.columnCount()):
            self._grid.setColumnStretch(column, 1 if column < self._columns else 0)

    def _discard(self, card: UnitCard) -> None:
        self._grid.removeWidget(card)
        card.hide()
        card.deleteLater()
