"""Asks why personal data must be seen, and shows it; the look is recorded."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QDialog, QVBoxLayout, QWidget

from commandcenter.domain.errors import DomainError
from ui.forms.reason_form import ReasonForm
from widgets.styling import label
from widgets.theme import current_theme

REASONS = ("回访来电人", "核实事发地址", "联系来电人到场", "答复处理结果")
_WIDTH_IN_CONTROLS = 14


class RevealDialog(QDialog):
    """Non-modal: show() it. `confirmed(reason)`; answer with show_clear or set_error. Closing it hides the data."""

    confirmed = Signal(str)
    cancelled = Signal()

    def __init__(self, masked_name: str, masked_phone: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("查看来电人信息")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setModal(False)
        self.form = ReasonForm("查看", REASONS)
        self.form.title.setText(f"{masked_name} {masked_phone}".strip())
        self.form.confirmed.connect(self.confirmed)
        self.form.cancelled.connect(self.reject)
        self.rejected.connect(self.cancelled)
        self._clear = label(role="heading")
        self._clear.setWordWrap(True)
        self._clear.hide()
        layout = QVBoxLayout(self)
        layout.addWidget(label("查看会记入审计日志：谁、何时、看了谁、为什么。", role="muted"))
        layout.addWidget(self._clear)
        layout.addWidget(self.form)
        self.setMinimumWidth(current_theme().sizes.control_height * _WIDTH_IN_CONTROLS)
        self.form.focus_first()

    def show_clear(self, name: str, phone: str, address: str) -> None:
        """The answer: who it is, until the dialog is closed."""
        self.form.hide()
        self._clear.setText("\n".join(part for part in (name or "匿名", phone, address) if part))
        self._clear.show()
        self.adjustSize()
        self.setFocus()

    def set_error(self, error: DomainError) -> None:
        """The refusal, in place."""
        self.form.set_error(error)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            event.ignore()  # the form decides what Enter means
        else:
            super().keyPressEvent(event)
