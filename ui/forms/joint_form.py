"""The form of one action on a whistle, an order or a lane, generated from its workflow."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal

from commandcenter.domain.joint_workflow import Machine
from commandcenter.domain.roles import ATTACHMENT_LABELS
from commandcenter.domain.workflow import Action
from ui.forms.context import FormContext
from ui.forms.evidence_field import EvidenceField
from ui.forms.evidence_file import DraftAttachment
from ui.forms.field_form import FieldForm
from ui.forms.joint_editors import JointEditors, Matter, pair_degrees
from widgets.form_field import FormField
from widgets.tones import Tone

_EVIDENCE = {"lane_photo": ("after", "scene", "document")}


class JointForm(FieldForm):
    """Inputs for an action's required and optional fields. Attachments are sent first, then the values."""

    submitted = Signal(dict)

    def __init__(self, action: Action, machine: Machine, context: FormContext, matter: Matter, title: str) -> None:
        super().__init__(action.label, action.danger)
        self.action = action
        self._machine, self._editors_of = machine, JointEditors(context, matter)
        self._evidence: EvidenceField | None = None
        self._add_fields(action.required, matter)
        self._add_evidence()  # what is demanded stands above what may be left out
        self._add_fields(action.optional, matter)
        pair_degrees(self._editors)
        said = f"{action.label} · {title}"
        self.title.setText(said)
        self.setAccessibleName(said)

    def _add_fields(self, codes: Sequence[str], matter: Matter) -> None:
        for code in codes:
            field = self._machine.field[code]
            self.add_field(code, field.label, self._editors_of.make(field), code in self.action.required)
            self._fields[code].set_hint(matter.hints.get(code, ""))

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
            self.notice.show_text(f"现为“{state}”，不能再{self.action.label}；所填内容仍保留。", Tone.NEAR)

    def clear(self) -> None:
        """Forget what is typed and added."""
        super().clear()
        if self._evidence is not None:
            self._evidence.clear()

    def _add_evidence(self) -> None:
        kinds = tuple(kind for guard in self.action.guards for kind in _EVIDENCE.get(guard, ()))
        if self.action.code == "attach":
            kinds = ("scene", "after", "document")
        if not kinds:
            return
        words = "、".join(ATTACHMENT_LABELS[kind] for kind in kinds)
        self._evidence = EvidenceField(kinds)
        self._evidence.changed.connect(self.notice.hide)
        self._evidence.changed.connect(self.attachments_changed)
        self.body.addWidget(FormField(f"附件（{words}）", self._evidence))

    def _checked(self) -> bool:
        if self.action.code == "attach" and not self.attachments():
            self.notice.show_text("请先添加附件", Tone.NEAR)
            return False
        return super()._checked()

    def _send(self) -> None:
        self.submitted.emit(self.values())
