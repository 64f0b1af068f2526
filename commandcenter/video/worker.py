"""The process behind one slot: `python -m commandcenter.video.worker`, spoken to over stdin and stdout (wire.py).

It ends when its stdin closes, and when a codec hangs or takes too much memory: then it is started anew. What libav and
Python would print goes nowhere, because an address and its password may be in it.
"""

from __future__ import annotations

import os
import queue
import signal
import sys
import threading
import time
from collections.abc import Callable
from typing import BinaryIO

import av
import psutil

from commandcenter.domain.video import StreamReport
from commandcenter.video import shots, wire
from commandcenter.video.channel import Channel, Hung
from commandcenter.video.frames import Shot
from commandcenter.video.recorder import Clip
from commandcenter.video.screen import Screen

TICK_S = 0.25
ALIVE_S = 1.0
GOOD_BYE_S = 0.5
FRESH_S = 3.0  # a snapshot shows a picture no older
MOST_MEMORY = 1_500_000_000  # bytes
MODESTY = 5  # nice
ENDED, HUNG, FAILED = 0, 3, 4


class Worker:
    """Commands come from one thread and wake-ups from others into one queue; all is done on the main thread."""

    def __init__(self, incoming: BinaryIO, outgoing: BinaryIO) -> None:
        self._incoming = incoming
        self._outgoing = outgoing
        self._speaking = threading.Lock()
        self._inbox: queue.SimpleQueue[wire.Message | None] = queue.SimpleQueue()
        self._generation = 0
        self._screen = Screen(self._tell_frame)
        self._channel = Channel(self._screen, self._tell_report, self._wake)
        self._alive_at = 0.0
        self._orders: dict[str, Callable[[wire.Message], None]] = {
            "play": self._play,
            "stop": self._stop,
            "view": self._view,
            "snapshot": self._snapshot,
            "clip": self._clip,
            "wake": lambda _: None,
        }

    def run(self) -> int:
        """Until the other side is gone; the exit code."""
        threading.Thread(target=self._listen, name="ears", daemon=True).start()
        try:
            while (message := self._next()) is not None:
                self._obey(message)
                self._channel.tick()
                self._stay_small()
                self._tell_alive()
        except Hung:
            return HUNG
        except OSError:
            return FAILED  # the pipe is gone, or the shared memory
        self._channel.close(GOOD_BYE_S)
        return ENDED

    def _listen(self) -> None:
        message: wire.Message | None = {}
        while message is not None:
            try:
                message = wire.read(self._incoming)
            except (OSError, ValueError):
                message = None
            self._inbox.put(message)

    def _next(self) -> wire.Message | None:
        try:
            return self._inbox.get(timeout=TICK_S)
        except queue.Empty:
            return {"do": "wake"}

    def _obey(self, message: wire.Message) -> None:
        self._orders[message["do"]](message)
        if message["do"] != "wake":
            self._tell({"say": "heard"})

    def _wake(self) -> None:
        self._inbox.put({"do": "wake"})

    def _play(self, message: wire.Message) -> None:
        self._next_generation(message)
        self._channel.play(wire.address_of(message), message["hardware"])

    def _stop(self, message: wire.Message) -> None:
        self._next_generation(message)
        self._channel.play(None, hardware=False)

    def _next_generation(self, message: wire.Message) -> None:
        """After this no picture of the stream before can be told as one of the new."""
        self._screen.belongs_to(None)
        self._generation = message["generation"]

    def _view(self, message: wire.Message) -> None:
        buffers = message["buffers"]
        if buffers is not None:
            self._screen.attach(buffers["id"], buffers["name"], buffers["capacity"])
        self._channel.look(wire.view_of(message))

    def _snapshot(self, message: wire.Message) -> None:
        player = self._channel.player()
        picture = None if player is None else player.picture
        if picture is None or time.time() - picture[1] > FRESH_S:
            self._tell_shot(message["number"], None)
            return
        self._take(message["number"], lambda: shots.jpeg(*picture))

    def _clip(self, message: wire.Message) -> None:
        def done(clip: Clip | None) -> None:
            if clip is None:
                self._tell_shot(message["number"], None)
            else:
                self._take(message["number"], lambda: shots.mp4(clip))

        self._channel.recorder().want(message["seconds"], done)

    def _take(self, number: int, make: Callable[[], Shot]) -> None:
        """On a thread of its own: the stream goes on meanwhile."""

        def take() -> None:
            try:
                shot = make()
            except Exception:  # noqa: BLE001  evidence that cannot be made is said, whatever the reason
                self._tell_shot(number, None)
            else:
                self._tell_shot(number, shot)

        threading.Thread(target=take, name="shot", daemon=True).start()

    def _stay_small(self) -> None:
        if _memory() > MOST_MEMORY:
            raise Hung

    def _tell_alive(self) -> None:
        if time.monotonic() - self._alive_at >= ALIVE_S:
            self._tell({"say": "alive"})

    def _tell_frame(self, buffers: int, serial: int, width: int, height: int, stride: int) -> None:
        shape = {"width": width, "height": height, "stride": stride}
        self._tell({"say": "frame", "generation": self._generation, "buffers": buffers, "serial": serial, **shape})

    def _tell_report(self, report: StreamReport) -> None:
        self._tell(wire.report(self._generation, report))

    def _tell_shot(self, number: int, shot: Shot | None) -> None:
        self._tell(*wire.shot(number, shot))

    def _tell(self, message: wire.Message, content: bytes = b"") -> None:
        with self._speaking:
            wire.write(self._outgoing, message, content)
            self._alive_at = time.monotonic()


def _memory() -> int:
    """What this process has now, bytes. Not the most it ever had: that counts what the desk had when it started us."""
    return int(psutil.Process().memory_info().rss)


def _be_modest() -> None:
    """The desk comes first: on Windows the slot's side asks for the same when it starts us."""
    if hasattr(os, "nice"):
        os.nice(MODESTY)


def _keep_quiet() -> None:
    """Neither libav nor Python prints; no core file is written, for the password would be in it."""
    av.logging.set_level(None)
    threading.excepthook = lambda _: None
    sys.excepthook = lambda *_: None
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is for the desk, which then closes our stdin
    if sys.platform != "win32":
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _own_pipes() -> tuple[BinaryIO, BinaryIO]:
    """stdin and stdout for us alone: a library that reads or prints finds nothing."""
    incoming, outgoing = os.dup(0), os.dup(1)
    nothing = os.open(os.devnull, os.O_RDWR)
    for number in (0, 1, 2):
        os.dup2(nothing, number)
    return os.fdopen(incoming, "rb"), os.fdopen(outgoing, "wb")


def main() -> None:
    """Ends at once at the end: players that libav holds cannot be waited for."""
    _keep_quiet()
    _be_modest()
    code = FAILED
    try:
        code = Worker(*_own_pipes()).run()
    finally:
        os._exit(code)


if __name__ == "__main__":
    main()
