"""Transient states of a row: being sent, rolled back, open elsewhere."""

from dataclasses import dataclass
from enum import Enum

from widgets.tones import Tone


class RowStateKind(Enum):
    """What is happening to a row just now."""

    NORMAL = "normal"
    SENDING = "sending"
    FAILED = "failed"
    HELD = "held"


@dataclass(frozen=True)
class RowState:
    """A row's state and the words that go with it (派遣中 → 区城管委; 王 · 12 秒前已派区城管委; 王 查看中)."""

    kind: RowStateKind = RowStateKind.NORMAL
    note: str = ""


NORMAL = RowState()
NOTE_TONES = {
    RowStateKind.NORMAL: Tone.MUTED,
    RowStateKind.SENDING: Tone.SENDING,
    RowStateKind.FAILED: Tone.OVERDUE,
    RowStateKind.HELD: Tone.MULTI,
}
NOTE_MARKS = {
    RowStateKind.NORMAL: "",
    RowStateKind.SENDING: "◐ ",
    RowStateKind.FAILED: "⚠ ",
    RowStateKind.HELD: "● ",
}
