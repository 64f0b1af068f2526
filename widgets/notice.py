"""An inline banner: one sentence in place, with at most one action."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QWidget

from widgets.styling import label, set_property
from widgets.theme import current_theme
from widgets.tones import Tone

_MARKS = {Tone.OK: "✓", Tone.NEAR: "▲", Tone.OVERDUE: "⚠", Tone.ACTION: "●", Tone.SENDING: "◐"}


class Notice(QFrame):
    """Hidden until ``show_text``; its tone is also told by a mark. ``slim``: one low line that takes little room."""

    action_triggered = Signal()

    def __init__(self, parent: QWidget | None = None, slim: bool = False) -> None:
        super().__init__(parent)
        self.setProperty("role", "notice")
        role = "small" if slim else ""
        self._mark, self._text = label(role=role), label(role=role)
        self._text.setWordWrap(True)
        self._button = QPushButton()
        self._button.setProperty("kind", "chip" if slim else "quiet")
        self._button.clicked.connect(self.action_triggered)
        layout = QHBoxLayout(self)
        sizes = current_theme().sizes
        edge = 1 if slim else sizes.pad_small // 2
        layout.setContentsMargins(sizes.pad, edge, sizes.pad_small, edge)
        layout.addWidget(self._mark)
        layout.addWidget(self._text, 1)
        layout.addWidget(self._button)
        self.hide()

    def show_text(self, text: str, tone: Tone = Tone.ACTION, action_text: str = "") -> None:
        """Say this until ``hide``."""
        self._mark.setText(_MARKS.get(tone, "●"))
        set_property(self._mark, "tone", tone.value)
        set_property(self, "tone", tone.value)
        self._text.setText(text)
        self._button.setText(action_text)
        self._button.setVisible(bool(action_text))
        self.setAccessibleName(text)
        self.show()

    def text(self) -> str:
        """The sentence shown last."""
        return self._text.text()
