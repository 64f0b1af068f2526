from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from city_run import PRESENT, Run

from commandcenter.domain.workflow import load_workflow
from commandcenter.simulation import city, facts
from commandcenter.simulation.data import city_data


def test_agents_attempt_nothing_that_the_workflow_forbids(two_days: Run) -> None:
    races = Counter({k: n for k, n in two_days.city.refusals.items() if k.startswith("Conflict")})
    assert two_days.stats is not None
    assert two_days.city.refusals - races == Counter()
    assert races.total() == two_days.stats.races
    assert two_days.stats.errors == {}


def test_everybody_acts_with_a_login_of_the_role_that_the_action_needs(two_days: Run) -> None:
    workflow = load_workflow()
    for login, action, _, _ in two_days.city.log:
        assert workflow.action[action].roles() & two_days.doors.people[login].roles(), (login, action)


def test_history_begins_days_ago_never_turns_back_and_ends_at_the_present(two_days: Run) -> None:
    shown = [at for at, _ in two_days.clock.history]
    assert shown[0] == PRESENT - 2 * 86_400
    assert shown == sorted(shown)
    assert PRESENT - 600 <= shown[-1] <= PRESENT
    assert two_days.clock.real


def test_the_duty_ran_so_that_no_suspension_outlives_its_end_by_more_than_half_an_hour(two_days: Run) -> None:
    held = [row for row in two_days.city.rows.values() if row.state == "suspended"]
    assert all((row.resume_at or 0) > PRESENT - 1800 for row in held)


def test_the_figures_are_those_of_the_city(two_days: Run) -> None:
    done, stats = Counter(action for _, action, _, _ in two_days.city.log), two_days.stats
    assert stats is not None
    assert (stats.reported, stats.filed, stats.closed) == (done["report"], done["file"], done["close"])
    assert stats.dispatched == done["dispatch"] + done["rule"]
    assert stats.actions == len(two_days.city.log)


def test_the_drama_of_a_city_happens_in_about_the_published_shares(two_days: Run) -> None:
    done = Counter(action for _, action, _, _ in two_days.city.log)
    share = {action: n / done["report"] for action, n in done.items()}
    assert 0.11 < share["self_handle"] < 0.17
    assert 0.02 < share["return_case"] < 0.05
    assert 0.02 < share["reject"] < 0.05
    assert 0.015 < share["merge"] < 0.05
    assert 0.02 < done["rework"] / done["verify"] < 0.12


def test_in_a_city_where_everything_goes_wrong_nothing_forbidden_is_attempted_either(
    lived: Callable[..., Run], monkeypatch: pytest.MonkeyPatch
) -> None:
    data = city_data("dongcheng")
    worse = {name: min(0.6, share * 12) for name, share in data.fates.items() if name != "self_handled_of_patrol"}
    mixed = replace(data, fates={**data.fates, **worse, "rejected": 0.05, "merged": 0.2, "cleared": 1.0})
    monkeypatch.setattr(facts, "city_data", lambda profile: mixed)
    monkeypatch.setattr(city, "gather", _whistled)
    run = lived(6.0, rate=90, seed=11, step_s=400.0)
    done = Counter(action for _, action, _, _ in run.city.log)
    assert [k for k in run.city.refusals if not k.startswith("Conflict")] == []
    assert run.stats is not None
    assert run.stats.errors == {}
    seldom = set(load_workflow().action) - {"classify", "note", "resume"} - set(done)
    assert seldom == set()


def _whistled(*given: Any) -> facts.Facts:
    """The city's facts, where every case has been whistled for."""

    class Numbers(dict[int, str]):
        def get(self, key: int, default: Any = None) -> Any:  # type: ignore[override]
            return f"CS-{key}"

    return replace(facts.gather(*given), whistles_over=Numbers())


def test_nobody_clears_the_ledger_without_a_whistle(two_days: Run) -> None:
    assert "clear_ledger" not in {action for _, action, _, _ in two_days.city.log}


def test_about_nineteen_cases_in_twenty_are_in_time(two_days: Run) -> None:
    assert two_days.stats is not None
    late = two_days.stats.overdue / two_days.stats.filed
    assert 0.005 < late < 0.07


def test_every_case_is_either_over_or_in_somebodys_hands(two_days: Run) -> None:
    assert two_days.stats is not None
    still = sum(row.open for row in two_days.city.rows.values())
    assert two_days.stats.waiting == 0
    assert still <= two_days.stats.running


def test_stopping_leaves_no_session_and_no_thread(two_days: Run) -> None:
    assert two_days.city.open_sessions == 0
    assert not [t for t in threading.enumerate() if t.name.startswith("city")]


def test_the_same_seed_makes_the_same_decisions_whatever_the_threads_do(lived: Callable[..., Run]) -> None:
    one, many = lived(0.3, seed=3, rate=900, workers=1), lived(0.3, seed=3, rate=900, workers=7)
    assert len(one.city.rows) > 100
    assert one.deeds() == many.deeds()


def test_another_seed_makes_another_city(lived: Callable[..., Run]) -> None:
    one, other = lived(0.1, seed=3, rate=900), lived(0.1, seed=4, rate=900)
    assert set(one.deeds()).isdisjoint(other.deeds())


def test_a_role_left_to_people_is_not_acted_for(lived: Callable[..., Run]) -> None:
    run = lived(0.3, rate=900, leave=frozenset({"dispatcher"}))
    assert run.stats is not None
    filed = sum(row.state == "filed" for row in run.city.rows.values())
    assert not [deed for deed in run.city.log if deed[1] in ("dispatch", "undo_dispatch")]
    assert filed > 100
    assert run.stats.waiting > 100


def test_a_login_left_to_a_person_is_not_used_but_his_colleagues_work(lived: Callable[..., Run]) -> None:
    run = lived(0.2, rate=900, leave=frozenset({"s0001"}))
    assert "s0001" not in {login for login, *_ in run.city.log}
    assert "accept" in {action for _, action, _, _ in run.city.log}
