"""The form of one action on a case, generated from the workflow data."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtWidgets import QWidget

from commandcenter.domain.duplicates import Candidate
from commandcenter.domain.model import CaseRow
from commandcenter.domain.roles import ATTACHMENT_LABELS
from commandcenter.domain.workflow import Action, load_workflow
from ui.forms.case_picker import CasePicker
from ui.forms.context import FormContext
from ui.forms.editor import Editors, purpose_of
from ui.forms.evidence_form import EvidenceForm
from widgets.tones import Tone

# Guards that want a photo, and the kinds it may be of.
_EVIDENCE = {"after_photo": ("after",), "before_and_after_photo": ("before", "after")}


class ActionForm(EvidenceForm):
    """Inputs for an action's required and optional fields."""

    def __init__(
        self, action: Action, context: FormContext, row: CaseRow | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__(action, parent=parent)
        self._context, self._row = context, row
        self._sources = Editors(context, row, purpose_of(action))
        self._add_fields()
        self._add_evidence()
        self._show_title()

    def set_row(self, row: CaseRow) -> None:
        """The case changed: title and offered units follow, what is typed stays."""
        self._row = row
        self._sources.units.set_row(row)
        self._show_title()
        possible = row.state in self.action.sources
        if not self.submit_button.busy:
            self.submit_button.setEnabled(possible)
        if not possible:
            state = load_workflow().state[row.state].label
            self.notice.show_text(f"案件现为“{state}”，不能再{self.action.label}；所填内容仍保留。", Tone.NEAR)

    def set_seed(self, description: str = "", address: str = "") -> None:
        """What the case says: items and grids are suggested from it while nothing is typed."""
        self._sources.items.seed = description
        self._sources.grids.seed = address or description

    def set_candidates(self, candidates: Sequence[Candidate]) -> None:
        """Likely masters of a merge; ignored by forms without a case field."""
        for editor in self._editors.values():
            if isinstance(editor, CasePicker):
                editor.set_candidates(candidates)

    def _add_fields(self) -> None:
        fields = load_workflow().field
        for code in (*self.action.required, *self.action.optional):
            self.add_field(code, fields[code].label, self._sources.make(fields[code]), code in self.action.required)

    def _add_evidence(self) -> None:
        kinds = tuple(kind for guard in self.action.guards for kind in _EVIDENCE.get(guard, ()))
        if self.action.code == "attach":
            kinds = tuple(ATTACHMENT_LABELS)
        if kinds:
            words = "附件" if self.action.code == "attach" else "、".join(f"{ATTACHMENT_LABELS[k]}照片" for k in kinds)
            self._ask_evidence(kinds, words)

    def _show_title(self) -> None:
        said = f"{self.action.label} · {self._row.no} {self._about(self._row)}" if self._row else self.action.label
        self._say_title(said)

    def _about(self, row: CaseRow) -> str:
        item = self._context.directory.items.get(row.item_id or 0)
        return row.summary or (item.minor if item else "")

    def _send(self) -> None:
        self.submitted.emit(self._args())

    def _args(self) -> dict[str, Any]:
        return self.values()
