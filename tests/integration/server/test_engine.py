"""The connections that the program opens."""

import logging

import pytest
from psycopg2.errors import QueryCanceled
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from db.embedded import Server
from db.engine import listen_connection, make_engine

pytestmark = pytest.mark.database


def test_every_connection_finds_our_schema_and_gives_up_in_time(server: Server) -> None:
    engine = make_engine(server.url, application_name="desk", statement_timeout_ms=1200, lock_timeout_ms=700)
    names = ("search_path", "statement_timeout", "lock_timeout", "application_name")
    with engine.connect() as connection:
        found = [connection.scalar(text(f"select current_setting('{name}')")) for name in names]
    engine.dispose()
    assert found == ["cc", "1200ms", "700ms", "desk"]


def test_a_statement_that_takes_too_long_is_cut_off(server: Server) -> None:
    engine = make_engine(server.url, application_name="desk", statement_timeout_ms=20)
    with engine.connect() as connection, pytest.raises(DBAPIError) as caught:
        connection.execute(text("select pg_sleep(60)"))
    engine.dispose()
    assert isinstance(caught.value.orig, QueryCanceled)


def test_a_connection_that_died_in_the_pool_is_replaced(server: Server) -> None:
    engine = make_engine(server.url, application_name="desk", pool_size=1)
    other = make_engine(server.url, application_name="other", pool_size=1)
    with engine.connect() as connection:
        pid = connection.scalar(text("select pg_backend_pid()"))
    with other.connect() as connection:
        # Waits until the backend is really gone.
        assert connection.scalar(text("select pg_terminate_backend(:pid, 10000)"), {"pid": pid})
    with engine.connect() as connection:
        assert connection.scalar(text("select pg_backend_pid()")) != pid
    engine.dispose()
    other.dispose()


def test_neither_password_nor_parameters_reach_errors_or_logs(server: Server, caplog: pytest.LogCaptureFixture) -> None:
    engine = make_engine(server.url, application_name="desk")
    password = str(engine.url.password)
    with caplog.at_level(logging.DEBUG), engine.connect() as connection, pytest.raises(DBAPIError) as caught:
        connection.execute(text("select nothing where :phone = :phone"), {"phone": "13800000000"})
    engine.dispose()
    told = repr(engine) + str(engine.url) + repr(caught.value) + str(caught.value)
    assert password not in told + caplog.text
    assert "parameters hidden" in str(caught.value)


def test_the_listening_connection_hears_without_a_transaction(server: Server) -> None:
    listener = listen_connection(server.url)
    speaker = listen_connection(server.url)
    with listener.cursor() as cursor, speaker.cursor() as other:
        cursor.execute("listen cc_wake")
        other.execute("notify cc_wake")
        cursor.execute("select current_setting('search_path')")
        assert cursor.fetchone() == ("cc",)
    listener.poll()
    assert [note.channel for note in listener.notifies] == ["cc_wake"]
    listener.close()
    speaker.close()
