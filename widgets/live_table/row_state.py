"""Transient states of rows: being sent, rolled back, open elsewhere."""

from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from enum import Enum

from PySide6.QtCore import QObject, QTimer, Signal

from widgets.tones import Tone

_FLASH_MS = 160
_FLASHES = 4


class RowStateKind(Enum):
    """What is happening to a row just now."""

    NORMAL = "normal"
    SENDING = "sending"
    FAILED = "failed"
    HELD = "held"


@dataclass(frozen=True)
class RowState:
    """A row's state and its words (派遣中 → 区城管委; 王 · 12 秒前已派区城管委; 王 查看中)."""

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


class RowStates(QObject):
    """States by key; a failed row flashes a few times unless motion is reduced."""

    changed = Signal(object)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.reduced_motion = False
        self._states: dict[Hashable, RowState] = {}
        self._flashes: dict[Hashable, int] = {}
        self._timer = QTimer(self)
        self._timer.setInterval(_FLASH_MS)
        self._timer.timeout.connect(self._flash)

    def of(self, key: Hashable) -> RowState:
        """State of a key."""
        return self._states.get(key, NORMAL)

    def flashing(self, key: Hashable) -> bool:
        """Whether the key's row is drawn in the flash's colour just now."""
        return self._flashes.get(key, 0) % 2 == 1

    @property
    def in_motion(self) -> bool:
        """Whether any row is still flashing."""
        return self._timer.isActive()

    def set(self, key: Hashable, state: RowState) -> None:
        """Put a key into a state."""
        if state == NORMAL:
            self._states.pop(key, None)
        else:
            self._states[key] = state
        if state.kind is RowStateKind.FAILED and not self.reduced_motion:
            self._flashes[key] = _FLASHES
            self._timer.start()
        self.changed.emit(key)

    def forget(self, keys: Iterable[Hashable]) -> None:
        """These rows are gone."""
        for key in keys:
            self._states.pop(key, None)
            self._flashes.pop(key, None)

    def clear(self) -> None:
        """All rows are normal again."""
        known = list(self._states)
        self.forget(known)
        for key in known:
            self.changed.emit(key)

    def _flash(self) -> None:
        for key in list(self._flashes):
            self._flashes[key] -= 1
            if self._flashes[key] <= 0:
                del self._flashes[key]
            self.changed.emit(key)
        if not self._flashes:
            self._timer.stop()
