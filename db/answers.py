"""An answer that never comes: the connection is cut, so that nobody waits for ever on a server that hangs.

TCP notices a peer that is gone. It does not notice one that takes every packet and says nothing: a server whose disk
hangs, a frozen process behind a living kernel, a proxy that has lost its other side. `statement_timeout` is the
server's own and cannot help there.
"""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from typing import Any

import psycopg2
from psycopg2.extensions import connection as PgConnection  # noqa: N812 - a class with a lower-case name
from psycopg2.extensions import cursor as PgCursor  # noqa: N812 - a class with a lower-case name

_LOOK_S = 0.5


class PatientConnection(PgConnection):
    """A connection whose statements wait for their answer this long; None: for ever."""

    answer_within_s: float | None = None


class PatientCursor(PgCursor):
    """Raises OperationalError, as after a lost connection, when the answer does not come in time."""

    def execute(self, query: Any, vars: Any = None) -> None:  # noqa: A002 - psycopg2's own name
        """See psycopg2."""
        with _limited(self.connection):
            super().execute(query, vars)

    def fetchmany(self, size: int | None = None) -> list[tuple[Any, ...]]:
        """See psycopg2; a cursor on the server asks it for each part."""
        with _limited(self.connection):
            found: Sequence[tuple[Any, ...]] = super().fetchmany(size or self.arraysize)
            return list(found)


class _Watch:
    """One thread for all connections, there only while somebody waits; registering costs two dict operations."""

    def __init__(self) -> None:
        self._waiting: dict[int, tuple[float, PgConnection]] = {}
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None

    def begin(self, connection: PgConnection, seconds: float) -> None:
        with self._lock:
            self._waiting[id(connection)] = time.monotonic() + seconds, connection
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="commandcenter-answers", daemon=True)
                self._thread.start()

    def end(self, connection: PgConnection) -> None:
        with self._lock:
            self._waiting.pop(id(connection), None)

    def _run(self) -> None:
        while True:
            time.sleep(_LOOK_S)
            with self._lock:
                if not self._waiting:
                    self._thread = None
                    return
                self._cut_overdue()

    def _cut_overdue(self) -> None:
        now = time.monotonic()
        for key, (deadline, connection) in list(self._waiting.items()):
            if deadline < now:
                del self._waiting[key]
                _cut(connection)


def _cut(connection: PgConnection) -> None:
    """End the line below libpq: the thread that waits in it finds the connection closed."""
    with (
        suppress(OSError, psycopg2.InterfaceError),  # closed meanwhile
        closing(socket.fromfd(connection.fileno(), socket.AF_INET, socket.SOCK_STREAM)) as line,
    ):
        line.shutdown(socket.SHUT_RDWR)


_WATCH = _Watch()


@contextmanager
def _limited(connection: PgConnection) -> Iterator[None]:
    seconds = getattr(connection, "answer_within_s", None)
    if seconds is None:
        yield
        return
    _WATCH.begin(connection, seconds)
    try:
        yield
    finally:
        _WATCH.end(connection)
