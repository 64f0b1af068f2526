"""新建专题: its name, and whether it is the month's (每月一题)."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QDialog, QVBoxLayout, QWidget

from commandcenter.domain.errors import DomainError
from commandcenter.domain.topic import LONGEST
from ui.forms.field_form import FieldForm
from ui.forms.segmented import Segmented
from ui.forms.text_editors import LineEditor
from widgets.theme import current_theme

_MONTHLY, _PLAIN = "month", "plain"
_WIDTH_IN_CONTROLS = 14


class _TopicForm(FieldForm):
    """submitted()."""

    submitted = Signal()

    def __init__(self) -> None:
        super().__init__("建立")
        self.add_field("name", "名称", LineEditor("如 雨后积水点整治", LONGEST), True)
        self.add_field("kind", "类别", Segmented({_PLAIN: "一般专题", _MONTHLY: "本月一题"}), True)
        self.set_values({"kind": _PLAIN})

    def _send(self) -> None:
        self.submitted.emit()


class TopicDialog(QDialog):
    """Non-modal: show() it. submitted(name, whether it is the month's); then accept() it, or set_error."""

    submitted = Signal(str, bool)

    def __init__(self, count: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("新建专题")
        self.form = _TopicForm()
        self.form.title.setText(f"新建专题，收入 {count:,} 件案件")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.form)
        self.setMinimumWidth(current_theme().sizes.control_height * _WIDTH_IN_CONTROLS)
        self.form.submitted.connect(self._on_submitted)
        self.form.cancelled.connect(self.reject)
        self.form.focus_first()

    def set_error(self, error: DomainError) -> None:
        """The refusal, in place."""
        self.form.set_error(error)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The form decides what Enter means."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            event.ignore()
        else:
            super().keyPressEvent(event)

    def _on_submitted(self) -> None:
        given = self.form.values()
        self.submitted.emit(given["name"], given["kind"] == _MONTHLY)
