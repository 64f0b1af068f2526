"""采集: takes a whole case in from the keyboard while the caller speaks."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any
from uuid import UUID, uuid4

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QVBoxLayout, QWidget

from commandcenter.domain.duplicates import Candidate
from commandcenter.domain.errors import DomainError
from commandcenter.domain.model import NewReport
from commandcenter.domain.workflow import load_workflow
from ui.forms.asking import Latest
from ui.forms.candidate_list import CandidateList
from ui.forms.channel_options import ChannelOptions
from ui.forms.context import FormContext
from ui.forms.editor import Editors
from ui.forms.evidence_field import EvidenceField
from ui.forms.evidence_file import DraftAttachment
from ui.forms.field_form import FieldForm
from ui.forms.phone_editor import PhoneEditor
from ui.forms.picker import Picker
from ui.forms.text_editors import LineEditor, TextEditor
from widgets.form_field import FormField
from widgets.theme import current_theme
from widgets.tones import Tone

Near = Callable[[float, float, int | None], Awaitable[Sequence[Candidate]]]
_PAUSE_MS = 150  # of typing, before duplicates are looked for
_LINES = 4
_NARROW_IN_CONTROLS = 24  # below this width the two columns stand one above the other
_REPORT_FIELDS = ("description", "address", "grid_id", "item_id", "source_no", "reporter_name", "reporter_phone")


class IntakeForm(FieldForm):
    """`submitted(NewReport, attachments)`; the report's id stays until `clear`, so sending again doubles nothing.

    `similar_wanted(grid id | None, item id | None, text)` while typing: `set_similar` brings the answer, whenever.
    A draft may carry the `report_id` under which it was already tried.
    """

    submitted = Signal(object, tuple)
    similar_wanted = Signal(object, object, str)
    candidate_opened = Signal(object)

    def __init__(self, context: FormContext, near: Near | None = None, parent: QWidget | None = None) -> None:
        super().__init__("采集", parent=parent)
        self._near_cases = near
        self._id, self._location = uuid4(), None
        self._found: dict[str, Sequence[Candidate]] = {"similar": (), "near": ()}
        self._near_answer = Latest(lambda found: self._show_candidates("near", found), self._on_near_error)
        self._sources = Editors(context)
        self._channels = ChannelOptions(context.directory)
        self._evidence = EvidenceField(("scene", "place", "document"))
        self._evidence.changed.connect(self.attachments_changed)
        self._candidates = CandidateList("边录边查重：填写描述、网格或小类后，相近的在办案件会列在这里", rows=6)
        self._candidates.opened.connect(self.candidate_opened)
        self._pause = QTimer(self, singleShot=True, interval=_PAUSE_MS)
        self._pause.timeout.connect(self._look_for_duplicates)
        self.title.setText("新案采集")
        self.setAccessibleName("新案采集")
        self._add_columns()
        self.draft_changed.connect(self._on_draft)
        self.clear()

    @property
    def report_id(self) -> UUID:
        """The command id of the report under way."""
        return self._id

    def report(self) -> NewReport:
        """The report as filled in so far."""
        given = self.values()
        lon, lat = self._location or (None, None)
        known = {code: given[code] for code in _REPORT_FIELDS if code in given}
        return NewReport(
            id=self._id, channel=given.get("channel", ""), lon=lon, lat=lat, **{"description": "", **known}
        )

    def attachments(self) -> tuple[DraftAttachment, ...]:
        """Evidence to send after the report."""
        return self._evidence.attachments()

    def set_attachments(self, attachments: Sequence[DraftAttachment]) -> None:
        """Evidence of a draft."""
        self._evidence.set_attachments(attachments)

    def set_similar(self, found: Sequence[Candidate]) -> None:
        """Open cases like what is typed."""
        self._show_candidates("similar", found)

    def set_location(self, lon: float, lat: float) -> None:
        """Where it is, WGS-84, when a map or a phone says so."""
        self._location = (lon, lat)
        self._ask_near()

    def clear(self) -> None:
        """Begin the next case; the channel stays, because calls come in rows."""
        channel = self.values().get("channel") or self._channels.default()
        super().clear()
        self.notice.hide()
        self._id, self._location = uuid4(), None
        self._evidence.clear()
        self._near_answer.forget()
        self._editors["channel"].set_value(channel)
        self._seed()
        self._found = {"similar": (), "near": ()}
        self._candidates.set_candidates(())

    def set_values(self, values: Mapping[str, Any]) -> None:
        super().set_values(values)
        if "report_id" in values:
            self._id = UUID(str(values["report_id"]))
        self._seed()
        self._pause.start()

    def candidates(self) -> list[int]:
        """Cases shown as likely duplicates, in order."""
        return self._candidates.candidate_ids()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        narrow = self.width() < current_theme().sizes.control_height * _NARROW_IN_CONTROLS
        wanted = QBoxLayout.Direction.TopToBottom if narrow else QBoxLayout.Direction.LeftToRight
        if self._columns.direction() != wanted:
            self._columns.setDirection(wanted)

    # ------------------------------------------------------------ building
    def _add_columns(self) -> None:
        self._columns = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._columns.setSpacing(current_theme().sizes.pad_large)
        left, right = QVBoxLayout(), QVBoxLayout()
        for column in (left, right):
            column.setSpacing(current_theme().sizes.pad_small)
        self._columns.addLayout(left, 3)
        self._columns.addLayout(right, 2)
        self.body.addLayout(self._columns)
        self._add_inputs(left)
        right.addWidget(FormField("可能重复（回车打开）", self._candidates))
        right.addWidget(FormField("现场照片与文书", self._evidence))
        right.addStretch(1)

    def _add_inputs(self, into: QVBoxLayout) -> None:
        fields = load_workflow().field
        self.add_field("channel", "渠道", Picker(self._channels, self._channels.title, "渠道"), True, into)
        self.add_field("description", "问题描述", TextEditor("发生了什么，在哪里", _LINES), True, into)
        self.add_field("address", "地址", LineEditor("街巷门牌、社区、网格号"), False, into)
        self.add_field("grid_id", "网格", self._sources.make(fields["grid_id"]), False, into)
        self.add_field("item_id", "小类", self._sources.make(fields["item_id"]), False, into)
        row = QHBoxLayout()
        into.addLayout(row)
        self.add_field("reporter_name", "来电人", LineEditor("可匿名", 60), False, row)
        self.add_field("reporter_phone", "电话", PhoneEditor(), False, row)
        self.add_field("source_no", "来源编号", LineEditor("渠道的工单号", 60), False, row)
        into.addStretch(1)

    # ------------------------------------------------------------ while typing
    def _on_draft(self, values: dict[str, Any]) -> None:
        self._seed()
        self._pause.start()

    def _seed(self) -> None:
        given = self.values()
        self._sources.items.seed = given.get("description", "")
        self._sources.grids.seed = given.get("address") or given.get("description", "")

    def _look_for_duplicates(self) -> None:
        given = self.values()
        if self._tells(given):
            self.similar_wanted.emit(given.get("grid_id"), given.get("item_id"), given.get("description", ""))
        else:
            self.set_similar(())
        self._ask_near()

    def _tells(self, given: dict[str, Any]) -> bool:
        return any(given.get(code) for code in ("description", "grid_id", "item_id"))

    def _ask_near(self) -> None:
        if self._near_cases is not None and self._location is not None:
            self._near_answer.ask(self._near_cases(*self._location, self.values().get("item_id")))

    def _show_candidates(self, source: str, found: Sequence[Candidate]) -> None:
        self._found[source] = found
        merged = {c.case_id: c for part in ("near", "similar") for c in self._found[part]}
        self._candidates.set_candidates(sorted(merged.values(), key=lambda c: (-c.score, -c.case_id)))

    def _on_near_error(self, error: DomainError) -> None:
        self.notice.show_text(f"附近案件查不到：{error.message}", Tone.NEAR)

    def _send(self) -> None:
        self.submitted.emit(self.report(), self.attachments())
