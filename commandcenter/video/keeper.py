"""Keeps a decoder's process as its slot wants it: begun, told what is new, ended when silent, begun anew when dead."""

from __future__ import annotations

import logging
import threading
import time
from collections import deque
from dataclasses import dataclass, replace
from typing import Protocol

from commandcenter.domain.video import StreamAddress
from commandcenter.video import wire
from commandcenter.video.back_off import PROCESS_STEPS_S, BackOff
from commandcenter.video.buffers import Buffers, capacity_of, discard, make
from commandcenter.video.child import Child

SILENCE_S = 5.0
FIRST_WORD_S = 20.0  # Python and libav load; 16 of them at once on a small computer
LOOK_S = 1.0
WELL_S = 30.0  # a process that lived so long: its death counts as the first
WASTEFUL = 4  # buffers so many times too large are made anew
DIED = "解码进程异常，正在重启"
NO_MEMORY = "内存不足，无法显示画面，请关闭一些画面"
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Wish:
    """What the slot wants. generation: rises with every play and stop."""

    generation: int = 0
    address: StreamAddress | None = None
    view: wire.View = wire.View((0, 0))


class Listener(Protocol):
    """Called on the keeper's thread or the child's reader thread."""

    def heard(self, message: wire.Message, content: bytes) -> None:
        """The process said this."""

    def failed(self, words: str) -> None:
        """There is no process; what it was to answer it will not."""


class Keeper:
    """All that could block happens on its own thread, begun with the first wish."""

    def __init__(self, listener: Listener) -> None:
        self.child: Child | None = None
        self.buffers: tuple[int, Buffers] | None = None
        self._listener = listener
        self._wish = Wish()
        self._orders: deque[wire.Message] = deque()
        self._poked = threading.Event()
        self._thread: threading.Thread | None = None
        self._closed = False
        self._hardware = True
        self._back_off = BackOff(PROCESS_STEPS_S)
        self._begin_at = 0.0
        self._told = Wish(-1)
        self._unanswered = False
        self._dead: Child | None = None

    def want(self, wish: Wish) -> None:
        """From now on this; what was wanted before is forgotten, told or not."""
        self._wish = wish
        if self._thread is None and not self._closed and wish.address is not None:
            self._thread = threading.Thread(target=self._run, name="slot keeper", daemon=True)
            self._thread.start()
        self._poked.set()

    def order(self, message: wire.Message) -> bool:
        """To be told as soon as all wishes are. False if there is nobody to tell."""
        if self._thread is None or self._closed:
            return False
        self._orders.append(message)
        self._poked.set()
        return True

    def close(self) -> None:
        """End the process, in the background."""
        self._closed = True
        self._poked.set()

    def _run(self) -> None:
        while not self._closed:
            self._poked.clear()
            self._step(time.monotonic())
            self._poked.wait(self._patience(time.monotonic()))
        if self.child is not None:
            self.child.end()
            self.child = None
        self._give_up_buffers()
        self._listener.failed("")

    def _patience(self, now: float) -> float | None:
        if self.child is not None:
            return LOOK_S
        return None if self._wish.address is None else max(0.0, self._begin_at - now)

    def _step(self, now: float) -> None:
        if self._dead is not None and self._dead is self.child:
            self._bury(self.child, now)
        if self.child is None:
            self._begin(now)
        elif now - self.child.heard_at > (SILENCE_S if self.child.spoke else FIRST_WORD_S):
            log.warning("decoder %d is silent and is ended", self.child.pid)
            self.child.kill()
        if self.child is not None and not self._unanswered and now >= self._begin_at:
            self._tell_next(self.child)

    def _begin(self, now: float) -> None:
        if self._wish.address is None:
            self._refuse_orders()
        elif now >= self._begin_at:
            try:
                self.child = Child(self._hear)
            except OSError:
                self._fail(NO_MEMORY, now)
            self._told, self._unanswered = Wish(-1), False

    def _bury(self, child: Child, now: float) -> None:
        log.warning("decoder %d has died, code %s", child.pid, child.code)
        if now - child.began > WELL_S:
            self._back_off.reset()
        self.child, self._hardware = None, False  # a driver is the likeliest to blame
        self._give_up_buffers()
        self._fail(DIED, now)

    def _fail(self, words: str, now: float) -> None:
        self._begin_at = now + self._back_off.wait_s()
        self._orders.clear()
        self._listener.failed(words)

    def _refuse_orders(self) -> None:
        while self._orders:
            self._listener.heard({"say": "shot", "number": self._orders.popleft()["number"]}, b"")

    def _tell_next(self, child: Child) -> None:
        """One thing at a time: the next when this was heard, so that the pipe never fills."""
        wish, told = self._wish, self._told
        if wish.view != told.view or self.buffers is None:
            self._tell_view(child, wish.view)
        elif wish.generation != told.generation:
            self._told = wish
            self._tell(child, self._play_or_stop(wish))
        elif self._orders:
            self._tell(child, self._orders.popleft())

    def _play_or_stop(self, wish: Wish) -> wire.Message:
        if wish.address is None:
            return wire.stop(wish.generation)
        return wire.play(wish.generation, wish.address, self._hardware)

    def _tell_view(self, child: Child, view: wire.View) -> None:
        try:
            fresh = self._fresh_buffers(capacity_of(view.size))
        except OSError:
            self._fail(NO_MEMORY, time.monotonic())
            return
        self._told = replace(self._told, view=view)
        self._tell(child, wire.view(view, fresh))

    def _fresh_buffers(self, capacity: int) -> wire.Message | None:
        """Made when those there are too small, or far too large; None to stay with them. Raises OSError."""
        number, present = self.buffers or (0, None)
        if present is not None and capacity <= present.capacity <= WASTEFUL * capacity:
            return None
        buffers = make(capacity)
        self.buffers = (number + 1, buffers)
        return {"id": number + 1, "name": buffers.name, "capacity": capacity}

    def _give_up_buffers(self) -> None:
        if self.buffers is not None:
            discard(self.buffers[1].name)
            self.buffers = None

    def _tell(self, child: Child, message: wire.Message) -> None:
        self._unanswered = True
        child.tell(message)

    def _hear(self, child: Child, message: wire.Message | None, content: bytes) -> None:
        """On the child's reader thread."""
        if message is None:
            self._dead = child
            self._poked.set()
        elif message["say"] == "heard":
            self._unanswered = False
            self._poked.set()
        elif child is self.child:
            self._listener.heard(message, content)
