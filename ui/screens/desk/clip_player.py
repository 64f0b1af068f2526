"""A stored clip in a slot: from a file that only this person can read and that is gone when it is closed."""

from __future__ import annotations

import os
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QEvent, QObject, Signal
from PySide6.QtGui import QImage

from commandcenter.domain.errors import DomainError
from commandcenter.domain.video import LIVE, MAIN, StreamAddress, StreamReport
from ui.bridge.camera_stream import Decoder
from ui.screens.workplace import Workplace
from widgets.tones import Tone
from widgets.video import SlotFace, VideoSlot

_FOLDER = "clips"
_FORGOTTEN_S = 12 * 3600  # a program that died leaves its file behind
_EVENTS = (QEvent.Type.Show, QEvent.Type.Hide, QEvent.Type.Resize)


@dataclass(frozen=True, slots=True)
class StoredClip:
    """An attachment of a case; note: when it was taken."""

    case_id: int
    seq: int
    title: str
    note: str = ""

    @property
    def key(self) -> tuple[int, int]:
        """As photos are named."""
        return self.case_id, self.seq


class ClipPlayer(QObject):
    """Plays one clip at a time, again and again. opened(key, QImage): its first picture has come."""

    opened = Signal(object, object)
    _reported = Signal(object, int)
    _came = Signal(int)

    def __init__(self, place: Workplace, slot: VideoSlot) -> None:
        super().__init__(slot)
        self._place, self._slot = place, slot
        self.clip: StoredClip | None = None
        self._file: Path | None = None
        self._decoder: Decoder | None = None
        self._turn, self._pictures = 0, 0
        self._reported.connect(self._on_report)
        self._came.connect(self._on_frame)
        slot.installEventFilter(self)

    def play(self, clip: StoredClip) -> None:
        """Fetch it and show it."""
        self.stop()
        self.clip = clip
        self._say("读取中", words="正在读取录像…")
        self._place.backend.start(self._fetch(clip, self._turn), self)

    def stop(self) -> None:
        """Show nothing; the file is gone."""
        if self.clip is None:
            return
        self._turn += 1
        self.clip, self._pictures = None, 0
        if self._decoder is not None:
            self._decoder.close()
            self._decoder = None
        self._slot.show_picture(QImage())
        self._slot.set_face(SlotFace())
        if self._file is not None:
            _remove(self._file)
            self._file = None

    # ------------------------------------------------------------ inside
    async def _fetch(self, clip: StoredClip, turn: int) -> None:
        backend = self._place.backend
        try:
            content = await backend.ask(lambda queries: queries.attachment(*clip.key))
            if turn != self._turn:
                return
            file = await backend.call(_keep, self._place.home / _FOLDER, content)
        except DomainError as error:
            self._failed(turn, error.message)
        except OSError as error:
            self._failed(turn, f"本机不能存放录像：{error.strerror}，请清理磁盘后再试")
        else:
            if turn == self._turn:
                self._open(file)
            else:
                _remove(file)

    def _failed(self, turn: int, words: str) -> None:
        if turn == self._turn:
            self._say("没有读出", Tone.OVERDUE, words)

    def _open(self, file: Path) -> None:
        self._file, turn = file, self._turn
        self._decoder = self._place.make_decoder(lambda report: self._reported.emit(report, turn),
                                                 lambda: self._came.emit(turn))
        size = self._slot.device_size()
        self._decoder.play(StreamAddress(0, MAIN, file.as_uri()), (size.width(), size.height()))
        self._decoder.show(self._seen)

    @property
    def _seen(self) -> bool:
        return self._slot.isVisible() and not self._slot.window().isMinimized()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Nothing that nobody can see is decoded, and nothing larger than it is shown."""
        if self._decoder is not None and event.type() in _EVENTS:
            size = self._slot.device_size()
            self._decoder.resize((size.width(), size.height()))
            self._decoder.show(self._seen)
        return False

    def _on_report(self, report: StreamReport, turn: int) -> None:
        if turn != self._turn:
            return
        if report.state == LIVE:
            self._say("录像回放", Tone.ACTION)
        elif report.words:
            self._say("不能播放", Tone.OVERDUE, report.words)

    def _on_frame(self, turn: int) -> None:
        frame = self._decoder.frame() if self._decoder is not None else None
        if frame is None or turn != self._turn or self.clip is None:
            return
        image = QImage(frame.data, frame.width, frame.height, frame.stride, QImage.Format.Format_RGB32)
        self._slot.show_picture(image)
        self._pictures += 1
        if self._pictures == 1:
            self.opened.emit(self.clip.key, image.copy())

    def _say(self, status: str, tone: Tone = Tone.MUTED, words: str = "") -> None:
        clip = self.clip
        if clip is not None:
            self._slot.set_face(SlotFace(clip.title, clip.note, status, tone, not words, words))


def _keep(folder: Path, content: bytes) -> Path:
    """Raises OSError."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    _sweep(folder)
    number, name = tempfile.mkstemp(suffix=".mp4", dir=folder)  # 0600
    try:
        with os.fdopen(number, "wb") as file:
            file.write(content)
    except OSError:
        _remove(Path(name))
        raise
    return Path(name)


def _sweep(folder: Path) -> None:
    for file in folder.glob("*.mp4"):
        with suppress(OSError):
            if time.time() - file.stat().st_mtime > _FORGOTTEN_S:
                file.unlink()


def _remove(file: Path) -> None:
    """Windows lets nobody take away what a decoder still reads; it is swept later."""
    with suppress(OSError):
        file.unlink()


