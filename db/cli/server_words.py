"""db start|stop|status|url|upgrade|backup FILE|restore FILE."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from sqlalchemy import URL

from db import embedded
from db.backup import backup, restore
from db.cli.answer import Answer
from db.cli.station import Station
from db.engine import normalised


def start(station: Station) -> Answer:
    """Start the embedded server, or try the given one."""
    server = station.server
    version = ".".join(map(str, server.version))
    return Answer(
        {"host": server.host, "port": server.port, "version": version, "warnings": list(server.warnings)},
        (f"PostgreSQL {version} 正在 {server.host}:{server.port} 运行", *server.warnings),
    )


def stop(station: Station) -> Answer:
    """Stop the embedded server."""
    stopped = embedded.stop()
    return Answer({"stopped": stopped}, ("数据库服务器已停止" if stopped else "数据库服务器没有在运行",))


def status(station: Station) -> Answer:
    """Whether the embedded server runs."""
    found = embedded.status()
    since = datetime.fromtimestamp(found.started_at).isoformat(" ", "seconds") if found.started_at else None
    line = f"运行中：端口 {found.port}，进程 {found.pid}，自 {since}" if found.running else "没有运行"
    figures = {"running": found.running, "port": found.port, "pid": found.pid, "since": since, "version": found.version}
    return Answer({**figures, "data": str(found.data_dir)}, (line, f"数据目录 {found.data_dir}"))


def url(station: Station) -> Answer:
    """The address without a password: for people, who log in with their own."""
    full = normalised(station.server.url)
    address = str(URL.create("postgresql", host=full.host, port=full.port, database=full.database))
    return Answer({"url": address}, (address,))


def upgrade(station: Station) -> Answer:
    """Bring the schema up to date."""
    revision = station.upgrade()
    return Answer({"revision": revision}, (f"数据库已是版本 {revision}",))


def save(station: Station, file: Path) -> Answer:
    """Back everything up into one file."""
    report = backup(station.server.url, file)
    return Answer(
        {"file": str(file), "bytes": report.size_bytes, "rows": report.rows, "sha256": report.sha256},
        (f"已备份到 {file}：{report.rows:,} 行，{report.size_bytes:,} 字节",),
    )


def bring_back(station: Station, file: Path) -> Answer:
    """Restore a backup into an empty database."""
    report = restore(station.server.url, file)
    return Answer({"file": str(file), "rows": report.rows}, (f"已恢复 {report.rows:,} 行，逐表核对一致",))
