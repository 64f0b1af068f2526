"""A fresh copy of the town's database for every test."""

from collections.abc import Iterator

import pytest
from fasteners import InterProcessLock

from db.embedded import Server
from tests.support.servers import run_home
from tests.support.town import TEMPLATE, Town, build_template, copied


@pytest.fixture(scope="session")
def town_template(server: Server) -> Server:
    """The server, holding the template database; the first worker builds it."""
    with InterProcessLock(run_home() / "template.lock"):
        build_template(server)
    return server


@pytest.fixture
def town(town_template: Server) -> Iterator[Town]:
    """A town of one's own, dropped after the test."""
    with copied(town_template, TEMPLATE) as found:
        yield found


@pytest.fixture(scope="module")
def shared_town(town_template: Server) -> Iterator[Town]:
    """A town for all tests of a module, which use cases of their own and leave people, clock and schema alone."""
    with copied(town_template, TEMPLATE) as found:
        yield found
