"""The form under way on a meeting or task: its draft survives, live changes touch nothing that is typed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget
from shiboken6 import isValid

from commandcenter.domain.errors import DomainError
from commandcenter.domain.joint import MeetingRow
from ui.forms.affair_form import AffairForm
from ui.models.affairs import Affair, AffairStep, machine_of, state_words, steps_of
from ui.screens.affairs.acting import AffairActing
from ui.screens.desk.dispatching import OFFLINE
from ui.screens.desk.draft_evidence import keep_files, keep_typed
from ui.screens.workplace import Workplace

_DRAFT_MS = 300


class AffairFormPane(QFrame):
    """opened(); closed()."""

    opened = Signal()
    closed = Signal()

    def __init__(self, place: Workplace, acting: AffairActing, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._place, self._acting = place, acting
        self.form: AffairForm | None = None
        self._row: Affair | None = None
        self._step: AffairStep | None = None
        self._typed: Mapping[str, Any] = {}
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(_DRAFT_MS)
        self._soon.timeout.connect(self._save_draft)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        place.live.state_changed.connect(self._on_state)

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
        draft = self._place.drafts.get(self._key())
        form.set_values(draft or ({"place": place_words} if step.action.code == "reschedule" else {}))
        form.set_attachments(self._place.drafts.files.get(self._key()))
        form.draft_changed.connect(self._on_typed)
        form.attachments_changed.connect(lambda: keep_files(self._place, self._key(), form))
        form.cancelled.connect(self.close_form)
        form.submitted.connect(self._submit)
        self.form = form
        self._column.addWidget(form)
        self.opened.emit()
        form.focus_first()

    def close_form(self) -> None:
        """Take the form away; its draft stays."""
        if self.form is None:
            return
        self.keep_draft()
        form, self.form = self.form, None
        self._column.removeWidget(form)
        form.hide()
        form.deleteLater()
        self.closed.emit()

    def follow(self, row: Affair) -> None:
        """The matter moved on under the form: its version follows, its fields do not."""
        if self.form is None or self._row is None or self._step is None or row.id != self._row.id:
            return
        self._row = row
        offered = steps_of(row, self._place.person, self._place.backend.directory)
        self.form.set_possible(any(s.action.code == self._step.action.code for s in offered), state_words(row))

    def keep_draft(self) -> None:
        """Write down what is typed now."""
        if self._soon.isActive():
            self._soon.stop()
            self._save_draft()

    def _save_draft(self) -> None:
        if self._step is not None:
            keep_typed(self._place, self._key(), self._typed)

    def _on_typed(self, values: Mapping[str, Any]) -> None:
        self._typed = dict(values)
        self._soon.start()

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
        self._soon.stop()
        self._place.drafts.drop(key)
        if form is self.form:
            self.close_form()

    def _on_state(self) -> None:
        if self.form is not None and self._place.live.online:
            self.form.take_back(OFFLINE)
