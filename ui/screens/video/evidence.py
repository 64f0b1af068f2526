"""取证: a still or the last half minute of a slot into a case, with camera, time and the database's digest."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass

from PySide6.QtCore import QObject, QTimer, Signal

from commandcenter.domain.errors import Busy, DomainError, ServerUnavailable
from commandcenter.domain.model import CaseRow
from commandcenter.domain.video import LIVE, Camera, NewCameraEvidence
from commandcenter.services.cameras import camera_evidence
from commandcenter.video.frames import MP4, Shot
from ui.bridge.camera_stream import CameraStream
from ui.bridge.notices import Note
from ui.screens.workplace import Workplace
from widgets.tones import Tone

CLIP_S = 30.0
_PATIENCE_MS = {False: 15_000, True: 75_000}  # by whether it is a clip: then a decoder has forgotten it
_AGAIN_S = (1.0, 3.0, 6.0)  # the same command again, while its answer is not known


@dataclass(frozen=True, slots=True)
class _Order:
    stream: CameraStream
    camera: Camera
    viewing: int
    case: CaseRow


class EvidenceTaker(QObject):
    """One shot a look at a time. `busy_changed()`: something is being recorded or sent.

    What was taken is kept until the database has it, or the user lets it go: a message offers 重试.
    """

    busy_changed = Signal()

    def __init__(self, place: Workplace, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._place = place
        self._orders: dict[tuple[CameraStream, int], _Order] = {}
        self._heard: set[CameraStream] = set()
        self._sending = 0

    @property
    def busy(self) -> bool:
        """Whether something is recorded or sent."""
        return bool(self._orders or self._sending)

    @property
    def recording(self) -> bool:
        """Whether a slot must keep its camera for a while."""
        return bool(self._orders)

    def why_not(self, stream: CameraStream | None, case: CaseRow | None) -> str:
        """What is missing; "" when a shot can be taken."""
        if stream is None or stream.camera is None:
            return "先选择一路有画面的视频"
        if stream.report.state != LIVE or stream.viewing is None:
            return "画面不是实时的，不能取证"
        if any(order.viewing == stream.viewing for order in self._orders.values()):
            return "这一路正在取证"
        if case is None:
            return "先填写取证的案件号"
        return ""

    def take(self, stream: CameraStream, case: CaseRow, clip: bool) -> None:
        """Take it; what comes of it is told as a message."""
        if words := self.why_not(stream, case):
            self._place.notices.say("shot", words, Tone.NEAR)
            return
        assert stream.camera is not None and stream.viewing is not None
        order = _Order(stream, stream.camera, stream.viewing, case)
        if stream not in self._heard:
            self._heard.add(stream)
            stream.shot_taken.connect(lambda number, shot: self._on_shot(stream, number, shot))
            stream.destroyed.connect(lambda: self._heard.discard(stream))
        if clip:
            words = f"最近 {CLIP_S:.0f} 秒，不足时继续录满"
            self._say(order, f"正在录像取证：{order.camera.name}", Tone.ACTION, words)
        number = stream.clip(CLIP_S) if clip else stream.snapshot()
        self._orders[stream, number] = order
        QTimer.singleShot(_PATIENCE_MS[clip], stream, lambda: stream.give_up(number))
        self.busy_changed.emit()

    # ------------------------------------------------------------ inside
    def _on_shot(self, stream: CameraStream, number: int, shot: Shot | None) -> None:
        """Perhaps long after the slot was given to another camera: the order says which one it was."""
        if (order := self._orders.pop((stream, number), None)) is None:
            return
        if shot is None:
            self._say(order, f"没有取到画面：{order.camera.name}", Tone.OVERDUE, "画面中断，请在恢复实时后再试")
        else:
            self._make(order, shot)
        self.busy_changed.emit()

    def _make(self, order: _Order, shot: Shot) -> None:
        """The machine's clock may be wrong: how long ago it was is counted back from the city's."""
        clock, here = self._place.live.clock, time.time()
        first, last = (clock.now() - (here - at) * clock.speed for at in (shot.taken_at, shot.taken_until))
        zone = self._place.backend.directory.time_zone
        try:
            evidence = camera_evidence(order.case.id, order.viewing, order.camera, shot.mime, shot.content,
                                       (first, last), zone)
        except DomainError as error:
            self._say(order, f"取证没有存入：{order.camera.name}", Tone.OVERDUE, error.message)
        else:
            self._send(evidence, order, shot.words)

    def _send(self, evidence: NewCameraEvidence, order: _Order, words: str) -> None:
        self._sending += 1
        if self._place.backend.start(self._store(evidence, order, words), self) is None:
            self._sending -= 1  # the program is ending

    async def _store(self, evidence: NewCameraEvidence, order: _Order, words: str) -> None:
        try:
            await self._attach(evidence)
        except DomainError as error:
            self._failed(evidence, order, words, error)
        else:
            kind = "录像" if evidence.mime == MP4 else "抓拍"
            text = f"{kind}已存入案件 {self._place.case_title(order.case)}"
            detail = " · ".join(part for part in (order.camera.name, words) if part)
            self._place.notices.post(Note(self._key(order), text, Tone.OK, detail, evidence.case_id))
        finally:
            self._sending -= 1
            self.busy_changed.emit()

    async def _attach(self, evidence: NewCameraEvidence) -> None:
        """Raises DomainError. The command's id makes it one attachment, however often it is sent."""
        backend = self._place.backend
        for pause in (*_AGAIN_S, None):
            try:
                await backend.change(lambda _: backend.session.cameras.attach(evidence), [evidence.case_id])
            except (ServerUnavailable, Busy):
                if pause is None:
                    raise
                await asyncio.sleep(pause)
            else:
                return

    def _failed(self, evidence: NewCameraEvidence, order: _Order, words: str, error: DomainError) -> None:
        note = Note(("shot", evidence.id), f"取证没有存入：{order.camera.name}", Tone.OVERDUE, error.message)
        self._place.notices.post(note, "重试", lambda: self._send(evidence, order, words))

    def _say(self, order: _Order, text: str, tone: Tone, detail: str = "") -> None:
        self._place.notices.say(self._key(order), text, tone, detail)

    def _key(self, order: _Order) -> tuple[str, int]:
        """One message a look, that is replaced as it goes on."""
        return "look", order.viewing
