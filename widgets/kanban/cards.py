"""What the columns of a board show, as plain values."""

from collections.abc import Hashable
from dataclasses import dataclass

from widgets.tones import Tone


@dataclass(frozen=True)
class CardChip:
    """A word in a frame; ``told`` is what it means, for tooltip and screen reader."""

    text: str
    tone: Tone = Tone.MUTED
    told: str = ""


@dataclass(frozen=True)
class KanbanCard:
    """One card: badge and corner, title, a line, a line in a tone that may tick, chips.

    ``note`` stands where no live text is given for the card; ``told`` is the whole of it in words.
    """

    key: Hashable
    title: str
    badge: CardChip | None = None
    corner: str = ""
    line: str = ""
    note: str = ""
    note_tone: Tone = Tone.MUTED
    chips: tuple[CardChip, ...] = ()
    told: str = ""

    def spoken(self) -> str:
        """The card as a screen reader says it."""
        parts = (self.badge.text if self.badge else "", self.title, self.corner, self.line, self.note,
                 *(chip.told or chip.text for chip in self.chips))
        return "，".join(part for part in parts if part)


@dataclass(frozen=True)
class KanbanColumn:
    """A column with its cards in order; ``total`` counts those that a filter hides, too, ``coming`` those that are
    still being made and will stand below."""

    key: Hashable
    title: str
    cards: tuple[KanbanCard, ...] = ()
    total: int | None = None
    tone: Tone = Tone.NORMAL
    empty: str = "没有"
    coming: int = 0

    @property
    def figure(self) -> str:
        """5, or 2 / 5 while a filter hides some."""
        shown = len(self.cards) + self.coming
        return f"{shown:,}" if self.total in (None, shown) else f"{shown:,} / {self.total:,}"
