"""Hands and paths in a town of one's own: rounds, clocks and counters are the whole database's."""

import pytest

from tests.support.hands import Hands
from tests.support.paths import Paths
from tests.support.town import Town


@pytest.fixture
def hands(town: Town) -> Hands:
    return Hands(town)


@pytest.fixture
def paths(hands: Hands) -> Paths:
    return Paths(hands)
