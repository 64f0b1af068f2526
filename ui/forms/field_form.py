"""A form of labelled inputs with errors in place, one verb and a way out."""

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QBoxLayout, QFrame, QHBoxLayout, QPushButton, QScrollArea, QVBoxLayout, QWidget

from commandcenter.domain.errors import DomainError
from ui.forms.editor import Editor
from widgets.busy_button import BusyButton
from widgets.form_field import FormField
from widgets.notice import Notice
from widgets.styling import label, set_property
from widgets.theme import current_theme, theme_events
from widgets.tones import Tone

_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_KEYS = "* 必填   Ctrl+Enter 提交   Esc 取消（草稿保留）"


class FieldForm(QWidget):
    """Collects values; a subclass sends them in `_send`. Only the user and `set_values` change what is typed."""

    cancelled = Signal()
    draft_changed = Signal(dict)
    attachments_changed = Signal()

    def __init__(self, submit_text: str, danger: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._editors: dict[str, Editor] = {}
        self._fields: dict[str, FormField] = {}
        self._required: set[str] = set()
        self._danger, self._armed = danger, False
        self._was_at: QWidget | None = None
        self.title = label(role="title")
        self.title.setWordWrap(True)
        self.notice = Notice()
        self.submit_button = BusyButton(submit_text, "正在提交…", "danger" if danger else "primary")
        self.cancel_button = QPushButton("取消")
        self.body = QVBoxLayout()
        self._submit_text = submit_text
        self._lay_out()
        theme_events().changed.connect(self._on_theme)
        self._on_theme()

    # ------------------------------------------------------------ building
    def add_field(self, code: str, text: str, editor: QWidget, required: bool, into: QBoxLayout | None = None) -> None:
        """Add an input; `editor` follows the Editor protocol."""
        field = self._make_field(f"{text} *" if required else text, editor)
        editor.set_label(f"{text}，必填" if required else text)
        editor.changed.connect(lambda: self._on_changed(code))
        self._editors[code], self._fields[code] = editor, field
        if required:
            self._required.add(code)
        (self.body if into is None else into).addWidget(field)

    def _make_field(self, text: str, editor: QWidget) -> FormField:
        """A label with its input; a form that is laid out otherwise makes another kind."""
        return FormField(text, editor)

    # ------------------------------------------------------------ values
    def values(self) -> dict[str, Any]:
        """What is filled in and valid, by field."""
        given = {code: editor.value() for code, editor in self._editors.items()}
        return {code: value for code, value in given.items() if value is not None}

    def set_values(self, values: Mapping[str, Any]) -> None:
        """Fill in fields (a draft, a preset) without telling; unknown ones are ignored, others stay."""
        for code, value in values.items():
            if code in self._editors:
                self._editors[code].set_value(value)

    def missing(self) -> list[str]:
        """Required fields that are not filled in."""
        return [code for code in self._editors if code in self._required and self._editors[code].value() is None]

    def error_of(self, code: str) -> str:
        """The error shown at a field."""
        return self._fields[code].error

    def clear(self) -> None:
        """Forget everything typed and said."""
        for code, editor in self._editors.items():
            editor.set_value(None)
            self._say_at(code, "")
        self.set_busy(False)
        self._disarm()

    def focus_first(self) -> None:
        """Put the cursor where to begin: the first required field that is empty, else the first."""
        code = next(iter([*self.missing(), *self._editors]), None)
        target = self.submit_button if code is None else self._editors[code]
        target.setFocus(Qt.FocusReason.OtherFocusReason)

    # ------------------------------------------------------------ sending
    def submit(self) -> None:
        """Check and send, or show what is wrong; a dangerous verb asks once more."""
        if self.submit_button.busy or not self.submit_button.isEnabled() or not self._checked():
            return
        if self._danger and not self._armed:
            self._arm()
            return
        self._disarm()
        self.set_busy(True)
        self._send()

    def set_busy(self, busy: bool) -> None:
        """The verb is under way, or is over; then the cursor is back where it was."""
        if busy and not self.submit_button.busy:
            self._was_at = self.focusWidget()
        self.submit_button.set_busy(busy)
        if not busy and self._was_at is not None:
            self._was_at.setFocus(Qt.FocusReason.OtherFocusReason)
            self._was_at = None

    def set_error(self, error: DomainError) -> None:
        """Show a refusal where it belongs; nothing typed is lost."""
        self.set_busy(False)
        self._disarm()
        code = str(error.detail.get("field", ""))
        if code in self._fields:
            self._say_at(code, error.message)
            self._editors[code].setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self.notice.show_text(error.message, Tone.OVERDUE)

    def take_back(self, message: str) -> None:
        """What was said does not hold any more: the connection is back."""
        if self.notice.text() == message:
            self.notice.hide()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.cancel()
        elif event.key() in _ENTER and not event.isAutoRepeat():
            self._on_enter(bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier))
        else:
            super().keyPressEvent(event)

    def cancel(self) -> None:
        """Leave without asking; the draft stays as it is."""
        if self._armed:
            self._disarm()
        else:
            self.cancelled.emit()

    def _send(self) -> None:
        raise NotImplementedError

    def _problems(self) -> dict[str, str]:
        said = {code: problem for code, editor in self._editors.items() if (problem := editor.problem())}
        return dict.fromkeys(self.missing(), "请填写此项") | said

    def _checked(self) -> bool:
        problems = self._problems()
        for code in self._editors:
            self._say_at(code, problems.get(code, ""))
        first = next((code for code in self._editors if code in problems), None)
        if first is not None:
            self._editors[first].setFocus(Qt.FocusReason.OtherFocusReason)
        return first is None

    def _on_enter(self, everywhere: bool) -> None:
        focused = self.focusWidget()
        if isinstance(focused, QPushButton) and not everywhere:
            focused.click()
        else:
            self.submit()

    def _on_changed(self, code: str) -> None:
        self._say_at(code, "")
        self._disarm()
        self.notice.hide()
        self.draft_changed.emit(self.values())

    def _say_at(self, code: str, problem: str) -> None:
        self._fields[code].set_error(problem)
        self._editors[code].mark_invalid(bool(problem))

    def _arm(self) -> None:
        self._armed = True
        self.notice.show_text(f"{self._submit_text}后不能撤销。确认请再按一次，不确认按 Esc。", Tone.OVERDUE)
        self.submit_button.setText(f"确认{self._submit_text}")
        self.cancel_button.setFocus(Qt.FocusReason.OtherFocusReason)  # a second Enter by habit must not confirm

    def _disarm(self) -> None:
        if self._armed:
            self._armed = False
            self.notice.hide()
            self.submit_button.setText(self._submit_text)

    # ------------------------------------------------------------ looks
    def _lay_out(self) -> None:
        self.submit_button.clicked.connect(self.submit)
        self.cancel_button.clicked.connect(self.cancel)
        self._outer = QVBoxLayout(self)
        for part in (self.title, self._scroller(), self.notice):
            self._outer.addWidget(part, 1 if isinstance(part, QScrollArea) else 0)
        self.buttons, self.keys = QHBoxLayout(), label(_KEYS, role="muted")
        self.keys.setWordWrap(True)
        self.buttons.addWidget(self.keys, 1)
        self.buttons.addWidget(self.cancel_button)
        self.buttons.addWidget(self.submit_button)
        self._outer.addLayout(self.buttons)

    def _scroller(self) -> QScrollArea:
        content = QWidget()
        set_property(content, "role", "scroll_content")
        content_layout = QVBoxLayout(content)
        content_layout.setContentsMargins(0, 0, 0, 0)
        content_layout.addLayout(self.body)
        content_layout.addStretch(1)
        area = QScrollArea()
        area.setWidget(content)
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        return area

    def _on_theme(self) -> None:
        sizes = current_theme().sizes
        self._outer.setContentsMargins(sizes.pad, sizes.pad, sizes.pad, sizes.pad)
        self._outer.setSpacing(sizes.gap)
        self.body.setSpacing(sizes.gap)
