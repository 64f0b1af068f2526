"""Servers of their own for tests that start, stop, crash or fill one."""

import itertools
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from db import embedded
from db.binaries import SYSTEM, WHEEL, all_binaries
from db.embedded import Server
from tests.support.servers import ground, remove_home

_numbers = itertools.count()


def present(kind: str) -> bool:
    return any(one.origin == kind for one in all_binaries())


_if_installed = pytest.mark.skipif(not present(SYSTEM), reason="no PostgreSQL installed here")
KINDS = [pytest.param(SYSTEM, marks=_if_installed), WHEEL]


def new_home() -> Path:
    """A home that any user can walk to, as /var/lib/commandcenter is; the first start makes it."""
    return ground() / f"commandcenter-own-{os.getpid()}-{next(_numbers)}"


@pytest.fixture
def home() -> Iterator[Path]:
    place = new_home()
    yield place
    remove_home(place)


@pytest.fixture(scope="module")
def start_server() -> Iterator[Callable[[str], Server]]:
    """Start servers that live as long as the module's tests; takes "system" or "wheel"."""
    homes: list[Path] = []

    def start(kind: str) -> Server:
        homes.append(new_home())
        return embedded.start(homes[-1], prefer=kind, durable=False)

    yield start
    for place in homes:
        remove_home(place)
