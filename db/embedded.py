"""The life cycle of the program's own PostgreSQL server, shared by every program of this machine and user."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

import psycopg2

from db import cluster
from db.binaries import Binaries, executable_by, find_binaries, security_warnings
from db.locations import Place, open_place
from db.postmaster import Postmaster, remove_stale_pid_file, running_postmaster
from db.server_error import ServerError

DATABASE = "commandcenter"
_SECRET = "superuser"
_START_ATTEMPTS = 5
# A file lock holds between processes; threads of one process need their own.
_THREADS = threading.Lock()


@dataclass(frozen=True)
class Server:
    """A server that takes connections; `url` holds the superuser's password and is kept out of the repr."""

    url: str = field(repr=False)
    host: str
    port: int
    version: tuple[int, int]
    data_dir: Path | None
    binaries: Binaries | None
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True)
class Status:
    """What `db status` tells; `port`, `pid` and `started_at` (epoch seconds) are None while it is stopped."""

    running: bool
    data_dir: Path
    port: int | None = None
    pid: int | None = None
    started_at: float | None = None
    version: str | None = None


def start(home: Path | None = None, *, prefer: str | None = None, durable: bool = True) -> Server:
    """Start the server of `home`, or join the one that runs already, and see that its database exists.

    `prefer` ("system" or "wheel") chooses the programs for a new data directory. `durable=False` gives up
    safety against a power cut and is for tests. The server stays up when the program ends.
    Raises ServerError.
    """
    place = open_place(home)
    with _alone(place):
        postmaster = running_postmaster(place.data)
        if postmaster is None:
            binaries = _launch(place, prefer, durable)
        else:
            binaries = _noted_binaries(place)
        return _joined(place, binaries)


def stop(home: Path | None = None) -> bool:
    """Stop the server of `home`; False if it was not running. Raises ServerError when it does not go down."""
    place = open_place(home)
    with _alone(place):
        place.stopped.touch()
        if running_postmaster(place.data) is None:
            return False
        cluster.stop_cluster(place, _noted_binaries(place))
        return True


def died(home: Path | None = None) -> bool:
    """Whether the server of `home` was started once, is down, and nobody stopped it."""
    place = open_place(home)
    return place.data.exists() and not place.stopped.exists() and running_postmaster(place.data) is None


def status(home: Path | None = None) -> Status:
    """Tell whether the server of `home` runs, without starting it."""
    place = open_place(home)
    postmaster = running_postmaster(place.data)
    if postmaster is None or not postmaster.ready:
        return Status(False, place.data)
    version = ".".join(map(str, place.notes().get("version", [])))
    return Status(True, place.data, postmaster.port, postmaster.pid, postmaster.started_at, version or None)


@contextmanager
def _alone(place: Place) -> Iterator[None]:
    """Let one thread of one program act on the server; a disk that fails on the way is said in words."""
    try:
        with _THREADS, place.locked():
            yield
    except OSError as error:
        raise ServerError(cluster.in_words(f"无法使用目录 {place.home}", str(error))) from error


def _launch(place: Place, prefer: str | None, durable: bool) -> Binaries:
    cluster.make_server_directory(place)
    found = find_binaries(prefer=prefer, major=_data_major(place.data))
    binaries = executable_by(place.account, found, place.server_dir / "binaries")
    _prepare_data(place, binaries)
    remove_stale_pid_file(place.data)
    _repeat_while_busy(lambda: _start_on_free_port(place, binaries, durable))
    place.stopped.unlink(missing_ok=True)
    place.note(version=list(binaries.version), binaries=str(binaries.directory), origin=binaries.origin)
    return binaries


def _prepare_data(place: Place, binaries: Binaries) -> None:
    known = place.secrets.get(_SECRET)
    password = place.secrets.ensure(_SECRET)
    if not place.data.exists():
        cluster.create_cluster(place, binaries, password)
    elif known is None:
        cluster.set_password_offline(place, binaries, password)


def _start_on_free_port(place: Place, binaries: Binaries, durable: bool) -> None:
    port = cluster.choose_port(place.notes().get("port"))
    place.note(port=port)
    cluster.write_settings(place, port=port, durable=durable)
    cluster.start_cluster(place, binaries)


def _repeat_while_busy(attempt: Callable[[], None]) -> None:
    """Try again while a killed server's last processes linger, or when the port was snatched away."""
    for left in reversed(range(_START_ATTEMPTS)):
        try:
            attempt()
            return
        except cluster.StillBusyError:
            if left == 0:
                raise
            time.sleep(0.5)


def _data_major(data: Path) -> int | None:
    try:
        return int((data / "PG_VERSION").read_text(encoding="ascii"))
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        raise ServerError(f"无法读取数据目录 {data} 的版本，请检查其权限，或用备份恢复。") from error


def _noted_binaries(place: Place) -> Binaries:
    notes = place.notes()
    try:
        major, minor = notes["version"]
        return Binaries(Path(notes["binaries"]), (major, minor), notes["origin"])
    except (KeyError, ValueError):
        # The notes were lost while the server ran on: any installation of its major can talk to it.
        found = find_binaries(major=_data_major(place.data))
        return executable_by(place.account, found, place.server_dir / "binaries")


def _joined(place: Place, binaries: Binaries) -> Server:
    postmaster = _ready_postmaster(place)
    password = place.secrets.get(_SECRET)
    if password is None:
        raise ServerError(
            f"服务器正在运行，但密钥文件 {place.secrets.path} 不见了；请先执行 db stop，再启动。"
        )
    login = f"{cluster.SUPERUSER}:{quote(password, safe='')}"
    url = f"postgresql://{login}@{cluster.HOST}:{postmaster.port}/{DATABASE}"
    _ensure_database(url)
    warnings = security_warnings(binaries.version)
    return Server(url, cluster.HOST, postmaster.port, binaries.version, place.data, binaries, warnings)


def _ready_postmaster(place: Place) -> Postmaster:
    """Wait for a server that another program has just started: it may still be recovering."""
    deadline = time.monotonic() + cluster.START_SECONDS
    while time.monotonic() < deadline:
        postmaster = running_postmaster(place.data)
        if postmaster is not None and postmaster.ready:
            return postmaster
        time.sleep(0.05)
    raise ServerError(f"数据库服务器在 {cluster.START_SECONDS} 秒内没有就绪，请查看 {place.log} 中的日志。")


def _ensure_database(url: str) -> None:
    """Create our database on first use, through the one that PostgreSQL always has."""
    try:
        connection = psycopg2.connect(url.removesuffix(DATABASE) + "postgres", connect_timeout=10)
    except psycopg2.OperationalError as error:
        reason = "数据库服务器拒绝了登录：密钥文件与数据目录不相符，请恢复原来的密钥文件。"
        raise ServerError(reason) from error
    connection.autocommit = True
    try:
        with connection.cursor() as cursor:
            cursor.execute("select 1 from pg_database where datname = %s", (DATABASE,))
            if cursor.fetchone() is None:
                cursor.execute(f"create database {DATABASE}")
                # Every login could otherwise fill the disk from there; the server is ours alone.
                cursor.execute("revoke all on database postgres, template1 from public")
    finally:
        connection.close()
