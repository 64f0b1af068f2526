"""What the unit board shows, as plain values."""

from collections.abc import Hashable
from dataclasses import dataclass
from enum import Enum

from widgets.tones import Tone


class CardKind(Enum):
    """UNIT carries figures and a load; TARGET is a wide dashed place to drop on."""

    UNIT = "unit"
    TARGET = "target"


@dataclass(frozen=True)
class CardData:
    """One card. ``load`` 0..1 fills the bar; ``keywords`` (pinyin, short names) serve the filter only.

    ``reason`` stands on the card, ``details`` (all reasons, one a line) are told by its tooltip and read aloud.
    ``why_not`` says why a card that is not ``enabled`` takes nothing; ``hotkey`` 1–9 or a letter is shown as a key cap;
    ``drop_text`` stands on it while a drop hovers, instead of the board's own words.
    """

    key: Hashable
    title: str
    count: int | None = None
    overdue: int = 0
    load: float | None = None
    subtitle: str = ""
    reason: str = ""
    hotkey: int | str | None = None
    tone: Tone = Tone.ACTION
    enabled: bool = True
    why_not: str = ""
    kind: CardKind = CardKind.UNIT
    keywords: str = ""
    details: tuple[str, ...] = ()
    drop_text: str = ""

    def matches(self, text: str) -> bool:
        """Whether the filter text occurs in the title or the keywords."""
        wanted = text.strip().casefold()
        return wanted in self.title.casefold() or wanted in self.keywords.casefold()

    def spoken(self) -> str:
        """The card as a screen reader says it."""
        parts = [self.title]
        if self.count is not None:
            parts.append(f"在办 {self.count}")
        if self.overdue:
            parts.append(f"超期 {self.overdue}")
        return "，".join(parts)


@dataclass(frozen=True)
class Section:
    """A heading with its cards in ``columns`` columns; ``key`` makes the same card possible in two sections."""

    key: Hashable
    title: str
    cards: tuple[CardData, ...]
    columns: int = 2
