"""拟哨, 拟令 at any screen: the sheet with its draft, its conflicts, its preview, and the way to the database."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QFocusEvent, QHideEvent
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget
from shiboken6 import isValid

from commandcenter.domain.errors import DomainError, InvalidInput, NotFound
from commandcenter.domain.joint import ORDER, JointDone, NewSummons, WhistleRules
from ui.forms.asking import Latest
from ui.joint.calling import WHO_MAY
from ui.joint.compose_sending import ComposeSending
from ui.joint.drafting import draft_key, is_empty, keep_typed
from ui.joint.held_words import held_lines
from ui.joint.linked_cases import LinkedCases
from ui.joint.presets import KINDS
from ui.models.case_columns import MIME
from ui.screens.workplace import Workplace
from widgets.drag_keys import decode_keys
from widgets.state_panel import StateKind, StatePanel, TableState

if TYPE_CHECKING:  # the sheet and the preview are imported when they are wanted: the desk must be usable before
    from ui.joint.compose_form import ComposeForm

log = logging.getLogger(__name__)

OFFLINE = "与服务器的连接已断开，暂不能提交；恢复后再试，已填内容不会丢失"
_DRAFT_MS, _CONFLICTS_MS = 300, 200


class Composer(QFrame):
    """done(JointDone): it stands in the database, signed or waiting for it; cancelled(): left, the draft is kept;
    summons_wanted(SummonsRow): what holds a case already is to be opened.

    `preset`: what is known already, from cases, a whistle or the map; without it the last draft of the kind goes on.
    """

    done = Signal(object)
    cancelled = Signal()
    summons_wanted = Signal(object)

    def __init__(self, place: Workplace, kind: str, preset: NewSummons | None = None,
                 parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._place, self.kind, self._preset = place, kind, preset
        self.form: ComposeForm | None = None
        self._key = draft_key(kind, preset)
        self._rules: WhistleRules | None = None
        self._sending, self._cases = ComposeSending(place), LinkedCases(place)
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
        place.holds.changed.connect(self._see_held)
        self._begin()

    @property
    def busy(self) -> bool:
        """Something was sent and is not answered yet."""
        return self.form is not None and self.form.submit_button.busy

    def focus_first(self) -> None:
        """Put the cursor where to begin."""
        if self.form is not None:
            self.form.focus_first()

    def hideEvent(self, event: QHideEvent) -> None:
        """Whoever takes the sheet out of sight loses nothing."""
        super().hideEvent(event)
        self.keep_draft()

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
        self.state.set_state(TableState(StateKind.LOADING, f"正在读取{KINDS[self.kind]}规则…"))
        self._place.backend.start(self._make(), self)

    async def _make(self) -> None:
        place, queries, what = self._place, self._place.backend.session.joint_queries, KINDS[self.kind]
        try:
            context = await place.form_context()
            self._rules = place.joint.rules or await place.backend.call(queries.whistle_rules)
            teams = await place.backend.call(queries.teams) if self.kind == ORDER else []
        except NotFound as error:
            self.state.set_state(TableState(StateKind.EMPTY, f"本市没有{what}规则", error.message))
            return
        except DomainError as error:
            self.state.set_state(TableState(StateKind.ERROR, f"{what}规则读取失败", error.message, "再试一次"))
            return
        from ui.joint.compose_form import ComposeForm, Composing

        cases = self._cases
        form = ComposeForm(self.kind, Composing(context, self._rules, place.person, cases.title, cases.item))
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
        form.cancelled.connect(self.leave)
        form.cases.changed.connect(self._see_held)
        form.advice.summons_wanted.connect(self.summons_wanted)
        self.state.hide()
        self._column.addWidget(form)
        form.focus_first()
        self._see_held()
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

    def leave(self) -> None:
        """Go, with the draft kept; what was sent and is not answered yet keeps its sheet."""
        if not self.busy:
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

    def _see_held(self) -> None:
        if self.form is not None:
            words = held_lines(self.form.cases.value() or (), self._place.holds.of, self._cases.short)
            self.form.advice.show_held(*words)

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
        numbers = [self._cases.number(case_id) for case_id in new.cases]
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
        try:
            done = await self._sending.send(new, sign)
        except DomainError as error:
            form.set_error(error)
            return
        self._finish(form, done)

    def _finish(self, form: ComposeForm, done: JointDone) -> None:
        form.clear()
        self._conflicts.forget()  # what was sent is in its own way by now
        self._soon.stop()
        self._place.drafts.drop(self._key)
        self.done.emit(done)
