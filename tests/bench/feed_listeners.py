"""Who listens in the feed measurement: the product's feed with its re-read, and a bare LISTEN with payload."""

from __future__ import annotations

import json
import os
import select
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import psycopg2
from psycopg2.extensions import ISOLATION_LEVEL_AUTOCOMMIT

from commandcenter.ports import FeedBatch, FeedState
from db.engine import dsn, with_login
from db.feed import PgFeed
from db.gateways.session import PgSession
from tests.support.town_profile import password_of

# All see the whole district.
LOGINS = ("t_acceptor", "t_dispatcher2", "t_verifier", "t_followup", "t_supervisor", "t_evaluator")
# See no case that the measurement changes: they wake, ask and hear nothing.
ELSEWHERE = ("t_ga", "t_sw", "t_pcs")
READY_S = 60.0
READERS = 3  # connections by which the listeners of a process read again; real clients have one to three each

Heard = list[tuple[int, float]]
"""(case, when) in the order of arrival; time.perf_counter seconds."""


class Reader:
    """Connections by which listeners of one process ask for their cases, as ui.bridge does after each batch."""

    def __init__(self, url: str) -> None:
        self.session = PgSession(url, LOGINS[0], password_of(LOGINS[0]), pool_size=READERS)
        self.threads = ThreadPoolExecutor(READERS)

    def __enter__(self) -> Reader:
        return self

    def __exit__(self, *_: object) -> None:
        self.threads.shutdown()
        self.session.close()


class ProductListener:
    """PgFeed; with a reader also the question for the cases of each batch."""

    def __init__(self, url: str, login: str, reader: Reader | None) -> None:
        self._feed = PgFeed(with_login(url, login, password_of(login)))
        self._reader = reader
        self._wanted: set[int] = set()
        self._asking = False
        self._lock = threading.Lock()
        self._live = threading.Event()
        self._heard: Heard = []
        self._read: Heard = []
        self._resyncs = 0

    def start(self) -> None:
        """Begin to listen; returns when the feed is live."""
        self._feed.start(self._on_batch, self._on_state, self._on_resync)
        if not self._live.wait(READY_S):
            raise TimeoutError("the feed did not come up")

    def stop(self) -> None:
        """End the thread and the connection."""
        self._feed.stop()

    def knows(self, wanted: frozenset[int]) -> bool:
        """Whether all of these were heard of, and read again if it reads."""
        parts = [self._heard] if self._reader is None else [self._heard, self._read]
        return all(wanted <= {case_id for case_id, _ in list(part)} for part in parts)

    def give(self) -> tuple[Heard, Heard, int]:
        """Heard and read since the last time; how often it began anew."""
        heard, self._heard = self._heard, []
        read, self._read = self._read, []
        return heard, read, self._resyncs

    def _on_batch(self, batch: FeedBatch) -> None:
        now = time.perf_counter()
        self._heard += [(case_id, now) for case_id in batch.cases]
        if self._reader is not None:
            self._read += [(row.id, now) for row in batch.rows]
            self._want(batch.cases.difference(row.id for row in batch.rows), self._reader)

    def _want(self, cases: frozenset[int], reader: Reader) -> None:
        with self._lock:
            self._wanted |= cases
            begin, self._asking = bool(cases) and not self._asking, self._asking or bool(cases)
        if begin:
            reader.threads.submit(self._ask, reader)

    def _ask(self, reader: Reader) -> None:
        """One question at a time; what arrives meanwhile makes the next one, as in ui.bridge.live_cases."""
        while True:
            with self._lock:
                ids, self._wanted = sorted(self._wanted), set()
                self._asking = bool(ids)
            if not ids:
                return
            found = reader.session.queries.cases(ids)
            now = time.perf_counter()
            self._read += [(row.id, now) for row in found]

    def _on_state(self, state: FeedState) -> None:
        if state.kind == "live":
            self._live.set()

    def _on_resync(self) -> None:
        self._resyncs += 1


class BareListener:
    """psycopg2, LISTEN, select on the socket; the payload holds the row."""

    def __init__(self, url: str, login: str) -> None:
        self._connection = psycopg2.connect(dsn(with_login(url, login, password_of(login))))
        self._connection.set_isolation_level(ISOLATION_LEVEL_AUTOCOMMIT)
        self._poke_read, self._poke_write = os.pipe()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._heard: Heard = []

    def start(self) -> None:
        """Begin to listen."""
        with self._connection.cursor() as cursor:
            cursor.execute("listen bench_bare")
        self._thread.start()

    def stop(self) -> None:
        """End the thread and the connection."""
        os.write(self._poke_write, b"x")
        self._thread.join()
        self._connection.close()
        os.close(self._poke_read)
        os.close(self._poke_write)

    def knows(self, wanted: frozenset[int]) -> bool:
        """Whether all of these were heard of."""
        return wanted <= {case_id for case_id, _ in list(self._heard)}

    def give(self) -> tuple[Heard, Heard, int]:
        """Heard since the last time; it reads nothing again and never begins anew."""
        heard, self._heard = self._heard, []
        return heard, [], 0

    def _run(self) -> None:
        while True:
            ready, _, _ = select.select([self._connection.fileno(), self._poke_read], [], [])
            if self._poke_read in ready:
                return
            self._connection.poll()
            now = time.perf_counter()
            self._heard += [(json.loads(notice.payload)["id"], now) for notice in self._connection.notifies]
            self._connection.notifies.clear()
