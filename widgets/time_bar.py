"""The bar of a replay: play, speed, the exact moment, back to the present, and the track of time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, tzinfo

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QComboBox, QFrame, QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from widgets.elided_label import ElidedLabel
from widgets.painting import text_width
from widgets.styling import label, set_property
from widgets.theme import current_theme, theme_events
from widgets.time_track import TimeTrack
from widgets.tones import Tone
from widgets.typed_moment import FORMAT, parse_moment

_HOW = "写成 11-20 14:32、2026-11-20 14:32:08 或 -2小时"


class TimeBar(QFrame):
    """sought(moment), play_toggled(), speed_chosen(float), left(): back to the present. Moments are Unix seconds."""

    sought = Signal(float)
    play_toggled = Signal()
    speed_chosen = Signal(float)
    left = Signal()

    def __init__(self, zone: tzinfo, speeds: Sequence[float], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "surface")
        self._zone, self._complaining = zone, False
        self.track = TimeTrack(zone)
        self.mark, self.play = label("回放", "title", Tone.NEAR), QPushButton("播放")
        self.speed, self.time, self.note = QComboBox(), QLineEdit(), ElidedLabel("muted")
        self.back = QPushButton("回到现在")
        self._row, self._around = QHBoxLayout(), QVBoxLayout(self)
        for one in speeds:
            self.speed.addItem(f"{one:g}×", float(one))
        self._build()
        self._connect()
        self._on_theme()

    def _build(self) -> None:
        self.play.setToolTip("播放或暂停（空格）")
        self.speed.setToolTip("播放速度：城市时间是实际时间的几倍")
        self.speed.setAccessibleName("播放速度")
        self.time.setToolTip(_HOW)
        self.time.setAccessibleName("回放时刻")
        self.back.setProperty("kind", "primary")
        self.back.setToolTip("结束回放（Esc）")
        for part in (self.mark, self.play, self.speed, self.time):
            self._row.addWidget(part)
        self._row.addWidget(self.note, 1)
        self._row.addWidget(self.back)
        self._around.addLayout(self._row)
        self._around.addWidget(self.track)

    def _connect(self) -> None:
        self.track.sought.connect(self._on_sought)
        self.track.toggled.connect(self.play_toggled)
        self.play.clicked.connect(self.play_toggled)
        self.speed.activated.connect(lambda _: self.speed_chosen.emit(self.speed.currentData()))
        self.time.returnPressed.connect(self._enter)
        self.time.textEdited.connect(lambda _: self._complain(""))
        self.back.clicked.connect(self.left)
        theme_events().changed.connect(self._on_theme)

    # ------------------------------------------------------------ what is shown
    def set_limits(self, since: float, until: float) -> None:
        """How far it reaches."""
        self.track.set_limits(since, until)

    def set_density(self, hours: Sequence[tuple[float, int]]) -> None:
        """How much happened in the hours that begin at these moments."""
        self.track.set_density(hours)

    def set_moment(self, moment: float) -> None:
        """The moment shown; a time that is being typed stays."""
        self.track.set_moment(moment)
        if not (self.time.hasFocus() and self.time.isModified()):
            self._show_time()

    def set_playing(self, playing: bool, speed: float) -> None:
        """Whether it runs, and how fast."""
        self.play.setText("暂停" if playing else "播放")
        self.speed.setCurrentIndex(max(0, self.speed.findData(float(speed))))

    def set_note(self, text: str, tone: Tone = Tone.MUTED) -> None:
        """What is going on, beside the time."""
        self.note.setText(text)
        set_property(self.note, "tone", tone.value)

    # ------------------------------------------------------------ the hand
    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc leaves the replay."""
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
            return
        super().keyPressEvent(event)

    def _on_sought(self, moment: float) -> None:
        self.time.setModified(False)
        self._show_time()
        self.sought.emit(moment)

    def _enter(self) -> None:
        scale = self.track.scale
        found = parse_moment(self.time.text(), self._local(self.track.moment), self._local(scale.until))
        if found is None:
            self._complain(f"看不懂这个时间：{_HOW}")
        elif not scale.since <= found.timestamp() <= scale.until:
            self._complain(f"只能回放 {self._local(scale.since):%Y-%m-%d %H:%M} 以来的情形")
        else:
            self._complain("")
            self.track.set_moment(found.timestamp())
            self._on_sought(found.timestamp())
            self.track.setFocus(Qt.FocusReason.OtherFocusReason)

    def _complain(self, words: str) -> None:
        set_property(self.time, "invalid", bool(words))
        self.time.setToolTip(words or _HOW)
        if words or self._complaining:
            self.set_note(words, Tone.OVERDUE)
        self._complaining = bool(words)

    def _show_time(self) -> None:
        self.time.setText(f"{self._local(self.track.moment):{FORMAT}}")

    def _local(self, moment: float) -> datetime:
        return datetime.fromtimestamp(moment, self._zone)

    def _on_theme(self) -> None:
        theme = current_theme()
        sizes = theme.sizes
        self._around.setContentsMargins(sizes.pad, sizes.pad_small, sizes.pad, sizes.pad_small)
        self._around.setSpacing(sizes.pad_small)
        self._row.setSpacing(sizes.pad_small)
        self.time.setFixedWidth(text_width(theme.font(), "0000-00-00 00:00:00") + 4 * sizes.pad)
        self.play.setFixedWidth(text_width(theme.font(), "播放") + 4 * sizes.pad)
