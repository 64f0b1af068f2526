"""One real PostgreSQL server for the whole test run, started by the first test that asks for it."""

import os

import pytest

from db import embedded
from db.embedded import Server
from tests.support.servers import open_run, remove_home, run_home


def pytest_configure(config: pytest.Config) -> None:
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    if _is_controller(config):
        open_run()


def pytest_unconfigure(config: pytest.Config) -> None:
    """Runs after failures and Ctrl+C too; what even this misses, the next run sweeps up."""
    if _is_controller(config):
        remove_home(run_home())


def _is_controller(config: pytest.Config) -> bool:
    """Under pytest-xdist the workers share what the controller opens and closes."""
    return not hasattr(config, "workerinput")


@pytest.fixture(scope="session")
def server() -> Server:
    """The run's server: starting is idempotent and locked, so every worker simply starts it."""
    return embedded.start(run_home(), durable=False)
