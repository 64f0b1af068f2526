"""One login: a pool of connections under one identity, and the feed beside it."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection

from commandcenter.domain.errors import SchemaMismatch, ServerUnavailable
from commandcenter.domain.joint_workflow import joint_digests
from commandcenter.domain.model import Directory, Duty, Person
from commandcenter.domain.workflow import load_workflow
from db.binaries import security_warnings
from db.engine import ANSWER_WITHIN_S, make_engine, with_login
from db.errors import LOST, translated
from db.feed import PgFeed
from db.gateways.cameras import PgCameras
from db.gateways.case_commands import PgCaseCommands
from db.gateways.case_queries import PgCaseQueries
from db.gateways.directory import read_directory
from db.gateways.emergencies import PgEmergencies
from db.gateways.joint_commands import PgJointCommands
from db.gateways.joint_queries import PgJointQueries
from db.gateways.map import PgMap
from db.gateways.notices import PgNotices
from db.gateways.replay import PgReplay
from db.gateways.report_queries import JointReports, ReportQueries
from db.gateways.topics import PgTopics
from db.gateways.wall import PgWall
from db.reader import Reader, reader_address
from db.revision import present_revision, wanted_revision

_NO_SERVER = "连不上数据库服务器 {}，请检查地址、网络以及服务器是否已启动"


class PgSession:
    """`ports.Session` over PostgreSQL."""

    def __init__(
        self,
        url: str,
        user: str,
        password: str,
        *,
        pool_size: int = 3,
        directory: Directory | None = None,
        reader: str | None = None,
    ) -> None:
        """Log in. `directory` may be handed over by another session of the same district (the simulator's).

        `reader`: the address of a streaming replica, asked for reports under the same login.
        """
        address = with_login(url, user, password)
        replica = reader_address(reader, user, password) if reader else None
        name = f"commandcenter {user}"
        self._engine = make_engine(
            address, application_name=name, pool_size=pool_size, autocommit=True, answer_within_s=ANSWER_WITHIN_S
        )
        try:
            with translated(), self._engine.connect() as connection:
                _check_schema(connection)
                facts: dict[str, Any] = connection.exec_driver_sql("select cc.who_am_i()").scalar_one()
                self.warnings = _warnings(connection, facts)
                self.person = _person(facts)
                self.directory = directory or read_directory(connection, self.person.district_id)
        except BaseException as error:
            self._engine.dispose()
            if isinstance(error, ServerUnavailable) and error.message == LOST:  # nobody reconnects before a login
                raise ServerUnavailable(_NO_SERVER.format(address.host)) from error
            raise
        self.commands = PgCaseCommands(self._engine)
        self.reader = Reader(self._engine, replica, name=name) if replica else None
        self.queries = ReportQueries(self._engine, self.reader) if self.reader else PgCaseQueries(self._engine)
        self.joint_commands = PgJointCommands(self._engine)
        home = self.person.district_id
        self.joint_queries = (
            JointReports(self._engine, home, self.reader) if self.reader else PgJointQueries(self._engine, home)
        )
        self.notices = PgNotices(self._engine)
        self.cameras = PgCameras(self._engine, home)
        self.map = PgMap(self._engine, home)
        self.replay = PgReplay(self._engine, home)
        self.wall = PgWall(self._engine, home)
        self.emergencies = PgEmergencies(self._engine)
        self.topics = PgTopics(self._engine)
        self.feed = PgFeed(address)

    def reload_directory(self) -> Directory:
        """Read the directory anew after a catalogue change."""
        with translated(), self._engine.connect() as connection:
            self.directory = read_directory(connection, self.person.district_id)
        return self.directory

    def close(self) -> None:
        """End the feed and every connection."""
        self.feed.stop()
        if self.reader is not None:
            self.reader.close()
        self._engine.dispose()


def _check_schema(connection: Connection) -> None:
    present, wanted = present_revision(connection), wanted_revision()
    if present is None:
        raise SchemaMismatch("数据库还没有建立，请管理员执行 db upgrade")
    if present < wanted:
        raise SchemaMismatch(f"数据库版本 {present} 比本程序（{wanted}）旧，请管理员执行 db upgrade")
    if present > wanted:
        raise SchemaMismatch(f"数据库版本 {present} 比本程序（{wanted}）新，请更新本程序")


def _person(facts: dict[str, Any]) -> Person:
    duties = tuple(Duty(d["role"], d["org_id"]) for d in facts["duties"])
    return Person(facts["id"], facts["login"], facts["name"], facts["district_id"], duties)


def _warnings(connection: Connection, facts: dict[str, Any]) -> tuple[str, ...]:
    number = connection.exec_driver_sql("show server_version_num").scalar()
    found = list(security_warnings((int(str(number)) // 10000, int(str(number)) % 10000)))
    if facts["workflow"] != load_workflow().digest or facts["joint_workflows"] != joint_digests():
        found.append("本程序的流程文件与数据库不一致，请更新本程序；以数据库为准")
    return tuple(found)
