from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable

from conftest import PRESENT, Run

from commandcenter.domain.workflow import load_workflow


def test_agents_attempt_nothing_that_the_workflow_forbids(three_days: Run) -> None:
    races = Counter({k: n for k, n in three_days.city.refusals.items() if k.startswith("Conflict")})
    assert three_days.stats is not None
    assert three_days.city.refusals - races == Counter()
    assert races.total() == three_days.stats.races
    assert three_days.stats.errors == {}


def test_everybody_acts_with_a_login_of_the_role_that_the_action_needs(three_days: Run) -> None:
    workflow = load_workflow()
    for login, action, _, _ in three_days.city.log:
        assert workflow.action[action].roles() & three_days.doors.people[login].roles(), (login, action)


def test_history_begins_days_ago_never_turns_back_and_ends_at_the_present(three_days: Run) -> None:
    shown = [at for at, _ in three_days.clock.history]
    assert shown[0] == PRESENT - 3 * 86_400
    assert shown == sorted(shown)
    assert PRESENT - 600 <= shown[-1] <= PRESENT
    assert three_days.clock.real


def test_the_duty_ran_so_that_no_suspension_outlives_its_end_by_more_than_half_an_hour(three_days: Run) -> None:
    held = [row for row in three_days.city.rows.values() if row.state == "suspended"]
    assert all((row.resume_at or 0) > PRESENT - 1800 for row in held)


def test_the_figures_are_those_of_the_city(three_days: Run) -> None:
    done, stats = Counter(action for _, action, _, _ in three_days.city.log), three_days.stats
    assert stats is not None
    assert (stats.reported, stats.filed, stats.closed) == (done["report"], done["file"], done["close"])
    assert stats.dispatched == done["dispatch"] + done["rule"]
    assert stats.actions == len(three_days.city.log)


def test_the_drama_of_a_city_happens_in_about_the_published_shares(three_days: Run) -> None:
    done = Counter(action for _, action, _, _ in three_days.city.log)
    share = {action: n / done["report"] for action, n in done.items()}
    assert 0.11 < share["self_handle"] < 0.17
    assert 0.02 < share["return_case"] < 0.05
    assert 0.02 < share["reject"] < 0.05
    assert 0.015 < share["merge"] < 0.05
    assert 0.02 < done["rework"] / done["verify"] < 0.12
    for action in ("sub_dispatch", "request_extension", "request_suspend", "supervise", "instruct", "undo_dispatch",
                   "approve_extension", "suspend", "follow_up", "rule", "hand_back", "force_close"):  # fmt: skip
        assert done[action], action


def test_about_nineteen_cases_in_twenty_are_in_time(three_days: Run) -> None:
    assert three_days.stats is not None
    late = three_days.stats.overdue / three_days.stats.filed
    assert 0.005 < late < 0.07


def test_every_case_is_either_over_or_in_somebodys_hands(three_days: Run) -> None:
    assert three_days.stats is not None
    still = sum(row.open for row in three_days.city.rows.values())
    assert three_days.stats.waiting == 0
    assert still <= three_days.stats.running


def test_stopping_leaves_no_session_and_no_thread(three_days: Run) -> None:
    assert three_days.city.open_sessions == 0
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
