"""The command line (Ctrl+K): a field with completions that never takes the focus away."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QLineEdit, QWidget

from widgets.painting import RIGHT, draw_frame, draw_text, text_width
from widgets.styling import set_property
from widgets.theme import current_theme

_MOST = 10


@dataclass(frozen=True)
class Suggestion:
    """``text`` replaces what was typed; ``title`` and ``hint`` say what it means."""

    text: str
    title: str
    hint: str = ""


class _Popup(QFrame):
    """The list under the field; a plain child of the window, so that typing goes on."""

    picked = Signal(int)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.suggestions: list[Suggestion] = []
        self.place = -1
        self.setMouseTracking(True)
        self.hide()

    def fill(self, suggestions: Sequence[Suggestion]) -> None:
        """Show these; none hides the list."""
        self.suggestions, self.place = list(suggestions)[:_MOST], -1
        self.setFixedHeight(self._row() * len(self.suggestions) + 2 * current_theme().sizes.line_width)
        self.setVisible(bool(self.suggestions))
        self.raise_()
        self.update()

    def step(self, by: int) -> None:
        """Choose the next or previous one, past the ends round again."""
        if self.suggestions:
            self.place = (self.place + by) % len(self.suggestions) if self.place >= 0 or by > 0 else -1
            if self.place < 0:
                self.place = len(self.suggestions) - 1
            self.update()

    def chosen(self) -> Suggestion | None:
        """The one marked."""
        return self.suggestions[self.place] if 0 <= self.place < len(self.suggestions) else None

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Rows: title, what would be typed, hint."""
        theme, painter = current_theme(), QPainter(self)
        colors, sizes = theme.colors, theme.sizes
        draw_frame(painter, self.rect(), theme, colors.line_strong, colors.surface_raised, sizes.radius_small)
        for place, suggestion in enumerate(self.suggestions):
            row = QRect(1, 1 + place * self._row(), self.width() - 2, self._row())
            if place == self.place:
                painter.fillRect(row, colors.selection)
            inner = row.adjusted(sizes.pad, 0, -sizes.pad, 0)
            taken = draw_text(painter, inner, suggestion.hint, theme.font("small"), colors.text_muted, RIGHT)
            draw_text(painter, inner.adjusted(0, 0, -taken - sizes.pad, 0), suggestion.title, theme.font(), colors.text)

    def mouseMoveEvent(self, event: QEvent) -> None:
        """Mark the row under the pointer."""
        self.place = int(event.position().y()) // self._row()
        self.update()

    def mousePressEvent(self, event: QEvent) -> None:
        """Take the row under the pointer."""
        self.picked.emit(int(event.position().y()) // self._row())

    def _row(self) -> int:
        return current_theme().sizes.control_height


class CommandLine(QLineEdit):
    """``submitted(text)`` on Enter; completions come from ``set_complete``; Esc leaves."""

    submitted = Signal(str)
    left = Signal()

    def __init__(
        self, placeholder: str = "输入命令或案件号…", keys: str = "Ctrl K", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._complete: Callable[[str], Sequence[Suggestion]] = lambda text: ()
        self._keys, self._history, self._past = keys, [], 0
        self._popup: _Popup | None = None
        self._error = ""
        self.setPlaceholderText(placeholder)
        self.setAccessibleName("命令行")
        self.textEdited.connect(self._on_edited)

    def set_complete(self, complete: Callable[[str], Sequence[Suggestion]]) -> None:
        """Ask here for completions; called on the GUI thread at each key, so it must be quick (≤ 5 ms)."""
        self._complete = complete

    def focus_now(self) -> None:
        """Take the keyboard and select what stands there."""
        self.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.selectAll()
        self._suggest()

    def set_error(self, text: str) -> None:
        """Say why a command was not done, under the field, until the next key; an empty text takes it back."""
        self._error = text
        set_property(self, "invalid", "true" if text else "false")
        self.setAccessibleDescription(text)
        self._show([Suggestion(self.text(), f"⚠ {text}")] if text else [])

    def suggestions(self) -> list[Suggestion]:
        """Completions shown now."""
        return self._popup.suggestions if self._popup is not None and not self._error else []

    def sizeHint(self) -> QSize:
        """Wide enough for a sentence."""
        return QSize(current_theme().sizes.row_height * 8, super().sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """The field, with its key combination at the right end while it is empty."""
        super().paintEvent(event)
        if not self.text():
            theme, painter = current_theme(), QPainter(self)
            room = self.rect().adjusted(0, 0, -theme.sizes.pad, 0)
            draw_text(painter, room, self._keys, theme.font("small"), theme.colors.text_faint, RIGHT)

    def event(self, event: QEvent) -> bool:
        """Tab completes instead of leaving, while there is something to complete."""
        if event.type() == QEvent.Type.KeyPress and event.key() == Qt.Key.Key_Tab and self.suggestions():
            self._take(self._popup.chosen() or self._popup.suggestions[0])
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows choose, Enter submits, Esc closes the list and then leaves."""
        key = event.key()
        if key in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            self._step(1 if key == Qt.Key.Key_Down else -1)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._enter()
        elif key == Qt.Key.Key_Escape:
            self._escape()
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """The list goes with the focus."""
        super().focusOutEvent(event)
        self._show([])

    def _on_edited(self, _text: str) -> None:
        if self._error:
            self.set_error("")
        self._suggest()

    def _suggest(self) -> None:
        self._show(self._complete(self.text()))

    def _show(self, suggestions: Sequence[Suggestion]) -> None:
        if self._popup is None:
            if not suggestions:
                return
            self._popup = _Popup(self.window())
            self._popup.picked.connect(self._pick)
            self.window().installEventFilter(self)
        self._popup.fill(suggestions)
        self._place()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The list follows the field when the window changes; the field's own place is known a turn later."""
        if event.type() == QEvent.Type.Resize:
            QTimer.singleShot(0, self, self._place)
        return super().eventFilter(watched, event)

    def _place(self) -> None:
        if self._popup is None or not self._popup.isVisible():
            return
        theme, at = current_theme(), self.mapTo(self.window(), QPoint(0, self.height()))
        widest = max(
            text_width(theme.font(), part.title) + text_width(theme.font("small"), part.hint)
            for part in self._popup.suggestions
        )
        self._popup.setFixedWidth(max(self.width(), min(widest + 4 * theme.sizes.pad, self.window().width() // 2)))
        self._popup.move(min(at.x(), self.window().width() - self._popup.width()), at.y() + 2)

    def _step(self, by: int) -> None:
        if self.suggestions():
            self._popup.step(by)
        elif self._history:
            self._past = max(0, min(len(self._history) - 1, self._past + by))
            self.setText(self._history[self._past])

    def _enter(self) -> None:
        chosen = self._popup.chosen() if self.suggestions() else None
        if chosen is not None and chosen.text != self.text():
            self._take(chosen)
            return
        text = self.text().strip()
        if text:
            self._history.append(text)
            self._past = len(self._history)
            self._show([])
            self.submitted.emit(text)

    def _escape(self) -> None:
        if self._popup is not None and self._popup.isVisible():
            self._show([])
            return
        self.clear()
        self.clearFocus()
        self.left.emit()

    def _take(self, suggestion: Suggestion) -> None:
        self.setText(suggestion.text)
        self._suggest()

    def _pick(self, place: int) -> None:
        if self.suggestions() and place < len(self._popup.suggestions):
            self._take(self._popup.suggestions[place])
