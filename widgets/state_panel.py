"""What a list shows instead of rows: empty, loading, error, disconnected; designed, not blank."""

from dataclasses import dataclass
from enum import Enum

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from widgets.styling import label, set_property
from widgets.tones import Tone


class StateKind(Enum):
    """State of a list besides its rows."""

    READY = "ready"
    EMPTY = "empty"
    LOADING = "loading"
    ERROR = "error"
    DISCONNECTED = "disconnected"


@dataclass(frozen=True)
class TableState:
    """A state in the user's words: what is so, what to do, and the button that does it."""

    kind: StateKind = StateKind.READY
    title: str = ""
    hint: str = ""
    action_text: str = ""


STATE_MARKS = {
    StateKind.READY: "",
    StateKind.EMPTY: "○",
    StateKind.LOADING: "◐",
    StateKind.ERROR: "⚠",
    StateKind.DISCONNECTED: "◇",
}
STATE_TONES = {
    StateKind.READY: Tone.MUTED,
    StateKind.EMPTY: Tone.MUTED,
    StateKind.LOADING: Tone.ACTION,
    StateKind.ERROR: Tone.OVERDUE,
    StateKind.DISCONNECTED: Tone.NEAR,
}


class StatePanel(QWidget):
    """A mark, a sentence, a hint and at most one action, in the middle of where the rows would be."""

    action_triggered = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._mark, self._title, self._hint = label(role="figure"), label(role="title"), label(role="muted")
        self._button = QPushButton()
        self._button.clicked.connect(self.action_triggered)
        layout = QVBoxLayout(self)
        layout.addStretch(2)
        for part in (self._mark, self._title, self._hint):
            part.setAlignment(Qt.AlignmentFlag.AlignCenter)
            part.setWordWrap(True)
            layout.addWidget(part)
        layout.addWidget(self._button, alignment=Qt.AlignmentFlag.AlignCenter)
        layout.addStretch(3)
        self.set_state(TableState())

    def set_state(self, state: TableState) -> None:
        """Show a state; READY shows nothing."""
        self._mark.setText(STATE_MARKS[state.kind])
        set_property(self._mark, "tone", STATE_TONES[state.kind].value)
        self._title.setText(state.title)
        self._hint.setText(state.hint)
        self._hint.setVisible(bool(state.hint))
        self._button.setText(state.action_text)
        self._button.setVisible(bool(state.action_text))
        self.setAccessibleName(state.title)
        self.setAccessibleDescription(state.hint)
