"""The board of units that dragged keys are dropped on."""

from widgets.board.board import UnitBoard
from widgets.board.card import UnitCard
from widgets.board.cards import CardData, CardKind, Section

__all__ = ["CardData", "CardKind", "Section", "UnitBoard", "UnitCard"]
