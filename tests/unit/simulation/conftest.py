"""Runs of the city over the strict fake, shared by the tests that look at them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from strict_city import StrictCity
from strict_doors import Clock, Doors

from commandcenter.profiles.model import Profile
from commandcenter.profiles.reader import read_profile
from commandcenter.simulation import Settings, Simulation, SimulationStats

ZONE = ZoneInfo("Asia/Shanghai")
PRESENT = datetime(2026, 6, 11, 11, 30, tzinfo=ZONE).timestamp()  # a Thursday


@dataclass
class Run:
    """A city that has lived, and what it left behind."""

    city: StrictCity
    doors: Doors
    clock: Clock
    simulation: Simulation
    stats: SimulationStats | None = None

    def deeds(self) -> dict[str, list[tuple[str, str, float]]]:
        """What was done to each case, by the words of its report; ids and threads do not matter."""
        told = zip(self.city.rows, self.city.reports, strict=True)
        names = {case_id: f"{report.description}|{report.reporter_phone}" for case_id, report in told}
        found: dict[str, list[tuple[str, str, float]]] = {name: [] for name in names.values()}
        for login, action, case_id, at in self.city.log:
            found[names[case_id]].append((login, action, at))
        return found


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
