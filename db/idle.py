"""Whether a pooled connection still lives, asked only where there is doubt: a question is a round trip."""

from __future__ import annotations

import select
import time
from typing import Any

import psycopg2
from psycopg2.extensions import connection as PgConnection  # noqa: N812 - a class with a lower-case name
from sqlalchemy import Engine, event
from sqlalchemy.exc import InvalidatePoolError
from sqlalchemy.pool import ConnectionPoolEntry

ASK_AFTER_S = 5.0


def ask_before_use(engine: Engine) -> None:
    """Replace dead connections when they are taken from the pool, as `pool_pre_ping` does, but without asking those
    that worked a moment ago and whose server has said nothing since: it says farewell when it ends one."""

    def note(_connection: PgConnection | None, entry: ConnectionPoolEntry) -> None:
        entry.info["idle_since"] = time.monotonic()

    def look(connection: PgConnection, entry: ConnectionPoolEntry, _given: Any) -> None:
        since = entry.info.get("idle_since")
        if since is None or (time.monotonic() - since < ASK_AFTER_S and not _has_word(connection)):
            return
        try:
            engine.dialect.do_ping(connection)  # type: ignore[arg-type]  # psycopg2's own type is no DBAPIConnection
        except psycopg2.Error as error:
            raise InvalidatePoolError from error

    event.listen(engine, "checkin", note)
    event.listen(engine, "checkout", look)


def _has_word(connection: PgConnection) -> bool:
    """Something came that nobody asked for: a farewell, the end of the line, a notice."""
    return bool(select.select([connection.fileno()], [], [], 0)[0])
