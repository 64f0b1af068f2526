"""The form under way on a meeting or task: its draft survives, live changes touch nothing that is typed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

from commandcenter.domain.errors import DomainError
from commandcenter.domain.joint import MeetingRow
from ui.forms.affair_form import AffairForm
from ui.models.affairs import Affair, AffairStep, machine_of, state_words, steps_of
from ui.screens.affairs.acting import AffairActing
from ui.screens.drafting_pane import DraftingPane
from ui.screens.workplace import Workplace


class AffairFormPane(DraftingPane):
    """One form at a time, on the meeting or task shown."""

    def __init__(self, place: Workplace, acting: AffairActing, parent: QWidget | None = None) -> None:
        super().__init__(place, parent)
        self._acting = acting
        self._row: Affair | None = None
        self._step: AffairStep | None = None

    def open(self, row: Affair, step: AffairStep, place_words: str = "") -> None:
        """Show the form of an action, with its draft if there is one; `place_words`: where a meeting is now."""
        self._place.backend.start(self._open(row, step, place_words), self)

    async def _open(self, row: Affair, step: AffairStep, place_words: str) -> None:
        context = await self._place.form_context()
        self.close_form()
        self._row, self._step = row, step
        called = [unit for unit, _ in row.attendees] if isinstance(row, MeetingRow) else []
        form = AffairForm(step.action, step.label, machine_of(row), step.preset, context, called,
                          self._acting.title(row, step))
        self._show(form, {"place": place_words} if step.action.code == "reschedule" else {})

    def follow(self, row: Affair) -> None:
        """The matter moved on under the form: its version follows, its fields do not."""
        if self.form is None or self._row is None or self._step is None or row.id != self._row.id:
            return
        self._row = row
        offered = steps_of(row, self._place.person, self._place.backend.directory)
        self.form.set_possible(any(s.action.code == self._step.action.code for s in offered), state_words(row))

    def _key(self) -> str:
        if self._row is None or self._step is None:
            return ""
        return f"affair:{self._row.id}/{self._step.unit_id or 0}/{self._step.action.code}"

    def _submit(self, values: Mapping[str, Any]) -> None:
        self._place.backend.start(self._send(self.form, self._row, self._step, dict(values)), self)

    async def _send(self, form: AffairForm, row: Affair, step: AffairStep, values: dict[str, Any]) -> None:
        key = self._key()
        try:
            await self._acting.send(row, step, values, form.attachments())
        except DomainError as error:
            if isValid(form) and form is self.form:
                form.set_error(error)
            else:
                self._acting.refuse(row, step, error)
            return
        self._forget(key, form)

