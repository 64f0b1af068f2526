"""Why personal data must be seen: asked before every look, and recorded with it."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton

from ui.forms.field_form import FieldForm
from ui.forms.text_editors import LineEditor

_SHORTEST = 4  # as the database asks


class ReasonForm(FieldForm):
    """A reason in words, some of them offered. confirmed(reason)."""

    confirmed = Signal(str)

    def __init__(self, verb: str, reasons: Sequence[str]) -> None:
        super().__init__(verb)
        self.reason = LineEditor(f"至少 {_SHORTEST} 个字")
        self.add_field("reason", "查看理由", self.reason, required=True)
        row = QHBoxLayout()
        for words in reasons:
            button = QPushButton(words)
            button.setProperty("kind", "chip")
            button.clicked.connect(lambda _=False, said=words: self._choose(said))
            row.addWidget(button)
        row.addStretch(1)
        self.body.addLayout(row)

    def _choose(self, words: str) -> None:
        self.reason.set_value(words)
        self.reason.changed.emit()
        self.submit_button.setFocus(Qt.FocusReason.OtherFocusReason)

    def _problems(self) -> dict[str, str]:
        short = len(self.reason.value() or "") < _SHORTEST
        return {"reason": f"请填写查看理由（至少 {_SHORTEST} 个字）"} if short else {}

    def _send(self) -> None:
        self.confirmed.emit(self.reason.value() or "")
