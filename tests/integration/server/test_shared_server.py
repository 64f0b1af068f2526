"""The server that the fixtures give to all other integration tests."""

import psycopg2
import pytest

from db.embedded import Server
from tests.support.servers import create_database, drop_database

pytestmark = pytest.mark.database


def test_a_database_can_be_copied_from_a_template(server: Server) -> None:
    url = create_database(server, "shared_template")
    with psycopg2.connect(url) as connection, connection.cursor() as cursor:
        cursor.execute("create table kept (word text); insert into kept values ('网格')")
    connection.close()
    copy = create_database(server, "shared_copy", template="shared_template")
    try:
        connection = psycopg2.connect(copy)
        with connection.cursor() as cursor:
            cursor.execute("select word from kept")
            assert cursor.fetchone() == ("网格",)
        connection.close()
    finally:
        drop_database(server, "shared_copy")
        drop_database(server, "shared_template")


@pytest.mark.parametrize(("setting", "value"), [("fsync", "off"), ("listen_addresses", "127.0.0.1")])
def test_the_test_server_has_its_settings(server: Server, setting: str, value: str) -> None:
    connection = psycopg2.connect(server.url)
    with connection.cursor() as cursor:
        cursor.execute("select current_setting(%s)", (setting,))
        assert cursor.fetchone() == (value,)
    connection.close()
