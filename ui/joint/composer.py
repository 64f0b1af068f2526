"""拟哨, 拟令 at any screen: the sheet with its draft, its conflicts, its preview, and the way to the database."""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from uuid import UUID

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QFocusEvent
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget
from shiboken6 import isValid

from commandcenter.domain.errors import DomainError, InvalidInput, NotFound, OutcomeUnknown
from commandcenter.domain.joint import ORDER, JointDone, NewSummons, WhistleRules
from commandcenter.domain.model import CatalogueItem
from ui.forms.asking import Latest
from ui.joint.calling import WHO_MAY
from ui.joint.drafting import draft_key, is_empty, keep_typed
from ui.models.case_columns import MIME
from ui.screens.workplace import Workplace
from widgets.drag_keys import decode_keys
from widgets.state_panel import StateKind, StatePanel, TableState
from widgets.tones import Tone

if TYPE_CHECKING:  # the sheet and the preview are imported when they are wanted: the desk must be usable before
    from ui.joint.compose_form import ComposeForm

log = logging.getLogger(__name__)

OFFLINE = "与服务器的连接已断开，暂不能提交；恢复后再试，已填内容不会丢失"
_DRAFT_MS, _CONFLICTS_MS = 300, 200
_LOADING = TableState(StateKind.LOADING, "正在读取吹哨规则…")
_NAMES = {"whistle": "吹哨", "order": "联合执法令"}


class Composer(QFrame):
    """done(JointDone): it stands in the database, signed or waiting for it; cancelled(): left, the draft is kept.

    `preset`: what is known already, from cases, a whistle or the map; without it the last draft of the kind goes on.
    """

    done = Signal(object)
    cancelled = Signal()

    def __init__(self, place: Workplace, kind: str, preset: NewSummons | None = None,
                 parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._place, self.kind, self._preset = place, kind, preset
        self.form: ComposeForm | None = None
        self._key = draft_key(kind, preset)
        self._rules: WhistleRules | None = None
        self._opened: dict[UUID, JointDone] = {}
        self._tried: dict[UUID, NewSummons] = {}
        self._soon, self._ask_soon = QTimer(self), QTimer(self)
        self._conflicts: Latest[Any] = Latest(self._show_conflicts, self._on_no_conflicts)
        self.state = StatePanel()
        self.setAcceptDrops(True)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.addWidget(self.state)
        for timer, pause, deed in ((self._soon, _DRAFT_MS, self._save), (self._ask_soon, _CONFLICTS_MS, self._ask)):
            timer.setSingleShot(True)
            timer.setInterval(pause)
            timer.timeout.connect(deed)
        self.state.action_triggered.connect(self._begin)
        place.live.state_changed.connect(self._on_state)
        self._begin()

    @property
    def busy(self) -> bool:
        """Something was sent and is not answered yet."""
        return self.form is not None and self.form.submit_button.busy

    def focus_first(self) -> None:
        """Put the cursor where to begin."""
        if self.form is not None:
            self.form.focus_first()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """The sheet has the keyboard, not its frame."""
        super().focusInEvent(event)
        self.focus_first()

    def keep_draft(self) -> None:
        """Write down what is typed now: the screen closes."""
        if self._soon.isActive():
            self._soon.stop()
            self._save()

    def add_cases(self, case_ids: tuple[int, ...]) -> None:
        """More cases were dropped."""
        if self.form is not None:
            self.form.cases.add_cases(case_ids)
            self.form.suggest()

    # ------------------------------------------------------------ opening
    def _begin(self) -> None:
        self.state.set_state(_LOADING)
        self._place.backend.start(self._make(), self)

    async def _make(self) -> None:
        place, queries = self._place, self._place.backend.session.joint_queries
        try:
            context = await place.form_context()
            self._rules = place.joint.rules or await place.backend.call(queries.whistle_rules)
            teams = await place.backend.call(queries.teams) if self.kind == ORDER else []
        except NotFound as error:
            self.state.set_state(TableState(StateKind.EMPTY, "本市没有吹哨规则", error.message))
            return
        except DomainError as error:
            self.state.set_state(TableState(StateKind.ERROR, "吹哨规则读取失败", error.message, "再试一次"))
            return
        from ui.joint.compose_form import ComposeForm, Composing

        form = ComposeForm(self.kind, Composing(context, self._rules, place.person, self._case_title, self._item_of))
        if not form.callers:
            form.deleteLater()
            self.state.set_state(TableState(StateKind.EMPTY, WHO_MAY[self.kind]))
            return
        form.set_teams(teams)
        self._take_up(form)

    def _take_up(self, form: ComposeForm) -> None:
        self.form = form
        draft = self._place.drafts.get(self._key)
        if not is_empty(draft):
            form.set_values(draft)
        elif self._preset is not None:
            form.set_summons(self._preset)
            self._fill_place(self._preset)
        form.draft_changed.connect(lambda _values: self._soon.start())
        form.hours_changed.connect(self._ask_soon.start)
        form.preview_wanted.connect(self._preview)
        form.team_wanted.connect(self._save_team)
        form.submitted.connect(self._submit)
        form.cancelled.connect(self._leave)
        self.state.hide()
        self._column.addWidget(form)
        form.focus_first()
        self._ask_soon.start()

    def _fill_place(self, preset: NewSummons) -> None:
        if preset.cases and not preset.place:
            self._place.backend.start(self._read_address(preset.cases[0]), self)

    async def _read_address(self, case_id: int) -> None:
        """The first case's address is where to meet, unless somebody wrote a place meanwhile."""
        try:
            file = await self._place.backend.ask(lambda queries: queries.case_file(case_id))
        except DomainError as error:
            log.info("no address of the first case: %s", error)
            return
        if self.form is not None and self.form.place.value() is None:
            self.form.set_values({"place": file.address})

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Cases may be dropped on the sheet, too."""
        if self.form is not None and decode_keys(event.mimeData(), MIME):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Their subject grows."""
        self.add_cases(decode_keys(event.mimeData(), MIME))
        event.acceptProposedAction()

    def _leave(self) -> None:
        self.keep_draft()
        self.cancelled.emit()

    # ------------------------------------------------------------ drafts and conflicts
    def _save(self) -> None:
        if self.form is not None:
            keep_typed(self._place, self._key, self.form.draft())

    def _ask(self) -> None:
        hours = self.form.hours() if self.form is not None else None
        if hours is None or not self._place.live.online:
            self._conflicts.forget()
            self._show_conflicts([])
            return
        units, since, until = hours
        ask = self._place.backend.session.joint_queries.conflicts
        self._conflicts.ask(self._place.backend.call(ask, units, since, until, None))

    def _show_conflicts(self, found: Any) -> None:
        if self.form is not None and isValid(self.form):
            self.form.set_conflicts(found)

    def _on_no_conflicts(self, error: DomainError) -> None:
        log.info("conflicts are not known: %s", error)

    def _on_state(self) -> None:
        if self._place.live.online:
            if self.form is not None:
                self.form.take_back(OFFLINE)
            self._ask_soon.start()

    # ------------------------------------------------------------ beside sending
    def _preview(self, new: NewSummons) -> None:
        from ui.joint.document_preview import DocumentPreview
        from ui.joint.document_words import preview

        if self._rules is None:
            return
        numbers = [self._case_no(case_id) for case_id in new.cases]
        directory = self._place.backend.directory
        DocumentPreview(preview(new, numbers, directory, self._rules, self._place.person), self).open()

    def _save_team(self) -> None:
        from ui.joint.team_dialog import TeamDialog

        lines = self.form.team_lines() if self.form is not None else []
        TeamDialog(self._place, lines, self._place.words.unit, self).open()

    # ------------------------------------------------------------ sending
    def _submit(self, new: NewSummons) -> None:
        if self.form is None:
            return
        if not self._place.live.online:
            self.form.set_error(InvalidInput(OFFLINE))
        else:
            self._place.backend.start(self._send(self.form, new, self.form.signs), self)

    async def _send(self, form: ComposeForm, new: NewSummons, sign: bool) -> None:
        self._save()  # with its id: after a crash the same draft is still the same command
        before = self._tried.setdefault(new.id, new)
        try:
            opened = self._opened.get(new.id) or await self._place.joint_deeds.open_summons(new)
        except DomainError as error:
            form.set_error(error)
            return
        self._opened[new.id] = opened
        if opened.replayed and new != before:
            self._say(opened, "刚才那次提交已收到，之后改动的内容没有带上", Tone.NEAR, "请在吹哨台打开后修改")
        self._finish(await self._signed(opened) if sign and opened.state == "draft" else opened)

    async def _signed(self, opened: JointDone) -> JointDone:
        """Whoever may sign signs at once; when that fails the draft stands and can be signed at the whistle desk."""
        deeds, queries = self._place.joint_deeds, self._place.backend.session.joint_queries
        try:
            rows = await self._place.backend.call(queries.joint, [opened.entity_id])
            signed = await deeds.act(rows.summons[0], None, "sign", {})
            return replace(signed, no=opened.no)
        except OutcomeUnknown as error:
            self._say(opened, "签发结果待确认", Tone.NEAR, error.message)
        except DomainError as error:
            self._say(opened, "已拟稿，签发没有完成", Tone.OVERDUE, f"{error.message}；请在吹哨台打开后签发")
        return opened

    def _finish(self, done: JointDone) -> None:
        self._soon.stop()
        self._place.drafts.drop(self._key)
        if self.form is not None:
            self.form.clear()
            self._soon.stop()
        if done.state != "draft":
            self._say(done, "已发出", Tone.OK)
        elif not any(note.key == ("composed", done.entity_id) for note in self._place.notices.notes()):
            self._say(done, "已提交签批", Tone.OK)
        self.done.emit(done)

    def _say(self, done: JointDone, words: str, tone: Tone, detail: str = "") -> None:
        key = ("composed", done.entity_id)
        self._place.notices.say(key, f"{_NAMES[self.kind]} {done.no} {words}", tone, detail)

    # ------------------------------------------------------------ words
    def _case_title(self, case_id: int) -> str:
        row = self._place.live.row(case_id)
        return self._place.case_title(row) if row is not None else f"案件 {case_id % 10**9:06d}"

    def _case_no(self, case_id: int) -> str:
        row = self._place.live.row(case_id)
        return row.no if row is not None else f"{case_id % 10**9:06d}"

    def _item_of(self, case_id: int) -> CatalogueItem | None:
        row = self._place.live.row(case_id)
        return self._place.backend.directory.items.get(row.item_id or 0) if row is not None else None
