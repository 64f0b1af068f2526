"""People whose line to the server can be broken."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from db.gateways.session import PgSession
from tests.support.hands import Hands
from tests.support.paths import Paths
from tests.support.town import Town
from tests.support.town_profile import password_of
from tests.support.wire import Wire


@pytest.fixture
def hands(town: Town) -> Hands:
    return Hands(town)


@pytest.fixture
def paths(hands: Hands) -> Paths:
    return Paths(hands)


@pytest.fixture
def wire(town: Town) -> Iterator[Wire]:
    """A line to the town's server."""
    with Wire(town.url) as made:
        yield made


@pytest.fixture
def over(town: Town, wire: Wire) -> Iterator[Callable[[str], PgSession]]:
    """Log somebody in over the wire."""
    with ExitStack() as stack:

        def log_in(login: str) -> PgSession:
            session = PgSession(wire.through(town.url), f"t_{login}", password_of(f"t_{login}"))
            stack.callback(session.close)
            return session

        yield log_in
        wire.speak()  # a silent line would make the end wait
