"""The form of one action on a whistle, an order or a lane, generated from its workflow."""

from __future__ import annotations

from collections.abc import Sequence

from commandcenter.domain.joint_workflow import Machine
from commandcenter.domain.roles import ATTACHMENT_LABELS
from commandcenter.domain.workflow import Action
from ui.forms.context import FormContext
from ui.forms.evidence_form import EvidenceForm
from ui.forms.joint_editors import JointEditors, Matter, pair_degrees

_EVIDENCE = {"lane_photo": ("after", "scene", "document")}


class JointForm(EvidenceForm):
    """Inputs for an action's required and optional fields."""

    def __init__(self, action: Action, machine: Machine, context: FormContext, matter: Matter, title: str) -> None:
        super().__init__(action)
        self._machine, self._editors_of = machine, JointEditors(context, matter)
        self._add_fields(action.required, matter)
        self._add_evidence()  # what is demanded stands above what may be left out
        self._add_fields(action.optional, matter)
        pair_degrees(self._editors)
        self._say_title(f"{action.label} · {title}")

    def _add_fields(self, codes: Sequence[str], matter: Matter) -> None:
        for code in codes:
            field = self._machine.field[code]
            self.add_field(code, field.label, self._editors_of.make(field), code in self.action.required)
            self._fields[code].set_hint(matter.hints.get(code, ""))

    def _add_evidence(self) -> None:
        kinds = tuple(kind for guard in self.action.guards for kind in _EVIDENCE.get(guard, ()))
        if self.action.code == "attach":
            kinds = ("scene", "after", "document")
        if kinds:
            self._ask_evidence(kinds, f"附件（{'、'.join(ATTACHMENT_LABELS[kind] for kind in kinds)}）")
