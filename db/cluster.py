"""Making a PostgreSQL data directory, writing its settings, and running pg_ctl on it."""

import os
import random
import shutil
import socket
import subprocess
import sys
from pathlib import Path

from db.account import run_as
from db.binaries import Binaries
from db.locations import Place
from db.server_error import ServerError

SUPERUSER = "postgres"
HOST = "127.0.0.1"
START_SECONDS = 60
MEMORY_EACH_KB = 1024 * 1024
_SETTINGS_FILE = "commandcenter.conf"
# Below the range from which Linux gives out ports to outgoing connections, so that a stored port stays free.
_PORTS = range(20000, 32000)

# Statements are not logged: their text holds citizens' names and telephone numbers, and passwords being set.
_SETTINGS = """\
listen_addresses = '{host}'
port = {port}
unix_socket_directories = ''
password_encryption = 'scram-sha-256'
max_connections = 300
max_locks_per_transaction = 256
shared_buffers = '256MB'
effective_cache_size = '1GB'
random_page_cost = 1.1
jit = off
fsync = {durable}
full_page_writes = {durable}
synchronous_commit = {durable}
wal_compression = on
max_wal_size = '2GB'
timezone = 'Asia/Shanghai'
log_timezone = 'Asia/Shanghai'
idle_in_transaction_session_timeout = '60s'
tcp_keepalives_idle = 10
tcp_keepalives_interval = 5
tcp_keepalives_count = 3
logging_collector = on
log_directory = '{log}'
log_filename = 'postgresql-%a.log'
log_rotation_age = '1d'
log_rotation_size = 0
log_truncate_on_rotation = on
log_line_prefix = '%m [%p] %q%u '
log_statement = 'none'
log_min_duration_statement = -1
log_min_error_statement = 'panic'
log_parameter_max_length_on_error = 0
cluster_name = 'commandcenter'
"""
_HBA = f"""\
# Written by commandcenter at every start. Loopback only, and a password always.
host all all {HOST}/32 scram-sha-256
"""


class StillBusyError(ServerError):
    """Something that passes held the start up: the port, or a killed server's last processes."""


def create_cluster(place: Place, binaries: Binaries, password: str) -> None:
    """Run initdb with SCRAM for `SUPERUSER`; the directory appears under its name only when it is whole."""
    draft = place.server_dir / "data.new"
    shutil.rmtree(draft, ignore_errors=True)
    password_file = place.server_dir / "password.new"
    try:
        _write_private(place, password_file, password)
        answer = run_as(place.account, _initdb(binaries, draft, password_file), cwd=place.server_dir)
    finally:
        password_file.unlink(missing_ok=True)
    if answer.returncode != 0:
        raise ServerError(in_words("无法建立数据库目录", answer.stderr))
    draft.rename(place.data)


def _initdb(binaries: Binaries, data: Path, password_file: Path) -> list[str | Path]:
    # C.UTF-8 sorts by code point and knows Chinese letters as letters; from 17 on it needs no system library.
    builtin = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"] if binaries.major >= 17 else []
    return [
        binaries.program("initdb"),
        f"--pgdata={data}",
        f"--username={SUPERUSER}",
        f"--pwfile={password_file}",
        "--auth-host=scram-sha-256",
        "--auth-local=scram-sha-256",
        "--encoding=UTF8",
        "--locale=C.UTF-8",
        "--lc-messages=C",
        *builtin,
        "--data-checksums",
        "--no-instructions",
    ]


def make_server_directory(place: Place) -> None:
    """Make the directory of the server, closed to all but its account."""
    try:
        place.server_dir.mkdir(mode=0o700, exist_ok=True)
        place.log.mkdir(mode=0o700, exist_ok=True)
        if place.account is not None:
            for directory in (place.server_dir, place.log):
                os.chown(directory, place.account.uid, place.account.gid)
    except OSError as error:
        raise ServerError(in_words(f"无法建立目录 {place.server_dir}", str(error))) from error


def write_settings(place: Place, *, port: int, durable: bool) -> None:
    """Write settings and access rules anew, so that a newer program brings its own to data that exist."""
    on_off = "on" if durable else "off"
    text = _SETTINGS.format(host=HOST, port=port, durable=on_off, log=place.log.as_posix())
    _write_private(place, place.data / _SETTINGS_FILE, text)
    _write_private(place, place.data / "pg_hba.conf", _HBA)
    main_file = place.data / "postgresql.conf"
    include = f"include '{_SETTINGS_FILE}'\n"
    present = main_file.read_text(encoding="utf-8")
    if include not in present:
        _write_private(place, main_file, present + "\n" + include)


def _write_private(place: Place, path: Path, text: str) -> None:
    draft = path.with_name(path.name + ".new")
    draft.unlink(missing_ok=True)
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        if place.account is not None:
            os.fchown(file.fileno(), place.account.uid, place.account.gid)
        file.write(text)
    draft.replace(path)


def choose_port(stored: int | None) -> int:
    """Give the stored port if nobody else holds it, otherwise a free one."""
    if stored is not None and _is_free(stored):
        return stored
    for port in random.sample(_PORTS, 200):
        if _is_free(port):
            return port
    raise ServerError(f"在 {_PORTS.start}–{_PORTS.stop} 之间找不到空闲端口，请检查本机网络。")


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


def start_cluster(place: Place, binaries: Binaries) -> None:
    """Start the server and wait until it takes connections; raises ServerError with the reason in words."""
    startup_log = place.log / "startup.log"
    startup_log.unlink(missing_ok=True)
    arguments = ["start", "--wait", f"--timeout={START_SECONDS}", f"--log={startup_log}"]
    answer = _pg_ctl(place, binaries, *arguments)
    if answer.returncode != 0:
        details = answer.stderr + _tail(place.log)
        kind = StillBusyError if any(mark in details for mark in _PASSING) else ServerError
        raise kind(in_words("数据库服务器没有启动", details))


def stop_cluster(place: Place, binaries: Binaries) -> None:
    """Stop the server, closing its connections, and wait until it is down."""
    answer = _pg_ctl(place, binaries, "stop", "--wait", "--mode=fast", f"--timeout={START_SECONDS}")
    if answer.returncode != 0:
        raise ServerError(in_words("数据库服务器没有停止", answer.stderr))


def _pg_ctl(place: Place, binaries: Binaries, *arguments: str) -> subprocess.CompletedProcess[str]:
    command: list[str | Path] = [binaries.program("pg_ctl"), *arguments, f"--pgdata={place.data}"]
    return run_as(place.account, [*_bounded(), *command], cwd=place.server_dir)


def _bounded() -> list[str | Path]:
    """Give every process of the server so much memory of its own and no more: a clerk's query fails, not the server."""
    if not sys.platform.startswith("linux"):
        return []
    return ["/bin/sh", "-c", f'ulimit -d {MEMORY_EACH_KB}; exec "$@"', "sh"]


def set_password_offline(place: Place, binaries: Binaries, password: str) -> None:
    """Give the superuser a new password while the server is down, for an owner who lost his secrets file."""
    command: list[str | Path] = [binaries.program("postgres"), "--single", "-D", place.data, "postgres"]
    statement = f"ALTER ROLE {SUPERUSER} PASSWORD '{password}';\n"
    answer = run_as(place.account, command, cwd=place.server_dir, stdin=statement)
    if answer.returncode != 0:
        raise ServerError(in_words("无法重设数据库密码", answer.stderr))


def _tail(log: Path) -> str:
    """The last lines of the newest log files, where the server says why it gave up."""
    files = sorted(log.glob("*.log"), key=lambda file: file.stat().st_mtime)[-2:]
    return "\n".join(file.read_text(encoding="utf-8", errors="replace")[-2000:] for file in files)


_PASSING = ("Address already in use", "is still in use", "could not bind")
_CAUSES = (
    ("No space left on device", "磁盘空间不足，请清理后再试"),
    ("Disk quota exceeded", "磁盘配额已用完，请清理后再试"),
    ("Read-only file system", "磁盘为只读，请检查挂载方式"),
    ("Permission denied", "没有访问权限，请检查数据目录的所有者和权限"),
    ("could not create shared memory", "内存不足，请关闭其他程序后再试"),
    ("Cannot allocate memory", "内存不足，请关闭其他程序后再试"),
    ("Address already in use", "端口被其他程序占用，请再试一次"),
    ("is still in use", "上一次运行的进程尚未退出，请稍后再试"),
    ("could not locate a valid checkpoint", "数据已损坏，请用备份恢复"),
)


def in_words(what: str, details: str) -> str:
    """Say what failed and, where PostgreSQL's English output tells, why and what to do, in Chinese."""
    for mark, cause in _CAUSES:
        if mark in details:
            return f"{what}：{cause}。"
    last = next((line for line in reversed(details.splitlines()) if line.strip()), "原因不明")
    return f"{what}：{last.strip()}"
