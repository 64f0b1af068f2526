"""A live feed that a test can push through, disconnect and bring back; it delivers on a thread like the real one."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from dataclasses import dataclass

from commandcenter.domain.model import CaseRow
from commandcenter.ports import FeedBatch, FeedState
from tests.fakes.city import FakeCity
from tests.fakes.emergencies import book_of
from tests.fakes.joint_town import town_of
from tests.fakes.topics import shelf_of


@dataclass(frozen=True)
class _Receivers:
    on_batch: Callable[[FeedBatch], None]
    on_state: Callable[[FeedState], None]
    on_resync: Callable[[], None]


class FakeFeed:
    """Passes on what the city tells, unless `held` or disconnected; `connected` tells which."""

    def __init__(self, city: FakeCity) -> None:
        self._city = city
        self._jobs: queue.Queue[Callable[[], None] | None] = queue.Queue()
        self._thread: threading.Thread | None = None
        self._to: _Receivers | None = None
        self.connected = True
        self.held = False

    def start(self, on_batch: Callable[[FeedBatch], None], on_state: Callable[[FeedState], None],
              on_resync: Callable[[], None]) -> None:
        """Begin on a thread of its own."""
        self._to = _Receivers(on_batch, on_state, on_resync)
        self._thread = threading.Thread(target=self._run, name="fake-feed", daemon=True)
        self._thread.start()
        self._city.watchers.append(self._watch)
        town_of(self._city).watchers.append(self._watch_joint)
        book_of(self._city).watchers.append(self._watch_emergency)
        shelf_of(self._city).watchers.append(self._watch_topics)
        self._come_up()

    def stop(self) -> None:
        """End the thread."""
        if self._thread is None:
            return
        self._city.watchers.remove(self._watch)
        town_of(self._city).watchers.remove(self._watch_joint)
        book_of(self._city).watchers.remove(self._watch_emergency)
        shelf_of(self._city).watchers.remove(self._watch_topics)
        self._jobs.put(None)
        self._thread.join()
        self._thread = None

    def push(self, cases: frozenset[int] = frozenset(), presence: frozenset[int] = frozenset(),
             catalogue: bool = False, notices: frozenset[int] = frozenset(), rows: tuple[CaseRow, ...] = (),
             joint: frozenset[int] = frozenset(), positions: frozenset[int] = frozenset(), wall: bool = False,
             emergency: bool = False,
             topics: bool = False) -> None:
        """Deliver one batch."""
        batch = FeedBatch(cases, presence, catalogue, self._city.clock(), 1.0, notices, rows, joint, positions, wall,
                          emergency, topics)
        assert self._to is not None
        receiver = self._to.on_batch
        self._jobs.put(lambda: receiver(batch))

    def disconnect(self, reason: str = "服务器没有回应") -> None:
        """Lose the connection: nothing arrives until `reconnect`."""
        self.connected = False
        self.say(FeedState("disconnected", None, self._city.now, reason))

    def reconnect(self) -> None:
        """Come back and ask for a resync."""
        self.connected = True
        self._come_up()

    def say(self, state: FeedState) -> None:
        """Deliver a state."""
        assert self._to is not None
        receiver = self._to.on_state
        self._jobs.put(lambda: receiver(state))

    def _come_up(self) -> None:
        self.push()
        self.say(FeedState("live", 12.0, self._city.now))
        assert self._to is not None
        self._jobs.put(self._to.on_resync)

    def _watch(self, cases: frozenset[int], presence: frozenset[int], notices: frozenset[int]) -> None:
        if self.connected and not self.held:
            self.push(cases, presence, notices=notices)

    def _watch_joint(self, joint: frozenset[int]) -> None:
        if self.connected and not self.held:
            self.push(joint=joint)

    def _watch_emergency(self) -> None:
        if self.connected and not self.held:
            self.push(emergency=True)

    def _watch_topics(self) -> None:
        if self.connected and not self.held:
            self.push(topics=True)

    def _run(self) -> None:
        while (job := self._jobs.get()) is not None:
            job()
