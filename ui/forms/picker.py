"""An input that chooses one thing out of many by typing part of its name or its pinyin initials."""

from collections.abc import Callable, Hashable

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from ui.forms.option import Option, Suggest
from ui.forms.suggestion_popup import SuggestionPopup
from widgets.styling import set_property

_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class Picker(QWidget):
    """`value()` is the key chosen, None while nothing is. Typing anew takes the choice back."""

    changed = Signal()

    def __init__(self, suggest: Suggest, title_of: Callable[[Hashable], str], placeholder: str = "") -> None:
        super().__init__()
        self._suggest, self._title_of = suggest, title_of
        self._key: Hashable | None = None
        self._popup: SuggestionPopup | None = None
        self.edit = QLineEdit()
        self.edit.setPlaceholderText(placeholder)
        self.edit.setMaxLength(200)
        self.edit.textEdited.connect(self._on_typed)
        self.edit.installEventFilter(self)
        self.setFocusProxy(self.edit)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.edit)

    def value(self) -> Hashable | None:
        """The key chosen."""
        return self._key

    def set_value(self, key: Hashable | None) -> None:
        """Choose without telling."""
        self._key = key
        self.edit.setText("" if key is None else self._title_of(key))
        self._close()

    def problem(self) -> str:
        """What is wrong with what was typed; empty if nothing is."""
        return "请从建议中选择一项" if self._key is None and self.edit.text().strip() else ""

    def set_label(self, text: str) -> None:
        """The name told to screen readers."""
        self.edit.setAccessibleName(text)

    def mark_invalid(self, invalid: bool) -> None:
        """Draw the border of an error."""
        set_property(self.edit, "invalid", "true" if invalid else "false")

    def suggestions(self) -> list[Option]:
        """What is offered now; empty while closed."""
        return self._popup.options() if self._popup is not None and self._popup.isVisible() else []

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.KeyPress:
            return self._on_key(event)
        if event.type() == QEvent.Type.FocusIn and self._key is None:
            self._open()
        elif event.type() in (QEvent.Type.FocusOut, QEvent.Type.Hide):
            self._close()
        return super().eventFilter(watched, event)

    def _on_key(self, event: QKeyEvent) -> bool:
        key = event.key()
        if key in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            self._step(1 if key == Qt.Key.Key_Down else -1)
            return True
        option = self._popup.highlighted() if self._popup is not None else None
        if key == Qt.Key.Key_Escape and self.suggestions():
            self._close()
            return True
        if option is not None and key == Qt.Key.Key_Tab:
            self._take(option)
            return False  # and the focus moves on
        if option is not None and key in _ENTER and not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self._take(option)
            return True
        return False

    def _step(self, step: int) -> None:
        if not self.suggestions():
            self._open()
        elif self._popup is not None:
            self._popup.move_highlight(step)

    def _on_typed(self) -> None:
        self._key = None
        self._open()
        self.changed.emit()

    def _open(self) -> None:
        if self._popup is None:
            self._popup = SuggestionPopup(self.edit)
            self._popup.taken.connect(self._take)
            self.destroyed.connect(self._popup.deleteLater)
        typed = "" if self._key is not None else self.edit.text()
        options = self._suggest(typed)
        self._popup.show_options(options, highlight=bool(typed.strip()) or bool(options and options[0].sure))

    def _close(self) -> None:
        if self._popup is not None:
            self._popup.hide()

    def _take(self, option: Option) -> None:
        self.set_value(option.key)
        self.changed.emit()
