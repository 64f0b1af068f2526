"""取证: a still or the last half minute of a slot into a case, with camera, time and the database's digest."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4
from zoneinfo import ZoneInfo

from PySide6.QtCore import QObject, Signal

from commandcenter.domain.errors import DomainError, ServerUnavailable
from commandcenter.domain.model import CaseRow
from commandcenter.domain.video import LIVE, Camera, NewCameraEvidence
from commandcenter.video.frames import MP4, Shot
from ui.bridge.camera_stream import CameraStream
from ui.bridge.notices import Note
from ui.screens.workplace import Workplace
from widgets.tones import Tone

CLIP_S = 30.0
_AGAIN_S = (1.0, 3.0, 6.0)  # the same command again, while its answer is not known
_ENDINGS = {MP4: "mp4"}


@dataclass(frozen=True, slots=True)
class _Order:
    camera: Camera
    viewing: int
    case: CaseRow


class EvidenceTaker(QObject):
    """One shot a stream at a time. `busy_changed()`: streams are recording or something is being sent.

    What was taken is kept until the database has it, or the user lets it go: a message offers 重试.
    """

    busy_changed = Signal()

    def __init__(self, place: Workplace, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._place = place
        self._orders: dict[CameraStream, _Order] = {}
        self._sending = 0

    @property
    def busy(self) -> bool:
        """Whether something is recorded or sent."""
        return bool(self._orders or self._sending)

    def why_not(self, stream: CameraStream | None, case: CaseRow | None) -> str:
        """What is missing; "" when a shot can be taken."""
        if stream is None or stream.camera is None:
            return "先选择一路有画面的视频"
        if stream.report.state != LIVE or stream.viewing is None:
            return "画面不是实时的，不能取证"
        if stream in self._orders:
            return "这一路正在取证"
        if case is None:
            return "先填写取证的案件号"
        return ""

    def take(self, stream: CameraStream, case: CaseRow, clip: bool) -> None:
        """Take it; what comes of it is told as a message."""
        if words := self.why_not(stream, case):
            self._say(stream, words, Tone.NEAR)
            return
        assert stream.camera is not None and stream.viewing is not None
        self._orders[stream] = _Order(stream.camera, stream.viewing, case)
        stream.shot_taken.connect(self._on_shot)
        if clip:
            words = f"最近 {CLIP_S:.0f} 秒，不足时继续录满"
            self._say(stream, f"正在录像取证：{stream.camera.name}", Tone.ACTION, words)
            stream.clip(CLIP_S)
        else:
            stream.snapshot()
        self.busy_changed.emit()

    # ------------------------------------------------------------ inside
    def _on_shot(self, shot: Shot | None, clip: bool) -> None:
        stream = self.sender()
        if not isinstance(stream, CameraStream) or (order := self._orders.pop(stream, None)) is None:
            return
        stream.shot_taken.disconnect(self._on_shot)
        self.busy_changed.emit()
        if shot is None:
            self._say(stream, f"没有取到画面：{order.camera.name}", Tone.OVERDUE, "画面中断，请在恢复实时后再试")
        else:
            self._send(self._evidence(order, shot), order, shot.words)

    def _evidence(self, order: _Order, shot: Shot) -> NewCameraEvidence:
        """The machine's clock may be wrong: how long ago it was is counted back from the city's."""
        clock, here = self._place.live.clock, time.time()
        first, last = (clock.now() - (here - at) * clock.speed for at in (shot.taken_at, shot.taken_until))
        zone = ZoneInfo(self._place.backend.directory.time_zone)
        moment = datetime.fromtimestamp(first, zone)
        name = f"{order.camera.name}_{moment:%Y%m%d_%H%M%S}.{_ENDINGS.get(shot.mime, 'jpg')}"
        return NewCameraEvidence(uuid4(), order.case.id, order.viewing, name, shot.mime, shot.content, first, last)

    def _send(self, evidence: NewCameraEvidence, order: _Order, words: str) -> None:
        self._place.backend.start(self._store(evidence, order, words), self)

    async def _store(self, evidence: NewCameraEvidence, order: _Order, words: str) -> None:
        self._sending += 1
        self.busy_changed.emit()
        try:
            await self._attach(evidence)
        except DomainError as error:
            self._failed(evidence, order, words, error)
        else:
            self._place.backend.announce([evidence.case_id])
            title = self._place.case_title(order.case)
            kind = "录像" if evidence.mime == MP4 else "抓拍"
            note = Note(("shot", evidence.id), f"{kind}已存入案件 {title}", Tone.OK,
                        " · ".join(part for part in (order.camera.name, words) if part), evidence.case_id)
            self._place.notices.post(note)
        finally:
            self._sending -= 1
            self.busy_changed.emit()

    async def _attach(self, evidence: NewCameraEvidence) -> None:
        """Raises DomainError. The command's id makes it one attachment, however often it is sent."""
        port = self._place.backend.session.cameras
        for pause in (*_AGAIN_S, None):
            try:
                await self._place.backend.call(port.attach, evidence)
            except ServerUnavailable:
                if pause is None:
                    raise
                await asyncio.sleep(pause)
            else:
                return

    def _failed(self, evidence: NewCameraEvidence, order: _Order, words: str, error: DomainError) -> None:
        note = Note(("shot", evidence.id), f"取证没有存入：{order.camera.name}", Tone.OVERDUE, error.message)
        self._place.notices.post(note, "重试", lambda: self._send(evidence, order, words))

    def _say(self, stream: CameraStream | None, text: str, tone: Tone, detail: str = "") -> None:
        key = stream.camera.id if stream is not None and stream.camera is not None else 0
        self._place.notices.say(("camera", key), text, tone, detail)
