"""留痕校验: seals and their faults."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine, text

from db.errors import translated


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong. kind: changed, removed, unsealed, missing (an event); chain (a seal)."""

    kind: str
    district_id: int
    case_id: int | None
    seq: int | None
    seal_id: int | None


@dataclass(frozen=True, slots=True)
class Head:
    """The end of a district's chain of seals; print it and keep it elsewhere."""

    district_id: int
    seals: int
    events: int
    digest: str
    sealed_at: datetime | None
    waiting: int


def heads(engine: Engine) -> list[Head]:
    """The head of every district's chain."""
    with translated(), engine.connect() as connection:
        return [Head(*r) for r in connection.execute(text("select * from cc.audit_head()"))]


def faults(engine: Engine) -> list[Fault]:
    """Every event that was changed, removed or never sealed, and every broken seal; empty when all is well."""
    with translated(), engine.connect() as connection:
        connection.exec_driver_sql("set statement_timeout = 0")
        return [Fault(*r) for r in connection.execute(text("select * from cc.audit_faults()"))]
