"""One home with the whole profile for the tests of a worker; desks on screens of their own."""

from collections.abc import Callable, Generator, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tests.support.desk import Desk
from tests.support.lasting import FAILED, Lasting
from tests.support.program import ProgramHome

HERE = Path(__file__).parent
_LONGEST_S = 600  # both tries; whole programs on a machine that others use too


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.end2end)
            item.add_marker(pytest.mark.timeout(_LONGEST_S))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    item.stash[FAILED] = report.failed or (report.when != "setup" and item.stash.get(FAILED, False))
    return report


@contextmanager
def prepared() -> Iterator[ProgramHome]:
    """A home whose server runs and holds the profile; no simulator has ever run in it."""
    made = ProgramHome("prepared")
    try:
        made.figures("db", "start")
        made.figures("profile", "load", "dongcheng")
        yield made
    finally:
        made.remove()


@pytest.fixture(scope="session")
def homes() -> Iterator[Lasting]:
    kept = Lasting()
    yield kept
    kept.end()


@pytest.fixture(scope="module")
def lasting() -> Iterator[Lasting]:
    kept = Lasting()
    yield kept
    kept.end()


@pytest.fixture
def home(request: pytest.FixtureRequest, homes: Lasting, lasting: Lasting) -> Iterator[ProgramHome]:
    """The worker's home with all that its tests have done there; a new one after a test that failed."""
    yield homes.get("prepared", prepared)
    if request.node.stash.get(FAILED, False):
        lasting.end()
        homes.end()


OpenDesk = Callable[..., Desk]
Keep = Callable[..., Any]


@pytest.fixture
def keep(request: pytest.FixtureRequest, lasting: Lasting) -> Iterator[Keep]:
    """`keep(key, make)` for what stays for the module's next test if this one passes."""
    yield lasting.get
    if request.node.stash.get(FAILED, False):
        lasting.end()


LastingDesk = Callable[..., Desk]


@pytest.fixture
def lasting_desk(keep: Keep, home: ProgramHome, tmp_path_factory: pytest.TempPathFactory) -> LastingDesk:
    """A desk that is live, kept for the module: `lasting_desk("--user", "u_cgw")`; `begin(desk)` is done once."""

    @contextmanager
    def make(words: tuple[str, ...], begin: Callable[[Desk], object]) -> Iterator[Desk]:
        with _desk(home, tmp_path_factory, *words) as desk:
            desk.ready()
            begin(desk)
            yield desk

    return lambda *words, begin=lambda _desk: None: keep(words, partial(make, words, begin))


@pytest.fixture
def open_desk(home: ProgramHome, tmp_path_factory: pytest.TempPathFactory) -> Iterator[OpenDesk]:
    """Open desks that are closed after the test."""
    opened: list[Desk] = []
    with ExitStack() as stack:

        def opener(*words: str) -> Desk:
            opened.append(stack.enter_context(_desk(home, tmp_path_factory, *words)))
            return opened[-1]

        yield opener
        for desk in opened:
            desk.end()


def _desk(home: ProgramHome, folders: pytest.TempPathFactory, *words: str) -> AbstractContextManager[Desk]:
    """On the desk, wherever the last program of this home was left."""
    where = () if "--screen" in words else ("--screen", "dispatch")
    return Desk(home, folders.mktemp("desk"), "--no-simulator", *where, *words)
