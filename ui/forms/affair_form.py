"""The form of one action on a meeting or a task, or of clearing a case from the ledger, generated from its workflow."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Protocol

from commandcenter.domain.roles import ATTACHMENT_LABELS
from commandcenter.domain.workflow import Action, Field, State
from ui.forms.context import FormContext
from ui.forms.evidence_form import EvidenceForm
from ui.forms.joint_editors import JointEditors, Matter

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


class AffairForm(EvidenceForm):
    """Inputs for an action's fields but those that are `known`."""

    def __init__(self, action: Action, verb: str, workflow: Fields, known: Collection[str], context: FormContext,
                 called: Collection[int], title: str) -> None:
        super().__init__(action, verb)
        editors = JointEditors(context, Matter(frozenset(called)))
        for code in (*action.required, *action.optional):
            if code not in known:
                field = workflow.field[code]
                words = _OTHER_LABELS.get((action.code, code), field.label)
                self.add_field(code, words, editors.make(field), code in action.required)
        if "proof" in action.guards or action.code == "attach":
            self._ask_evidence(_PROOF, f"附件（{'、'.join(ATTACHMENT_LABELS[kind] for kind in _PROOF)}）")
        self._say_title(f"{verb} · {title}")
