"""Writers that go on through every fault and remember, of each command, what they were told; and a desk's picture."""

from __future__ import annotations

import queue
import random
import threading
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field

from commandcenter.domain.errors import OutcomeUnknown, ServerUnavailable
from commandcenter.domain.model import CaseRow, Command, Done, NewReport
from commandcenter.live.picture import LivePicture
from commandcenter.ports import FeedBatch, FeedState
from commandcenter.services.commands import Performer
from db.gateways.session import PgSession

_PAUSES_S = (0.02, 0.05, *(0.1,) * 40)


@dataclass
class Ledger:
    """Command ids by what their writer knows; the id is the text of the report or note, to be found in the database.
    `said`: what the writers were told when it did not go well."""

    done: set[uuid.UUID] = field(default_factory=set)
    not_done: set[uuid.UUID] = field(default_factory=set)
    unknown: set[uuid.UUID] = field(default_factory=set)
    said: set[str] = field(default_factory=set)
    news: threading.Condition = field(default_factory=threading.Condition)

    def wait_for(self, more: int, patience_s: float) -> None:
        """Until this many further commands are acknowledged."""
        with self.news:
            wanted = len(self.done) + more
            assert self.news.wait_for(lambda: len(self.done) >= wanted, patience_s), "no command gets through"


class Writer(threading.Thread):
    """Takes cases in and adds notes to them, one command after the other, until stopped."""

    def __init__(self, session: PgSession, ledger: Ledger, stop: threading.Event, seed: int) -> None:
        super().__init__(name=f"writer {seed}")
        self._session, self._ledger, self._stopped = session, ledger, stop
        self._performer = Performer(session.commands, wait=self._wait, pauses=_PAUSES_S)
        self._dice = random.Random(seed)
        self._cases: list[int] = []

    def run(self) -> None:
        """Until stopped."""
        while not self._stopped.is_set():
            deed = self._note if self._cases and self._dice.random() < 0.6 else self._report
            self._remember(uuid.uuid4(), deed)

    def settle(self) -> None:
        """Ask for what is still unknown, now that the server is up."""
        for command_id in list(self._ledger.unknown):
            done = self._session.commands.outcome(command_id)
            (self._ledger.done if done is not None else self._ledger.not_done).add(command_id)
        self._ledger.unknown.clear()

    def _wait(self, seconds: float) -> None:
        self._stopped.wait(seconds)

    def _report(self, number: uuid.UUID) -> Done:
        report = NewReport(number, "patrol", str(number), lon=116.0025, lat=40.0025)
        done = self._performer.report(report)
        self._cases.append(done.case_id)
        return done

    def _note(self, number: uuid.UUID) -> Done:
        case = self._dice.choice(self._cases)
        return self._performer.perform(Command(number, case, 0, "note", {"text": str(number)}))

    def _remember(self, number: uuid.UUID, deed: Callable[[uuid.UUID], Done]) -> None:
        told = self._ledger.done
        try:
            deed(number)
        except OutcomeUnknown as error:
            told = self._ledger.unknown
            self._ledger.said.add(error.message)
        except ServerUnavailable as error:
            told = self._ledger.not_done
            self._ledger.said.add(error.message)
        with self._ledger.news:
            told.add(number)
            self._ledger.news.notify_all()
        if told is not self._ledger.done:
            self._wait(0.02)


class Watcher:
    """What a desk does with its feed: loads everything when told to, merges what changed; asks again after an error."""

    def __init__(self, session: PgSession) -> None:
        self._session = session
        self._picture = LivePicture()
        self._work: queue.SimpleQueue[frozenset[int] | None | bool] = queue.SimpleQueue()
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, name="watcher", daemon=True)
        self.state = ""
        self.resyncs = 0
        self._thread.start()
        session.feed.start(self._batch, self._state, lambda: self._work.put(True))

    def rows(self) -> dict[int, CaseRow]:
        """The picture now."""
        return dict(self._picture.rows)

    def stop(self) -> None:
        """End the feed and the thread."""
        self._session.feed.stop()
        self._over.set()
        self._work.put(None)
        self._thread.join(20)

    def _batch(self, batch: FeedBatch) -> None:
        if batch.cases:
            self._work.put(batch.cases)

    def _state(self, state: FeedState) -> None:
        self.state = state.kind

    def _run(self) -> None:
        while (work := self._work.get()) is not None:
            while not self._done(work) and not self._over.wait(0.05):
                pass

    def _done(self, work: frozenset[int] | bool) -> bool:
        try:
            if work is True:
                self._picture.load(self._session.queries.open_cases())
                self.resyncs += 1
            elif isinstance(work, frozenset):
                self._picture.merge(self._session.queries.cases(sorted(work)), sorted(work))
        except ServerUnavailable:
            return False
        return True
