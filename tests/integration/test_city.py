"""The simulated city over the real database: what the agents believe of the rules is what the rules are."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from commandcenter.simulation import Settings, Simulation
from db.gateways.city_clock import PgCityClock
from db.gateways.session import PgSession
from tests.support.town import Town
from tests.support.town_profile import OPERATORS, password_of, town_profile

pytestmark = pytest.mark.database


def _city(town: Town, **settings: object) -> Simulation:
    def log_in(user: str, password: str) -> PgSession:
        return PgSession(town.url, user, password, pool_size=1)

    control = PgCityClock(town.owner)
    passwords = {o.login: password_of(o.login) for o in OPERATORS}
    chosen = Settings(**settings)  # type: ignore[arg-type]
    return Simulation(log_in, passwords, town_profile(), chosen, control, duty=control.run_duty)


def test_a_town_lives_through_a_day_without_one_refused_command_and_ends_at_the_present(town: Town) -> None:
    with _city(town, seed=2, rate=60, step_s=1200) as city:
        stats = city.history(1.0)
    assert stats.errors == {}
    assert stats.reported == town.scalar("select count(*) from cc.cases")
    assert stats.closed + stats.self_handled > 10
    assert stats.actions == town.scalar("select count(*) from cc.case_event where actor_login <> 'duty'") - stats.merged
    assert town.scalar("select abs(extract(epoch from cc.city_now() - clock_timestamp())) < 1")
    assert town.scalar("select max(at) <= clock_timestamp() from cc.case_event")


def test_a_town_whose_dispatcher_is_a_person_goes_on_with_what_the_person_dispatched(town: Town) -> None:
    with _city(town, seed=2, rate=0, peek_s=0.0, sweep_s=0.0, leave=frozenset({"dispatcher"})) as city:
        case_id = town.report(item_id=town.item("暴露垃圾"), grid_id=town.grid("G-A1-0"))
        town.act("acceptor", case_id, "accept")
        town.act("acceptor", case_id, "file")
        city.start()
        _until(lambda: city.stats().waiting == 1)
        town.act("dispatcher", case_id, "dispatch", unit_id=town.org("A"))
        _until(lambda: (city.stats().waiting, city.stats().running) == (0, 1))


def _until(happened: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not happened():
        assert time.monotonic() < deadline, "it never happened"
        time.sleep(0.05)
