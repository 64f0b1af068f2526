"""One real PostgreSQL server for the whole test run, started by the first test that asks for it."""

import os

import pytest
from hypothesis import HealthCheck, settings

from db import embedded
from db.embedded import Server
from tests.support.servers import close_run, ground, open_run, run_home

# How long an example takes says how busy the machine is; under CI hypothesis also takes the same examples every time.
settings.register_profile("patient", parent=settings(), deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")


def pytest_configure(config: pytest.Config) -> None:
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    if _is_controller(config):
        open_run(ground())


def pytest_unconfigure(config: pytest.Config) -> None:
    """Runs after failures and Ctrl+C too; what even this misses, the next run sweeps up."""
    if _is_controller(config):
        close_run()


# Files that take more than about ten seconds: begun last they would keep one worker while the other has nothing to do.
_LONG = frozenset({
    "test_shots", "test_case_video", "test_words", "test_whistle_whole", "test_first_start", "test_city_whistles",
    "test_slot_endurance", "test_killed_server", "test_takeover", "test_full_disk", "test_interrupted_upgrade",
    "test_lost_commands", "test_lag_and_death", "test_hold_up", "test_city", "test_races", "test_map_whole",
})  # fmt: skip


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What a real clock decides on a busy machine has a second try (ADR 042); long files come first."""
    for item in items:
        if item.get_closest_marker("timing"):
            item.add_marker(pytest.mark.flaky(reruns=1))
    items.sort(key=lambda item: item.path.stem not in _LONG)


def _is_controller(config: pytest.Config) -> bool:
    """Under pytest-xdist the workers share what the controller opens and closes."""
    return not hasattr(config, "workerinput")


@pytest.fixture(scope="session")
def server() -> Server:
    """The run's server: starting is idempotent and locked, so every worker simply starts it."""
    return embedded.start(run_home(), durable=False)
