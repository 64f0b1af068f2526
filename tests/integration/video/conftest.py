"""A town with cameras, and clerks who come with psql."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from tests.integration.security.conftest import Psql
from tests.support.hands import Hands
from tests.support.paths import Paths
from tests.support.town import Town


@dataclass(frozen=True)
class Numbers:
    """Ids of the town's cameras by their numbers."""

    hands: Hands

    def __getitem__(self, no: str) -> int:
        return int(self.hands.sql("select id from cc.camera where no = %s", no))


@pytest.fixture(scope="module")
def hands(shared_town: Town) -> Hands:
    return Hands(shared_town)


@pytest.fixture(scope="module")
def paths(hands: Hands) -> Paths:
    return Paths(hands)


@pytest.fixture(scope="module")
def cameras(hands: Hands) -> Numbers:
    return Numbers(hands)


@pytest.fixture(scope="module")
def psql(shared_town: Town) -> Callable[[str], Psql]:
    """The psql of a person; one connection each for the whole module."""
    opened: dict[str, Psql] = {}

    def open_one(login: str) -> Psql:
        if login not in opened:
            opened[login] = Psql(shared_town.psql(login))
        return opened[login]

    return open_one
