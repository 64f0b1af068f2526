"""The listening thread: an empty wake-up, then everything new since the previous snapshot, none missed, none twice."""

from __future__ import annotations

import logging
import random
import select
import socket
import threading
import time
from collections.abc import Callable
from contextlib import closing
from typing import Any

import psycopg2
from psycopg2.extensions import connection as PgConnection  # noqa: N812 - a class with a lower-case name
from sqlalchemy import URL

from commandcenter.domain.errors import DomainError, LoginRefused
from commandcenter.ports import FeedBatch, FeedState
from db.engine import listen_connection
from db.errors import domain_error
from db.gateways.case_rows import told_rows

HEARTBEAT_S = 5.0
TRAILING_S = 0.22
LOOKS_AFTER = 2  # a change inside the throttle's window wakes nobody, and its commit may take a moment longer
SHORTEST_S = 0.05  # between two fetches: anybody who may connect may also NOTIFY, as often as he likes
BACK_OFF_S = (0.5, 1.0, 2.0, 4.0, 8.0)
TOO_MANY = 5000

_BEGIN = """
select pg_current_snapshot()::text, e.epoch::text, extract(epoch from k.city_time)::float8, k.clock_speed
from cc.feed_epoch e cross join cc.clock_state() k"""
# One statement, one snapshot: what it cannot see yet is what the next call asks for.
_FETCH = "select * from cc.feed_since(%(prev)s::pg_snapshot)"

log = logging.getLogger(__name__)


class PgFeed:
    """`ports.LiveFeed`: LISTEN first, then the snapshot, then the load; reconnects with back-off and jitter."""

    def __init__(self, address: URL) -> None:
        self._address = address
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        self._snapshot, self._epoch = "", ""

    def start(
        self,
        on_batch: Callable[[FeedBatch], None],
        on_state: Callable[[FeedState], None],
        on_resync: Callable[[], None],
    ) -> None:
        """Begin; the callbacks run on the feed's own thread."""
        self._on_batch, self._on_state, self._on_resync = on_batch, on_state, on_resync
        self._poked, self._poke = socket.socketpair()  # select() on Windows takes sockets only
        self._thread = threading.Thread(target=self._run, name="commandcenter-feed", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End the thread; returns when it is gone, after 12 s at the latest (a dead peer is noticed after 10)."""
        if self._thread is None:
            return
        self._stop.set()
        self._poke.send(b"x")
        self._thread.join(timeout=12)
        if not self._thread.is_alive():
            self._poked.close()
            self._poke.close()
        self._thread = None

    def _run(self) -> None:
        self._tell("connecting", None)
        attempt = 0
        while not self._stop.is_set():
            try:
                self._connected = False
                self._listen()
            except (psycopg2.Error, DomainError) as error:
                self._lost(error)
            except Exception:
                # A bug of ours, perhaps in a callback: it goes to the log, and the picture must not go on looking live.
                log.exception("feed failed")
                self._tell("disconnected", None, reason="实时更新出错，正在重新连接")
            attempt = 0 if self._connected else attempt + 1
            self._stop.wait(BACK_OFF_S[min(attempt, len(BACK_OFF_S) - 1)] * random.uniform(0.7, 1.3))

    def _lost(self, error: psycopg2.Error | DomainError) -> None:
        if self._stop.is_set():
            return
        log.info("feed lost: %s", str(error).strip().splitlines()[:1])
        known = domain_error(error) if isinstance(error, psycopg2.Error) else error
        refused = known.message if isinstance(known, LoginRefused) else ""
        self._tell("disconnected", None, reason=refused or "与数据库的连接已断开，正在重新连接")

    def _listen(self) -> None:
        with closing(listen_connection(self._address)) as connection:
            self._begin(connection)
            self._fetch(connection)
            looks = LOOKS_AFTER  # the wake-up of a moment ago, before we listened, may be the last for a while
            while not self._stop.is_set():
                woken = self._wait(connection, TRAILING_S if looks else HEARTBEAT_S)
                if self._stop.is_set():
                    return
                looks = LOOKS_AFTER if self._fetch(connection) or woken else max(0, looks - 1)
                if woken:
                    self._stop.wait(SHORTEST_S)  # anyone can NOTIFY: a flood of wake-ups must not rule us

    def _begin(self, connection: PgConnection) -> None:
        with connection.cursor() as cursor:
            cursor.execute("listen cc_feed")
            cursor.execute(_BEGIN)
            self._snapshot, self._epoch, city_time, speed = _one(cursor.fetchone())
        self._connected = True
        # The clock first: what is loaded next is judged by it, and the client's own may be wrong by a day.
        self._on_batch(FeedBatch(frozenset(), frozenset(), False, city_time, speed))
        self._on_resync()

    def _wait(self, connection: PgConnection, timeout: float) -> bool:
        """Wait for a wake-up; True when one came, perhaps with the last answer: then its commit is not in it."""
        if not connection.notifies:
            ready, _, _ = select.select([connection.fileno(), self._poked.fileno()], [], [], timeout)
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
            row = _one(cursor.fetchone())
        self._snapshot, city_time, speed, epoch, age, cases, presence, notices, other, joint, rows, *places = row
        positions, wall, emergency, topics = places
        took = time.monotonic() - began
        if epoch != self._epoch or max(len(cases or ()), len(joint or ())) > TOO_MANY:
            self._epoch = epoch
            self._tell("catching_up", None)
            self._on_resync()
            cases = rows = joint = None
        batch = FeedBatch(
            cases=frozenset(cases or ()),
            presence=frozenset(presence or ()),
            catalogue=bool(other),
            city_time=city_time,
            speed=speed,
            notices=frozenset(notices or ()),
            rows=tuple(told_rows(rows or ())),
            joint=frozenset(joint or ()),
            positions=frozenset(positions or ()),
            wall=bool(wall),
            emergency=bool(emergency),
            topics=bool(topics),
        )
        self._on_batch(batch)
        self._tell("live", 1000 * ((age or 0.0) + took))
        # Positions come all the time: they are no reason to look again at once.
        return bool(cases or presence or notices or joint or other or wall or emergency or topics)

    def _tell(self, kind: str, lag_ms: float | None, reason: str = "") -> None:
        self._on_state(FeedState(kind, lag_ms, time.time(), reason))


def _one(row: tuple[Any, ...] | None) -> tuple[Any, ...]:
    """The row; nobody who was disabled meanwhile gets one."""
    if row is None:
        raise LoginRefused("该账号已停用，请联系管理员")
    return row
