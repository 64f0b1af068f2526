"""Saving a whole database with its people's logins in one file, and bringing it back somewhere else."""

import contextlib
import json
import os
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg2
from psycopg2 import sql
from psycopg2.extensions import ISOLATION_LEVEL_REPEATABLE_READ, connection

from db.archive import Manifest, read_archive, write_archive
from db.binaries import Binaries, client_tools
from db.engine import dsn, normalised
from db.role_copy import RolesRestored, collect_roles, drop_roles, restore_privileges, restore_roles
from db.server_error import ServerError


@dataclass(frozen=True)
class BackupReport:
    """What a backup holds or a restore brought back; `roles_kept` were on the target server before."""

    file: Path
    size_bytes: int
    schema_version: str | None
    counts: Mapping[str, int]
    sha256: str
    """Digest of the dump inside the file."""
    roles_created: tuple[str, ...] = ()
    roles_kept: tuple[str, ...] = ()

    @property
    def rows(self) -> int:
        """Rows of all tables together."""
        return sum(self.counts.values())


def backup(url: str, file: Path) -> BackupReport:
    """Save the database at `url` (a superuser's) with our roles into `file`, mode 0600.

    Counts and dump come from one snapshot, so people may go on working. Raises ServerError.
    """
    with _connected(url) as source, _workshop(file.absolute().parent) as folder:
        tools = client_tools(source.server_version // 10_000)
        facts = _facts(source, tools)
        roles, dump = folder / "roles.json", folder / "database.dump"
        roles.write_text(json.dumps(collect_roles(source), ensure_ascii=False, indent=1), encoding="utf-8")
        options = (f"--snapshot={_snapshot(source)}", "--format=custom", f"--file={dump}")
        _run_tool(tools, "pg_dump", url, *options)
        manifest = write_archive(file, facts, roles, dump)
    return _report(file, manifest)


def restore(url: str, file: Path) -> BackupReport:
    """Bring the backup in `file` into the empty database at `url` (a superuser's), all of it or nothing.

    The restored tables are counted against the manifest. Every client resynchronises, because the feed's
    epoch is new. Raises ServerError when the target holds our schema already, is older than the backup, or a
    count differs.
    """
    with _connected(url) as target, _workshop(None) as folder:
        manifest, roles, dump = read_archive(file, folder)
        _refuse_unfit(target, manifest)
        tools = client_tools(max(manifest.tool_major, target.server_version // 10_000))
        saved = json.loads(roles.read_text(encoding="utf-8"))
        made = restore_roles(target, saved)
        target.commit()
        with _taking_back(target, made):
            _run_tool(tools, "pg_restore", url, "--single-transaction", "--exit-on-error", str(dump))
            _verify(target, manifest)
            restore_privileges(target, saved)
            _begin_new_epoch(target)
            target.commit()
    return _report(file, manifest, made)


@contextlib.contextmanager
def _connected(url: str) -> Iterator[connection]:
    """A superuser's connection in one unchanging snapshot, never cut off for being idle."""
    try:
        arguments: dict[str, Any] = {"connect_timeout": 5, "application_name": "commandcenter backup"}
        opened: connection = psycopg2.connect(dsn(url), **arguments)
    except psycopg2.OperationalError as error:
        raise ServerError("连不上数据库服务器，请先确认它已启动，登录信息正确。") from error
    try:
        opened.set_session(isolation_level=ISOLATION_LEVEL_REPEATABLE_READ)
        _run(opened, "set idle_in_transaction_session_timeout = 0; set statement_timeout = 0")
        if opened.info.parameter_status("is_superuser") != "on":
            raise ServerError("备份与恢复要读写登录账号，需要以数据库超级用户执行。")
        opened.commit()
        yield opened
    except psycopg2.Error as error:
        raise ServerError(f"数据库拒绝了操作：{str(error).splitlines()[0]}") from error
    finally:
        opened.close()


@contextlib.contextmanager
def _workshop(beside: Path | None) -> Iterator[Path]:
    """A private folder for the parts, on the disk where the result goes; says so if there is none."""
    try:
        with tempfile.TemporaryDirectory(prefix=".commandcenter-", dir=beside) as folder:
            yield Path(folder)
    except OSError as error:
        reason = f"无法读写文件 {error.filename or ''}：{error.strerror}。请检查权限和磁盘空间。"
        raise ServerError(reason) from error


def _facts(source: connection, tools: Binaries) -> dict[str, Any]:
    return {
        "made_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "server_major": source.server_version // 10_000,
        "tool_major": tools.major,
        "schema_version": _schema_version(source),
        "counts": _counts(source),
    }


def _schema_version(source: connection) -> str | None:
    if not _exists(source, "cc.alembic_version"):
        return None
    return str(_value(source, "select version_num from cc.alembic_version"))


def _counts(source: connection) -> dict[str, int]:
    query = """select c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace
               where n.nspname = 'cc' and c.relkind = 'r' order by 1"""
    with source.cursor() as cursor:
        cursor.execute(query)
        tables = [str(row[0]) for row in cursor.fetchall()]
    return {table: _count(source, table) for table in tables}


def _count(source: connection, table: str) -> int:
    statement = sql.SQL("select count(*) from {}").format(sql.Identifier("cc", table))
    return int(_value(source, statement))


def _snapshot(source: connection) -> str:
    return str(_value(source, "select pg_export_snapshot()"))


def _refuse_unfit(target: connection, manifest: Manifest) -> None:
    major = target.server_version // 10_000
    if major < manifest.server_major:
        raise ServerError(
            f"备份来自 PostgreSQL {manifest.server_major}，目标服务器是较旧的 {major}，不能恢复；"
            "请换用新版本的服务器。"
        )
    if _value(target, "select to_regnamespace('cc') is not null"):
        raise ServerError(
            f"数据库 {target.info.dbname} 中已有数据，恢复只写入空库，以免覆盖；"
            "请换一个空的数据库或数据目录（COMMANDCENTER_HOME）再恢复。"
        )
    target.rollback()


@contextlib.contextmanager
def _taking_back(target: connection, made: RolesRestored) -> Iterator[None]:
    """When the restore fails, leave the server as it was: no data, and no new logins either."""
    try:
        yield
    except Exception:
        target.rollback()
        _run(target, "drop schema if exists cc cascade")
        drop_roles(target, made.created)
        target.commit()
        raise


def _verify(target: connection, manifest: Manifest) -> None:
    found = _counts(target)
    tables = manifest.counts.keys() | found.keys()
    wrong = [name for name in tables if manifest.counts.get(name) != found.get(name)]
    if wrong:
        raise ServerError(f"恢复后的行数与备份清单不符（{'、'.join(sorted(wrong))}），已撤销恢复。")


def _begin_new_epoch(target: connection) -> None:
    """Tell every client to load anew, and drop the old feed: its transaction numbers mean nothing here."""
    if _value(target, "select to_regprocedure('cc.begin_feed_epoch()') is not null"):
        _run(target, "set local search_path = cc, pg_temp; select cc.begin_feed_epoch()")
        return
    if _exists(target, "cc.feed"):  # a backup of before there were counters
        _run(target, "truncate cc.feed")
    if _exists(target, "cc.feed_epoch"):
        _run(target, "update cc.feed_epoch set epoch = gen_random_uuid()")


def _exists(source: connection, relation: str) -> bool:
    with source.cursor() as cursor:
        cursor.execute("select to_regclass(%s) is not null", (relation,))
        row = cursor.fetchone()
    return row is not None and bool(row[0])


def _value(source: connection, statement: str | sql.Composable) -> Any:
    with source.cursor() as cursor:
        cursor.execute(statement)
        row = cursor.fetchone()
    return row[0] if row else None


def _run(target: connection, statement: str) -> None:
    with target.cursor() as cursor:
        cursor.execute(statement)


def _run_tool(tools: Binaries, name: str, url: str, *arguments: str) -> None:
    """Run pg_dump or pg_restore; the password goes by environment, where other users cannot read it."""
    address = normalised(url).set(drivername="postgresql")
    environment = {key: value for key, value in os.environ.items() if not key.startswith("PG")}
    environment |= {"PGPASSWORD": str(address.password or ""), "LC_ALL": "C"}
    shown = address._replace(password=None).render_as_string()
    command = [str(tools.program(name)), f"--dbname={shown}", "--no-password", *arguments]
    answer = subprocess.run(
        command, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, errors="replace"
    )
    if answer.returncode != 0:
        raise ServerError(f"{name} 失败：{_last_line(answer.stderr)}")


def _last_line(text: str) -> str:
    if "No space left on device" in text:
        return "磁盘空间不足，请清理后再试。"
    return next((line for line in text.splitlines() if "error" in line), text.strip())


def _report(file: Path, manifest: Manifest, made: RolesRestored | None = None) -> BackupReport:
    return BackupReport(
        file=file,
        size_bytes=file.stat().st_size,
        schema_version=manifest.schema_version,
        counts=manifest.counts,
        sha256=manifest.sha256["database.dump"],
        roles_created=made.created if made else (),
        roles_kept=made.kept if made else (),
    )
