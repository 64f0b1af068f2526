"""Bulk loads by COPY: many rows in one round trip."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection

_NULL = "\\N"


def copy_rows(connection: Connection, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
    """Append rows to cc.<table> inside the connection's transaction; None becomes NULL. Returns their number."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    count = 0
    for row in rows:
        writer.writerow([_NULL if value is None else value for value in row])
        count += 1
    buffer.seek(0)
    driver = connection.connection.driver_connection
    assert driver is not None
    with driver.cursor() as cursor:
        cursor.copy_expert(
            f"copy cc.{table} ({', '.join(columns)}) from stdin with (format csv, null '{_NULL}')", buffer
        )
    return count
