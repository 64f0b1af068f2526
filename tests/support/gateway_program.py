"""The gateway of docs/gateway.md, as a city would write it."""

from __future__ import annotations

import time
from collections.abc import Callable

from psycopg2.extensions import connection as PgConnection  # noqa: N812 - a class with a lower-case name


def run_gateway(connection: PgConnection, send: Callable[[str, list[str]], None], rounds: int | None = None) -> None:
    """Hand everything that is open to `send(words, logins)`; a failure is said and tried again a minute later."""
    connection.autocommit = True
    with connection.cursor() as cursor:
        while rounds is None or rounds > 0:
            cursor.execute("select id, words, recipients from cc.take_deliveries(100)")
            for number, words, recipients in cursor.fetchall():
                try:
                    send(words, recipients)
                    ok, error = True, ""
                except OSError as failure:
                    ok, error = False, str(failure)
                cursor.execute("select cc.delivered(%s, %s, %s)", (number, ok, error))
            rounds = None if rounds is None else rounds - 1
            time.sleep(3 if rounds is None else 0)
