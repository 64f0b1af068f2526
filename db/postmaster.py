"""Reading postmaster.pid, and telling a server that runs from what a crash or a reboot left behind."""

from dataclasses import dataclass
from pathlib import Path

import psutil

_PORT_LINE, _STATUS_LINE = 3, 7


@dataclass(frozen=True)
class Postmaster:
    """A server process that runs on the data directory it was asked for."""

    pid: int
    port: int
    ready: bool
    started_at: float
    """Seconds since the epoch."""


def running_postmaster(data: Path) -> Postmaster | None:
    """Give the server that runs on `data`, or None; a process that merely got its number is none."""
    lines = _pid_file_lines(data)
    if len(lines) <= _PORT_LINE or not lines[_PORT_LINE].isdigit():
        return None
    process = _process_in(data, int(lines[0]))
    if process is None:
        return None
    ready = len(lines) > _STATUS_LINE and lines[_STATUS_LINE] == "ready"
    return Postmaster(process.pid, int(lines[_PORT_LINE]), ready, process.create_time())


def remove_stale_pid_file(data: Path) -> None:
    """Remove postmaster.pid where its number now belongs to a foreign process, as after a reboot.

    PostgreSQL clears the file itself when the number is free; it refuses to start when any living process of
    the same user has it. The file is kept while a process still works in `data`: it is what stops a second
    server from starting beside the orphans of a killed one.
    """
    lines = _pid_file_lines(data)
    if not lines or not lines[0].isdigit() or not psutil.pid_exists(int(lines[0])):
        return
    if not any(_works_in(process, data) for process in psutil.process_iter()):
        (data / "postmaster.pid").unlink(missing_ok=True)


def _pid_file_lines(data: Path) -> list[str]:
    try:
        return [line.strip() for line in (data / "postmaster.pid").read_text(encoding="utf-8").splitlines()]
    except (FileNotFoundError, NotADirectoryError):
        return []


def _process_in(data: Path, pid: int) -> psutil.Process | None:
    try:
        process = psutil.Process(pid)
    except psutil.NoSuchProcess:
        return None
    return process if _works_in(process, data) else None


def _works_in(process: psutil.Process, data: Path) -> bool:
    """Every PostgreSQL process has its data directory as working directory."""
    try:
        alive = process.status() != psutil.STATUS_ZOMBIE
        return alive and Path(process.cwd()) == data.resolve()
    except (psutil.Error, OSError):
        return False
