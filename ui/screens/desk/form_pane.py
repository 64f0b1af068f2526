"""The form of the action under way: drafts survive, live changes touch nothing that is typed, errors stand in place."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

from commandcenter.domain.duplicates import find_similar
from commandcenter.domain.errors import DomainError, InvalidInput
from commandcenter.domain.model import CaseFile, CaseRow, Done
from commandcenter.domain.workflow import Action
from commandcenter.live.picture import PictureChange
from commandcenter.services.commands import UNKNOWN
from ui.bridge.open_questions import Question
from ui.forms.action_form import ActionForm
from ui.forms.classify_form import ClassifyForm
from ui.screens.draft_evidence import draft_evidence
from ui.screens.drafting_pane import DraftingPane
from ui.screens.refusals import OFFLINE, refusal_words
from ui.screens.workplace import Workplace
from widgets.tones import Tone

_CLASSIFYING = frozenset({"classify", "accept", "file"})


class FormPane(DraftingPane):
    """opened(); closed(): no form is open any more; finished(case id, action code): it was carried out."""

    finished = Signal(object, str)

    def __init__(self, place: Workplace, parent: QWidget | None = None) -> None:
        super().__init__(place, parent)
        self.row: CaseRow | None = None
        self.action: Action | None = None
        place.live.changed.connect(self._on_live)
        place.questions.settled.connect(self._on_answered)

    # ------------------------------------------------------------ opening and closing
    def open(self, action: Action, file: CaseFile) -> None:
        """Show the form of an action on a case, with its draft if there is one."""
        self._place.backend.start(self._open(action, file), self)

    async def _open(self, action: Action, file: CaseFile) -> None:
        context = await self._place.form_context()
        self.close_form()
        self.action, self.row = action, file.row
        if action.code in _CLASSIFYING:
            form: ActionForm = ClassifyForm(action, context, file.row, file.description, file.address)
        else:
            form = ActionForm(action, context, file.row)
            form.set_seed(file.description, file.address)
        if action.code == "merge":
            self._place.backend.start(self._offer_masters(form, file), self)
        self._show(form, {})

    def _key(self) -> str:
        return f"{self.row.id}/{self.action.code}" if self.row and self.action else ""

    # ------------------------------------------------------------ sending
    def _submit(self, values: Mapping[str, Any]) -> None:
        if not self._place.live.online:
            self.form.set_error(InvalidInput(OFFLINE))
            return
        if self._place.questions.waits(self.row.id, self.action.code):
            self.form.set_error(InvalidInput(UNKNOWN))
            return
        self._place.backend.start(self._send(self.form, self.row, self.action, dict(values)), self)

    async def _send(self, form: ActionForm, row: CaseRow, action: Action, values: dict[str, Any]) -> None:
        key = self._key()
        try:
            for draft in form.attachments():
                await self._place.deeds.attach(draft_evidence(row.id, draft))
            if action.code != "attach":
                await self._place.deeds.act(row, action.code, values, self)
        except DomainError as error:
            self._refuse(form, row, action, error)
            return
        self._forget(key, form)
        self._place.notices.say(("done", row.id), f"{self._place.case_title(row)} 已{action.label}", Tone.OK)
        self.finished.emit(row.id, action.code)

    def _refuse(self, form: ActionForm, row: CaseRow, action: Action, error: DomainError) -> None:
        words = refusal_words(error, self._place)
        if isValid(form) and form is self.form:
            form.set_error(type(error)(words, error.detail))
        else:
            self._place.notices.say(("refused", row.id), f"{self._place.case_title(row)} 未能{action.label}",
                                    Tone.OVERDUE, words)

    def _on_answered(self, question: Question, done: Done | None) -> None:
        """The last word on what was sent from a form, perhaps before a restart."""
        key = f"{question.case_id}/{question.action}"
        mine = self.form is not None and self._key() == key
        if done is None:
            if mine:
                self.form.set_error(InvalidInput("已确认：刚才没有办成，请再次提交"))
            return
        if mine:
            self._soon.stop()
            self.close_form()
        self._place.drafts.drop(key)
        self.finished.emit(question.case_id, question.action)

    # ------------------------------------------------------------ live
    def _on_live(self, change: PictureChange) -> None:
        """The case moved on under the form: its version follows, its fields do not."""
        if self.form is None or self.row is None:
            return
        newer = next((row for row in change.upserted if row.id == self.row.id), None)
        if newer is not None:
            self.row = newer
            self.form.set_row(newer)

    async def _offer_masters(self, form: ActionForm, file: CaseFile) -> None:
        """Comparing words over the whole open set takes too long for the GUI thread."""
        row = file.row
        rows = [other for other in self._place.live.picture.rows.values() if other.id != row.id]
        found = await self._place.backend.call(find_similar, rows, row.grid_id, row.item_id, file.description)
        if isValid(form):
            form.set_candidates(found)
