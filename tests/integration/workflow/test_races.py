"""Two people on one case: one winner, and the loser is told who; one command sent twice: done once."""

import threading
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from commandcenter.domain.errors import Busy, Conflict, DomainError, InvalidInput
from commandcenter.domain.model import Command, Done, NewReport
from tests.support.hands import Hands
from tests.support.paths import Paths
from tests.support.town import Town

pytestmark = pytest.mark.database


def _at_once(*deeds: Callable[[], Any]) -> list[Any]:
    """Do all of them from threads of their own, started together; results or domain errors in order."""
    gate = threading.Barrier(len(deeds), timeout=30)

    def run(deed: Callable[[], Any]) -> Any:
        gate.wait()
        try:
            return deed()
        except DomainError as error:
            return error

    with ThreadPoolExecutor(len(deeds)) as pool:
        return [future.result(timeout=60) for future in [pool.submit(run, deed) for deed in deeds]]


def test_of_two_dispatchers_one_wins_and_the_other_learns_who_when_and_where_to(
    shared_town: Town, hands: Hands, paths: Paths
) -> None:
    units = {"dispatcher": "D-CG", "dispatcher2": "D-GA"}
    names = {"dispatcher": ("派遣甲", "区城管委"), "dispatcher2": ("派遣乙", "公安分局")}
    ids = {login: hands.org(unit) for login, unit in units.items()}
    winners = set()
    for _ in range(30):
        case = paths.to("filed")
        version = hands.version(case)

        def dispatch(login: str, case: int = case, version: int = version) -> Done:
            command = Command(uuid.uuid4(), case, version, "dispatch", {"unit_id": ids[login]})
            return shared_town.session(login).commands.act(command)

        results = _at_once(lambda: dispatch("dispatcher"), lambda: dispatch("dispatcher2"))
        done = [login for login, result in zip(units, results, strict=True) if isinstance(result, Done)]
        lost = [result for result in results if isinstance(result, Conflict)]
        assert len(done) == len(lost) == 1
        winner = done[0]
        winners.add(winner)
        assert (lost[0].detail["who"], lost[0].detail["unit"]) == names[winner]
        assert lost[0].detail["at"] and lost[0].detail["state"] == "dispatched"
        assert hands.row(case)["unit_id"] == ids[winner]
        assert hands.events(case).count("dispatch") == 1
    assert winners  # who wins is nobody's business


def test_a_command_sent_again_is_done_once_and_answered_the_same(shared_town: Town, hands: Hands, paths: Paths) -> None:
    case = paths.to("filed")
    command = Command(uuid.uuid4(), case, hands.version(case), "dispatch", {"unit_id": hands.org("D-CG")})
    commands = shared_town.session("dispatcher").commands
    first, again = commands.act(command), commands.act(command)
    assert not first.replayed and again.replayed
    assert (again.case_id, again.version, again.event) == (first.case_id, first.version, first.event)
    assert commands.outcome(command.id) == again
    assert hands.events(case).count("dispatch") == 1


def test_a_command_sent_twice_at_the_same_moment_is_done_once(shared_town: Town, hands: Hands, paths: Paths) -> None:
    session = shared_town.session("supervisor")
    for action, args in (("classify", {"grade": "cross"}), ("note", {"text": "请尽快"})):
        case = paths.to("reported")
        command = Command(uuid.uuid4(), case, hands.version(case), action, args)
        results = _at_once(*[lambda command=command: session.commands.act(command)] * 3)
        assert sorted(result.replayed for result in results) == [False, True, True]
        assert hands.events(case).count(action) == 1


def test_a_report_sent_twice_at_the_same_moment_becomes_one_case(shared_town: Town, hands: Hands) -> None:
    session = shared_town.session("acceptor")
    report = NewReport(uuid.uuid4(), "patrol", "路灯不亮", lon=116.0025, lat=40.0025)
    results = _at_once(*[lambda: session.commands.report(report)] * 3)
    assert len({result.case_id for result in results}) == 1
    assert hands.sql("select count(*) from cc.case_detail where description = '路灯不亮'") == 1


def test_the_same_source_number_from_two_at_once_becomes_one_case(shared_town: Town, hands: Hands) -> None:
    def report(login: str) -> Done:
        given = NewReport(uuid.uuid4(), "hotline", "井盖松动", source_no="HX-99", lon=116.0025, lat=40.0025)
        return shared_town.session(login).commands.report(given)

    results = _at_once(lambda: report("acceptor"), lambda: report("channel"))
    assert results[0].case_id == results[1].case_id
    assert sorted(result.known for result in results) == [False, True]


def test_nobody_replays_or_reads_anothers_command(shared_town: Town, hands: Hands, paths: Paths) -> None:
    case = paths.to("filed")
    command = Command(uuid.uuid4(), case, hands.version(case), "dispatch", {"unit_id": hands.org("D-CG")})
    shared_town.session("dispatcher").commands.act(command)
    other = shared_town.session("dispatcher2").commands
    assert other.outcome(command.id) is None
    with pytest.raises(InvalidInput, match="命令编号") as refused:
        other.act(command)
    assert not refused.value.detail
    with pytest.raises(InvalidInput, match="命令编号"):
        other.report(NewReport(command.id, "patrol", "路面积水"))


def test_two_cases_merged_into_each_other_at_once_do_not_both_vanish(shared_town: Town, hands: Hands) -> None:
    for _ in range(5):
        one, two = hands.report(), hands.report()

        def merge(login: str, case: int, master: int) -> Done:
            command = Command(uuid.uuid4(), case, 1, "merge", {"master_id": master})
            return shared_town.session(login).commands.act(command)

        results = _at_once(
            lambda one=one, two=two: merge("acceptor", one, two), lambda one=one, two=two: merge("acceptor", two, one)
        )
        assert sum(isinstance(result, Done) for result in results) == 1
        assert sum(isinstance(result, Busy | InvalidInput) for result in results) == 1
        assert sorted(hands.state(case) for case in (one, two)) == ["merged", "reported"]


def test_two_windows_of_one_person_may_look_at_two_cases_at_once(shared_town: Town, hands: Hands) -> None:
    commands = shared_town.session("acceptor").commands
    cases = [hands.report() for _ in range(2)]
    for _ in range(10):
        results = _at_once(*[lambda case=case: commands.look_at(case) for case in cases])
        assert results == [None, None]
    assert hands.sql("select count(*) from cc.presence p join cc.operator o on o.id = p.operator_id "
                     "where o.login = 't_acceptor'") == 1  # fmt: skip
