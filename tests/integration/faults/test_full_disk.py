"""The server's disk is full in mid-burst: users are told what to do, nothing acknowledged is lost, all goes on after.

The data lie on a small file system of their own, which only root can make.
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg2
import pytest

from commandcenter.domain.errors import DomainError
from commandcenter.domain.model import NewReport
from db import embedded
from db.duty import run_once
from db.embedded import Server
from db.keeper import keep_up
from tests.integration.faults.test_killed_server import found
from tests.integration.server.conftest import new_home
from tests.support.servers import database_url, remove_home
from tests.support.town import TEMPLATE, Town, build_template
from tests.support.writers import Ledger, Watcher, Writer

pytestmark = [pytest.mark.database, pytest.mark.timeout(400)]
SIZE_MB = 260
PATIENCE_S = 90.0


@pytest.fixture(scope="module")
def small_disk() -> Iterator[Path]:
    """A home on a file system of its own."""
    if sys.platform != "linux" or os.geteuid() != 0:
        pytest.skip("only root can make a file system")
    place = new_home()
    place.mkdir(mode=0o755)
    words = ["mount", "-t", "tmpfs", "-o", f"size={SIZE_MB}m,mode=755", "tmpfs", str(place)]
    if subprocess.run(words, capture_output=True, check=False).returncode != 0:
        place.rmdir()
        pytest.skip("this machine does not let root mount a file system")
    yield place
    embedded.stop(place)
    subprocess.run(["umount", "--lazy", str(place)], check=True)
    remove_home(place)


@pytest.fixture(scope="module")
def own_server(small_disk: Path) -> Server:
    server = embedded.start(small_disk)
    build_template(server)
    return server


@pytest.fixture
def own_town(own_server: Server) -> Iterator[Town]:
    town = Town(database_url(own_server, TEMPLATE), own_server)
    yield town
    town.stack.close()


class Filler:
    """A foreign file that leaves no byte on the disk."""

    def __init__(self, home: Path) -> None:
        self._file = home / "foreign"

    def fill(self) -> None:
        with self._file.open("ab", buffering=0) as out:
            for size in (1 << 20, 4096, 1):
                try:
                    while out.write(b"x" * size):
                        pass
                except OSError:
                    continue

    def free(self) -> None:
        self._file.unlink()


@pytest.fixture
def kept(small_disk: Path) -> Iterator[None]:
    """What `main.py run` does beside the desk."""
    stop = threading.Event()
    keeper = threading.Thread(target=keep_up, args=(small_disk, stop, 0.2))
    keeper.start()
    yield
    stop.set()
    keeper.join(PATIENCE_S)


def until(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE_S
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.05)


def write_log_until_it_panics(town: Town) -> None:
    """Use up what is left of the write-ahead log: the next file cannot be made, and the server gives up."""
    while True:
        try:
            owner = psycopg2.connect(town.url)
            owner.autocommit = True
            with owner.cursor() as cursor:
                while True:
                    cursor.execute("select pg_logical_emit_message(false, 'full', repeat('x', 1000000))")
                    cursor.execute("select pg_switch_wal()")
        except psycopg2.Error as error:
            if not error.pgcode:  # the connection broke: it has panicked
                return


def test_a_full_disk_is_said_in_words_and_everything_goes_on_when_there_is_room_again(
    own_town: Town, small_disk: Path, kept: None
) -> None:
    ledger, stop = Ledger(), threading.Event()
    writers = [Writer(own_town.session(login), ledger, stop, seed) for seed, login in enumerate(("acceptor",) * 2)]
    watcher = Watcher(own_town.session("evaluator"))
    disk = Filler(small_disk)
    for writer in writers:
        writer.start()
    try:
        ledger.wait_for(10, PATIENCE_S)
        disk.fill()
        until(lambda: any("磁盘已满" in words and "通知管理员" in words for words in ledger.said))
        assert [row.id for row in own_town.session("evaluator").queries.closed_cases(None, 1)] == []  # reading works
        write_log_until_it_panics(own_town)
        until(lambda: watcher.state == "disconnected")
        disk.free()
        ledger.wait_for(10, PATIENCE_S)
        until(lambda: watcher.state == "live")
    finally:
        stop.set()
        for writer in writers:
            writer.join(PATIENCE_S)
    for writer in writers:
        writer.settle()
    counts = found(own_town)
    assert set(counts) == ledger.done and set(counts.values()) == {1}
    held = {row.id: row for part in own_town.session("evaluator").queries.open_cases() for row in part}
    until(lambda: watcher.rows() == held)
    watcher.stop()
    run_once(own_town.owner)
    assert own_town.scalar("select count(*) from cc.audit_faults()") == 0


def test_a_server_that_cannot_start_for_want_of_room_says_so_and_starts_when_there_is_some(
    own_town: Town, small_disk: Path
) -> None:
    embedded.stop(small_disk)
    disk = Filler(small_disk)
    disk.fill()
    with pytest.raises(DomainError, match="磁盘空间不足"):
        embedded.start(small_disk)
    disk.free()
    embedded.start(small_disk)
    report = NewReport(uuid.uuid4(), "patrol", "有地方了", lon=116.0025, lat=40.0025)
    assert own_town.session("acceptor").commands.report(report).case_id
