"""Runs of the city over the strict fake, shared by the tests that look at them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date

import pytest
from city_run import PRESENT, Run
from strict_city import StrictCity
from strict_doors import Clock, Doors

from commandcenter.profiles.model import Profile
from commandcenter.profiles.reader import read_profile
from commandcenter.simulation import Settings, Simulation


@pytest.fixture(scope="session")
def dongcheng() -> Profile:
    return read_profile("dongcheng")


@pytest.fixture(scope="session")
def build(dongcheng: Profile) -> Callable[..., Run]:
    """A city that has not lived yet."""

    def make(**settings: object) -> Run:
        city = StrictCity(dongcheng, date(2026, 1, 1))
        doors, clock = Doors(city, dongcheng), Clock(city, PRESENT)
        passwords = {o.login: f"pw-{o.login}" for o in dongcheng.operators}
        simulation = Simulation(
            doors, passwords, dongcheng, Settings(**settings), clock, duty=city.resume_due,  # type: ignore[arg-type]
            present=lambda: clock.present,
        )  # fmt: skip
        return Run(city, doors, clock, simulation)

    return make


@pytest.fixture(scope="session")
def lived(build: Callable[..., Run]) -> Callable[..., Run]:
    """A city that has lived through some days."""

    def live(days: float, **settings: object) -> Run:
        run = build(**settings)
        with run.simulation:
            run.stats = run.simulation.history(days)
        return run

    return live


@pytest.fixture(scope="session")
def two_days(lived: Callable[..., Run]) -> Run:
    """Two days, Tuesday to Thursday, with 700 reports a day."""
    return lived(2.0, seed=7, rate=700)


@pytest.fixture
def beside(build: Callable[..., Run]) -> Iterator[Callable[..., object]]:
    """A city that lives beside a clock which the test moves."""

    @contextmanager
    def live(**settings: object) -> Iterator[Run]:
        run = build(**{"sweep_s": 0.0, "peek_s": 0.0, "rate": 0, **settings})
        run.simulation.start()
        try:
            yield run
        finally:
            run.simulation.stop()

    yield live
