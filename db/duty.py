"""What needs a clock, in one place at a time: marks and reminders, ended suspensions, counters, seals, partitions.

Any program may do it; whoever comes first after the others' last round does the next (ADR 008).
"""

from __future__ import annotations

import logging
import threading
from typing import Any

import psycopg2
from sqlalchemy import URL, Engine, text
from sqlalchemy.exc import DBAPIError

from commandcenter.domain.errors import DomainError
from db.engine import make_engine
from db.errors import translated

log = logging.getLogger(__name__)
EVERY_S = 5.0  # between two looks of one program
REST_S = 4.0  # between two rounds of all programs: a dead one is followed within EVERY_S + REST_S
_TIMEOUT_MS = 60_000
_BUG = "bug"


def duty_engine(url: str | URL) -> Engine:
    """The one connection of a program that takes its turn at the duty."""
    return make_engine(
        url, application_name="commandcenter duty", pool_size=1, statement_timeout_ms=_TIMEOUT_MS, autocommit=True,
        answer_within_s=_TIMEOUT_MS / 1000 + 10,
    )  # fmt: skip


def run_once(engine: Engine, rest_s: float = 0.0) -> dict[str, Any]:
    """One round, unless somebody did one within the last `rest_s`; {"elsewhere": true} when another did or does it.

    One statement and no transaction of ours: if this program or its line dies meanwhile, the server finishes alone.
    """
    with translated(), engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        call = text("select cc.run_duty(make_interval(secs => :rest))")
        found: dict[str, Any] = connection.execute(call, {"rest": rest_s}).scalar_one()
        return found


def run_until(engine: Engine, stop: threading.Event, every_s: float = EVERY_S, rest_s: float = REST_S) -> None:
    """Look again and again whether a round is due, until `stop` is set; a lost server is waited for."""
    trouble = ""
    while not stop.is_set():
        try:
            failed = run_once(engine, rest_s).get("failed", [])
            now = f"{', '.join(failed)} failed, see cc.duty_fault" if failed else ""
        except DomainError as error:
            now = error.message
        except (DBAPIError, psycopg2.Error):  # a bug of ours: it goes to the log, the rounds go on
            if trouble != _BUG:
                log.exception("duty: this round failed, the next one tries again")
            trouble = now = _BUG
        if now and now != trouble:  # once, not at every round of a long outage
            log.warning("duty: %s", now)
        trouble = now
        stop.wait(every_s)


class DutyThread:
    """A program's turn at the duty, on a connection of its own, until it is stopped."""

    def __init__(self, url: str | URL) -> None:
        """`url` names the login: a person's will do."""
        self._engine = duty_engine(url)
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="commandcenter-duty", daemon=True)

    def start(self) -> DutyThread:
        """Begin; returns itself."""
        self._thread.start()
        return self

    def stop(self, wait_s: float = 10.0) -> None:
        """No further round; waits so long for the one that runs."""
        self._stop.set()
        self._thread.join(timeout=wait_s)

    def _run(self) -> None:
        try:
            run_until(self._engine, self._stop)
        finally:
            self._engine.dispose()
