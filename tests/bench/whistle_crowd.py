"""Clients of the units that a whistle calls: the product's feed, then the questions that a desk asks after it."""

from __future__ import annotations

import threading
import time
import traceback
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from multiprocessing.connection import Connection

from commandcenter.ports import FeedBatch, FeedState
from db.engine import with_login
from db.feed import PgFeed
from db.gateways.session import PgSession
from tests.bench.feed_crowd import EACH, PATIENCE_S, lift_login_limit
from tests.bench.feed_listeners import READY_S, Heard
from tests.bench.processes import Processes
from tests.support.town import Town
from tests.support.town_profile import password_of

# Whose clerks listen: each party of the measured whistles has its own (tests/integration/whistle/lanes.py).
LOGINS = ("t_cg", "t_ga", "t_sw", "t_pcs", "t_street_a")
_LOOK_S = 0.02


@dataclass
class Called:
    """What one client came to know since the last harvest: its notice of each summons, and the summons itself.

    `again`: notices told once more although they stood on the screen already."""

    notices: Heard = field(default_factory=list)
    lanes: Heard = field(default_factory=list)
    again: int = 0
    resyncs: int = 0


class PartyCrowd(Processes):
    """So many clients, a unit each in turn; use as a context manager."""

    def __init__(self, town: Town, count: int) -> None:
        lift_login_limit(town, LOGINS)
        who = [LOGINS[n % len(LOGINS)] for n in range(count)]
        super().__init__(_serve, [(town.url, who[first : first + EACH]) for first in range(0, count, EACH)])

    def harvest(self, wanted: Iterable[int] = ()) -> list[Called]:
        """What each client was told since the last harvest: when all know of all `wanted`, or patience ends."""
        return [one for part in self.order(frozenset(wanted)) for one in part]


class PartyClient:
    """PgFeed, and what ui.bridge asks of reminders and of whistles after a batch: one question of a kind at a time."""

    def __init__(self, url: str, login: str, session: PgSession, threads: ThreadPoolExecutor) -> None:
        self._feed = PgFeed(with_login(url, login, password_of(login)))
        self._live = threading.Event()
        self._told = Called()
        self._known: set[int] = set()
        self._notices = _Questions(threads, lambda ids: self._take_notices(session, ids))
        self._rows = _Questions(threads, lambda ids: self._take_rows(session, ids))

    def start(self) -> None:
        """Begin to listen; returns when the feed is live."""
        self._feed.start(self._on_batch, self._on_state, self._on_resync)
        if not self._live.wait(READY_S):
            raise TimeoutError("the feed did not come up")

    def stop(self) -> None:
        """End the thread and the connection."""
        self._feed.stop()

    def knows(self, wanted: frozenset[int]) -> bool:
        """Whether it has a notice of all of these, and has read them."""
        return all(wanted <= {key for key, _ in list(part)} for part in (self._told.notices, self._told.lanes))

    def give(self) -> Called:
        """What it came to know since the last time; `resyncs` in all."""
        told, self._told = self._told, Called(resyncs=self._told.resyncs)
        return told

    def _on_batch(self, batch: FeedBatch) -> None:
        self._notices.want(batch.notices)
        self._rows.want(batch.joint)

    def _take_notices(self, session: PgSession, ids: list[int]) -> None:
        found = session.notices.notices(ids)
        now = time.perf_counter()
        for notice in found:
            if not notice.mine or notice.entity_id is None:
                continue
            if notice.id in self._known:
                self._told.again += 1
            else:
                self._known.add(notice.id)
                self._told.notices.append((notice.entity_id, now))

    def _take_rows(self, session: PgSession, ids: list[int]) -> None:
        found = session.joint_queries.joint(ids).summons
        now = time.perf_counter()
        self._told.lanes += [(row.id, now) for row in found if row.issued_at is not None]

    def _on_state(self, state: FeedState) -> None:
        if state.kind == "live":
            self._live.set()

    def _on_resync(self) -> None:
        self._told.resyncs += 1


class _Questions:
    """One at a time; what arrives meanwhile makes the next one."""

    def __init__(self, threads: ThreadPoolExecutor, ask: Callable[[list[int]], None]) -> None:
        self._threads, self._question = threads, ask
        self._wanted: set[int] = set()
        self._asking = False
        self._lock = threading.Lock()

    def want(self, ids: frozenset[int]) -> None:
        """Ask for these soon."""
        with self._lock:
            self._wanted |= ids
            begin, self._asking = bool(ids) and not self._asking, self._asking or bool(ids)
        if begin:
            self._threads.submit(self._ask)

    def _ask(self) -> None:
        while True:
            with self._lock:
                ids, self._wanted = sorted(self._wanted), set()
                self._asking = bool(ids)
            if not ids:
                return
            self._question(ids)


def _serve(orders: Connection, url: str, who: Sequence[str]) -> None:
    try:
        with ExitStack() as stack:
            clients = _clients(stack, url, who)
            orders.send([])
            while (wanted := orders.recv()) is not None:
                orders.send(_harvest(clients, wanted))
    except Exception:  # noqa: BLE001 - raised again in the process that waits for the answer
        orders.send(traceback.format_exc())


def _clients(stack: ExitStack, url: str, who: Sequence[str]) -> list[PartyClient]:
    """The clients of one unit in this process share two connections for their questions; real ones have three each."""
    made = []
    for login in sorted(set(who)):
        session = PgSession(url, login, password_of(login), pool_size=2)
        stack.callback(session.close)
        session.notices.open_notices()  # as a desk does when it begins
        session.joint_queries.open_joint()
        threads = stack.enter_context(ThreadPoolExecutor(2))
        for _ in range(who.count(login)):
            made.append(PartyClient(url, login, session, threads))
            stack.callback(made[-1].stop)
            made[-1].start()
    return made


def _harvest(clients: Sequence[PartyClient], wanted: frozenset[int]) -> list[Called]:
    until = time.perf_counter() + PATIENCE_S
    while time.perf_counter() < until and not all(one.knows(wanted) for one in clients):
        time.sleep(_LOOK_S)
    return [one.give() for one in clients]
