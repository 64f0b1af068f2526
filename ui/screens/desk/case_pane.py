"""The selected case below the queue: its trace on the left; evidence, time, people and cameras near on the right."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QFrame, QLabel, QScrollArea, QSplitter, QVBoxLayout, QWidget

from commandcenter.domain.errors import DomainError
from commandcenter.domain.model import CaseFile, PendingRequest
from ui.models.clock_segments import clock_segments
from ui.models.past_moment import PastMoment
from ui.models.trace_entries import check_words, trace_entries
from ui.screens.desk.case_head import CaseHead
from ui.screens.desk.case_loader import CaseLoader
from ui.screens.desk.near_cameras import NearCameras
from ui.screens.desk.photos import Photos
from ui.screens.desk.reporters import ReporterList
from ui.screens.refusals import OFFLINE
from ui.screens.workplace import Workplace
from widgets.live_table import StateKind, TableState
from widgets.panel import Panel
from widgets.photo_strip import PhotoStrip, PhotoViewer
from widgets.split_clock import SplitClock
from widgets.styling import label
from widgets.theme import current_theme, theme_events
from widgets.timeline import Timeline
from widgets.tones import Tone

_LOADING = TableState(StateKind.LOADING, "正在读取案件…")
_NOTHING = TableState(StateKind.EMPTY, "未选择案件", "在队列中选一件，这里显示它的经过、用时与证据")


class CasePane(QSplitter):
    """Shows what `loader` reads. action_chosen(Action): wanted on the case shown. replay_wanted(PastMoment): of a
    step."""

    action_chosen = Signal(object)
    file_shown = Signal(object)
    replay_wanted = Signal(object)

    def __init__(self, place: Workplace, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._place = place
        self.file: CaseFile | None = None
        self._failed = False  # the one shown could not be read
        self.loader, self.photos = CaseLoader(place, self), Photos(place, self)
        self.head, self.trace = CaseHead(place), Timeline()
        self.evidence, self.clock, self.reporters = PhotoStrip(), SplitClock(), ReporterList(place)
        self.near = NearCameras(place, self)
        self._right = Panel("证据与周边")
        self._story, self._request = _wrapped(), _wrapped(Tone.NEAR)
        self._no_photos = label("没有照片", role="muted")
        self._story_title, self._people_title = label("问题描述", role="muted"), label("来电人", role="muted")
        self._later, self._area = QTimer(self), QScrollArea()
        self._build()
        self._connect()
        self._on_theme()
        self._draw_waiting()

    def _build(self) -> None:
        left = QFrame()
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.head)
        column.addWidget(self.trace, 1)
        self.addWidget(left)
        self.addWidget(self._right)
        self._right.set_corner(self.near.button)
        self._right.body.addWidget(self.near.view, 1)
        self._right.body.addWidget(self._scrolled(), 0)
        self.setStretchFactor(0, 3)
        self.setStretchFactor(1, 2)
        self.setChildrenCollapsible(False)
        self.clock.set_clock(self._place.live.clock.now)
        self.trace.offer_times("回放到这一刻")

    def _scrolled(self) -> QScrollArea:
        content, area = QWidget(), self._area
        content.setProperty("role", "scroll_content")
        self._facts = QVBoxLayout(content)
        parts = (self._request, self._story_title, self._story, self._no_photos, self.evidence, self.near.lines,
                 self.clock, self._people_title, self.reporters, self.near.rows)
        for part in parts:
            self._facts.addWidget(part)
        self._facts.addStretch(1)
        area.setWidget(content)
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        return area

    def _connect(self) -> None:
        self.loader.loaded.connect(self._show)
        self.loader.loading.connect(self._let_go)
        self.loader.failed.connect(self._on_failed)
        self.loader.cleared.connect(self._let_go)
        self._later.setSingleShot(True)
        self._later.setInterval(0)
        self._later.timeout.connect(self._draw_waiting)
        self.photos.changed.connect(self._show_photos)
        self.near.shots.changed.connect(lambda: self.photos.set_captions(self.near.shots.captions()))
        self.near.view.changed.connect(self._make_room)
        self.near.view.clips.opened.connect(self.photos.keep_still)
        self.evidence.opened.connect(self._open_photo)
        self.head.action_chosen.connect(self.action_chosen)
        self.trace.time_chosen.connect(self._on_time)
        self._place.live.state_changed.connect(self._on_state)
        self._place.words_changed.connect(self._show_again)
        theme_events().changed.connect(self._on_theme)

    def show_case(self, case_id: int | None) -> None:
        """Show another case; what the queue knows of it appears at once."""
        self.loader.show(case_id)

    @property
    def complete(self) -> bool:
        """Everything of the case shown has been read, or cannot be; without a case nothing is missing: others may
        have taken it away before it was read."""
        return self.loader.shown is None or self._failed or (self.file is not None and self.photos.complete)

    # ------------------------------------------------------------ inside
    def _let_go(self) -> None:
        """Drawn in a turn of its own: the queue is drawn first, and a row that leaves while the next is selected is
        one change here, without an empty pane in between."""
        self.file, self._failed = None, False
        self.near.leave_case(self.loader.shown)
        self._later.start()

    def _draw_waiting(self) -> None:
        """What the queue knows of the case that is being read; without a case, one sentence."""
        self._later.stop()
        case_id = self.loader.shown
        self._occupy(case_id is not None)
        self.head.show_row(None if case_id is None else self._place.live.row(case_id))
        self._on_state()
        self.trace.set_entries([])
        self.trace.set_state(_NOTHING if case_id is None else _LOADING)
        self._blank()

    def _show(self, file: CaseFile) -> None:
        self._later.stop()
        self.file, self._failed = file, False
        self._occupy(True)
        self.head.show_file(file)
        self._on_state()
        self.trace.set_state(None)
        self.trace.set_entries(trace_entries(file, self._place.words, self._place.live.clock.now()))
        text, tone, detail = check_words(file.check)
        self.trace.set_footer(f"{text}　{detail}", tone, "留痕校验")
        self._show_facts(file)
        self.near.show_file(file)
        self.file_shown.emit(file)

    def _show_facts(self, file: CaseFile) -> None:
        now = self._place.live.clock.now()
        self.photos.show(file)
        self.clock.show()
        self.clock.set_segments(clock_segments(file, self._place.words, self._place.work_time, now))
        self._story.setText(file.description + (f"\n处置结果：{file.result}" if file.result else ""))
        self._story_title.show()
        self._request.setText(request_words(file.request, self._place) if file.request else "")
        self._request.setVisible(file.request is not None)
        self.reporters.show_file(file)
        self._people_title.setVisible(bool(file.reporters))

    def _show_again(self) -> None:
        if self.file is not None:
            self._show(self.file)

    def _on_time(self, seq: int) -> None:
        file = self.file
        at = next((event.at for event in file.trace if event.seq == seq), None) if file is not None else None
        if file is not None and at is not None:
            self.replay_wanted.emit(PastMoment(at.timestamp(), case_id=file.row.id))

    def _occupy(self, occupied: bool) -> None:
        """Without a case there is one sentence in one panel, not an empty form of everything."""
        self.head.setVisible(occupied)
        self._right.setVisible(occupied)

    def _blank(self) -> None:
        self.trace.set_footer("", Tone.MUTED)
        self.photos.show(None)
        self.clock.hide()
        self.clock.set_segments([])
        self._story.setText("")
        self._story_title.hide()
        self._request.hide()
        self.reporters.show_file(None)
        self._people_title.hide()

    def _on_failed(self, _case_id: int, error: DomainError) -> None:
        if self.file is None:
            self._failed = True
            self._draw_waiting()
            self.trace.set_state(TableState(StateKind.ERROR, "案件读取失败", error.message))

    def _on_state(self) -> None:
        self.head.set_online(self._place.live.online, OFFLINE)

    def _show_photos(self) -> None:
        photos, before = self.photos.tiles(), self.evidence.photos()
        self.evidence.set_photos(photos)
        if before and len(photos) > len(before) and before[0].key == photos[0].key:
            self.evidence.show_last()  # another one of the same case
        self.evidence.setVisible(bool(photos))
        self._no_photos.setVisible(not photos and self.file is not None)

    def _open_photo(self, key: object) -> None:
        if (clip := self.photos.clip(key)) is not None:
            self.near.play(clip)
            return
        viewer = PhotoViewer(self.window())
        viewer.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        viewer.show_photos(self.photos.photos(), key)

    def _make_room(self) -> None:
        """A camera's picture stands above; the photos stay in sight below it."""
        looking, was_looking = self.near.view.open, self._area.minimumHeight() > 0
        self._area.setMinimumHeight(current_theme().sizes.thumb_height if looking else 0)
        self._right.body.setStretchFactor(self._area, 0 if looking else 1)
        if looking != was_looking:
            QTimer.singleShot(0, self._area, self._scroll_to_photos)

    def _scroll_to_photos(self) -> None:
        beside = self.near.view.open and self.evidence.isVisible()
        self._area.verticalScrollBar().setValue(self.evidence.y() if beside else 0)

    def _on_theme(self) -> None:
        sizes = current_theme().sizes
        self._facts.setSpacing(sizes.gap)
        self._make_room()


def _wrapped(tone: Tone = Tone.NORMAL) -> QLabel:
    made = label(tone=tone)
    made.setWordWrap(True)
    made.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return made


def request_words(request: PendingRequest, place: Workplace) -> str:
    """A pending request in words: who asks for what, until when, and why."""
    who = place.words.operator(request.asked_by)
    if request.kind == "suspend":
        until = place.words.date_time(request.until) if request.until else "—"
        what = f"申请挂起至 {until}"
    else:
        what = f"申请延期 {request.minutes or 0:,} 分钟"
    return f"▲ {who} {what}：{request.reason}"
