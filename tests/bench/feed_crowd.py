"""Many clients in a few processes: they listen with the product's feed or barely, and tell what they heard and when."""

from __future__ import annotations

import time
import traceback
from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from multiprocessing.connection import Connection

from tests.bench.feed_listeners import LOGINS, BareListener, Heard, ProductListener, Reader
from tests.bench.processes import Processes
from tests.support.town import Town

EACH = 25  # listeners a process: threads of one interpreter, so more would measure their turns
PATIENCE_S = 30.0  # longer than the feed's own safety net of 5 s, and than many clients on one machine take to read
_LOOK_S = 0.02


@dataclass
class Told:
    """What one listener heard and read again since the last harvest, and how often it began anew in all."""

    heard: Heard = field(default_factory=list)
    read: Heard = field(default_factory=list)
    resyncs: int = 0


class Crowd(Processes):
    """So many listeners; use as a context manager. `bare`: psycopg2 alone; `reread`: each asks for its cases too;
    `logins`: who they are, in turn."""

    def __init__(
        self, town: Town, count: int, *, bare: bool = False, reread: bool = True, logins: Sequence[str] = LOGINS
    ) -> None:
        lift_login_limit(town, logins)
        who = [logins[n % len(logins)] for n in range(count)]
        parts = [who[first : first + EACH] for first in range(0, count, EACH)]
        super().__init__(_serve, [(town.url, part, bare, reread) for part in parts])

    def harvest(self, wanted: Iterable[int] = ()) -> list[Told]:
        """What each listener was told since the last harvest: when all know of all `wanted`, or patience ends."""
        return [one for part in self.order(frozenset(wanted)) for one in part]


def lift_login_limit(town: Town, logins: Iterable[str]) -> None:
    """A login takes at most 12 connections; here it stands for many people."""
    with town.owner.begin() as connection:
        for login in logins:
            connection.exec_driver_sql(f"alter role {login} connection limit -1")


def _serve(orders: Connection, url: str, who: Sequence[str], bare: bool, reread: bool) -> None:
    try:
        with ExitStack() as stack:
            reader = stack.enter_context(Reader(url)) if reread and not bare else None
            listeners = [BareListener(url, one) if bare else ProductListener(url, one, reader) for one in who]
            for listener in listeners:
                stack.callback(listener.stop)
                listener.start()
            orders.send([])
            while (wanted := orders.recv()) is not None:
                orders.send(_harvest(listeners, wanted))
    except Exception:  # noqa: BLE001 - raised again in the process that waits for the answer
        orders.send(traceback.format_exc())


def _harvest(listeners: Sequence[ProductListener | BareListener], wanted: frozenset[int]) -> list[Told]:
    until = time.perf_counter() + PATIENCE_S
    while time.perf_counter() < until and not all(one.knows(wanted) for one in listeners):
        time.sleep(_LOOK_S)
    return [Told(*one.give()) for one in listeners]
