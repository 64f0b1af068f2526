"""Working with an address that somebody gives instead of the embedded server."""

import socket
from pathlib import Path

import pytest

from db import embedded
from db.embedded import Server
from db.engine import dsn, with_login
from db.server_error import ServerError
from db.servers import URL_VARIABLE, given_server, obtain

pytestmark = pytest.mark.database


def test_a_given_address_is_used_and_its_version_told(server: Server) -> None:
    found = obtain(server.url.replace("postgresql://", "postgres://"))
    assert (found.url, found.version, found.port) == (server.url, server.version, server.port)
    assert found.warnings == server.warnings
    assert found.data_dir is None


def test_the_environment_may_give_the_address(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(URL_VARIABLE, server.url)
    assert obtain().url == server.url


def test_without_an_address_ours_is_started(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(URL_VARIABLE, raising=False)
    found = obtain(home=home)
    assert found.port == embedded.status(home).port


def test_a_wrong_password_is_said_without_repeating_it(server: Server) -> None:
    with pytest.raises(ServerError, match="用户名或密码") as caught:
        given_server(dsn(with_login(server.url, "postgres", "geheim-42")))
    assert "geheim-42" not in str(caught.value)


def test_no_server_at_the_address_is_said() -> None:
    with socket.socket() as reserved:
        reserved.bind(("127.0.0.1", 0))
        with pytest.raises(ServerError, match="连不上"):
            given_server(f"postgresql://nobody@127.0.0.1:{reserved.getsockname()[1]}/none")


@pytest.mark.parametrize("address", ["mysql://root@localhost/x", "just words", "postgresql://u:pw7@host:port/x"])
def test_an_address_of_another_kind_is_refused_in_words(address: str) -> None:
    with pytest.raises(ServerError, match="PostgreSQL|postgresql") as caught:
        given_server(address)
    assert "pw7" not in str(caught.value)
