from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from city_run import PRESENT, Run

from commandcenter.domain.model import Command, NewReport

Beside = Callable[..., Any]


def until(happened: Callable[[], Any], run: Run, step_s: float = 600.0) -> None:
    """Let the city's clock go on until something has happened."""
    deadline = time.monotonic() + 60
    while not happened():
        assert time.monotonic() < deadline, "it never happened"
        if run.clock.real:
            run.city.now += step_s
        time.sleep(0.01)


def by_person(run: Run, role: str, action: str, case_id: int, **args: Any) -> None:
    person = next(p for p in run.doors.people.values() if role in p.roles() and p.duties[0].org_id == 1)
    version = run.city.rows[case_id].version
    run.city.act(person, Command(uuid4(), case_id, version, action, args))


def told(run: Run) -> int:
    """A case that a person took in while the city was asleep."""
    acceptor = next(p for p in run.doors.people.values() if "acceptor" in p.roles())
    report = NewReport(uuid4(), "hotline12345", "门口井盖破损", summary="井盖破损", reporter_phone="13900000000")
    return run.city.report(acceptor, report).case_id


def test_cases_that_the_city_did_not_report_are_brought_to_their_end(beside: Beside) -> None:
    with beside() as run:
        case_id = told(run)
        until(lambda: not run.city.rows[case_id].open, run)
    assert run.city.rows[case_id].state in ("closed", "rejected")


def test_what_a_dispatcher_sends_is_received_by_the_clerk_of_that_unit(beside: Beside) -> None:
    with beside(leave=frozenset({"dispatcher"})) as run:
        case_id = told(run)
        until(lambda: run.city.rows[case_id].state == "filed" and run.simulation.stats().waiting, run)
        street = run.city.rows[case_id].street_id
        by_person(run, "dispatcher", "dispatch", case_id, unit_id=street)
        until(lambda: run.city.rows[case_id].state in ("in_progress", "returned"), run)
    login, action = next((who, a) for who, a, c, _ in reversed(run.city.log) if c == case_id)
    assert action in ("receive", "return_case")
    assert {d.org_id for d in run.doors.people[login].duties} == {street}


def test_a_role_given_back_to_the_agents_is_taken_up(beside: Beside) -> None:
    with beside(leave=frozenset({"acceptor"})) as run:
        case_id = told(run)
        until(lambda: run.simulation.stats().waiting, run)
        run.simulation.leave(frozenset())
        until(lambda: run.city.rows[case_id].state != "reported", run)
        assert run.simulation.stats().waiting == 0


def test_a_person_who_is_faster_is_no_accident(beside: Beside) -> None:
    with beside(peek_s=1e9, sweep_s=1e9) as run:
        until(lambda: run.simulation.stats().seconds, run)
        run.simulation.stop()
    case_id = told(run)
    with beside() as other:
        other.city.rows = run.city.rows
        until(lambda: other.simulation.stats().running, other, step_s=0)
        by_person(other, "acceptor", "reject", case_id, reason="不在本区")
        until(lambda: other.simulation.stats().running == 0, other)
    assert other.city.rows[case_id].state == "rejected"


def test_a_server_that_goes_away_is_waited_for(beside: Beside) -> None:
    with beside(rate=2000) as run:
        until(lambda: len(run.city.rows) > 5, run, step_s=60)
        run.city.down = True
        until(lambda: run.simulation.stats().errors.get("ServerUnavailable"), run, step_s=60)
        before = len(run.city.log)
        run.city.down = False
        until(lambda: len(run.city.log) > before + 20, run, step_s=60)
        assert set(run.simulation.stats().errors) == {"ServerUnavailable"}


def test_a_server_that_is_not_there_yet_is_waited_for(build: Callable[..., Run]) -> None:
    run = build(rate=2000)
    run.city.down = True
    run.simulation.start()
    run.city.down = False
    try:
        until(lambda: run.city.rows, run, step_s=60)
    finally:
        run.simulation.stop()


def test_a_broken_agent_is_logged_and_the_city_goes_on(
    beside: Beside, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    with beside() as run:
        bad, good = told(run), told(run)
        act = run.city.act

        def breaks(person: Any, command: Command) -> Any:
            if command.case_id == bad:
                raise RuntimeError("a bug")
            return act(person, command)

        monkeypatch.setattr(run.city, "act", breaks)
        until(lambda: not run.city.rows[good].open, run)
        assert run.simulation.stats().errors == {"bug:RuntimeError": 1}
    assert "an agent failed" in caplog.text


def test_a_fast_clock_ends_at_the_present(build: Callable[..., Run]) -> None:
    run = build(rate=0)
    ticks = iter(range(0, 10_000, 10))
    run.simulation._present = lambda: PRESENT + next(ticks)
    with run.simulation:
        run.simulation.run(minutes=1, speed=60)
    shown, speed = run.clock.history[0]
    assert speed == 60
    assert shown == pytest.approx(PRESENT + 60 - 3600, abs=20)
    assert run.clock.real


def test_a_speed_without_an_end_is_refused(build: Callable[..., Run]) -> None:
    with pytest.raises(ValueError, match="minutes"):
        build().simulation.run(speed=10)


def test_stopping_from_another_thread_waits_for_the_agents_at_work(build: Callable[..., Run]) -> None:
    run = build(rate=2000)
    failed: list[BaseException] = []

    def live() -> None:
        try:
            run.simulation.history(2.0)
        except BaseException as error:
            failed.append(error)
            raise

    thread = threading.Thread(target=live)
    thread.start()
    until(lambda: run.city.rows, run)
    run.simulation.stop()
    thread.join()
    assert failed == []
    assert run.city.open_sessions == 0
    assert run.clock.real
    assert run.simulation.run(minutes=1).reported == len(run.city.rows)
