"""A simulated city, many people at work at once: what stood in the tables at its rests comes back from the events."""

from __future__ import annotations

from typing import Any

import pytest

from commandcenter.simulation import Settings, Simulation
from db.gateways.city_clock import PgCityClock
from db.gateways.session import PgSession
from tests.integration.replay.recorder import Recorder
from tests.support.town import Town
from tests.support.town_profile import OPERATORS, password_of, town_profile

pytestmark = pytest.mark.database
EVERY = 4  # rounds of the duty between two looks


def test_a_day_and_a_half_of_a_city_comes_back_as_it_was(town: Town, recorder: Recorder) -> None:
    control, rounds = PgCityClock(town.owner), 0

    def duty() -> Any:
        nonlocal rounds
        done, rounds = control.run_duty(), rounds + 1
        if rounds % EVERY == 0:
            recorder.write("supervisor", "leader", "cg")
        return done

    def log_in(user: str, password: str) -> PgSession:
        return PgSession(town.url, user, password, pool_size=1)

    passwords = {o.login: password_of(o.login) for o in OPERATORS}
    chosen = Settings(seed=3, rate=40, step_s=1200)
    with Simulation(log_in, passwords, town_profile(), chosen, control, duty=duty) as city:
        stats = city.history(1.5)
    assert stats.errors == {} and stats.reported > 30 and len(recorder.moments) > 15
    assert any(moment.cases for moment in recorder.moments)
    for then in recorder.moments:
        now = recorder.replayed(then.who, then.at)
        assert (now.cases, now.joint) == (then.cases, then.joint), (then.who, then.at)
