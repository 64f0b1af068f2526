"""How the duty is: since when nobody did a round, and what fails in it."""

from __future__ import annotations

from sqlalchemy import Engine

from commandcenter.domain.duty_state import DutyFault, DutyState
from db.errors import translated


def read_duty_state(engine: Engine) -> DutyState:
    """The state that cc.duty_state tells; a fault's words only to those who may know cases by number."""
    with translated(), engine.connect() as connection:
        rows = connection.exec_driver_sql("select silent_s, part, since, message from cc.duty_state()").all()
    faults = tuple(DutyFault(part, since, message or "") for _, part, since, message in rows if part is not None)
    return DutyState(rows[0][0], faults)
