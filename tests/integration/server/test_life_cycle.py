"""Starting, joining, stopping, and coming back after a crash or a reboot."""

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import psutil
import psycopg2
import pytest

from db import embedded
from db.account import server_account
from db.locations import open_place
from db.server_error import ServerError
from tests.integration.server.conftest import KINDS
from tests.support.endings import still_running

pytestmark = pytest.mark.database
ROOT = Path(__file__).parents[3]


def value(url: str, query: str) -> object:
    connection = psycopg2.connect(url)
    try:
        with connection, connection.cursor() as cursor:
            cursor.execute(query)
            row = cursor.fetchone() if cursor.description else None
            return row[0] if row else None
    finally:
        connection.close()


def postmaster_pid(home: Path) -> int:
    pid = embedded.status(home).pid
    assert pid is not None
    return pid


def lives(pid: int) -> bool:
    """A zombie that a container's first process has not fetched yet does not live."""
    return psutil.pid_exists(pid) and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE


@pytest.mark.parametrize("kind", KINDS)
def test_a_server_starts_is_joined_stops_and_keeps_its_port(home: Path, kind: str) -> None:
    first = embedded.start(home, prefer=kind)
    assert first.binaries is not None
    assert first.binaries.origin == kind
    assert value(first.url, "select current_database()") == "commandcenter"
    assert value(first.url, "select current_setting('fsync')") == "on"
    pid = postmaster_pid(home)
    joined = embedded.start(home)
    assert (joined.url, postmaster_pid(home)) == (first.url, pid)
    assert embedded.stop(home) is True
    assert embedded.stop(home) is False
    assert not embedded.status(home).running
    assert not lives(pid)
    assert embedded.start(home).port == first.port


def test_it_knows_chinese_letters(home: Path) -> None:
    server = embedded.start(home, durable=False)
    assert value(server.url, r"select '网格' ~ '^\w+$' and getdatabaseencoding() = 'UTF8'") is True


_STARTER = """
import sys
from pathlib import Path
from db import embedded
home = Path(sys.argv[1])
embedded.start(home, durable=False)
print(embedded.status(home).pid)
"""


def test_two_programs_that_start_at_once_share_one_server(home: Path) -> None:
    command = [sys.executable, "-c", _STARTER, str(home)]
    programs = [subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    answers = {program.communicate()[0].strip() for program in programs}
    assert [program.returncode for program in programs] == [0, 0]
    assert answers == {str(postmaster_pid(home))}


def test_after_a_crash_the_next_start_recovers_what_was_committed(home: Path) -> None:
    server = embedded.start(home)
    value(server.url, "create table kept as select 7 as n")
    victim = psutil.Process(postmaster_pid(home))
    victim.send_signal(signal.SIGKILL)
    assert still_running([victim], 60.0) == []
    assert not embedded.status(home).running
    assert value(embedded.start(home).url, "select n from kept") == 7


def test_after_a_reboot_a_foreign_process_with_its_number_is_no_obstacle(home: Path) -> None:
    embedded.start(home, durable=False)
    place = open_place(home)
    pid_file = (place.data / "postmaster.pid").read_text(encoding="ascii").splitlines()
    embedded.stop(home)
    account = server_account(place.data)
    identity = {"user": account.uid, "group": account.gid, "extra_groups": []} if account else {}
    foreign = subprocess.Popen(["sleep", "600"], cwd="/", **identity)
    try:
        (place.data / "postmaster.pid").write_text("\n".join([str(foreign.pid), *pid_file[1:]]) + "\n")
        assert not embedded.status(home).running
        assert embedded.start(home).version > (15, 0)
        assert postmaster_pid(home) != foreign.pid
    finally:
        foreign.kill()
        foreign.wait()


def test_a_port_taken_by_another_program_is_given_up(home: Path) -> None:
    port = embedded.start(home, durable=False).port
    embedded.stop(home)
    with socket.socket() as foreign:
        foreign.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        foreign.bind(("127.0.0.1", port))
        foreign.listen()
        again = embedded.start(home, durable=False)
    assert again.port != port
    assert value(again.url, "select 1") == 1


def test_a_lost_secrets_file_is_made_good_while_the_server_is_down(home: Path) -> None:
    old = embedded.start(home, durable=False)
    secrets = open_place(home).secrets.path
    secrets.unlink()
    with pytest.raises(ServerError, match="db stop"):
        embedded.start(home)
    embedded.stop(home)
    new = embedded.start(home, durable=False)
    assert new.url != old.url
    with pytest.raises(psycopg2.OperationalError, match="password authentication failed"):
        psycopg2.connect(old.url)


def test_data_of_a_version_that_is_not_here_are_refused_with_what_to_do(home: Path) -> None:
    embedded.start(home, durable=False)
    embedded.stop(home)
    (open_place(home).data / "PG_VERSION").write_text("12\n")
    with pytest.raises(ServerError, match="PostgreSQL 12"):
        embedded.start(home)


def test_existing_data_are_served_by_their_own_version_whatever_is_preferred(home: Path) -> None:
    first = embedded.start(home, prefer="wheel", durable=False)
    embedded.stop(home)
    assert embedded.start(home, prefer="system", durable=False).version == first.version


def test_a_home_that_cannot_be_made_is_said_in_words(tmp_path: Path) -> None:
    blocker = tmp_path / "file"
    blocker.write_text("")
    with pytest.raises(ServerError, match="无法建立目录"):
        embedded.start(blocker / "home")


def test_a_home_that_cannot_be_written_is_said_in_words(home: Path) -> None:
    (home / "server.lock").mkdir(parents=True)
    with pytest.raises(ServerError, match="无法使用目录"):
        embedded.start(home)
    (home / "server.lock").rmdir()


@pytest.mark.skipif(os.name == "nt" or os.geteuid() != 0, reason="only root hands the server to another user")
def test_root_hands_the_server_to_an_unprivileged_user(home: Path) -> None:
    embedded.start(home, durable=False)
    assert psutil.Process(postmaster_pid(home)).uids().real != 0
