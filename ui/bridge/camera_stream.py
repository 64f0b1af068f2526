"""One slot's camera: its address is asked for, its decoder fed, its state and pictures given to whoever shows it."""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QImage

from commandcenter.domain.errors import DomainError, NotAllowed, NotFound, ServerUnavailable, WrongState
from commandcenter.domain.video import (
    CONNECTING,
    FORBIDDEN,
    IDLE,
    LIVE,
    LOST,
    MAIN,
    SUB,
    UNSUPPORTED,
    Camera,
    StreamAddress,
    StreamReport,
)
from commandcenter.video.frames import Shot
from commandcenter.video.slot_process import SlotProcess
from ui.bridge.backend import Backend
from ui.bridge.cameras import CameraBook
from ui.bridge.decoder import Decoder, MakeDecoder, Resolve

MAIN_FROM_WIDTH = 640  # device pixels; in a smaller slot the sub-stream shows as much
_HIDDEN_MS = 20_000
_ASK_AGAIN_MS = 3_000
_LOOK_ANEW_MS = 12 * 3600 * 1000  # a look counts as over after a day; a wall looks for weeks
_MOVED_MS = 1_000
_LOST_MS = 5 * 60 * 1000  # then its address is asked for anew: it may have been changed
_FINAL = NotAllowed | NotFound | WrongState


class CameraStream(QObject):
    """Plays what it was told to look at while somebody can see it; who looks is recorded from the first address to the
    end of the look. Both ends of the decoder's thread are left here.

    changed(): camera or report differ. pictured(): `picture` is a new one. shot_taken(int order, Shot | None): each
    order has an answer; it may come when another camera is shown.
    """

    changed = Signal()
    pictured = Signal()
    shot_taken = Signal(int, object)
    _shot = Signal(int, object)
    _reported = Signal(object, int)
    _came = Signal(int)

    def __init__(self, backend: Backend, book: CameraBook, home: Path, resolve: Resolve,
                 make: MakeDecoder = SlotProcess, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._backend, self._book, self._home, self._resolve, self._make = backend, book, home, resolve, make
        self.camera: Camera | None = None
        self.kind = SUB
        self.report = StreamReport(IDLE, 0.0)
        self.picture = QImage()
        self.pictured_at = 0.0
        self.viewing: int | None = None
        self._purpose, self._case_id = "desk", None
        self._size, self._visible = QSize(320, 180), False
        self._decoder: Decoder | None = None
        self._turn = 0  # a late answer or picture of an earlier look is not shown
        self._numbers, self._ordered = itertools.count(1), set[int]()
        self._hidden = _timer(self, _HIDDEN_MS, self._pause)
        self._again = _timer(self, _ASK_AGAIN_MS, self._open)
        self._lost = _timer(self, _LOST_MS, self._look_anew)
        self._looking_round = _timer(self, _MOVED_MS, self._follow_server)
        self._address: StreamAddress | None = None
        self._playing: StreamAddress | None = None
        self._anew = _timer(self, _LOOK_ANEW_MS, self._look_anew)
        self._reported.connect(self._on_report)
        self._came.connect(self._on_frame)
        # Queued: never before whoever ordered knows the order's number.
        self._shot.connect(self._on_shot, Qt.ConnectionType.QueuedConnection)

    # ------------------------------------------------------------ what to look at
    def look(self, camera: Camera, purpose: str, case_id: int | None = None) -> None:
        """Show this camera from now on. Every look is recorded with its purpose, and the case it is for."""
        self.stop()
        self.camera, self._purpose, self._case_id = camera, purpose, case_id
        if self._visible:
            self._open()
        else:
            self._say(StreamReport(IDLE, time.time()))

    def stop(self) -> None:
        """Look at nothing."""
        self._end()
        self.camera = None
        self.picture, self.pictured_at = QImage(), 0.0
        self._say(StreamReport(IDLE, 0.0))
        self.pictured.emit()

    def set_visible(self, visible: bool) -> None:
        """Nothing that nobody can see is decoded; after twenty seconds the look is over, too."""
        if visible == self._visible:
            return
        self._visible = visible
        if self._decoder is not None:
            self._decoder.show(visible)
        if not visible:
            self._hidden.start()
        else:
            self._hidden.stop()
            if self.camera is not None and self.viewing is None:
                self._open()

    def set_size(self, size: QSize) -> None:
        """Device pixels of the slot. A slot that became large takes the main stream, a small one the sub-stream."""
        if size == self._size or size.isEmpty():
            return
        self._size = size
        if self._decoder is not None:
            self._decoder.resize((size.width(), size.height()))
        self._fit_kind()

    def _fit_kind(self) -> None:
        """A clip that is being recorded is not cut short for a sharper picture."""
        if self.camera is None or self.viewing is None or self._ordered:
            return
        if self._fitting(self.camera) != self.kind:
            self._look_anew()

    def _look_anew(self) -> None:
        if self.camera is not None and self.viewing is not None:
            self._end()
            self._open()

    def close(self) -> None:
        """End the look and the decoder."""
        self._end()
        if self._decoder is not None:
            self._decoder.close()
            self._decoder = None
        for number in sorted(self._ordered):
            self.give_up(number)

    # ------------------------------------------------------------ keeping
    def snapshot(self) -> int:
        """Take a still; shot_taken follows with the number of this order."""
        return self._order(lambda decoder, done: decoder.snapshot(done))

    def clip(self, seconds: float) -> int:
        """Keep the last `seconds`; shot_taken follows with this number, perhaps only when so many have come."""
        return self._order(lambda decoder, done: decoder.clip(seconds, done))

    def _order(self, order: Callable[[Decoder, Callable[[Shot | None], None]], None]) -> int:
        number = next(self._numbers)
        self._ordered.add(number)
        if self._decoder is None or self.report.state != LIVE:
            self._shot.emit(number, None)
        else:
            order(self._decoder, lambda shot: self._shot.emit(number, shot))
        return number

    def give_up(self, number: int) -> None:
        """Nobody waits for this order's answer any more."""
        self._on_shot(number, None)

    def _on_shot(self, number: int, shot: Shot | None) -> None:
        if number in self._ordered:
            self._ordered.remove(number)
            self.shot_taken.emit(number, shot)
            self._fit_kind()

    # ------------------------------------------------------------ looking
    def _open(self) -> None:
        if self.camera is None or not self._visible:
            return
        self._again.stop()
        self._turn += 1
        if not self.camera.may_view:
            self._say(StreamReport(FORBIDDEN, time.time(), "您的岗位不能查看这一路"))
        elif not self.camera.in_use:
            self._say(StreamReport(LOST, time.time(), "摄像机已停用"))
        elif not self.camera.streams:
            self._say(StreamReport(UNSUPPORTED, time.time(), "没有登记码流"))
        else:
            self.kind = self._fitting(self.camera)
            if self.report.state != LOST:  # tried again and again, it stays lost since when it was
                self._say(StreamReport(CONNECTING, time.time()))
            # Not with this slot's end: a look that is recorded by then must be told to be over.
            self._backend.start(self._ask(self.camera, self.kind, self._turn), self._book)

    def _fitting(self, camera: Camera) -> str:
        wanted = MAIN if self._size.width() >= MAIN_FROM_WIDTH else SUB
        return wanted if wanted in camera.streams else next(iter(camera.streams), wanted)

    async def _ask(self, camera: Camera, kind: str, turn: int) -> None:
        purpose = self._purpose
        try:
            address = await self._book.open_stream(camera.id, kind, purpose, self._case_id)
        except DomainError as error:
            if turn == self._turn:
                self._refused(error)
            return
        if turn != self._turn:
            self._book.look_is_over(address.viewing, turning=purpose == "rotation")
            return
        self.viewing, self._address = address.viewing, address
        self._anew.start()
        self._play(address)

    def _refused(self, error: DomainError) -> None:
        self._lose(error.message, FORBIDDEN if isinstance(error, NotAllowed) else LOST)
        if isinstance(error, _FINAL):
            self._book.reload()  # the list says otherwise: it is old
        else:
            self._again.start()  # the server is away, or out of breath

    def _lose(self, words: str, state: str = LOST) -> None:
        since = self.report.since if self.report.state == state else time.time()
        self._say(StreamReport(state, since, words))

    def _play(self, address: StreamAddress) -> None:
        try:
            found = self._resolve(address, self._home)
        except ServerUnavailable as error:  # its server is waited for; the look goes on
            self._lose(error.message)
            self._looking_round.start()
            return
        if self._decoder is None:
            self._decoder = self._make(lambda report: self._reported.emit(report, self._turn),
                                       lambda: self._came.emit(self._turn))
        self._playing = found
        self._decoder.play(found, (self._size.width(), self._size.height()))
        self._decoder.show(self._visible)

    def _pause(self) -> None:
        """Hidden for long: the look is over; the camera comes back when it is seen again."""
        self._end()
        self._say(StreamReport(IDLE, time.time()))

    def _end(self) -> None:
        self._turn += 1
        self._address = self._playing = None
        for timer in (self._again, self._anew, self._lost, self._looking_round):
            timer.stop()
        if self._decoder is not None:
            self._decoder.stop()
        self.picture = self.picture.copy()  # its memory is the decoder's, which goes on with something else
        if self.viewing is not None:
            self._book.look_is_over(self.viewing, turning=self._purpose == "rotation")
            self.viewing = None

    # ------------------------------------------------------------ what the decoder says
    def _on_report(self, report: StreamReport, turn: int) -> None:
        if turn != self._turn:
            return
        self._say(report)
        if report.state == LIVE:
            self._lost.stop()
            self._looking_round.stop()
        elif report.state == LOST and not self._lost.isActive():
            self._lost.start()
            self._looking_round.start()

    def _follow_server(self) -> None:
        """The sample cameras' server may have come back at another port."""
        if self._address is None:
            return
        self._looking_round.start()
        try:
            moved = self._resolve(self._address, self._home) != self._playing
        except ServerUnavailable:
            return
        if moved:
            self._play(self._address)

    def _on_frame(self, turn: int) -> None:
        frame = self._decoder.frame() if self._decoder is not None else None  # also taken when it is not shown
        if frame is None or turn != self._turn or self.viewing is None:
            return
        self.picture = QImage(frame.data, frame.width, frame.height, frame.stride, QImage.Format.Format_RGB32)
        self.pictured_at = time.time()
        self.pictured.emit()

    def _say(self, report: StreamReport) -> None:
        self.report = report
        self.changed.emit()


def _timer(owner: QObject, milliseconds: int, deed: Callable[[], None]) -> QTimer:
    timer = QTimer(owner)
    timer.setSingleShot(True)
    timer.setInterval(milliseconds)
    timer.timeout.connect(deed)
    return timer
