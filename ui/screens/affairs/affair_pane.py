"""The meeting or task shown: heading with its verbs, who is called, facts and pictures, trace or the form under way."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from commandcenter.domain.errors import DomainError
from commandcenter.domain.joint import MeetingFile, MeetingRow, TaskFile, TaskRow
from ui.models.affair_columns import source_words
from ui.models.affair_trace import affair_entries
from ui.models.affairs import Affair, AffairStep, entity_of, is_main, state_words, steps_of
from ui.screens.affairs.acting import AffairActing
from ui.screens.affairs.affair_facts import AffairFacts
from ui.screens.affairs.attendees import Attendees
from ui.screens.affairs.form_pane import AffairFormPane
from ui.screens.joint_loader import JointLoader
from ui.screens.refusals import OFFLINE
from ui.screens.whistle.photos import JointPhotos
from ui.screens.whistle.step_buttons import StepButtons
from ui.screens.whistle.tools import JointTools
from ui.screens.workplace import Workplace
from widgets.elided_label import ElidedLabel
from widgets.live_table import StateKind, TableState
from widgets.photo_strip import PhotoStrip, PhotoViewer
from widgets.state_panel import StatePanel
from widgets.styling import label, set_property
from widgets.theme import current_theme, theme_events
from widgets.timeline import Timeline
from widgets.tones import Tone

_BUTTONS = 4
_LOADING = TableState(StateKind.LOADING, "正在读取…")
_NOTHING_GIVEN, _HOW_TO_END = "这次会商还没有交办事项", "请在参会单位旁点交办；不交办就办结，请按 1"


class AffairPane(QFrame):
    """closed(); case_wanted(case id); matter_wanted(entity, id)."""

    closed = Signal()
    case_wanted = Signal(object)
    matter_wanted = Signal(str, object)

    def __init__(self, place: Workplace, tools: JointTools, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._place, self._tools = place, tools
        self.row: Affair | None = None
        self.file: MeetingFile | TaskFile | None = None
        self.steps: list[AffairStep] = []
        self.acting, self.loader = AffairActing(place, self), JointLoader(place, parent=self)
        self.attendees, self.facts, self.trace = Attendees(), AffairFacts(place), Timeline()
        self.form, self.photos, self.strip = AffairFormPane(place, self.acting), JointPhotos(place, self), PhotoStrip()
        self.buttons, self.leave_button = StepButtons(_BUTTONS), QPushButton("关闭")
        self._title, self._number, self._state = ElidedLabel("title"), label(role="muted"), label(role="strong")
        self._where = ElidedLabel("muted")
        self._head, self._side, self._body = QFrame(), QStackedWidget(), QSplitter(Qt.Orientation.Horizontal)
        self._error, self._stack = StatePanel(), QStackedWidget()
        self._build()
        self._connect()
        theme_events().changed.connect(self._on_theme)
        self._on_theme()

    def _build(self) -> None:
        self._head.setProperty("role", "panel_header")
        self._lines, self._first, self._second = QVBoxLayout(self._head), QHBoxLayout(), QHBoxLayout()
        for part, stretch in ((self._title, 0), (self._number, 0), (self._state, 1), (self.buttons, 0),
                              (self.leave_button, 0)):
            self._first.addWidget(part, stretch)
        self._second.addWidget(self._where, 1)
        self._lines.addLayout(self._first)
        self._lines.addLayout(self._second)
        self.leave_button.setProperty("kind", "chip")
        self.leave_button.setToolTip("Esc")
        left = QWidget()
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        for part, stretch in ((self.attendees, 0), (self.facts, 1), (self.strip, 0)):
            column.addWidget(part, stretch)
        for page in (self.trace, self.form):
            self._side.addWidget(page)
        for part in (left, self._side):
            self._body.addWidget(part)
            part.setMinimumWidth(1)
        self._body.setChildrenCollapsible(False)
        for place, share in enumerate((5, 4)):
            self._body.setStretchFactor(place, share)
        self._body.setSizes([500, 400])
        for page in (self._body, self._error):
            self._stack.addWidget(page)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self._head)
        whole.addWidget(self._stack, 1)

    def _connect(self) -> None:
        self.loader.loaded.connect(self._take)
        self.loader.failed.connect(self._on_failed)
        for part in (self.buttons, self.attendees):
            part.step_chosen.connect(self.begin)
        self.leave_button.clicked.connect(self.closed)
        self.facts.case_wanted.connect(self.case_wanted)
        self.facts.matter_wanted.connect(self.matter_wanted)
        self.form.opened.connect(lambda: self._side.setCurrentWidget(self.form))
        self.form.closed.connect(lambda: self._side.setCurrentWidget(self.trace))
        self.acting.form_wanted.connect(self._open_form)
        self.photos.changed.connect(self._show_photos)
        self.strip.opened.connect(self._open_photo)
        self._place.live.state_changed.connect(self._show_row)
        self._place.joint.changed.connect(self._on_live)
        self._tools.changed.connect(self._show_again)
        self._error.action_triggered.connect(self.loader.reload)

    # ------------------------------------------------------------ what the screen asks
    def show_affair(self, row: Affair) -> None:
        """Show this one; what the list knows of it appears at once."""
        if self.loader.shown == row.id:
            return
        self.leave()
        self.row = row
        self.facts.clear()
        self.trace.set_entries(())
        self.trace.set_state(_LOADING)
        self._stack.setCurrentWidget(self._body)
        self.loader.entity = entity_of(row)
        self.loader.show(row.id)
        self._show_row()

    def leave(self) -> None:
        """Nothing is shown any more; drafts are kept."""
        self.form.close_form()
        self.loader.show(None)
        self.photos.show(None)
        self.row = self.file = None
        self.steps = []

    @property
    def complete(self) -> bool:
        """Everything of the one shown has been read."""
        return self.row is None or (self.file is not None and self.photos.complete)

    def begin(self, step: AffairStep) -> None:
        """A verb of the one shown."""
        if self.row is not None:
            self.acting.begin(self.row, step)

    def begin_digit(self, digit: int) -> bool:
        """The verb of this digit; False if there is none."""
        whole = self._whole()
        if not 0 < digit <= len(whole):
            return False
        self.begin(whole[digit - 1])
        return True

    def begin_next(self) -> bool:
        """F2; False when nothing waits for this person. Ends no meeting of which nothing was given out: that takes more
        than the key of the next step."""
        step = next((s for s in self.steps if is_main(s)), None)
        if step is None:
            return False
        if step.action.code == "close" and isinstance(self.file, MeetingFile) and not self.file.tasks:
            self._place.notices.say("begin", _NOTHING_GIVEN, Tone.MUTED, _HOW_TO_END)
        else:
            self.begin(step)
        return True

    def leave_form(self) -> bool:
        """Esc: the form first; False when none is open."""
        if self.form.form is None:
            return False
        self.form.form.cancel()
        return True

    def state_text(self) -> str:
        """The state shown."""
        return self._state.text()

    # ------------------------------------------------------------ following
    def _take(self, file: MeetingFile | TaskFile) -> None:
        self.file, self.row = file, file.row
        self._stack.setCurrentWidget(self._body)
        self.trace.set_state(None)
        self._show_again()
        self.photos.show(file)  # type: ignore[arg-type]  # it asks for the row's id and the files alone
        self.form.follow(file.row)

    def _show_again(self) -> None:
        self._show_row()
        if self.file is None:
            return
        words = self._tools.words
        if isinstance(self.file, MeetingFile):
            self.facts.show_meeting(self.file, words, self._open_tasks())
        else:
            self.facts.show_task(self.file, words)
        self.trace.set_entries(affair_entries(self.file, words, self._place.live.clock.now()))

    def _show_row(self) -> None:
        row, place, words = self.row, self._place, self._tools.words
        if row is None:
            return
        self._title.setText(row.title or row.no)
        self._number.setText(row.no)
        self._state.setText(state_words(row))
        late = isinstance(row, TaskRow) and row.overdue and row.open
        set_property(self._state, "tone", (Tone.OVERDUE if late else Tone.NORMAL).value)
        self._where.setText(_where(row, words, place.live.clock.now()))
        self.setAccessibleName(f"{row.title} {row.no} {state_words(row)}")
        self.steps = steps_of(row, place.person, place.backend.directory, self._open_tasks())
        whole = self._whole()
        digits = {step: number for number, step in enumerate(whole[:9], 1)}
        self.buttons.set_steps(whole, [step for step in whole if is_main(step)], digits)
        self.buttons.set_online(place.live.online, OFFLINE)
        self.attendees.setVisible(isinstance(row, MeetingRow))
        if isinstance(row, MeetingRow):
            self.attendees.show_row(row, self.steps, words, place.live.online, OFFLINE)

    def _whole(self) -> list[AffairStep]:
        return [step for step in self.steps if step.unit_id is None]

    def _open_tasks(self) -> list[TaskRow]:
        if not isinstance(self.row, MeetingRow):
            return []
        return [task for task in self._place.joint.picture.tasks.values() if task.meeting_id == self.row.id]

    def _on_live(self, change: object) -> None:
        """The row shows at once; its file follows as soon as it has been read."""
        rows = (*change.meetings, *change.tasks)  # type: ignore[attr-defined]
        newer = next((row for row in rows if self.row is not None and row.id == self.row.id), None)
        if newer is not None:
            self.row = newer
            self.form.follow(newer)
        self._show_row()

    def _open_form(self, row: Affair, step: AffairStep) -> None:
        if self.row is not None and row.id == self.row.id:
            self.form.open(self.row, step, row.place if isinstance(row, MeetingRow) else "")

    def _on_failed(self, _number: int, error: DomainError) -> None:
        if self.file is None:
            self._error.set_state(TableState(StateKind.ERROR, "读取失败", error.message, "再读一次"))
            self._stack.setCurrentWidget(self._error)

    # ------------------------------------------------------------ pictures and room
    def _show_photos(self) -> None:
        found = self.photos.all()
        self.strip.set_photos(found)
        self.strip.setVisible(bool(found))

    def _open_photo(self, key: object) -> None:
        viewer = PhotoViewer(self.window())
        viewer.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        viewer.show_photos(self.photos.all(), key)

    def _on_theme(self) -> None:
        sizes = current_theme().sizes
        self._lines.setContentsMargins(sizes.pad, sizes.pad_small, sizes.pad, sizes.pad_small)
        self._lines.setSpacing(2)
        for line in (self._first, self._second):
            line.setSpacing(sizes.gap)


def _where(row: Affair, words: object, now: float) -> str:
    """Who, when, where."""
    if isinstance(row, MeetingRow):
        parts = (f"召集 {words.unit(row.caller_id)}", words.when(row.meet_at, now), row.place)
    else:
        parts = (source_words(row), words.unit(row.unit_id), f"限 {words.words.date_time(row.due)} 前",
                 f"批示 {row.leader}" if row.leader else "")
    return " · ".join(part for part in parts if part)
