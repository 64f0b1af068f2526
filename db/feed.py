"""The listening thread: an empty wake-up, then everything new since the previous snapshot, none missed, none twice."""

from __future__ import annotations

import logging
import os
import random
import select
import threading
import time
from collections.abc import Callable

import psycopg2
from psycopg2.extensions import connection as PgConnection  # noqa: N812 - a class with a lower-case name
from sqlalchemy import URL

from commandcenter.ports import FeedBatch, FeedState
from db.engine import listen_connection

HEARTBEAT_S = 5.0
TRAILING_S = 0.22
BACK_OFF_S = (0.5, 1.0, 2.0, 4.0, 8.0)
TOO_MANY = 5000

# One statement, one snapshot: what it cannot see yet is what the next call asks for.
_FETCH = """
select pg_current_snapshot()::text, extract(epoch from k.city_time)::float8, k.clock_speed, e.epoch::text,
       extract(epoch from clock_timestamp() - max(f.at))::float8,
       array_agg(distinct f.entity_id) filter (where f.kind = 'case'),
       array_agg(distinct f.entity_id) filter (where f.kind = 'presence'),
       count(*) filter (where f.kind in ('catalogue','org'))
from cc.clock_state() k cross join cc.feed_epoch e
left join (select * from cc.feed f0 where f0.xid >= pg_snapshot_xmin(%(prev)s::pg_snapshot)
             and not pg_visible_in_snapshot(f0.xid, %(prev)s::pg_snapshot)) f on true
group by k.city_time, k.clock_speed, e.epoch"""

log = logging.getLogger(__name__)


class PgFeed:
    """`ports.LiveFeed`: LISTEN first, then the snapshot, then the load; reconnects with back-off and jitter."""

    def __init__(self, address: URL) -> None:
        self._address = address
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        self._poke_read, self._poke_write = -1, -1
        self._snapshot, self._epoch = "", ""

    def start(
        self,
        on_batch: Callable[[FeedBatch], None],
        on_state: Callable[[FeedState], None],
        on_resync: Callable[[], None],
    ) -> None:
        """Begin; the callbacks run on the feed's own thread."""
        self._on_batch, self._on_state, self._on_resync = on_batch, on_state, on_resync
        self._poke_read, self._poke_write = os.pipe()
        self._thread = threading.Thread(target=self._run, name="commandcenter-feed", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End the thread; returns when it is gone, after 12 s at the latest (a dead peer is noticed after 10)."""
        if self._thread is None:
            return
        self._stop.set()
        os.write(self._poke_write, b"x")
        self._thread.join(timeout=12)
        if not self._thread.is_alive():
            os.close(self._poke_read)
            os.close(self._poke_write)
        self._thread = None

    def _run(self) -> None:
        attempt = 0
        self._tell("connecting", None)
        while not self._stop.is_set():
            try:
                connection = listen_connection(self._address)
                try:
                    attempt = 0
                    self._listen(connection)
                finally:
                    connection.close()
            except psycopg2.Error as error:
                log.info("feed lost: %s", str(error).strip().splitlines()[:1])
                self._tell("disconnected", None, reason="与数据库的连接已断开，正在重新连接")
                wait = BACK_OFF_S[min(attempt, len(BACK_OFF_S) - 1)] * random.uniform(0.7, 1.3)
                attempt += 1
                self._stop.wait(wait)

    def _listen(self, connection: PgConnection) -> None:
        with connection.cursor() as cursor:
            cursor.execute("listen cc_feed")
            cursor.execute("select pg_current_snapshot()::text, epoch::text from cc.feed_epoch")
            self._snapshot, self._epoch = cursor.fetchone() or ("", "")
        self._on_resync()
        more = self._fetch(connection)
        while not self._stop.is_set():
            woken = self._wait(connection, TRAILING_S if more else HEARTBEAT_S)
            if self._stop.is_set():
                return
            # After a wake-up one more look follows: a change inside the throttle's window sent none of its own.
            more = self._fetch(connection) or woken

    def _wait(self, connection: PgConnection, timeout: float) -> bool:
        ready, _, _ = select.select([connection.fileno(), self._poke_read], [], [], timeout)
        if connection.fileno() not in ready:
            return False
        connection.poll()
        woken = bool(connection.notifies)
        connection.notifies.clear()
        return woken

    def _fetch(self, connection: PgConnection) -> bool:
        began = time.monotonic()
        with connection.cursor() as cursor:
            cursor.execute(_FETCH, {"prev": self._snapshot})
            row = cursor.fetchone()
        assert row is not None
        self._snapshot, city_time, speed, epoch, age, cases, presence, other = row
        took = time.monotonic() - began
        woken_meanwhile = bool(connection.notifies)  # perhaps by a commit after this snapshot
        connection.notifies.clear()
        if epoch != self._epoch or len(cases or ()) > TOO_MANY:
            self._epoch = epoch
            self._tell("catching_up", None)
            self._on_resync()
            cases = None
        batch = FeedBatch(frozenset(cases or ()), frozenset(presence or ()), bool(other), city_time, speed)
        self._on_batch(batch)
        self._tell("live", 1000 * ((age or 0.0) + took))
        return bool(cases or presence or other or woken_meanwhile)

    def _tell(self, kind: str, lag_ms: float | None, reason: str = "") -> None:
        self._on_state(FeedState(kind, lag_ms, time.time(), reason))
