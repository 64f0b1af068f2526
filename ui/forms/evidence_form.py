"""A form of one workflow action that may carry attachments: they are sent first, then the values."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from commandcenter.domain.workflow import Action
from ui.forms.evidence_field import EvidenceField
from ui.forms.evidence_file import DraftAttachment
from ui.forms.field_form import FieldForm
from widgets.form_field import FormField
from widgets.tones import Tone


class EvidenceForm(FieldForm):
    """submitted(values). `verb`: the action's word where it differs from its label."""

    submitted = Signal(dict)

    def __init__(self, action: Action, verb: str = "", parent: QWidget | None = None) -> None:
        super().__init__(verb or action.label, action.danger, parent)
        self.action = action
        self._verb = verb or action.label
        self._evidence: EvidenceField | None = None

    def attachments(self) -> tuple[DraftAttachment, ...]:
        """Evidence to send before the action."""
        return self._evidence.attachments() if self._evidence is not None else ()

    def set_attachments(self, attachments: Sequence[DraftAttachment]) -> None:
        """Evidence of a draft; ignored by forms without evidence."""
        if self._evidence is not None:
            self._evidence.set_attachments(attachments)

    def set_possible(self, possible: bool, state: str) -> None:
        """The matter moved on under the form: what is typed stays, sending waits for better times."""
        if self.submit_button.busy:
            return
        self.submit_button.setEnabled(possible)
        if not possible:
            self.notice.show_text(f"现为“{state}”，不能再{self._verb}；所填内容仍保留。", Tone.NEAR)

    def clear(self) -> None:
        """Forget what is typed and added."""
        super().clear()
        if self._evidence is not None:
            self._evidence.clear()

    def _ask_evidence(self, kinds: tuple[str, ...], words: str) -> None:
        """One more input, below those that stand already; where the action needs a proof, its name says so: one that
        was uploaded before will do."""
        words += " · 须有一件" if "proof" in self.action.guards else ""
        self._evidence = EvidenceField(kinds)
        self._evidence.changed.connect(self.notice.hide)
        self._evidence.changed.connect(self.attachments_changed)
        self.body.addWidget(FormField(words, self._evidence))

    def _say_title(self, said: str) -> None:
        self.title.setText(said)
        self.setAccessibleName(said)

    def _checked(self) -> bool:
        if self.action.code == "attach" and not self.attachments():
            self.notice.show_text("请先添加附件", Tone.NEAR)
            return False
        return super()._checked()

    def _send(self) -> None:
        self.submitted.emit(self.values())
