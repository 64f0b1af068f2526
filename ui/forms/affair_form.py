"""The form of one action on a meeting or a task, or of clearing a case from the ledger, generated from its workflow."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Protocol

from PySide6.QtCore import Signal

from commandcenter.domain.roles import ATTACHMENT_LABELS
from commandcenter.domain.workflow import Action, Field, State
from ui.forms.context import FormContext
from ui.forms.evidence_field import EvidenceField
from ui.forms.evidence_file import DraftAttachment
from ui.forms.field_form import FieldForm
from ui.forms.joint_editors import JointEditors, Matter
from widgets.form_field import FormField
from widgets.tones import Tone

_PROOF = ("after", "document", "scene")
_OTHER_LABELS = {("assign", "title"): "事项"}  # where a workflow's field means something else in one action


class Fields(Protocol):
    """A workflow: what its fields and states are called."""

    @property
    def field(self) -> Mapping[str, Field]:
        """Fields by code."""

    @property
    def state(self) -> Mapping[str, State]:
        """States by code."""


class AffairForm(FieldForm):
    """Inputs for an action's fields but those that are `known`. Attachments are sent first, then the values."""

    submitted = Signal(dict)

    def __init__(self, action: Action, verb: str, workflow: Fields, known: Collection[str], context: FormContext,
                 called: Collection[int], title: str) -> None:
        super().__init__(verb, action.danger)
        self.action = action
        self._verb = verb
        self._evidence: EvidenceField | None = None
        editors = JointEditors(context, Matter(frozenset(called)))
        for code in (*action.required, *action.optional):
            if code not in known:
                field = workflow.field[code]
                words = _OTHER_LABELS.get((action.code, code), field.label)
                self.add_field(code, words, editors.make(field), code in action.required)
        if "proof" in action.guards or action.code == "attach":
            self._add_evidence()
        said = f"{verb} · {title}"
        self.title.setText(said)
        self.setAccessibleName(said)

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

    def _add_evidence(self) -> None:
        words = "、".join(ATTACHMENT_LABELS[kind] for kind in _PROOF)
        self._evidence = EvidenceField(_PROOF)
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
