"""One real PostgreSQL server for the whole test run, started by the first test that asks for it."""

import os

import pytest
from hypothesis import HealthCheck, settings

from db import embedded
from db.embedded import Server
from tests.support.servers import open_run, remove_home, run_home

# How long an example takes says how busy the machine is; under CI hypothesis also takes the same examples every time.
settings.register_profile("patient", parent=settings(), deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")


def pytest_configure(config: pytest.Config) -> None:
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    if _is_controller(config):
        open_run()


def pytest_unconfigure(config: pytest.Config) -> None:
    """Runs after failures and Ctrl+C too; what even this misses, the next run sweeps up."""
    if _is_controller(config):
        remove_home(run_home())


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What a real clock decides on a busy machine has a second try (ADR 042)."""
    for item in items:
        if item.get_closest_marker("timing"):
            item.add_marker(pytest.mark.flaky(reruns=1))


def _is_controller(config: pytest.Config) -> bool:
    """Under pytest-xdist the workers share what the controller opens and closes."""
    return not hasattr(config, "workerinput")


@pytest.fixture(scope="session")
def server() -> Server:
    """The run's server: starting is idempotent and locked, so every worker simply starts it."""
    return embedded.start(run_home(), durable=False)
