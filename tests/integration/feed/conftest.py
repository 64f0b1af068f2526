"""A live feed that notes down what it is told, and waiting for it to have been told enough."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterator

import pytest

from commandcenter.ports import FeedBatch, FeedState
from db.feed import PgFeed
from tests.support.town import Town

PATIENCE_S = 60.0


class Listener:
    """The receiving end of one feed."""

    def __init__(self, feed: PgFeed) -> None:
        self.feed = feed
        self.cases: Counter[int] = Counter()
        self.presence: Counter[int] = Counter()
        self.batches: list[FeedBatch] = []
        self.states: list[FeedState] = []
        self.resyncs = 0
        self.fails_next = False
        self._news = threading.Condition()

    def start(self) -> None:
        """Listen, and wait until the feed is live."""
        self.feed.start(self._batch, self._state, self._resync)
        self.until(lambda: self.kinds()[-1:] == ["live"])

    def kinds(self) -> list[str]:
        """The states in order."""
        return [state.kind for state in self.states]

    def until(self, condition: Callable[[], bool]) -> None:
        """Wait until something that was told makes the condition true."""
        with self._news:
            assert self._news.wait_for(condition, PATIENCE_S), (self.cases, self.states[-3:])

    def _batch(self, batch: FeedBatch) -> None:
        with self._news:
            if self.fails_next:
                self.fails_next = False
                raise RuntimeError("a bug in a screen")
            self.batches.append(batch)
            self.cases.update(batch.cases)
            self.presence.update(batch.presence)
            self._news.notify_all()

    def _state(self, state: FeedState) -> None:
        with self._news:
            self.states.append(state)
            self._news.notify_all()

    def _resync(self) -> None:
        with self._news:
            self.resyncs += 1
            self._news.notify_all()


@pytest.fixture
def listen(town: Town) -> Iterator[Callable[[str], Listener]]:
    """Start the feed of a person; all are stopped after the test."""
    started: list[Listener] = []

    def start(login: str) -> Listener:
        started.append(Listener(town.session(login).feed))
        started[-1].start()
        return started[-1]

    yield start
    for listener in started:
        listener.feed.stop()
