"""The whistle shown: heading, lanes at the left, facts and trace at the right or the form that is under way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QFrame, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from commandcenter.domain.errors import DomainError
from commandcenter.domain.joint import ORDER, WHISTLE, SummonsFile, SummonsRow
from ui.joint.presets import from_whistle, why_not
from ui.models.joint_steps import Step, is_main, own_lane, steps, steps_of
from ui.models.joint_trace import trace_entries
from ui.models.past_moment import PastMoment
from ui.screens.joint_loader import JointLoader
from ui.screens.refusals import OFFLINE
from ui.screens.whistle.acting import Acting
from ui.screens.whistle.facts_view import FactsView
from ui.screens.whistle.form_pane import JointFormPane
from ui.screens.whistle.lane_list import LaneList
from ui.screens.whistle.photos import JointPhotos
from ui.screens.whistle.ratings import Ratings
from ui.screens.whistle.summons_head import SummonsHead
from ui.screens.whistle.tools import JointTools
from ui.screens.workplace import Workplace
from widgets.live_table import StateKind, TableState
from widgets.photo_strip import PhotoViewer
from widgets.state_panel import StatePanel
from widgets.ticker import SecondTicker
from widgets.timeline import Timeline

_LOADING = TableState(StateKind.LOADING, "正在读取…")
_BELOW = 60  # where the city's rules could not be read
_SHARES = (9, 5, 5)  # lanes, facts, trace


class SummonsPane(QFrame):
    """closed(); enlarged(); case_wanted(case id); document_wanted(SummonsFile, Document | None);
    order_wanted(NewSummons): a joint order goes on from the whistle; matter_wanted(entity, id);
    replay_wanted(PastMoment): of a step.
    `steps`: what is offered, by its digit from 1."""

    closed = Signal()
    enlarged = Signal()
    case_wanted = Signal(object)
    document_wanted = Signal(object, object)
    order_wanted = Signal(object)
    matter_wanted = Signal(str, object)
    replay_wanted = Signal(object)
    shown = Signal(object)

    def __init__(self, place: Workplace, tools: JointTools, acting: Acting, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._place, self._tools, self._acting = place, tools, acting
        self.file: SummonsFile | None = None
        self.row: SummonsRow | None = None
        self.steps: list[Step] = []
        self.loader, self.photos = JointLoader(place, parent=self), JointPhotos(place, self)
        self.head, self.lanes, self.facts, self.trace = SummonsHead(), LaneList(), FactsView(place), Timeline()
        self.form, self.ratings = JointFormPane(place, acting), Ratings(place, acting, self.lanes, self)
        self._side, self._right, self._body = QStackedWidget(), QSplitter(), QSplitter()
        self._state, self._stack = StatePanel(), QStackedWidget()
        self._to_begin: tuple[int, Step] | None = None
        self._to_see: int | None = None  # the lane in which this person goes on, until all of it is laid out
        self._ticker = SecondTicker(self, self.tick)
        self._build()
        self._connect()

    def _build(self) -> None:
        for part in (self.facts, self.trace):
            self._right.addWidget(part)
        for page in (self._right, self.form):
            self._side.addWidget(page)
        for part in (self.lanes, self._side):
            self._body.addWidget(part)
        for splitter, shares in ((self._right, _SHARES[1:]), (self._body, (_SHARES[0], sum(_SHARES[1:])))):
            splitter.setOrientation(Qt.Orientation.Horizontal)
            splitter.setChildrenCollapsible(False)
            for place, share in enumerate(shares):
                splitter.setStretchFactor(place, share)
                splitter.widget(place).setMinimumWidth(1)
            splitter.setSizes([share * 100 for share in shares])
        for page in (self._body, self._state):
            self._stack.addWidget(page)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.head)
        column.addWidget(self._stack, 1)

    def _connect(self) -> None:
        self.loader.loaded.connect(self._take)
        self.loader.loading.connect(self._on_loading)
        self.loader.failed.connect(self._on_failed)
        self.loader.cleared.connect(self._clear)
        self.photos.changed.connect(self._on_photos)
        for part in (self.head, self.lanes):
            part.step_chosen.connect(self.begin)
        self.head.closed.connect(self.closed)
        self.head.enlarged.connect(self.enlarged)
        self.head.document_wanted.connect(lambda: self._want_document(None))
        self.head.order_wanted.connect(self._want_order)
        self.lanes.photo_opened.connect(self._open_photo)
        self.facts.case_wanted.connect(self.case_wanted)
        self.facts.matter_wanted.connect(self.matter_wanted)
        self.facts.document_wanted.connect(self._want_document)
        self.trace.offer_times("回放到这一刻")
        self.trace.time_chosen.connect(self._on_time)
        self.form.opened.connect(lambda: self._side.setCurrentWidget(self.form))
        self.form.closed.connect(self._on_form_closed)
        self._acting.form_wanted.connect(self._open_form)
        self._place.live.state_changed.connect(self._offer)
        self._place.joint.changed.connect(self._on_live)
        self._tools.changed.connect(self._show_again)
        self._state.action_triggered.connect(self.loader.reload)

    # ------------------------------------------------------------ what the screen asks
    def show_summons(self, row: SummonsRow) -> None:
        """Show this one; what the board knows of it appears at once."""
        if self.loader.shown == row.id:
            return
        self.leave()
        self.row = row
        self.loader.show(row.id)

    def leave(self) -> None:
        """Nothing is shown any more; drafts are kept."""
        self.form.close_form()
        self.ratings.leave()
        self.loader.show(None)

    @property
    def complete(self) -> bool:
        """Everything of the one shown has been read."""
        return self.loader.shown is None or (self.file is not None and self.photos.complete)

    def begin(self, step: Step) -> None:
        """A verb of the one shown."""
        if self.row is None:
            return
        if step.action.code == "rate":
            self.lanes.focus_rating()
        else:
            self._acting.begin(self.row, step)

    def begin_digit(self, digit: int) -> bool:
        """The verb of this digit; False if there is none."""
        if not 0 < digit <= len(self.steps):
            return False
        self.begin(self.steps[digit - 1])
        return True

    def begin_code(self, code: str, party_no: int | None = None) -> Step | None:
        """The verb of this code, of a lane or wherever it is offered first; None: not offered now."""
        found = (s for s in self.steps if s.action.code == code and party_no in (None, s.party_no))
        step = next(found, None)
        if step is not None:
            self.begin(step)
        return step

    def leave_form(self) -> bool:
        """Esc: the form first; False when none is open."""
        if self.form.form is None:
            return False
        self.form.form.cancel()
        return True

    def keep_drafts(self) -> None:
        """Write down what is typed."""
        self.form.keep_draft()
        self.ratings.keep()

    def tick(self) -> None:
        """What counts down."""
        if self.row is not None:
            now = self._place.live.clock.now()
            self.head.tick(self.row, self._tools.clock, now)
            self.lanes.tick(self.row, self._tools.clock, self._tools.words, now)

    # ------------------------------------------------------------ following
    def _on_loading(self, _summons_id: int) -> None:
        self.file = None
        self.lanes.clear()
        self.facts.clear()
        self.photos.show(None)
        self.trace.set_entries(())
        self.trace.set_state(_LOADING)
        self._stack.setCurrentWidget(self._body)
        self._show_row()

    def _on_photos(self) -> None:
        self.lanes.show_photos(self.photos)
        if self._to_see is not None:
            QTimer.singleShot(0, self, self._see_own)

    def _see_own(self) -> None:
        self.lanes.bring_into_sight(self._to_see)
        if self.photos.complete:
            self._to_see = None

    def _take(self, file: SummonsFile) -> None:
        begins = self.file is None
        if self.row is not None and self.row.id == file.row.id and self.row.events > file.row.events:
            file = replace(file, row=self.row)  # it was read before the last step, and is being read again
        self.file, self.row = file, file.row
        self._stack.setCurrentWidget(self._body)
        self.trace.set_state(None)
        self._show_again()
        if begins and self.row is not None:
            self._to_see = own_lane(self.row, self.steps)
        self.photos.show(file)
        QTimer.singleShot(0, self, self._see_own)
        self.ratings.fill(file.row)
        self.form.follow(file.row)
        if self._to_begin is not None and self._to_begin[0] == file.row.id:
            self.form.open(file.row, self._to_begin[1], file)
        self._to_begin = None
        self.shown.emit(file)

    def _show_again(self) -> None:
        self._show_row()
        if self.file is not None:
            words = self._tools.words
            self.lanes.show_file(self.file, words)
            self.facts.show_file(self.file, words)
            self.trace.set_entries(trace_entries(self.file, words, self._place.live.clock.now()))

    def _on_time(self, seq: int) -> None:
        file = self.file
        at = next((event.at for event in file.trace if event.seq == seq), None) if file is not None else None
        if file is not None and at is not None:
            self.replay_wanted.emit(PastMoment(at, summons_id=file.row.id))

    def _show_row(self) -> None:
        if self.row is None:
            return
        now, tools = self._place.live.clock.now(), self._tools
        said = self.file.words if self.file is not None and self.file.row.id == self.row.id else None
        self.head.show_row(self.row, tools.clock, tools.words, now, said)
        self.head.order.setVisible(self.row.kind == WHISTLE and self.row.open and why_not(self._place, ORDER) is None)
        self.lanes.show_row(self.row, tools.clock, tools.words, now)
        self._offer()

    def _on_live(self, change: Any) -> None:
        """The row shows at once; its file follows as soon as it has been read."""
        newer = next((row for row in change.summons if self.row is not None and row.id == self.row.id), None)
        if newer is not None:
            self.row = newer
            self._show_row()
            self.form.follow(newer)

    def _offer(self) -> None:
        if self.row is None:
            return
        place, row = self._place, self.row
        self.steps = steps(row, place.person, place.backend.directory, place.live.clock.now())
        main = [step for step in self.steps if is_main(step, row)]
        digits: Mapping[Step, int] = {step: number for number, step in enumerate(self.steps[:9], 1)}
        online, why = place.live.online, OFFLINE
        self.head.offer(steps_of(self.steps, None), main, digits, online, why)
        below = place.joint.rules.reason_below if place.joint.rules else _BELOW
        self.lanes.offer(self.steps, main, digits, below, online, why)

    def _open_form(self, row: SummonsRow, step: Step) -> None:
        if self.row is not None and row.id == self.row.id and self.file is not None:
            self.form.open(self.row, step, self.file)
            self.lanes.bring_into_sight(step.party_no)
        elif self.loader.shown == row.id:
            self._to_begin = (row.id, step)  # as soon as it has been read

    def _on_form_closed(self) -> None:
        self._side.setCurrentWidget(self._right)

    def _on_failed(self, _summons_id: int, error: DomainError) -> None:
        if self.file is None:
            self._state.set_state(TableState(StateKind.ERROR, "读取失败", error.message, "再读一次"))
            self._stack.setCurrentWidget(self._state)

    def _clear(self) -> None:
        self.file = self.row = None
        self.steps = []
        self.lanes.clear()
        self.facts.clear()
        self.photos.show(None)

    def _want_document(self, document: object) -> None:
        if self.file is not None:
            self.document_wanted.emit(self.file, document)

    def _want_order(self) -> None:
        if self.file is not None:
            self.order_wanted.emit(from_whistle(self._place, self.file.row, self.file.reason))

    def _open_photo(self, key: object) -> None:
        viewer = PhotoViewer(self.window())
        viewer.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        viewer.show_photos(self.photos.all(), key)
