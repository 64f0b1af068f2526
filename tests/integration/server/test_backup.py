"""A backup brings everything back, and never over something that lives."""

import json
import stat
import uuid
import zipfile
from collections.abc import Callable
from pathlib import Path

import psycopg2
import pytest

from db.backup import BackupReport, backup, restore
from db.binaries import SYSTEM, WHEEL
from db.embedded import Server
from db.engine import dsn, with_login
from db.server_error import ServerError
from tests.integration.server.conftest import present
from tests.support.servers import create_database

pytestmark = pytest.mark.database

SCHEMA = """
create role cc_owner nologin;
create role cc_people nologin createrole;
create role cc_operator nologin;
grant cc_operator to cc_people with admin option;
create schema cc authorization cc_owner;
set role cc_owner;
create table cc.alembic_version (version_num text);
insert into cc.alembic_version values ('0001');
create table cc.feed_epoch (epoch uuid not null);
insert into cc.feed_epoch values ('00000000-0000-0000-0000-000000000001');
create table cc.feed (xid xid8 not null default pg_current_xact_id(), kind text);
insert into cc.feed (kind) values ('old');
create table cc.street (id int primary key, name text not null, area int[] default '{}');
insert into cc.street select n, '街道' || n from generate_series(1, 50) n;
alter table cc.street enable row level security;
create policy seen on cc.street using (id <= 7);
grant usage on schema cc to cc_operator;
grant select on cc.street to cc_operator;
reset role;
create role "li.na" login password 'Ming-ri-42' connection limit 12;
grant cc_operator to "li.na";
create role outsider login password 'x';
revoke all on database commandcenter from public;
grant connect on database commandcenter to cc_operator;
"""


def execute(url: str, statement: str) -> list[tuple[object, ...]]:
    connection = psycopg2.connect(url)
    try:
        with connection, connection.cursor() as cursor:
            cursor.execute(statement)
            return cursor.fetchall() if cursor.description else []
    finally:
        connection.close()


@pytest.fixture(scope="module")
def source(start_server: Callable[[str], Server]) -> Server:
    server = start_server(SYSTEM if present(SYSTEM) else WHEEL)
    execute(server.url, SCHEMA)
    return server


@pytest.fixture(scope="module")
def saved(source: Server, tmp_path_factory: pytest.TempPathFactory) -> BackupReport:
    return backup(source.url, tmp_path_factory.mktemp("backups") / "city.backup")


@pytest.fixture(scope="module")
def target(saved: BackupReport, start_server: Callable[[str], Server]) -> Server:
    server = start_server(WHEEL)
    report = restore(server.url, saved.file)
    assert report.counts == saved.counts
    assert "li.na" in report.roles_created
    return server


def test_the_file_is_private_and_tells_what_it_holds(saved: BackupReport) -> None:
    assert stat.S_IMODE(saved.file.stat().st_mode) == 0o600
    assert saved.schema_version == "0001"
    assert saved.counts == {"alembic_version": 1, "feed": 1, "feed_epoch": 1, "street": 50}
    assert saved.rows == 53
    assert list(saved.file.parent.iterdir()) == [saved.file]


def test_the_file_holds_our_roles_and_no_others_and_no_plain_password(saved: BackupReport) -> None:
    with zipfile.ZipFile(saved.file) as archive:
        content = archive.read("roles.json").decode()
    assert {role["name"] for role in json.loads(content)["roles"]} == {
        "cc_owner", "cc_people", "cc_operator", "li.na"
    }  # fmt: skip
    assert "SCRAM-SHA-256$" in content
    assert "Ming-ri-42" not in content


def test_a_person_logs_in_with_the_old_password_and_sees_what_he_saw(source: Server, target: Server) -> None:
    for server in (source, target):
        login = dsn(with_login(server.url, "li.na", "Ming-ri-42"))
        assert execute(login, "select count(*) from cc.street") == [(7,)]
    with pytest.raises(psycopg2.OperationalError, match="password authentication failed"):
        execute(dsn(with_login(target.url, "li.na", "wrong")), "select 1")


def test_group_rights_and_the_right_to_connect_come_back(target: Server) -> None:
    roles = """select rolname, rolcanlogin, rolcreaterole, rolconnlimit from pg_roles
               where rolname in ('cc_people', 'li.na') order by 1"""
    assert execute(target.url, roles) == [("cc_people", False, True, -1), ("li.na", True, False, 12)]
    may_connect = "select has_database_privilege('{}', current_database(), 'connect')"
    assert execute(target.url, may_connect.format("cc_operator")) == [(True,)]
    assert execute(target.url, may_connect.format("pg_monitor")) == [(False,)]
    owner = "select tableowner from pg_tables where tablename = 'street'"
    assert execute(target.url, owner) == [("cc_owner",)]


def test_the_people_role_still_rules_over_restored_logins(target: Server) -> None:
    limits = "select rolconnlimit from pg_roles where rolname = 'li.na'"
    change = 'set role cc_people; alter role "li.na" connection limit {}'
    execute(target.url, change.format(5))
    assert execute(target.url, limits) == [(5,)]
    execute(target.url, change.format(12))


def test_every_client_is_told_to_load_anew(target: Server) -> None:
    assert execute(target.url, "select epoch from cc.feed_epoch") != [(str(uuid.UUID(int=1)),)]
    assert execute(target.url, "select count(*) from cc.feed") == [(0,)]


def test_a_restore_over_living_data_is_refused(target: Server, saved: BackupReport) -> None:
    execute(target.url, "update cc.street set name = '新名' where id = 1")
    with pytest.raises(ServerError, match="已有数据"):
        restore(target.url, saved.file)
    assert execute(target.url, "select name from cc.street where id = 1") == [("新名",)]


def test_logins_that_the_server_has_keep_their_password(target: Server, saved: BackupReport) -> None:
    second = create_database(target, "second")
    report = restore(second, saved.file)
    assert report.roles_created == ()
    assert "li.na" in report.roles_kept
    assert execute(second, "select count(*) from cc.street") == [(50,)]


def test_a_damaged_file_is_refused_before_anything_is_touched(
    target: Server, saved: BackupReport, tmp_path: Path
) -> None:
    damaged = tmp_path / "damaged.backup"
    with zipfile.ZipFile(saved.file) as old, zipfile.ZipFile(damaged, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            new.writestr(name, content[:-9] + b"tampered!" if name == "database.dump" else content)
    empty = create_database(target, "untouched")
    with pytest.raises(ServerError, match="校验值"):
        restore(empty, damaged)
    assert execute(empty, "select to_regnamespace('cc')") == [(None,)]


def test_a_restore_whose_counts_differ_leaves_nothing_behind(
    start_server: Callable[[str], Server], saved: BackupReport, tmp_path: Path
) -> None:
    server = start_server(WHEEL)
    doubtful = tmp_path / "doubtful.backup"
    with zipfile.ZipFile(saved.file) as old, zipfile.ZipFile(doubtful, "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name).replace(b'"street": 50', b'"street": 51'))
    with pytest.raises(ServerError, match="street"):
        restore(server.url, doubtful)
    assert execute(server.url, "select to_regnamespace('cc')") == [(None,)]
    assert execute(server.url, "select rolname from pg_roles where rolname in ('li.na', 'cc_owner')") == []


@pytest.mark.parametrize("content", [None, b"no archive"])
def test_a_file_that_is_no_backup_is_said(source: Server, tmp_path: Path, content: bytes | None) -> None:
    file = tmp_path / "file"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(ServerError, match="备份文件"):
        restore(source.url, file)


def test_only_a_superuser_may_take_the_logins(source: Server, saved: BackupReport, tmp_path: Path) -> None:
    with pytest.raises(ServerError, match="超级用户"):
        backup(dsn(with_login(source.url, "li.na", "Ming-ri-42")), tmp_path / "stolen")


def test_a_folder_that_is_not_there_is_said(source: Server, tmp_path: Path) -> None:
    with pytest.raises(ServerError, match="无法读写文件"):
        backup(source.url, tmp_path / "absent" / "city.backup")
