"""A labelled editor with its error in place."""

from PySide6.QtWidgets import QVBoxLayout, QWidget

from widgets.styling import label, set_property
from widgets.theme import current_theme, theme_events
from widgets.tones import Tone


class FormField(QWidget):
    """Label above, hint or error below; the error is also told to screen readers."""

    def __init__(self, text: str, editor: QWidget, hint: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.editor = editor
        self._label, self._below = label(text, role="muted"), label(role="muted")
        self._label.setBuddy(editor)
        self._below.setWordWrap(True)
        self._hint, self._error = hint, ""
        editor.setAccessibleName(text)
        self._lay_out()
        self._show()
        self._on_theme()
        theme_events().changed.connect(self._on_theme)

    @property
    def error(self) -> str:
        """The error shown; empty if there is none."""
        return self._error

    def set_hint(self, hint: str) -> None:
        """Words below the editor while there is no error."""
        self._hint = hint
        self._show()

    def set_error(self, text: str) -> None:
        """Say what is wrong and what to do; an empty text takes it back."""
        self._error = text
        self._show()

    def _lay_out(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        for part in (self._label, self.editor, self._below):
            layout.addWidget(part)

    def _show(self) -> None:
        self._below.setText(f"⚠ {self._error}" if self._error else self._hint)
        self._below.setVisible(bool(self._error or self._hint))
        set_property(self._below, "tone", (Tone.OVERDUE if self._error else Tone.MUTED).value)
        set_property(self.editor, "invalid", "true" if self._error else "false")
        self.editor.setAccessibleDescription(self._error or self._hint)

    def _on_theme(self) -> None:
        self.layout().setSpacing(current_theme().sizes.pad_small // 2)
