"""What a column of the live table shows, as plain values and functions of a row."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Any

from PySide6.QtCore import Qt

from widgets.durations import LiveText
from widgets.tones import Tone


class CellKind(Enum):
    """How a cell is drawn."""

    TEXT = "text"
    STRONG = "strong"
    MUTED = "muted"
    CHIP = "chip"
    COUNTDOWN = "countdown"
    BAR = "bar"
    NUMBER = "number"


class Align(Enum):
    """Where a cell's text stands."""

    LEFT = "left"
    RIGHT = "right"

    @property
    def flag(self) -> Qt.AlignmentFlag:
        """The Qt alignment, centred vertically."""
        side = Qt.AlignmentFlag.AlignRight if self is Align.RIGHT else Qt.AlignmentFlag.AlignLeft
        return side | Qt.AlignmentFlag.AlignVCenter


def _empty(_row: Any) -> str:
    return ""


@dataclass(frozen=True)
class Column:
    """One column: ``width`` in px at scale 1 (the least width of a stretching one), ``stretch`` its share of the rest.

    ``text(row)`` is what is read aloud, searched and drawn; ``tone(row)`` its state. ``sort_key(row)`` must give values
    that compare with each other and never None; without it the column does not sort. ``live(row, now)`` is needed by
    COUNTDOWN (drawn anew each second, ``now`` in epoch seconds); ``fraction(row)`` 0..1 by BAR.
    A CHIP whose tone is MUTED is plain muted text: a dash needs no frame. ``elide_middle`` keeps a text's end in sight.
    Where the room is too narrow, columns go by ``hide_order``, the greatest first; 0 always stays. What is still too
    wide is narrowed, but not a ``firm`` column. ``struck(row)`` strikes a text out: what it says was taken back.
    """

    key: str
    title: str
    width: int = 120
    stretch: int = 0
    align: Align = Align.LEFT
    kind: CellKind = CellKind.TEXT
    text: Callable[[Any], str] = _empty
    tone: Callable[[Any], Tone | None] | None = None
    sort_key: Callable[[Any], Any] | None = None
    live: Callable[[Any, float], LiveText] | None = None
    fraction: Callable[[Any], float] | None = None
    tooltip: Callable[[Any], str] | None = None
    hide_order: int = 0
    elide_middle: bool = False
    firm: bool = False
    struck: Callable[[Any], bool] | None = None

    def __post_init__(self) -> None:
        """A column that could not be drawn is refused where it is written, not where it is painted."""
        if self.kind is CellKind.COUNTDOWN and self.live is None:
            raise ValueError(f"column {self.key}: COUNTDOWN needs live(row, now)")
        if self.kind is CellKind.BAR and self.fraction is None:
            raise ValueError(f"column {self.key}: BAR needs fraction(row)")

    def tone_of(self, row: Any) -> Tone:
        """State of this cell; NORMAL where the column has none."""
        return (self.tone(row) if self.tone else None) or Tone.NORMAL
