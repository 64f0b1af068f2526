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
from tests.support.town import Town
from tests.support.town_profile import password_of

# All see the whole district; a login takes at most 12 connections, and a listener of ours needs two.
LOGINS = ("t_acceptor", "t_dispatcher2", "t_verifier", "t_followup", "t_supervisor", "t_evaluator")
READY_S = 30.0

Heard = list[tuple[int, float]]
"""(case, when) in the order of arrival; time.perf_counter seconds."""


class ProductListener:
    """PgFeed, and after each batch the question for its cases on a second connection, as ui.bridge does it."""

    def __init__(self, town: Town, number: int) -> None:
        login = LOGINS[number % len(LOGINS)]
        known = town.session("supervisor").directory
        self._session = PgSession(town.url, login, password_of(login), pool_size=1, directory=known)
        self._feed = PgFeed(with_login(town.url, login, password_of(login)))
        self._reader = ThreadPoolExecutor(1)
        self._live = threading.Event()
        self.heard: Heard = []
        self.read: Heard = []
        self.resyncs = 0

    def start(self) -> None:
        """Begin to listen; returns when the feed is live."""
        self._feed.start(self._on_batch, self._on_state, self._on_resync)
        if not self._live.wait(READY_S):
            raise TimeoutError("the feed did not come up")

    def stop(self) -> None:
        """End every thread and connection."""
        self._feed.stop()
        self._reader.shutdown()
        self._session.close()

    def _on_batch(self, batch: FeedBatch) -> None:
        now = time.perf_counter()
        self.heard += [(case_id, now) for case_id in batch.cases]
        if batch.cases:
            self._reader.submit(self._ask, sorted(batch.cases))

    def _ask(self, ids: list[int]) -> None:
        found = self._session.queries.cases(ids)
        now = time.perf_counter()
        self.read += [(row.id, now) for row in found]

    def _on_state(self, state: FeedState) -> None:
        if state.kind == "live":
            self._live.set()

    def _on_resync(self) -> None:
        self.resyncs += 1


class BareListener:
    """psycopg2, LISTEN, select on the socket; the payload holds the row."""

    def __init__(self, town: Town, number: int) -> None:
        login = LOGINS[number % len(LOGINS)]
        self._connection = psycopg2.connect(dsn(with_login(town.url, login, password_of(login))))
        self._connection.set_isolation_level(ISOLATION_LEVEL_AUTOCOMMIT)
        self._poke_read, self._poke_write = os.pipe()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self.heard: Heard = []

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

    def _run(self) -> None:
        while True:
            ready, _, _ = select.select([self._connection.fileno(), self._poke_read], [], [])
            if self._poke_read in ready:
                return
            self._connection.poll()
            now = time.perf_counter()
            self.heard += [(json.loads(notice.payload)["id"], now) for notice in self._connection.notifies]
            self._connection.notifies.clear()
