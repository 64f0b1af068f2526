"""The PostgreSQL server that all workers of one test run share, and databases on it."""

import contextlib
import os
import re
import shutil
import stat
import sys
import tempfile
from pathlib import Path

import psutil
import psycopg2
from psycopg2 import sql

from db import embedded
from db.embedded import Server
from db.locations import open_place

RUN_VARIABLE = "COMMANDCENTER_TEST_HOME"
_PREFIX = "commandcenter-tests-"
_MEMORY = Path("/dev/shm")
_ROOM_B = 4 << 30  # a whole run was never seen to need more than 1 GB


def open_run(place: Path | None = None) -> Path:
    """Name this run's home after its process, for the workers to find in the environment; on a disk if not told."""
    sweep_dead_runs()
    home = (place or Path(tempfile.gettempdir())) / f"{_PREFIX}{os.getpid()}"
    os.environ[RUN_VARIABLE] = str(home)
    return home


def run_home() -> Path:
    """The home that every worker of this run shares."""
    return Path(os.environ[RUN_VARIABLE])


def ground() -> Path:
    """Where servers of tests lie: in memory if there is plenty, else in the temporary directory.

    Every copy of the town is a thousand files: 0.05 s in memory, where ext4 under two workers took one to four.
    """
    return _MEMORY if _has_room(_MEMORY) else Path(tempfile.gettempdir())


def _has_room(memory: Path) -> bool:
    """Programs are run from a home, too: a container may forbid that, and give it 64 MB."""
    if sys.platform != "linux" or not memory.is_dir():
        return False
    found = os.statvfs(memory)
    room = min(found.f_bavail * found.f_frsize, psutil.virtual_memory().available // 2)
    return room > _ROOM_B and not found.f_flag & os.ST_NOEXEC


def own_home(name: str) -> Path:
    """Another home of this run, of this worker alone."""
    return run_home().with_name(f"{run_home().name}-{os.environ.get('PYTEST_XDIST_WORKER', 'gw')}-{name}")


def remove_home(home: Path) -> None:
    """Stop the server of `home`, if any, and remove all it left on disk."""
    if not home.exists():
        return
    place = open_place(home)
    embedded.stop(home)
    shutil.rmtree(place.server_dir, ignore_errors=True)
    shutil.rmtree(home, ignore_errors=True)


def close_run() -> None:
    """Remove the run's home, and those that a worker which died has left."""
    for home in (run_home(), *run_home().parent.glob(f"{run_home().name}-*")):
        remove_home(home)


def sweep_dead_runs() -> None:
    """Remove what a killed test run of ours left behind: its process is gone, its server may be up."""
    for home in (home for place in (Path(tempfile.gettempdir()), _MEMORY) for home in place.glob(f"{_PREFIX}*")):
        match = re.fullmatch(rf"{_PREFIX}(\d+)(-.*)?", home.name)
        with contextlib.suppress(FileNotFoundError):
            if match and _is_ours(home) and not psutil.pid_exists(int(match[1])):
                remove_home(home)


def _is_ours(home: Path) -> bool:
    found = home.lstat()
    return stat.S_ISDIR(found.st_mode) and (os.name == "nt" or found.st_uid == os.geteuid())


def database_url(server: Server, name: str) -> str:
    """The superuser's URL of another database on `server`."""
    return server.url.rsplit("/", 1)[0] + "/" + name


def create_database(server: Server, name: str, template: str | None = None) -> str:
    """Create a database, as a copy of `template` if given, and return its superuser URL."""
    statement = sql.SQL("create database {}").format(sql.Identifier(name))
    if template is not None:
        # Measured on the town: 0.3 s, where the default strategy took 0.45 s.
        statement += sql.SQL(" template {} strategy file_copy").format(sql.Identifier(template))
    _execute(server, statement)
    return database_url(server, name)


def drop_database(server: Server, name: str) -> None:
    """Drop a database, ending the connections that a test forgot."""
    _execute(server, sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(name)))


def _execute(server: Server, statement: sql.Composable) -> None:
    connection = psycopg2.connect(database_url(server, "postgres"))
    connection.autocommit = True
    try:
        with connection.cursor() as cursor:
            cursor.execute(statement)
    finally:
        connection.close()
