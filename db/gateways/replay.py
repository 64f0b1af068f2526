"""`ports_replay.Replay` over PostgreSQL."""

from __future__ import annotations

from sqlalchemy import Engine

from db.gateways.calling import Caller


class PgReplay(Caller):
    """Over an autocommit engine; row-level security decides what is seen."""

    def __init__(self, engine: Engine, home: int) -> None:
        """`home`: the district, or city, the person belongs to."""
        super().__init__(engine)
        self._home = home
