"""A server that died is started again while a program of ours runs; one that was stopped on purpose stays down."""

import os
import signal
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from db import embedded
from db.keeper import keep_up
from tests.integration.server.conftest import new_home
from tests.support.endings import still_running
from tests.support.servers import remove_home

pytestmark = pytest.mark.database
PATIENCE_S = 60.0


@pytest.fixture(scope="module")
def one_home() -> Iterator[Path]:
    place = new_home()
    yield place
    remove_home(place)


@pytest.fixture
def home(one_home: Path) -> Path:
    """Its server runs."""
    embedded.start(one_home, durable=False)
    return one_home


@pytest.fixture
def kept(home: Path) -> Iterator[Path]:
    stop = threading.Event()
    keeper = threading.Thread(target=keep_up, args=(home, stop, 0.05))
    keeper.start()
    yield home
    stop.set()
    keeper.join(PATIENCE_S)


def killed(home: Path) -> int:
    pid = embedded.status(home).pid
    assert pid is not None
    postmaster = psutil.Process(pid)
    os.kill(pid, signal.SIGKILL)
    assert still_running([postmaster], PATIENCE_S) == []
    return pid


def until_up(home: Path) -> None:
    end = time.monotonic() + PATIENCE_S
    while not embedded.status(home).running:
        assert time.monotonic() < end
        time.sleep(0.02)


def test_a_killed_server_comes_back_under_the_same_address(kept: Path) -> None:
    before, port = killed(kept), embedded.open_place(kept).notes()["port"]
    until_up(kept)
    status = embedded.status(kept)
    assert status.pid != before and status.port == port


def test_a_server_stopped_on_purpose_stays_down_until_it_is_started(home: Path) -> None:
    embedded.stop(home)
    assert not embedded.died(home)
    assert embedded.stop(home) is False
    embedded.start(home, durable=False)
    assert not embedded.died(home)
    killed(home)
    assert embedded.died(home)


def test_what_keeps_it_from_starting_is_said_once(
    home: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    killed(home)
    stop, tries = threading.Event(), []

    def full(_home: Path) -> None:
        tries.append(1)
        if len(tries) == 3:
            stop.set()
        raise embedded.ServerError("数据库服务器没有启动：磁盘空间不足，请清理后再试。")

    monkeypatch.setattr(embedded, "start", full)
    keep_up(home, stop, 0.01)
    said = [record.getMessage() for record in caplog.records]
    assert len(tries) == 3 and len(said) == 1 and "磁盘空间不足" in said[0]
