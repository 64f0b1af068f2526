"""One function call, one transaction, one round trip: how commands reach the database."""

from __future__ import annotations

from contextlib import closing
from typing import Any

from sqlalchemy import Engine

from db.errors import translated


class Caller:
    """Calls functions over an autocommit engine."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def _call(self, statement: str, *, command: bool = True, **values: Any) -> Any:
        """The one value of a call, by the driver's own cursor: SQLAlchemy's layers cost as much as the journey."""
        with translated():
            connection = self._engine.raw_connection()
        try:
            with translated(command_sent=command), closing(connection.cursor()) as cursor:
                cursor.execute(statement, values)
                (answer,) = cursor.fetchone() or (None,)
                return answer
        finally:
            if getattr(connection.dbapi_connection, "closed", False):
                connection.invalidate()
            connection.close()
