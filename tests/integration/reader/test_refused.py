"""Addresses that are no replica of this database: refused in words, and the primary answers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import psycopg2
import pytest

from commandcenter.domain.errors import DomainError, ServerUnavailable
from db import embedded
from db.cli import audit_words
from db.cli.station import Station
from db.embedded import Server
from db.engine import make_engine, with_login
from db.reader import Reader
from db.server_error import ServerError
from tests.integration.reader.conftest import home_of
from tests.integration.reader.test_lag_and_death import asked, closed
from tests.integration.server.conftest import new_home
from tests.support.servers import create_database, database_url, remove_home
from tests.support.standby import Standby, allow_replication, ask, until
from tests.support.town import TEMPLATE, Town
from tests.support.town_profile import password_of

pytestmark = pytest.mark.database

Make = Callable[..., Reader]
LOGIN = "t_supervisor"


@pytest.fixture(scope="module")
def promoted(primary: Server, capital: Town) -> Iterator[Standby]:
    """Once a replica of ours, now a server of its own."""
    made = Standby(home_of(primary), primary)
    made.catch_up()
    made.promote()
    yield made
    made.remove()


@pytest.fixture(scope="module")
def foreign() -> Iterator[Standby]:
    """A replica of another cluster in which the same person may log in to a database of the same name."""
    home = new_home()
    try:
        server = embedded.start(home, durable=False)
        create_database(server, TEMPLATE)
        ask(server.url, f"create role {LOGIN} login password '{password_of(LOGIN)}'")
        allow_replication(server)
        made = Standby(home, server)
        made.catch_up()
        yield made
        made.remove()
    finally:
        remove_home(home)


def refusal(one: Reader) -> str:
    """Why; and the report came from the primary all the same."""
    answer, state = asked(one, lambda engine: engine.url.port)
    assert state.source == "primary" and answer == one._primary.url.port
    assert "请管理员检查报表库（--reader）的地址" in state.reason
    return state.reason


def test_the_primary_itself(capital: Town, make_reader: Make) -> None:
    assert "可以写入，不是只读副本" in refusal(make_reader(capital.url))


def test_a_replica_that_was_promoted_while_we_work(primary: Server, capital: Town, make_reader: Make) -> None:
    made = Standby(home_of(primary), primary)
    try:
        one = make_reader(made.url(TEMPLATE))
        assert asked(one)[1].source == "replica"
        made.promote()
        assert "已被提升为主库" in refusal(one)
    finally:
        made.remove()


def test_a_replica_of_one_that_was_promoted(primary: Server, promoted: Standby, make_reader: Make) -> None:
    """In recovery, of our cluster, with our data; but what it replays is no longer ours."""
    owner = database_url(primary, "postgres").replace(f":{primary.port}/", f":{promoted.port}/")
    made = Standby(home_of(primary), replace(primary, url=owner, port=promoted.port))
    try:
        assert "它在时间线 2，主库在时间线 1" in refusal(make_reader(made.url(TEMPLATE)))
    finally:
        made.remove()


def test_a_replica_of_another_cluster(foreign: Standby, make_reader: Make) -> None:
    assert "属于另一个数据库集群" in refusal(make_reader(foreign.url(TEMPLATE)))


def test_another_database_of_the_same_replica(primary: Server, standby: Standby, make_reader: Make) -> None:
    create_database(primary, "other_town")
    standby.catch_up()
    assert "不是同一个数据库" in refusal(make_reader(standby.url("other_town")))


def test_one_that_knows_no_such_person(foreign: Standby, make_reader: Make) -> None:
    assert "拒绝登录" in refusal(make_reader(foreign.url(TEMPLATE), "t_auditor"))


def test_nobody_there(make_reader: Make) -> None:
    one = make_reader("postgresql://127.0.0.1:1/nothing")
    assert asked(one)[1].reason == "报表库 127.0.0.1:1 连不上或没有回答"


def test_a_primary_never_seen_makes_no_replica_believed(standby: Standby) -> None:
    engine = make_engine("postgresql://127.0.0.1:1/nothing", application_name="primary", autocommit=True)
    address = with_login(standby.url(TEMPLATE), LOGIN, password_of(LOGIN))
    one = Reader(engine, address, name="reader")
    with pytest.raises(ServerUnavailable):
        one.answer(closed)
    assert one.state is not None and one.state.source == "none" and "无法确认" in one.state.reason
    one.close()
    engine.dispose()


def test_an_address_that_cannot_be_read_is_refused_at_the_login_without_being_repeated(open_session) -> None:
    with pytest.raises(ServerError) as refused:
        open_session(LOGIN, "replica host with secret")
    assert "报表库（--reader）" in refused.value.message and "secret" not in refused.value.message


def test_the_command_line_does_not_verify_elsewhere_than_it_was_told(capital: Town, promoted: Standby) -> None:
    station = Station(capital.url, promoted.url(TEMPLATE))
    with pytest.raises(DomainError, match="不是只读副本"):
        audit_words.verify(station)
    station.close()


def test_after_a_failover_the_old_primary_s_replica_is_refused_and_the_new_ones_is_not(
    primary: Server, capital: Town, promoted: Standby, standby: Standby
) -> None:
    """The program has been pointed to the promoted server; the replica still follows the old one."""
    own = with_login(promoted.url(TEMPLATE), LOGIN, password_of(LOGIN))
    engine = make_engine(own, application_name="primary", autocommit=True)
    one = Reader(engine, with_login(standby.url(TEMPLATE), LOGIN, password_of(LOGIN)), name="reader")
    try:
        assert "它在时间线 1，主库在时间线 2" in refusal(one)
    finally:
        one.close()
        engine.dispose()
    follows = Standby(home_of(primary), replace(primary, url=promoted.url("postgres"), port=promoted.port))
    other = Reader(engine, with_login(follows.url(TEMPLATE), LOGIN, password_of(LOGIN)), name="reader")
    try:
        until(lambda: asked(other)[1].source == "replica", "believed")
        with pytest.raises(psycopg2.errors.ReadOnlySqlTransaction):
            follows.ask("create table public.x ()")
    finally:
        other.close()
        engine.dispose()
        follows.remove()
