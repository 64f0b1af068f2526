"""回放 at the map desk: begun and ended here; meanwhile the map, queues and orders show the moment of the bar."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol
from zoneinfo import ZoneInfo

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QWidget

from commandcenter.geo import to_plane
from commandcenter.replay import SPEEDS
from ui.bridge.map_sources import CaseSource, JointSource
from ui.bridge.replay import Replay
from ui.models.map_marks import CASES, WHISTLES
from ui.models.past_moment import PastMoment
from ui.screens.replay.side import ReplaySide
from ui.screens.workplace import Workplace
from widgets.map import MapCanvas
from widgets.time_bar import TimeBar
from widgets.tones import Tone

if TYPE_CHECKING:
    from ui.screens.map.picking import Picking


class Desk(Protocol):
    """What a replay needs of the map desk."""

    canvas: MapCanvas
    picking: Picking

    def set_replay(self, bar: QWidget | None) -> None:
        """The bar below the map."""

    def set_side(self, widget: QWidget | None) -> None:
        """Beside the map, instead of what stands there."""

    def show_picture(self, source: CaseSource | None, joint_source: JointSource | None = None) -> None:
        """Another moment; None: the present."""

    def take_keyboard(self) -> None:
        """Keys belong to the map."""


class ReplayPane(QObject):
    """`open` leaves the present, `close` comes back to it; the live pictures go on meanwhile."""

    def __init__(self, place: Workplace, desk: QWidget) -> None:
        super().__init__(desk)
        self._place, self._desk = place, desk
        self.replay = Replay(place.backend, place.queues, place.work_time, self)
        self.bar = TimeBar(ZoneInfo(place.backend.directory.time_zone), SPEEDS)
        self.side: ReplaySide | None = None
        self._sought: PastMoment | None = None  # to be looked at as soon as its moment has been read
        self.bar.setParent(None)
        desk.installEventFilter(self)
        desk.destroyed.connect(self.bar.deleteLater)
        self._connect()

    def _connect(self) -> None:
        replay, bar = self.replay, self.bar
        self._place.words_changed.connect(self._on_words)
        bar.sought.connect(replay.jump)
        bar.play_toggled.connect(replay.toggle)
        bar.speed_chosen.connect(replay.set_speed)
        bar.left.connect(self.close)
        replay.begun.connect(self._on_begun)
        replay.ended.connect(self._on_ended)
        replay.moved.connect(bar.set_moment)
        replay.played.connect(lambda: bar.set_playing(replay.clock.playing, replay.clock.speed))
        replay.limits_changed.connect(self._show_limits)
        for signal in (replay.state_changed, replay.played, replay.cases.loaded):
            signal.connect(self._say)
        replay.moved.connect(lambda _: self._say())
        replay.cases.loaded.connect(self._find)

    # ------------------------------------------------------------ what the desk asks
    @property
    def active(self) -> bool:
        """A past moment is shown, or about to be."""
        return self.replay.active

    def open(self, at: float | None = None) -> None:
        """Show this moment, or an hour ago; the bar takes the keyboard."""
        if self.active:
            if at is not None:
                self.replay.jump(at)
            return
        self._shell().set_replay(self.bar)
        self.bar.show()
        self.bar.track.setFocus(Qt.FocusReason.OtherFocusReason)
        self.replay.begin(at)
        self._say()

    def show(self, moment: PastMoment) -> None:
        """Go there, and look at what was chosen."""
        self._sought = moment
        self.open(moment.at)
        if self.replay.cases.ready and not self.replay.loading:
            self._find()

    def close(self) -> None:
        """Back to the present."""
        self.replay.end()

    def toggle(self) -> None:
        """By its key or button."""
        self.close() if self.active else self.open()

    # ------------------------------------------------------------ inside
    def _shell(self) -> Desk:
        return self._desk  # type: ignore[return-value]

    def _on_begun(self) -> None:
        self._shell().show_picture(self.replay.cases, self.replay.joint)
        self._show_side(self.side or self._new_side())

    def _new_side(self) -> ReplaySide:
        side = ReplaySide(self._place, self.replay)
        side.pointed.connect(self._point_at)
        side.wanted.connect(self._look_at)
        side.joint_wanted.connect(self._look_at_joint)
        self._desk.destroyed.connect(side.deleteLater)
        return side

    def _show_side(self, side: ReplaySide) -> None:
        self.side = side
        self._shell().set_side(side)
        side.show()

    def _on_words(self) -> None:
        """The directory is another: lists speak of its names."""
        old, self.side = self.side, None
        if self.active and old is not None:
            self._show_side(self._new_side())
            self.replay.cases.loaded.emit()
            self.replay.joint.loaded.emit()
        if old is not None:
            old.deleteLater()

    def _find(self) -> None:
        """What was chosen, on the map of then."""
        sought, self._sought = self._sought, None
        if sought is None or (sought.case_id, sought.summons_id) == (None, None):
            return
        layer, number = (CASES, sought.case_id) if sought.case_id is not None else (WHISTLES, sought.summons_id)
        if sought.case_id is not None and self.side is not None:
            self.side.show_case(sought.case_id)
        if not self._shell().picking.pick(layer, number or 0, look=True):
            self._place.notices.say("replay", "所选的这一刻不在办", Tone.NEAR, self._why_not_there(sought))

    def _why_not_there(self, sought: PastMoment) -> str:
        since = self.replay.clock.since
        if sought.at < since:
            return f"回放从 {self._place.words.date_time(since)} 开始，它在此之前受理"
        return "它当时尚未受理或已办结，或不在您的范围内"

    def _on_ended(self) -> None:
        self._sought = None
        self._shell().show_picture(None)
        self._shell().set_side(None)
        self._shell().set_replay(None)
        self._shell().take_keyboard()

    def _show_limits(self) -> None:
        self.bar.set_limits(self.replay.clock.since, self.replay.clock.until)
        self.bar.set_density(self.replay.density)

    def _point_at(self, case_id: int | None) -> None:
        self._shell().canvas.select(CASES, [] if case_id is None else [case_id])

    def _look_at(self, case_id: int) -> None:
        row = self.replay.cases.row(case_id)
        if row is not None:
            self._centre_on(row.lon, row.lat)

    def _look_at_joint(self, summons_id: int) -> None:
        row = self.replay.joint.summons.get(summons_id)
        if row is not None:
            self._centre_on(row.lon, row.lat)

    def _centre_on(self, lon: float | None, lat: float | None) -> None:
        if lon is not None and lat is not None:
            ((x, y),) = to_plane([(lon, lat)])
            self._shell().canvas.centre_on(float(x), float(y))

    def _say(self) -> None:
        """What goes on, in the bar."""
        replay = self.replay
        if replay.error is not None:
            self.bar.set_note(f"{replay.error.message}，正在重试", Tone.OVERDUE)
        elif replay.loading or not replay.cases.ready:
            self.bar.set_note("正在读取当时的情形…")
        elif replay.waiting:
            self.bar.set_note("正在读取后续…")
        elif replay.clock.over:
            self.bar.set_note("已到回放的末尾")
        else:
            cases, joint = len(replay.cases.picture.rows), len(replay.joint.summons)
            self.bar.set_note(f"当时在办 {cases:,} 件 · 吹哨与令 {joint:,}")

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Nobody sees it: it stands still."""
        if watched is self._desk and event.type() == QEvent.Type.Hide:
            self.replay.pause()
        return super().eventFilter(watched, event)
