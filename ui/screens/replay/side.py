"""Beside the map while it shows a past moment: which moment, the queues' counts of then, and what stood in them."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSplitter, QStackedWidget, QVBoxLayout

from commandcenter.live.joint import JointChange
from ui.bridge.replay import Replay
from ui.models.joint_words import JointWords
from ui.models.queue_items import queue_items
from ui.models.replay_columns import replayed_joint_columns
from ui.screens.replay.case_list import ReplayedCaseList
from ui.screens.workplace import Workplace
from widgets.live_table import KeyedTableModel, LiveTableView, StateKind, TableState
from widgets.queue_list import QueueItem, QueueList
from widgets.styling import label
from widgets.theme import current_theme, theme_events
from widgets.tones import Tone

JOINT = "joint"
_MIME = "application/x-commandcenter-replayed"
_NO_JOINT = TableState(StateKind.EMPTY, "当时没有进行中的吹哨和联合执法令")
_WEEKDAYS = "一二三四五六日"
_QUEUES_SHARE = 0.5


class ReplaySide(QFrame):
    """pointed(case id or None): another case has the keyboard. wanted(case id): Enter or a double click.
    joint_wanted(summons id): the same of a whistle or order."""

    pointed = Signal(object)
    wanted = Signal(object)
    joint_wanted = Signal(object)

    def __init__(self, place: Workplace, replay: Replay) -> None:
        super().__init__()
        self.setProperty("role", "surface")
        self._place, self._replay = place, replay
        self._zone = ZoneInfo(place.backend.directory.time_zone)
        self._shared_by_hand, self._chosen, self._choosing = False, False, False
        self._band, self.moment, self._mark = QFrame(), label(role="title"), label("回放", "title", Tone.NEAR)
        self.hint = label("以下为当时情形，不能办理", "muted")
        self.queues, self.cases, self.joint = QueueList(), ReplayedCaseList(place, replay), LiveTableView()
        self._shown, self._halves = QStackedWidget(), QSplitter(Qt.Orientation.Vertical)
        words = JointWords(place.words, place.joint.rules)
        self._joint_rows = KeyedTableModel(replayed_joint_columns(words), lambda row: row.id, _MIME, self)
        self._band_row, self._around = QHBoxLayout(self._band), QVBoxLayout(self)
        self._build()
        self._connect()
        self._on_theme()
        self.show_counts()
        self._select(self.cases.queue)

    def _build(self) -> None:
        self._band.setProperty("role", "notice")
        self._band.setProperty("tone", "near")
        self._band_row.addWidget(self._mark)
        self._band_row.addWidget(self.moment, 1)
        self.joint.setModel(self._joint_rows)
        self.joint.setDragEnabled(False)
        self.joint.setProperty("role", "panel")
        self.joint.setAccessibleName("当时的吹哨与联合执法令")
        for table in (self.cases, self.joint):
            self._shown.addWidget(table)
        for part in (self.queues, self._shown):
            self._halves.addWidget(part)
        self._halves.setStretchFactor(1, 1)
        self._halves.setProperty("role", "gap")
        self._halves.setChildrenCollapsible(False)
        for widget in (self._band, self.hint):
            self._around.addWidget(widget)
        self._around.addWidget(self._halves, 1)

    def _connect(self) -> None:
        self.queues.selected.connect(self._on_queue)
        self._halves.splitterMoved.connect(self._on_border)
        self.cases.current_changed.connect(self.pointed)
        self.cases.activated_key.connect(self.wanted)
        self.joint.activated_key.connect(self.joint_wanted)
        replay, cases = self._replay, self._replay.cases
        replay.moved.connect(self._show_moment)
        for signal in (cases.changed, cases.timing_changed):
            signal.connect(lambda _: self.show_counts())
        for told in (cases.loaded, replay.state_changed):
            told.connect(self.show_counts)
        cases.loaded.connect(self._choose)
        replay.joint.changed.connect(self._on_joint)
        replay.joint.loaded.connect(self._on_joint_loaded)
        theme_events().changed.connect(self._on_theme)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Until a hand moves their border the queues get what they need, but never so much that a list has no room."""
        super().resizeEvent(event)
        if not self._shared_by_hand and self.height() > self.minimumSizeHint().height():
            room = self.height() - self._band.height() - self.hint.height()
            queues = min(self.queues.sizeHint().height(), round(_QUEUES_SHARE * room))
            self._halves.setSizes([queues, room - queues])
            QTimer.singleShot(0, self.queues, lambda: self.queues.scrollTo(self.queues.currentIndex()))

    # ------------------------------------------------------------ showing
    def show_counts(self) -> None:
        """The queues' figures of the moment; while one is read none is told."""
        known = self._replay.cases.ready and not self._replay.loading
        counts = self._replay.cases.picture.counts if known else None
        items = queue_items(self._place.queues, counts)
        open_then = len(self._replay.joint.summons) if known else None
        joint = QueueItem(JOINT, "吹哨与联合执法令", open_then, Tone.MULTI, True)
        self.queues.set_items([*items, joint])
        self.joint.set_state(None if self._joint_rows.rowCount() or not known else _NO_JOINT)

    def _show_moment(self, moment: float) -> None:
        at = datetime.fromtimestamp(moment, self._zone)
        self.moment.setText(f"{at:%Y-%m-%d} 周{_WEEKDAYS[at.weekday()]} {at:%H:%M:%S}")

    def show_case(self, case_id: int) -> None:
        """A queue in which it stood then."""
        picture = self._replay.cases.picture
        if not (self._shown.currentWidget() is self.cases and picture.in_queue(case_id, self.cases.queue)):
            key = next((queue.key for queue in self._place.queues if picture.in_queue(case_id, queue.key)), None)
            if key is not None:
                self._select(key)

    def _choose(self) -> None:
        """At first the first queue in which something stood; afterwards nobody chooses but the hand."""
        counts = self._replay.cases.picture.counts
        key = next((queue.key for queue in self._place.queues if counts.get(queue.key)), None)
        if not self._chosen and key is not None:
            self._select(key)

    def _select(self, key: str) -> None:
        self._choosing = True
        self.queues.select(key)
        self._choosing = False

    def _on_border(self) -> None:
        self._shared_by_hand = True

    def _on_queue(self, key: str) -> None:
        self._chosen = self._chosen or not self._choosing
        self._shown.setCurrentWidget(self.joint if key == JOINT else self.cases)
        if key != JOINT:
            self.cases.show_queue(key)

    def _on_joint(self, change: JointChange) -> None:
        gone = [key for key in change.removed if self._joint_rows.value(key) is not None]
        self._joint_rows.apply(upserts=change.summons, removals=gone)
        self.show_counts()

    def _on_joint_loaded(self) -> None:
        self._joint_rows.reset(sorted(self._replay.joint.summons.values(), key=lambda row: -row.id))
        self.show_counts()

    def _on_theme(self) -> None:
        sizes = current_theme().sizes
        self._band_row.setContentsMargins(sizes.pad, sizes.pad_small, sizes.pad, sizes.pad_small)
        self._band_row.setSpacing(sizes.pad_small)
        self._around.setContentsMargins(0, 0, 0, 0)
        self._around.setSpacing(sizes.pad_small)
        self.hint.setContentsMargins(sizes.pad, 0, sizes.pad, 0)
        self._halves.setHandleWidth(sizes.gap)
        self.setMinimumWidth(sizes.queue_row * 7)
