"""An upgrade that dies half-way leaves the old database or the new one, whole; the next start finishes it."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg2
import pytest
from psycopg2.extensions import connection as PgConnection  # noqa: N812 - a class with a lower-case name
from sqlalchemy import Engine, event
from sqlalchemy.exc import DBAPIError

from db.embedded import Server
from db.engine import make_engine
from db.revision import wanted_revision
from db.upgrade import upgrade
from tests.integration.schema.test_upgrade import _SHAPE
from tests.support.hands import Hands
from tests.support.paths import Paths
from tests.support.servers import create_database, drop_database
from tests.support.town import Town
from tests.support.wire import Fault, Wire

pytestmark = [pytest.mark.database, pytest.mark.timeout(300)]
POINTS = (0.0, 0.1, 0.3, 0.5, 0.7, 0.9, 0.97, 1.0)
# What an older program would have left: another function, other workflow data, another digest.
_AGE = """set role cc_owner;
create function cc.older() returns int language plpgsql set search_path = cc, pg_temp as 'begin return 1; end';
drop function cc.give_up_command(uuid); update cc.wf_setting set schema_digest = 'older'; reset role"""


@contextmanager
def counting(engine: Engine, killer: PgConnection, dies_at: int | None = None) -> Iterator[list[str]]:
    """The statements of an upgrade; its backend is killed before the one of this number."""
    statements: list[str] = []

    def before(connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        statements.append(statement)
        if len(statements) - 1 == dies_at:
            pid = connection.connection.driver_connection.info.backend_pid
            with killer.cursor() as cursor:
                cursor.execute("select pg_terminate_backend(%s, 20000)", (pid,))
                assert cursor.fetchone() == (True,)

    event.listen(engine, "before_cursor_execute", before)
    try:
        yield statements
    finally:
        event.remove(engine, "before_cursor_execute", before)


def test_an_upgrade_killed_at_any_statement_changes_nothing_and_the_next_one_finishes(town: Town) -> None:
    hands = Hands(town)
    case = Paths(hands).to("in_progress")
    wanted = hands.rows(_SHAPE)
    engine = make_engine(town.url, application_name="upgrade", pool_size=1)
    killer = psycopg2.connect(town.url)
    killer.autocommit = True
    with counting(engine, killer) as statements:
        upgrade(engine)
    assert hands.rows(_SHAPE) == wanted
    hands.sql(_AGE)
    older = hands.rows(_SHAPE)
    for point in POINTS:
        with counting(engine, killer, round(point * (len(statements) - 1))), pytest.raises(DBAPIError):
            upgrade(engine)
        assert hands.rows(_SHAPE) == older
        assert hands.sql("select schema_digest from cc.wf_setting") == "older"
    assert upgrade(engine) == wanted_revision()
    assert hands.rows(_SHAPE) == wanted
    hands.act("cg", case, "feedback", result="已清理")
    killer.close()
    engine.dispose()


@pytest.mark.parametrize(("fault", "is_new"), [(Fault.BEFORE, False), (Fault.ANSWERED, True)])
def test_an_upgrade_whose_commit_is_lost_is_wholly_done_or_not_at_all(town: Town, fault: Fault, is_new: bool) -> None:
    hands = Hands(town)
    wanted = hands.rows(_SHAPE)
    hands.sql(_AGE)
    older = hands.rows(_SHAPE)
    with Wire(town.url) as wire:
        engine = make_engine(wire.through(town.url), application_name="upgrade", pool_size=1)
        wire.order(b"COMMIT\0", fault)
        with pytest.raises(DBAPIError):
            upgrade(engine)
        assert wire.met.is_set()
        engine.dispose()
    assert hands.rows(_SHAPE) == (wanted if is_new else older)
    assert upgrade(town.owner) == wanted_revision()
    assert hands.rows(_SHAPE) == wanted


def test_a_first_upgrade_that_dies_leaves_an_empty_database(town_template: Server) -> None:
    name = f"town_{uuid.uuid4().hex[:12]}"
    empty = make_engine(create_database(town_template, name), application_name="upgrade", pool_size=1)
    hands = psycopg2.connect(town_template.url)
    hands.autocommit = True
    try:
        for number in (8, 30, 80):
            with counting(empty, hands, number), pytest.raises(DBAPIError):
                upgrade(empty)
            with empty.connect() as connection:
                assert connection.exec_driver_sql("select to_regnamespace('cc')").scalar() is None
        assert upgrade(empty) == wanted_revision()
    finally:
        hands.close()
        empty.dispose()
        drop_database(town_template, name)
