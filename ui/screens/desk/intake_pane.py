"""采集 at the desk: the intake form with its draft, its evidence and the duplicates it finds."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from commandcenter.domain.duplicates import Candidate, find_similar
from commandcenter.domain.errors import DomainError, InvalidInput
from commandcenter.domain.model import CaseRow, Done, NewReport
from ui.bridge.notices import Note
from ui.forms.evidence_file import DraftAttachment
from ui.forms.intake_form import IntakeForm
from ui.screens.draft_evidence import draft_evidence, keep_files, keep_typed
from ui.screens.refusals import OFFLINE
from ui.screens.workplace import Workplace
from widgets.tones import Tone

_DRAFT = "intake"
_DRAFT_MS = 300


class IntakePane(QFrame):
    """closed(): the form was left; case_opened(case id): a likely duplicate is wanted; taken_in(case id)."""

    closed = Signal()
    case_opened = Signal(object)
    taken_in = Signal(object)

    def __init__(self, place: Workplace, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._place = place
        self.form: IntakeForm | None = None
        self._typed: Mapping[str, Any] = {}
        self._reports: dict[UUID, Done] = {}
        self._looking: asyncio.Task[None] | None = None
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(_DRAFT_MS)
        self._soon.timeout.connect(lambda: keep_typed(place, _DRAFT, self._typed))
        place.live.state_changed.connect(self._on_state)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)

    def open(self) -> None:
        """Show the form; it is made once, off the GUI thread what takes long."""
        if self.form is None:
            self._place.backend.start(self._make(), self)
        else:
            self.form.focus_first()

    def keep_draft(self) -> None:
        """Write down what is typed now."""
        if self._soon.isActive():
            self._soon.stop()
            keep_typed(self._place, _DRAFT, self._typed)

    async def _make(self) -> None:
        context = await self._place.form_context()
        if self.form is not None:
            return
        self.form = IntakeForm(context, self._near)
        self.form.similar_wanted.connect(self._look_for_similar)
        self.form.attachments_changed.connect(lambda: keep_files(self._place, _DRAFT, self.form))
        self.form.set_values(self._place.drafts.get(_DRAFT))
        self.form.set_attachments(self._place.drafts.files.get(_DRAFT))
        self.form.draft_changed.connect(self._on_typed)
        self.form.cancelled.connect(self.closed)
        self.form.candidate_opened.connect(self.case_opened)
        self.form.submitted.connect(self._submit)
        self._column.addWidget(self.form)
        self.form.focus_first()

    def _on_typed(self, values: Mapping[str, Any]) -> None:
        # The id goes with it: sent once more after a restart, it is still the same report.
        self._typed = {**values, "report_id": str(self.form.report_id)}
        self._soon.start()

    def _on_state(self) -> None:
        if self.form is not None and self._place.live.online:
            self.form.take_back(OFFLINE)

    # ------------------------------------------------------------ duplicates
    def _look_for_similar(self, grid_id: int | None, item_id: int | None, text: str) -> None:
        """Only the newest question is answered; words of 100,000 cases are not compared on the GUI thread."""
        if self._looking is not None:
            self._looking.cancel()
        rows = list(self._place.live.picture.rows.values())
        self._looking = self._place.backend.start(self._show_similar(rows, grid_id, item_id, text), self)

    async def _show_similar(self, rows: Sequence[CaseRow], grid_id: int | None, item_id: int | None,
                            text: str) -> None:
        found = await self._place.backend.call(find_similar, rows, grid_id, item_id, text)
        self.form.set_similar(found)

    async def _near(self, lon: float, lat: float, item_id: int | None) -> Sequence[Candidate]:
        found = await self._place.backend.ask(lambda queries: queries.near_cases(lon, lat, item_id))
        return [Candidate(near.case_id, near.no, self._title(near.case_id), f"{near.metres:,.0f} 米", 1.0)
                for near in found]

    def _title(self, case_id: int) -> str:
        row = self._place.live.row(case_id)
        return self._place.words.title(row) if row else ""

    # ------------------------------------------------------------ sending
    def _submit(self, report: NewReport, attachments: tuple[DraftAttachment, ...]) -> None:
        if not self._place.live.online:
            self.form.set_error(InvalidInput(OFFLINE))
        else:
            self._place.backend.start(self._send(report, attachments), self)

    async def _send(self, report: NewReport, attachments: tuple[DraftAttachment, ...]) -> None:
        try:
            done = self._reports.get(report.id) or await self._place.deeds.report(report)
            self._reports[report.id] = done
            for draft in attachments:
                await self._place.deeds.attach(draft_evidence(done.case_id, draft))
        except DomainError as error:
            self.form.set_error(self._in_words(report, error))
            return
        self._reports.clear()
        self._soon.stop()
        self._place.drafts.drop(_DRAFT)
        self.form.clear()
        self.form.focus_first()
        self._tell(done)

    def _in_words(self, report: NewReport, error: DomainError) -> DomainError:
        """If only the evidence is missing, say that the case stands."""
        done = self._reports.get(report.id)
        if done is None:
            return error
        said = f"案件 {done.no} 已采集，附件没有传完：{error.message}。再按“采集”只补传附件。"
        return type(error)(said, error.detail)

    def _tell(self, done: Done) -> None:
        text = "该来源编号已有案件" if done.known else f"已采集 {done.no}"
        self._place.notices.post(Note(("taken", done.case_id), text, Tone.NEAR if done.known else Tone.OK,
                                      case_id=done.case_id))
        self.taken_in.emit(done.case_id)
