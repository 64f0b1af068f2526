"""留痕校验: seals and their faults."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine, text

from db.errors import translated

EMPTY_CHAIN = "0" * 64


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong.

    kind: changed, removed, unsealed (an event, or `entry` of the log `subject`); missing, extra (an event);
    chain (a seal); head (a digest `subject` that was kept and no seal has); unguarded (`subject`: a trigger, table or
    partition that no longer protects the trace).
    """

    kind: str
    district_id: int | None
    case_id: int | None
    seq: int | None
    seal_id: int | None
    subject: str | None = None
    entry: int | None = None


@dataclass(frozen=True, slots=True)
class Head:
    """The end of a district's chain of seals; print it and keep it elsewhere."""

    district_id: int
    seals: int
    events: int
    digest: str
    sealed_at: datetime | None
    waiting: int
    entries: int
    entries_waiting: int


def heads(engine: Engine) -> list[Head]:
    """The head of every district's chain."""
    with translated(), engine.connect() as connection:
        return [Head(*r) for r in connection.execute(text("select * from cc.audit_head()"))]


def faults(engine: Engine, kept: Sequence[str] = ()) -> list[Fault]:
    """Everything wrong with the trace, the logs, their seals and what guards them; empty when all is well.

    `kept` are heads printed earlier: one that no seal has any more is a fault.
    """
    with translated(), engine.connect() as connection:
        connection.exec_driver_sql("set statement_timeout = 0")
        found = [Fault(*r) for r in connection.execute(text("select * from cc.audit_faults()"))]
        asked = text("select digest from cc.seal where digest = any(:kept)")
        known = {EMPTY_CHAIN} | set(connection.execute(asked, {"kept": list(kept)}).scalars())
        return found + [Fault("head", None, None, None, None, digest) for digest in kept if digest not in known]
