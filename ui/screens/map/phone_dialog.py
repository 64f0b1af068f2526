"""Asks why a phone must be seen, and shows it; the look is recorded."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QDialog, QVBoxLayout, QWidget

from commandcenter.domain.errors import DomainError
from commandcenter.domain.map import TeamMember
from ui.forms.reason_form import ReasonForm
from ui.models.map_words import TEAM_LABELS
from widgets.styling import label
from widgets.theme import current_theme

REASONS = ("通知到场处置", "核实现场情况", "应急联络")
_WIDTH_IN_CONTROLS = 14


class PhoneDialog(QDialog):
    """Non-modal: show() it. confirmed(reason); answer with show_phone or set_error. Closing it hides the number."""

    confirmed = Signal(str)

    def __init__(self, member: TeamMember, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("查看联系电话")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setModal(False)
        self.form = ReasonForm("查看号码", REASONS)
        role = TEAM_LABELS.get(member.role, member.role)
        self._who = f"{role} {member.name}"
        self.form.title.setText(f"{self._who} {member.phone_masked}")
        self.form.confirmed.connect(self.confirmed)
        self.form.cancelled.connect(self.reject)
        self.clear = label(role="heading")
        self.clear.setWordWrap(True)
        self.clear.hide()
        column = QVBoxLayout(self)
        column.addWidget(label("查看会记入审计日志：谁、何时、看了谁、为什么。", role="muted"))
        column.addWidget(self.clear)
        column.addWidget(self.form)
        self.setMinimumWidth(current_theme().sizes.control_height * _WIDTH_IN_CONTROLS)
        self.form.focus_first()

    def show_phone(self, phone: str) -> None:
        """The answer, until the dialog is closed."""
        self.form.hide()
        self.clear.setText(f"{self._who}　{phone}")
        self.clear.show()
        self.adjustSize()
        self.setFocus()

    def set_error(self, error: DomainError) -> None:
        """The refusal, in place."""
        self.form.set_error(error)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The form decides what Enter means."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            event.ignore()
        else:
            super().keyPressEvent(event)
