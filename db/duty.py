"""What needs a clock, in one place at a time: overdue marks, ended suspensions, seals, partitions, retention."""

from __future__ import annotations

import logging
import threading
from typing import Any

from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError

from commandcenter.domain.errors import DomainError
from db.errors import translated

log = logging.getLogger(__name__)
EVERY_S = 5.0


def run_once(engine: Engine) -> dict[str, Any]:
    """One round; {"elsewhere": true} when another program is doing it this moment."""
    with translated(), engine.connect() as connection, connection.begin():
        connection.exec_driver_sql("set local statement_timeout = '60s'")
        found: dict[str, Any] = connection.execute(text("select cc.run_duty()")).scalar_one()
        return found


def run_until(engine: Engine, stop: threading.Event, every_s: float = EVERY_S) -> None:
    """Round after round until `stop` is set; a lost server is waited for."""
    trouble = ""
    while not stop.is_set():
        try:
            run_once(engine)
            trouble = ""
        except DomainError as error:
            if error.message != trouble:  # once, not at every round of a long outage
                log.warning("duty: %s", error.message)
            trouble = error.message
        except DBAPIError:
            log.exception("duty: this round failed, the next one tries again")
        stop.wait(every_s)
