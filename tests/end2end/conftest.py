"""One home with the whole profile for all tests; desks on screens of their own."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from tests.support.desk import Desk
from tests.support.program import ProgramHome

HERE = Path(__file__).parent
_LONGEST_S = 400  # whole programs on a machine that others use too


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.end2end)
            item.add_marker(pytest.mark.timeout(_LONGEST_S))


@pytest.fixture(scope="session")
def home() -> Iterator[ProgramHome]:
    """A home whose server runs and holds the profile; no simulator has ever run in it."""
    made = ProgramHome("prepared")
    try:
        made.figures("db", "start")
        made.figures("profile", "load", "dongcheng")
        yield made
    finally:
        made.remove()


OpenDesk = Callable[..., Desk]


@contextmanager
def _opener(home: ProgramHome, folders: pytest.TempPathFactory) -> Iterator[OpenDesk]:
    with ExitStack() as stack:
        yield lambda *words: stack.enter_context(Desk(home, folders.mktemp("desk"), "--no-simulator", *words))


@pytest.fixture(scope="module")
def desks(home: ProgramHome, tmp_path_factory: pytest.TempPathFactory) -> Iterator[OpenDesk]:
    """Open desks that stay for the module: `desks("--user", "u_cgw")`."""
    with _opener(home, tmp_path_factory) as opened:
        yield opened


@pytest.fixture
def open_desk(home: ProgramHome, tmp_path_factory: pytest.TempPathFactory) -> Iterator[OpenDesk]:
    """Open desks that are closed after the test."""
    with _opener(home, tmp_path_factory) as opened:
        yield opened
