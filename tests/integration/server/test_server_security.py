"""What others on the machine can and cannot do to the embedded server."""

import os
import shutil
import stat
from pathlib import Path

import psutil
import psycopg2
import pytest

from db import embedded
from db.account import run_as, server_account
from db.binaries import WHEEL, Binaries, all_binaries, executable_by
from db.embedded import Server
from db.engine import dsn, with_login
from db.locations import open_place
from tests.integration.server.conftest import KINDS
from tests.support.servers import remove_home

pytestmark = pytest.mark.database
as_root = pytest.mark.skipif(os.name == "nt" or os.geteuid() != 0, reason="concerns a start as root")


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.mark.parametrize("kind", KINDS)
def test_a_password_is_always_asked_for(home: Path, kind: str) -> None:
    server = embedded.start(home, prefer=kind, durable=False)
    rules = (open_place(home).data / "pg_hba.conf").read_text(encoding="utf-8").splitlines()
    active = [rule.split() for rule in rules if rule.strip() and not rule.startswith("#")]
    assert [rule[-1] for rule in active] == ["scram-sha-256"] * len(active)
    assert "trust" not in "".join(rules)
    with pytest.raises(psycopg2.OperationalError, match="password authentication failed"):
        psycopg2.connect(dsn(with_login(server.url, "postgres", "wrong")))


def test_the_password_is_kept_as_a_scram_verifier(server: Server) -> None:
    connection = psycopg2.connect(server.url)
    with connection.cursor() as cursor:
        cursor.execute("select rolpassword from pg_authid where rolname = 'postgres'")
        assert str(cursor.fetchone()).startswith("('SCRAM-SHA-256$")
    connection.close()


def test_it_listens_on_loopback_only(home: Path) -> None:
    embedded.start(home, durable=False)
    process = psutil.Process(embedded.status(home).pid)
    listening = [one for one in process.net_connections("all") if one.status == psutil.CONN_LISTEN]
    assert {one.laddr.ip for one in listening} == {"127.0.0.1"}


def test_only_the_owner_reads_secrets_and_only_the_server_its_data(home: Path) -> None:
    embedded.start(home, durable=False)
    place = open_place(home)
    assert mode(place.secrets.path) == 0o600
    assert place.secrets.path.stat().st_uid == os.geteuid()
    assert [mode(path) for path in (place.server_dir, place.data, place.log)] == [0o700] * 3
    assert not list(place.server_dir.glob("password*"))


def test_the_password_shows_in_no_repr_and_no_file_but_the_secrets(home: Path) -> None:
    server = embedded.start(home, durable=False)
    place = open_place(home)
    password = place.secrets.get("superuser")
    assert password
    assert password not in repr(server)
    files = [*place.log.iterdir(), home / "server.json", place.data / "commandcenter.conf"]
    assert not [file for file in files if password in file.read_text(encoding="utf-8", errors="replace")]


@as_root
def test_a_home_in_a_closed_directory_works_and_it_stays_closed(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    home = closed / "home"
    above = {path: path.stat() for path in home.parents}
    try:
        server = embedded.start(home, durable=False)
        assert server.data_dir is not None
        assert server.data_dir.stat().st_uid != 0
        for path, before in above.items():
            now = path.stat()
            assert (now.st_mode, now.st_uid) == (before.st_mode, before.st_uid), path
    finally:
        remove_home(home)


@as_root
def test_a_wheel_out_of_the_servers_reach_is_copied_and_runs(tmp_path: Path) -> None:
    wheel = next(one for one in all_binaries() if one.origin == WHEEL)
    package = wheel.directory.parents[1]
    hidden = tmp_path / "hidden"
    needless = shutil.ignore_patterns("include", "*.a")
    for name in (package.name, package.name + ".libs"):
        shutil.copytree(package.with_name(name), hidden / name, ignore=needless)
    hidden.chmod(0o700)
    out_of_reach = Binaries(hidden / package.name / "pginstall" / "bin", wheel.version, WHEEL)
    account = server_account(tmp_path / "none")
    shelf = Path("/var/lib") / f"commandcenter-test-{os.getpid()}"
    try:
        copy = executable_by(account, out_of_reach, shelf)
        assert copy.directory.is_relative_to(shelf)
        for program in ("postgres", "initdb", "pg_dump"):
            assert run_as(account, [copy.program(program), "--version"], cwd=Path("/")).returncode == 0
        assert executable_by(account, out_of_reach, shelf) == copy
    finally:
        shutil.rmtree(shelf, ignore_errors=True)
