"""A fresh copy of the town's database for every test."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from fasteners import InterProcessLock

from db.embedded import Server
from db.upgrade import close_database
from tests.support.servers import create_database, drop_database, run_home
from tests.support.town import TEMPLATE, Town, build_template


@pytest.fixture(scope="session")
def town_template(server: Server) -> Server:
    """The server, holding the template database; the first worker builds it."""
    with InterProcessLock(run_home() / "template.lock"):
        build_template(server)
    return server


@contextmanager
def _fresh(server: Server) -> Iterator[Town]:
    name = f"town_{uuid.uuid4().hex[:12]}"
    with InterProcessLock(run_home() / "template.lock"):
        url = create_database(server, name, TEMPLATE)
    found = Town(url, server)
    with found.owner.begin() as connection:
        close_database(connection)
    try:
        yield found
    finally:
        found.stack.close()
        drop_database(server, name)


@pytest.fixture
def town(town_template: Server) -> Iterator[Town]:
    """A town of one's own, dropped after the test."""
    with _fresh(town_template) as found:
        yield found


@pytest.fixture(scope="module")
def shared_town(town_template: Server) -> Iterator[Town]:
    """A town for all tests of a module, which use cases of their own and leave people, clock and schema alone."""
    with _fresh(town_template) as found:
        yield found
