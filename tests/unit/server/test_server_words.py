"""What the program says about the server it found or could not start."""

import pytest

from db.binaries import find_binaries, security_warnings
from db.cluster import in_words
from db.engine import dsn, normalised, with_login
from db.server_error import ServerError


@pytest.mark.parametrize(
    ("version", "warned"),
    [((15, 18), True), ((15, 20), False), ((18, 6), True), ((18, 7), False), ((99, 0), False)],
)
def test_a_server_without_known_security_fixes_is_warned_of(version: tuple[int, int], warned: bool) -> None:
    assert bool(security_warnings(version)) is warned


@pytest.mark.parametrize(
    ("english", "chinese"),
    [
        ("initdb: error: could not write file: No space left on device", "磁盘空间不足"),
        ("FATAL: could not open directory: Permission denied", "没有访问权限"),
        ("FATAL:  pre-existing shared memory block is still in use", "尚未退出"),
    ],
)
def test_a_failed_start_is_explained(english: str, chinese: str) -> None:
    assert chinese in in_words("数据库服务器没有启动", english)


def test_an_unknown_failure_keeps_the_servers_own_words() -> None:
    assert in_words("没有启动", "hint\nFATAL: odd\n\n") == "没有启动\uff1aFATAL: odd"


def test_a_kind_of_postgresql_that_is_not_there_is_said() -> None:
    with pytest.raises(ServerError, match="make setup"):
        find_binaries(prefer="nowhere")


def test_a_login_replaces_another_in_the_address() -> None:
    url = with_login("postgres://boss:a%40b@10.0.0.1:5433/city?sslmode=require", "li.na", "p@ss:w/rd")
    assert dsn(url) == "postgresql://li.na:p%40ss%3Aw%2Frd@10.0.0.1:5433/city?sslmode=require"
    assert "p@ss" not in repr(url)


def test_addresses_are_given_to_psycopg2() -> None:
    assert normalised("postgresql+psycopg://u@h/d").drivername == "postgresql+psycopg2"
