"""Hands and paths in the module's own town."""

import pytest

from tests.support.hands import Hands
from tests.support.paths import Paths
from tests.support.town import Town


@pytest.fixture(scope="module")
def hands(shared_town: Town) -> Hands:
    return Hands(shared_town)


@pytest.fixture(scope="module")
def paths(hands: Hands) -> Paths:
    return Paths(hands)
