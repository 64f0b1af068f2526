"""A town on a server of its own, and a streaming replica of it."""

from collections.abc import Callable, Iterator

import pytest

from db import embedded
from db.embedded import Server
from db.engine import make_engine, with_login
from db.gateways.session import PgSession
from db.reader import Reader, ReaderRules
from tests.integration.server.conftest import new_home
from tests.support.servers import database_url, remove_home
from tests.support.standby import Standby, allow_replication
from tests.support.town import TEMPLATE, Town, build_template
from tests.support.town_profile import password_of

AT_ONCE = ReaderRules(lag_limit_s=60, retry_s=(0.01,))


@pytest.fixture(scope="module")
def primary() -> Iterator[Server]:
    """The town's server."""
    home = new_home()
    try:
        server = embedded.start(home, durable=False)
        build_template(server)
        allow_replication(server)
        yield server
    finally:
        remove_home(home)


@pytest.fixture(scope="module")
def capital(primary: Server) -> Iterator[Town]:
    """The town on it."""
    made = Town(database_url(primary, TEMPLATE), primary)
    yield made
    made.stack.close()


@pytest.fixture(scope="module")
def standby(primary: Server, capital: Town) -> Iterator[Standby]:
    """A replica of it."""
    made = Standby(home_of(primary), primary)
    yield made
    made.remove()


def home_of(server: Server):
    """The home of a test's server: its data lie in <home>/server/data."""
    assert server.data_dir is not None
    return server.data_dir.parents[1]


@pytest.fixture
def open_session(capital: Town) -> Iterator[Callable[..., PgSession]]:
    """Sessions with a reader, closed after the test."""
    opened: list[PgSession] = []

    def make(login: str, reader: str) -> PgSession:
        opened.append(PgSession(capital.url, login, password_of(login), reader=reader))
        return opened[-1]

    yield make
    for session in opened:
        session.close()


@pytest.fixture
def make_reader(capital: Town) -> Iterator[Callable[..., Reader]]:
    """Readers that try again at once, closed after the test."""
    closing: list[Callable[[], None]] = []

    def make(address: str, login: str = "t_supervisor", rules: ReaderRules = AT_ONCE) -> Reader:
        own = with_login(capital.url, login, password_of(login))
        engine = make_engine(own, application_name="primary", autocommit=True)
        reader = Reader(engine, with_login(address, login, password_of(login)), name="reader", rules=rules)
        closing.extend((reader.close, engine.dispose))
        return reader

    yield make
    for close in closing:
        close()
