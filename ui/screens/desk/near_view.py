"""One slot within the case: what a camera nearby sees now, or a clip that was kept; closed, nothing is looked at."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from commandcenter.domain.model import CaseRow
from ui.models.offers import may
from ui.screens.desk.clip_player import ClipPlayer, StoredClip
from ui.screens.desk.near_finder import FEW, Near
from ui.screens.desk.near_rows import why_not
from ui.screens.desk.one_slot import OneSlot
from ui.screens.video.deck import VideoDeck, Watched
from ui.screens.video.evidence import EvidenceTaker
from ui.screens.workplace import Workplace
from widgets.styling import set_property
from widgets.theme import current_theme, theme_events
from widgets.tones import Tone

_ASPECT = 9 / 16
_LEAST = 1.5  # of a photo's height
_CLIP, _BUSY = "30 秒存证", "● 正在取证"
_SHOT_TIP, _CLIP_TIP = "Ctrl+S", "最近 30 秒，不足时继续录满（Ctrl+Shift+S）"


class NearView(QWidget):
    """Hidden while closed. closed(bool had the keyboard); changed(): `camera_id` is another; all_wanted(): all
    cameras nearby, large."""

    closed = Signal(bool)
    changed = Signal()
    all_wanted = Signal()

    def __init__(self, place: Workplace) -> None:
        super().__init__()
        self._place = place
        self.case: CaseRow | None = None
        self._cameras: Sequence[Near] = ()
        self.grid = OneSlot()
        self.deck, self.evidence = VideoDeck(self.grid, place.camera_stream), EvidenceTaker(place, self)
        self.clips = ClipPlayer(place, self.grid.slots[0])
        self.shot, self.clip = _chip("抓拍存证", _SHOT_TIP), _chip(_CLIP, _CLIP_TIP)
        self.all = _chip("全部", "在视频屏同时打开周边各路（Enter，或双击画面）")
        self._numbers = [_chip(str(number), "") for number in range(1, FEW + 1)]  # in one line; keys reach the others
        self._column, self._tools = QVBoxLayout(self), QHBoxLayout()
        self._lay_out()
        self._connect()
        self._on_theme()
        self.hide()

    def _lay_out(self) -> None:
        self._column.addWidget(self.grid, 1)
        self._column.addLayout(self._tools)
        self._column.setContentsMargins(0, 0, 0, 0)
        for button in (*self._numbers, self.shot, self.clip, self.all):
            self._tools.addWidget(button)
        self._tools.addStretch(1)
        for index, button in enumerate(self._numbers):
            button.clicked.connect(lambda _=False, index=index: self.pick(index))

    def _connect(self) -> None:
        self.grid.picked.connect(self.pick)
        self.grid.stepped.connect(self._step)
        self.grid.left.connect(self.leave)
        self.grid.all_wanted.connect(self.all_wanted)
        self.all.clicked.connect(self.all_wanted)
        self.shot.clicked.connect(lambda: self.take(False))
        self.clip.clicked.connect(lambda: self.take(True))
        self.deck.stated.connect(lambda _: self._show_tools())
        self.evidence.busy_changed.connect(self._show_tools)
        theme_events().changed.connect(self._on_theme)
        for key, clip in (("Ctrl+S", False), ("Ctrl+Shift+S", True)):
            shortcut = QShortcut(QKeySequence(key), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.setAutoRepeat(False)
            shortcut.activated.connect(lambda clip=clip: self.take(clip))

    # ------------------------------------------------------------ what is looked at
    @property
    def open(self) -> bool:
        """Whether something is looked at."""
        return self.case is not None

    @property
    def camera_id(self) -> int | None:
        """Of the camera in the slot."""
        watched = self.deck.watched.get(0)
        return None if watched is None else watched.camera.id

    def watch(self, case: CaseRow, cameras: Sequence[Near], index: int) -> None:
        """Look through the camera of this index, for this case: the look is recorded with it."""
        self.clips.stop()
        self._cameras = cameras
        self._open_for(case)
        self.pick(index)

    def play(self, case: CaseRow, clip: StoredClip) -> None:
        """A clip that was kept, instead of what is seen now."""
        self.deck.clear(0)
        self._open_for(case)
        self.clips.play(clip)
        self._show_tools()
        self.changed.emit()

    def follow(self, case: CaseRow, cameras: Sequence[Near]) -> None:
        """The case or the cameras are read anew; the one looked at goes on, unless it is gone."""
        if not self.open:
            return
        self.case, self._cameras = case, cameras
        number, book = self.camera_id, self._place.cameras
        if number is not None and book.ready and number not in book.cameras:
            self.leave()  # taken out of the city, or of this person's sight
            return
        near = next((near for near in cameras if near.camera.id == number), None)
        if near is not None:
            self._put(near)
        self._show_tools()

    def pick(self, index: int) -> None:
        """Another of the cameras nearby; also one whose picture is not for this person: the slot says why."""
        if self.case is None or not 0 <= index < len(self._cameras):
            return
        self.clips.stop()
        self._put(self._cameras[index])
        self._show_tools()
        self.changed.emit()

    def leave(self) -> bool:
        """Close it: the look is over. False if it was not open."""
        if not self.open:
            return False
        self.case, self._cameras = None, ()
        self.clips.stop()
        self.deck.clear(0)
        had_keyboard = self.isAncestorOf(self.window().focusWidget())
        self.hide()
        self.changed.emit()
        self.closed.emit(had_keyboard)
        return True

    def shut(self) -> None:
        """The window closes: nothing is left of it."""
        self.clips.stop()
        self.deck.close()

    def take(self, clip: bool) -> None:
        """A still, or the last half minute, into this case."""
        stream, words = self.deck.stream(0), self._refusal()
        if words:
            self._place.notices.say("shot", words, Tone.NEAR)
        elif self.case is not None and stream is not None:
            self.evidence.take(stream, self.case, clip)

    # ------------------------------------------------------------ inside
    def _open_for(self, case: CaseRow) -> None:
        before, self.case = self.case, case
        if before is None:
            self.show()
        self.grid.setFocus(Qt.FocusReason.OtherFocusReason)

    def _put(self, near: Near) -> None:
        assert self.case is not None
        kind = self._place.cameras.label(near.camera.category)
        self.deck.put(0, Watched(near.camera, "case", self.case.id, f"{kind} · {near.metres:,.0f} m"))

    def _step(self, step: int) -> None:
        """To the next one that may be seen; from a clip to the nearest."""
        ids = [near.camera.id for near in self._cameras if not why_not(near.camera)]
        if not ids:
            return
        place = (ids.index(self.camera_id) + step) % len(ids) if self.camera_id in ids else 0
        self.pick(next(k for k, near in enumerate(self._cameras) if near.camera.id == ids[place]))

    def _refusal(self) -> str:
        """Why this person can keep nothing here."""
        place, case = self._place, self.case
        if self.clips.clip is not None:
            return "正在回放录像"
        if case is not None and not may("attach", case, place.person, place.backend.directory, place.units):
            return "您现在不能为本案添加证据"
        return self.evidence.why_not(self.deck.stream(0), case)

    def _show_tools(self) -> None:
        refusal, live = self._refusal(), self.clips.clip is None
        for button, tip in ((self.shot, _SHOT_TIP), (self.clip, _CLIP_TIP)):
            button.setVisible(live)
            button.setEnabled(not refusal)
            button.setToolTip(refusal or tip)
        self.clip.setText(_BUSY if self.evidence.busy else _CLIP)
        self.all.setVisible(any(not why_not(near.camera) for near in self._cameras))
        self._show_numbers()

    def _show_numbers(self) -> None:
        for index, button in enumerate(self._numbers):
            near = self._cameras[index] if index < len(self._cameras) else None
            button.setVisible(near is not None)
            if near is not None:
                words = (near.camera.name, f"{near.metres:,.0f} m", why_not(near.camera))
                button.setToolTip(" · ".join(word for word in words if word))
                set_property(button, "active", "true" if near.camera.id == self.camera_id else "false")

    def resizeEvent(self, _event: QResizeEvent) -> None:
        """As high as a picture of this width, and no higher."""
        self.grid.setMaximumHeight(max(self.grid.minimumHeight(), round(self.width() * _ASPECT)))

    def sizeHint(self) -> QSize:
        """A picture and its tools."""
        width = current_theme().sizes.thumb_width * 4
        return QSize(width, round(width * _ASPECT) + self._tools.sizeHint().height())

    def _on_theme(self) -> None:
        sizes = current_theme().sizes
        self._column.setSpacing(sizes.pad_small)
        self._tools.setSpacing(sizes.pad_small)
        self.grid.setMinimumHeight(round(sizes.thumb_height * _LEAST))


def _chip(text: str, tip: str) -> QPushButton:
    button = QPushButton(text)
    button.setProperty("kind", "chip")
    button.setToolTip(tip)
    button.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # the slot keeps the keyboard
    return button
