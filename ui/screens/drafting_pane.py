"""The frame around the form under way: its draft survives, and it can be taken away at any moment."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from ui.forms.evidence_form import EvidenceForm
from ui.screens.draft_evidence import keep_files, keep_typed
from ui.screens.refusals import OFFLINE
from ui.screens.workplace import Workplace

_DRAFT_MS = 300


class DraftingPane(QFrame):
    """opened(); closed(): no form is open any more. A subclass says under which key a draft is kept, and sends."""

    opened = Signal()
    closed = Signal()

    def __init__(self, place: Workplace, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._place = place
        self.form: EvidenceForm | None = None
        self._typed: Mapping[str, Any] = {}
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(_DRAFT_MS)
        self._soon.timeout.connect(self._save_draft)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        place.live.state_changed.connect(self._on_state)

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

    def keep_draft(self) -> None:
        """Write down what is typed now."""
        if self._soon.isActive():
            self._soon.stop()
            self._save_draft()

    # ------------------------------------------------------------ for subclasses
    def _key(self) -> str:
        """Under which the open form's draft is kept; empty: none is open."""
        raise NotImplementedError

    def _submit(self, values: Mapping[str, Any]) -> None:
        raise NotImplementedError

    def _show(self, form: EvidenceForm, present: Mapping[str, Any]) -> None:
        """Show a form with its draft, or with what is `present`."""
        self.form = form
        form.set_values(self._place.drafts.get(self._key()) or present)
        form.set_attachments(self._place.drafts.files.get(self._key()))
        form.draft_changed.connect(self._on_typed)
        form.attachments_changed.connect(lambda: keep_files(self._place, self._key(), form))
        form.cancelled.connect(self.close_form)
        form.submitted.connect(self._submit)
        self._column.addWidget(form)
        self.opened.emit()
        form.focus_first()

    def _forget(self, key: str, form: EvidenceForm) -> None:
        """It was sent: draft and form go."""
        self._soon.stop()
        self._place.drafts.drop(key)
        if form is self.form:
            self.close_form()

    # ------------------------------------------------------------ inside
    def _save_draft(self) -> None:
        # Not asked whether the timer runs: a single shot has stopped by the time it tells.
        if key := self._key():
            keep_typed(self._place, key, self._typed)

    def _on_typed(self, values: Mapping[str, Any]) -> None:
        self._typed = dict(values)
        self._soon.start()

    def _on_state(self) -> None:
        if self.form is not None and self._place.live.online:
            self.form.take_back(OFFLINE)
