"""A video slot's decoder as its screen sees it: a process of its own that is told what to play and gives pictures."""

from __future__ import annotations

import itertools
import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace

from commandcenter.domain.video import LOST, StreamAddress, StreamReport
from commandcenter.video import wire
from commandcenter.video.buffers import Buffers
from commandcenter.video.frames import Frame, Shot
from commandcenter.video.keeper import Keeper, Wish

MOST_PIXELS = (7680, 4320)
log = logging.getLogger(__name__)
ShotDone = Callable[[Shot | None], None]


@dataclass(frozen=True, slots=True)
class _Newest:
    frame: Frame
    buffers: Buffers
    serial: int


class SlotProcess:
    """Plays one stream after another in one process. No call blocks for longer than a millisecond.

    on_report: every change of state, and once a second while it is live. on_frame: a new picture can be taken with
    frame(); not called again before it was taken. Both, and `done` of snapshot() and clip(), are called on a thread of
    this object, never on the caller's: they should only hand over.
    """

    def __init__(self, on_report: Callable[[StreamReport], None], on_frame: Callable[[], None]) -> None:
        self._on_report = on_report
        self._on_frame = on_frame
        self._lock = threading.Lock()
        self._wish = Wish()
        self._keeper = Keeper(self)
        self._newest: _Newest | None = None
        self._numbers = itertools.count(1)
        self._waiting: dict[int, ShotDone] = {}

    @property
    def pid(self) -> int | None:
        """Of the process, while there is one; for measuring."""
        child = self._keeper.child
        return None if child is None else child.pid

    def play(self, address: StreamAddress, size: tuple[int, int]) -> None:
        """Show this stream at most `size` device pixels large instead of what was played; starts the process."""
        with self._lock:
            self._newest = None
            view = replace(self._wish.view, size=_sane(size))
            self._want(Wish(self._wish.generation + 1, address, view))

    def resize(self, size: tuple[int, int]) -> None:
        """The slot is now as large as this, device pixels."""
        with self._lock:
            self._want(replace(self._wish, view=replace(self._wish.view, size=_sane(size))))

    def show(self, visible: bool) -> None:
        """A hidden slot decodes nothing and disconnects after 20 s; shown again it connects again."""
        with self._lock:
            self._want(replace(self._wish, view=replace(self._wish.view, visible=visible)))

    def stop(self) -> None:
        """Play nothing; the process stays for the next stream."""
        with self._lock:
            self._newest = None
            self._want(replace(self._wish, generation=self._wish.generation + 1, address=None))

    def close(self) -> None:
        """End the process, in the background. Nothing can be played afterwards."""
        self.stop()
        self._keeper.close()

    def frame(self) -> Frame | None:
        """The newest picture of the stream, None before the first one after play()."""
        with self._lock:
            newest = self._newest
            if newest is None:
                return None
            newest.buffers.held = newest.serial
            return newest.frame

    def snapshot(self, done: ShotDone) -> None:
        """The picture that is shown as a JPEG at the stream's full size; None without a picture younger than 3 s."""
        self._order({"do": "snapshot"}, done)

    def clip(self, seconds: float, done: ShotDone) -> None:
        """The last `seconds` (1 to 60) as MP4, as they came; recorded on until there are so many. None if none came."""
        self._order({"do": "clip", "seconds": seconds}, done)

    def _want(self, wish: Wish) -> None:
        self._wish = wish
        self._keeper.want(wish)

    def _order(self, message: wire.Message, done: ShotDone) -> None:
        number = next(self._numbers)
        self._waiting[number] = done
        if not self._keeper.order({**message, "number": number}):
            threading.Thread(target=self._answer, args=(number, None), name="slot answer", daemon=True).start()

    def heard(self, message: wire.Message, content: bytes) -> None:
        """From the keeper: what the process said."""
        say = message["say"]
        if say == "shot":
            self._answer(message["number"], wire.shot_of(message, content))
        elif say == "report" and message["generation"] == self._wish.generation:
            self._call(lambda: self._on_report(wire.report_of(message)))
        elif say == "frame" and self._new_frame(message):
            self._call(self._on_frame)

    def failed(self, words: str) -> None:
        """From the keeper: the process has died, or could not be started."""
        for number in list(self._waiting):
            self._answer(number, None)
        if words and self._wish.address is not None:
            self._call(lambda: self._on_report(StreamReport(LOST, time.time(), words)))

    def _new_frame(self, message: wire.Message) -> bool:
        """False for a picture of the stream before, or in buffers that were given up."""
        with self._lock:
            number, buffers = self._keeper.buffers or (0, None)
            if buffers is None or message["buffers"] != number or message["generation"] != self._wish.generation:
                return False
            width, height, stride, serial = (message[name] for name in ("width", "height", "stride", "serial"))
            data = buffers.of(serial)[: stride * height].toreadonly()
            self._newest = _Newest(Frame(width, height, stride, data), buffers, serial)
            return True

    def _answer(self, number: int, shot: Shot | None) -> None:
        done = self._waiting.pop(number, None)
        if done is not None:
            self._call(lambda: done(shot))

    def _call(self, callback: Callable[[], None]) -> None:
        """An error of who listens must not deafen the slot."""
        try:
            callback()
        except Exception:  # noqa: BLE001  goes to the log, as every bug does
            log.exception("a video slot's listener failed")


def _sane(size: tuple[int, int]) -> tuple[int, int]:
    return max(1, min(size[0], MOST_PIXELS[0])), max(1, min(size[1], MOST_PIXELS[1]))
