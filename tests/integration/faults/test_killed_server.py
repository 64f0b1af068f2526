"""The embedded server is killed again and again in mid-burst: no command lost, none done twice, every picture right.

10 times here; COMMANDCENTER_KILLS=100 does what docs/faults.md reports.
"""

from __future__ import annotations

import os
import random
import signal
import threading
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import psutil
import psycopg2
import pytest

from commandcenter.domain.errors import DomainError
from db import embedded
from db import feed as feed_module
from db.duty import run_once
from db.engine import make_engine
from tests.integration.server.conftest import new_home
from tests.support.endings import still_running
from tests.support.servers import database_url, remove_home
from tests.support.town import TEMPLATE, Town, build_template
from tests.support.writers import Ledger, Watcher, Writer

pytestmark = [pytest.mark.database, pytest.mark.timeout(900)]
KILLS = int(os.environ.get("COMMANDCENTER_KILLS", "10"))
BETWEEN = 4  # commands acknowledged between two kills
PATIENCE_S = 60.0


@pytest.fixture
def home() -> Iterator[Path]:
    place = new_home()
    yield place
    remove_home(place)


@pytest.fixture
def own_town(home: Path) -> Iterator[Town]:
    """The town on a server of its own. A killed process loses no written page: fsync guards against power cuts only."""
    server = embedded.start(home)
    build_template(server)
    owner = psycopg2.connect(server.url)
    owner.autocommit = True
    for setting in ("fsync = off", "shared_buffers = '32MB'"):
        owner.cursor().execute(f"alter system set {setting}")
    owner.close()
    town = Town(database_url(server, TEMPLATE), server)
    yield town
    town.stack.close()


def kill_server(home: Path, with_children: bool) -> None:
    """SIGKILL: the postmaster alone, whose orphans end by themselves, or all of its processes with it."""
    pid = embedded.status(home).pid
    assert pid is not None
    postmaster = psutil.Process(pid)
    family = [postmaster, *(postmaster.children() if with_children else ())]
    for process in family:
        try:
            process.send_signal(signal.SIGKILL)
        except psutil.NoSuchProcess:
            continue
    assert still_running([postmaster], PATIENCE_S) == []


def found(town: Town) -> Counter[UUID]:
    """What the database holds, by the number that stands in it: cases taken in, notes in the trace."""
    with town.owner.connect() as connection:
        texts = connection.exec_driver_sql(
            "select description from cc.case_detail union all"
            " select what->>'text' from cc.case_event where action = 'note'").scalars()  # fmt: skip
        return Counter(UUID(text) for text in texts)


def duty(town: Town, stop: threading.Event) -> None:
    """What runs in a client all the time."""
    engine = make_engine(town.url, application_name="duty", pool_size=1)
    while not stop.wait(0.2):
        try:
            run_once(engine)
        except DomainError:
            continue
    engine.dispose()


def test_a_server_killed_in_mid_burst_loses_no_command_and_doubles_none(
    own_town: Town, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feed_module, "BACK_OFF_S", (0.05,))
    ledger, stop, dice = Ledger(), threading.Event(), random.Random(3)
    logins = ("acceptor", "supervisor", "acceptor", "supervisor")
    writers = [Writer(own_town.session(login), ledger, stop, seed) for seed, login in enumerate(logins)]
    watchers = [Watcher(own_town.session(login)) for login in ("evaluator", "dispatcher")]
    others = [*writers, threading.Thread(target=duty, args=(own_town, stop))]
    for thread in others:
        thread.start()
    try:
        for number in range(KILLS):
            ledger.wait_for(BETWEEN, PATIENCE_S)
            time.sleep(dice.random() * 0.05)
            kill_server(home, with_children=number % 4 != 0)
            embedded.start(home)
        ledger.wait_for(BETWEEN, PATIENCE_S)
    finally:
        stop.set()
        for thread in others:
            thread.join(PATIENCE_S)
    for writer in writers:
        writer.settle()
    counts = found(own_town)
    assert set(counts) == ledger.done and set(counts.values()) == {1}
    assert not ledger.done & ledger.not_done and len(ledger.done) >= BETWEEN * KILLS
    _pictures_agree(own_town, watchers)
    run_once(own_town.owner)
    assert own_town.scalar("select count(*) from cc.audit_faults()") == 0
    assert own_town.scalar("select count(*) from cc.seal_queue") == 0


def _pictures_agree(town: Town, watchers: list[Watcher]) -> None:
    """What each listener shows in the end is what the database holds."""
    end = time.monotonic() + PATIENCE_S
    for watcher, login in zip(watchers, ("evaluator", "dispatcher"), strict=True):
        held = {row.id: row for part in town.session(login).queries.open_cases() for row in part}
        while watcher.rows() != held or watcher.state != "live":
            assert time.monotonic() < end, (len(watcher.rows()), len(held), watcher.state)
            time.sleep(0.05)
        assert watcher.resyncs > 1
        watcher.stop()
