"""A real streaming replica of a test's server, made by pg_basebackup and run by pg_ctl on this machine."""

from __future__ import annotations

import os
import shutil
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import psutil
import psycopg2

from db import cluster
from db.account import run_as
from db.embedded import Server
from db.locations import Place, open_place
from db.postmaster import running_postmaster
from tests.support.servers import database_url


def allow_replication(server: Server) -> None:
    """Let replicas connect; the embedded server's own rules let nobody, and are written anew at every start.

    A test's server commits first and writes the log later; here a commit must be on its way when it is done.
    """
    assert server.data_dir is not None
    with (server.data_dir / "pg_hba.conf").open("a", encoding="utf-8") as rules:
        rules.write(f"host replication all {cluster.HOST}/32 scram-sha-256\n")
    ask(server.url, "alter system set synchronous_commit = on")
    ask(server.url, "select pg_reload_conf()")


def ask(url: str, statement: str, *values: Any) -> Any:
    """One value over a connection of its own."""
    connection = psycopg2.connect(url, connect_timeout=5)
    connection.autocommit = True
    try:
        with connection.cursor() as cursor:
            cursor.execute(statement, values or None)
            row = cursor.fetchone() if cursor.description else None
    finally:
        connection.close()
    return row[0] if row else None


def until(condition: Callable[[], Any], what: str, seconds: float = 30.0) -> None:
    """Wait for what a server does in its own time."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, f"not within {seconds} s: {what}"
        time.sleep(0.05)


def signal_server(data: Path, number: signal.Signals) -> list[psutil.Process]:
    """Send a signal to the server on a data directory and to its children, these first."""
    postmaster = running_postmaster(data)
    assert postmaster is not None
    process = psutil.Process(postmaster.pid)
    family = [*process.children(recursive=True), process]
    for one in family:
        with suppress(psutil.NoSuchProcess):  # a walreceiver that has just lost its primary
            one.send_signal(number)
    return family


def kill_server(data: Path) -> None:
    """End a server as a power cut would, and wait until nothing of it is left."""
    _, left = psutil.wait_procs(signal_server(data, signal.SIGKILL), timeout=30)
    assert left == []


class Standby:
    """One replica. `url(database)` is the superuser's address on it."""

    def __init__(self, home: Path, primary: Server, settings: str = "") -> None:
        assert primary.binaries is not None
        self._place: Place = open_place(home)
        self._binaries, self._primary, self._settings = primary.binaries, primary, settings
        self.data = self._place.server_dir / f"standby-{os.urandom(4).hex()}"
        self._log = self.data.with_suffix(".log")
        self.port = cluster.choose_port(None)
        self._run(
            "pg_basebackup", f"--pgdata={self.data}", "--write-recovery-conf", "--checkpoint=fast", "--no-sync",
            f"--dbname={database_url(primary, 'postgres')}",
        )  # fmt: skip
        self.start()

    def _run(self, program: str, *words: str) -> None:
        answer = run_as(self._place.account, [self._binaries.program(program), *words], cwd=self._place.server_dir)
        assert answer.returncode == 0, answer.stderr

    def start(self) -> None:
        """Start it and wait until it takes questions."""
        settings = f"-c port={self.port} -c logging_collector=off {self._settings}"
        self._run("pg_ctl", "start", "--wait", f"--pgdata={self.data}", f"--log={self._log}", f"--options={settings}")

    def url(self, database: str) -> str:
        """The superuser's address of a database."""
        return database_url(self._primary, database).replace(f":{self._primary.port}/", f":{self.port}/")

    def ask(self, statement: str, *values: Any) -> Any:
        """One value as the superuser."""
        return ask(self.url("postgres"), statement, *values)

    def catch_up(self) -> None:
        """Wait until it has replayed everything that is written now."""
        written = ask(self._primary.url, "select pg_current_wal_flush_lsn()")
        until(lambda: self.ask("select pg_last_wal_replay_lsn() >= %s::pg_lsn", written), "replayed")

    @contextmanager
    def paused(self) -> Iterator[None]:
        """Let it fall behind inside, and catch up at the end."""
        self.ask("select pg_wal_replay_pause()")
        until(lambda: self.ask("select pg_get_wal_replay_pause_state()") == "paused", "paused")
        try:
            yield
        finally:
            self.ask("select pg_wal_replay_resume()")
            self.catch_up()

    def promote(self) -> None:
        """Make a server of its own of it."""
        self.ask("select pg_promote(true)")

    def kill(self) -> None:
        """End it as a power cut would."""
        kill_server(self.data)

    def freeze(self) -> None:
        """It answers nothing more, and its connections stay."""
        signal_server(self.data, signal.SIGSTOP)

    def thaw(self) -> None:
        """It goes on."""
        signal_server(self.data, signal.SIGCONT)

    def remove(self) -> None:
        """Stop it and take its files away."""
        if running_postmaster(self.data) is not None:
            self._run("pg_ctl", "stop", "--wait", "--mode=immediate", f"--pgdata={self.data}")
        shutil.rmtree(self.data, ignore_errors=True)
        self._log.unlink(missing_ok=True)
