"""Inputs for words: one line and several."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit

from widgets.styling import set_property
from widgets.theme import current_theme, theme_events

LONGEST_TEXT = 4000  # check_args of the database
LONGEST_LINE = 200
_LINES = 3
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class LineEditor(QLineEdit):
    """One line of words."""

    changed = Signal()

    def __init__(self, placeholder: str = "", longest: int = LONGEST_LINE) -> None:
        super().__init__()
        self.setMaxLength(longest)
        self.setPlaceholderText(placeholder)
        self.textEdited.connect(self.changed)

    def value(self) -> str | None:
        """The words, None while there are none."""
        return self.text().strip() or None

    def set_value(self, text: object) -> None:
        """Fill in without telling."""
        self.setText("" if text is None else str(text))

    def problem(self) -> str:
        """Any line is good."""
        return ""

    def set_label(self, text: str) -> None:
        """The name told to screen readers."""
        self.setAccessibleName(text)

    def mark_invalid(self, invalid: bool) -> None:
        """Draw the border of an error."""
        set_property(self, "invalid", "true" if invalid else "false")


class TextEditor(QPlainTextEdit):
    """Several lines of words; Tab moves on, Ctrl+Enter and Esc belong to the form."""

    changed = Signal()

    def __init__(self, placeholder: str = "", lines: int = _LINES) -> None:
        super().__init__()
        self._lines, self._silent = lines, False
        self.setPlaceholderText(placeholder)
        self.setTabChangesFocus(True)
        self.textChanged.connect(self._on_text)
        theme_events().changed.connect(self._on_theme)
        self._on_theme()

    def value(self) -> str | None:
        """The words, None while there are none."""
        return self.toPlainText().strip() or None

    def set_value(self, text: object) -> None:
        """Fill in without telling."""
        self._silent = True
        self.setPlainText("" if text is None else str(text))
        self._silent = False

    def problem(self) -> str:
        """Too long for the database."""
        over = len(self.toPlainText().strip()) - LONGEST_TEXT
        return f"超出 {over:,} 字（最多 {LONGEST_TEXT:,} 字）" if over > 0 else ""

    def set_label(self, text: str) -> None:
        """The name told to screen readers."""
        self.setAccessibleName(text)

    def mark_invalid(self, invalid: bool) -> None:
        """Draw the border of an error."""
        set_property(self, "invalid", "true" if invalid else "false")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        submits = event.key() in _ENTER and event.modifiers() & Qt.KeyboardModifier.ControlModifier
        if submits or event.key() == Qt.Key.Key_Escape:
            event.ignore()
        else:
            super().keyPressEvent(event)

    def _on_text(self) -> None:
        if not self._silent:
            self.changed.emit()

    def _on_theme(self) -> None:
        sizes = current_theme().sizes
        self.setFixedHeight(self.fontMetrics().lineSpacing() * self._lines + 4 * sizes.pad_small)
