"""Several people on one whistle at the same moment, each by a connection of his own: one winner, nothing lost."""

import threading
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from commandcenter.domain.errors import Conflict, DomainError, WrongState
from tests.integration.whistle.lanes import GOOD, PLACE, Whistles
from tests.support.clocks import pass_time
from tests.support.town import Town

pytestmark = pytest.mark.database

ROUNDS = 12


@pytest.fixture(scope="module")
def pair(shared_town: Town) -> tuple[Whistles, Whistles]:
    """Two connections."""
    return Whistles(shared_town), Whistles(shared_town)


def _at_once(*deeds: Callable[[], Any]) -> list[Any]:
    """Results or domain errors, in order."""
    gate = threading.Barrier(len(deeds), timeout=30)

    def run(deed: Callable[[], Any]) -> Any:
        gate.wait()
        try:
            return deed()
        except DomainError as error:
            return error

    with ThreadPoolExecutor(len(deeds)) as pool:
        return [future.result(timeout=60) for future in [pool.submit(run, deed) for deed in deeds]]


def _one_winner(results: list[Any]) -> tuple[dict[str, Any], DomainError]:
    won = [r for r in results if isinstance(r, dict)]
    lost = [r for r in results if isinstance(r, DomainError)]
    assert len(won) == len(lost) == 1, results
    return won[0], lost[0]


def test_of_two_closers_one_closes_and_the_other_learns_who(
    whistles: Whistles, pair: tuple[Whistles, Whistles]
) -> None:
    for _ in range(ROUNDS):
        number = whistles.to("acting")
        whistles.all_forward(number, "signed")
        version = whistles.summons(number)["version"]
        _, lost = _one_winner(_at_once(
            lambda n=number, v=version: pair[0].do("leader", n, "close", version=v, conclusion="已清理"),
            lambda n=number, v=version: pair[1].do("supervisor", n, "close", version=v, conclusion="已清理"),
        ))  # fmt: skip
        assert isinstance(lost, Conflict) and lost.detail["label"] == "结束吹哨"
        assert lost.detail["who"] in ("街道负责人甲", "值班长甲")
        assert whistles.actions(number).count("close") == 1


def test_a_party_replaced_while_it_arrives_is_either_there_or_replaced(
    whistles: Whistles, pair: tuple[Whistles, Whistles]
) -> None:
    unit, ends = whistles.unit("D-SW"), set()
    for _ in range(ROUNDS):
        number = whistles.issued()
        _, lost = _one_winner(_at_once(
            lambda n=number: pair[0].lane("cg", n, "arrive", 1, version=1, **PLACE),
            lambda n=number: pair[1].lane("leader", n, "replace", 1, version=1, unit_id=unit, reason="一直没来"),
        ))  # fmt: skip
        assert isinstance(lost, Conflict) and lost.detail["label"] in ("报到", "替换单位")
        row = whistles.party(number)
        ends.add(row["state"])
        assert (row["state"], row["live"], row["arrived_at"] is None, row["replaced_by"], row["lead"]) in (
            ("arrived", True, False, None, True), ("replaced", False, True, 3, False)
        )  # fmt: skip
        assert len(whistles.lanes(number)) == 2
    assert ends  # who wins is nobody's business


def test_two_clerks_of_one_unit_sign_once(whistles: Whistles, pair: tuple[Whistles, Whistles]) -> None:
    number = whistles.issued(units=("PCS-A", "D-CG"))
    whistles.forward(number, 1, "done")
    version = whistles.party(number)["version"]
    _, lost = _one_winner(_at_once(
        lambda: pair[0].lane("pcs", number, "sign_off", version=version),
        lambda: pair[1].lane("ga", number, "sign_off", version=version),  # the bureau above it
    ))  # fmt: skip
    assert isinstance(lost, Conflict)
    assert whistles.actions(number, 1).count("sign_off") == 1


def test_two_lanes_do_not_disturb_each_other(whistles: Whistles, pair: tuple[Whistles, Whistles]) -> None:
    for _ in range(ROUNDS):
        number = whistles.issued()
        results = _at_once(
            lambda n=number: pair[0].lane("cg", n, "arrive", 1, version=1, **PLACE),
            lambda n=number: pair[1].lane("ga", n, "arrive", 2, version=1, **PLACE),
        )
        assert all(isinstance(r, dict) for r in results), results
        assert whistles.summons(number)["state"] == "acting"
        assert sorted(whistles.rows("select seq from cc.joint_event where entity_id = %s", number)) == [
            (n,) for n in range(1, whistles.summons(number)["events"] + 1)
        ]


def test_the_last_two_ratings_end_the_rating_once(whistles: Whistles, pair: tuple[Whistles, Whistles]) -> None:
    for _ in range(ROUNDS):
        number = whistles.to("rating")
        results = _at_once(
            lambda n=number: pair[0].lane("leader", n, "rate", 1, **GOOD),
            lambda n=number: pair[1].lane("leader", n, "rate", 2, **GOOD),
        )
        assert all(isinstance(r, dict) for r in results), results
        assert whistles.actions(number).count("all_rated") == 1
        assert whistles.summons(number)["state"] == "verifying"


def test_a_lane_rated_twice_at_once_is_rated_once(whistles: Whistles, pair: tuple[Whistles, Whistles]) -> None:
    number = whistles.to("rating")
    version = whistles.party(number)["version"]
    _one_winner(_at_once(
        lambda: pair[0].lane("leader", number, "rate", version=version, **GOOD),
        lambda: pair[1].lane("leader", number, "rate", version=version, **(GOOD | {"efficiency": 70})),
    ))  # fmt: skip
    assert whistles.actions(number, 1).count("rate") == 1


def test_work_sent_back_while_it_is_closed(whistles: Whistles, pair: tuple[Whistles, Whistles]) -> None:
    """Either it is closed with all signatures, or it waits for the lane again: never closed without one."""
    for _ in range(ROUNDS):
        number = whistles.to("acting")
        whistles.all_forward(number, "signed")
        lane, whole = whistles.party(number)["version"], whistles.summons(number)["version"]
        _, lost = _one_winner(_at_once(
            lambda n=number, v=whole: pair[0].do("leader", n, "close", version=v, conclusion="已清理"),
            lambda n=number, v=lane: pair[1].lane("supervisor", n, "return_lane", 1, version=v, reason="未清理"),
        ))  # fmt: skip
        assert isinstance(lost, WrongState)
        states = (whistles.summons(number)["state"], whistles.party(number)["state"])
        assert states in (("rating", "signed"), ("acting", "arrived"))


def test_a_command_sent_twice_at_once_is_done_once(whistles: Whistles, pair: tuple[Whistles, Whistles]) -> None:
    command = str(uuid.uuid4())
    args = whistles.args()
    opened = _at_once(*[lambda w=w: w.open_with("leader", "whistle", args, command) for w in pair])
    assert sorted(o.get("replayed", False) for o in opened) == [False, True]
    number = opened[0]["entity_id"]
    assert opened[1]["entity_id"] == number
    signed = str(uuid.uuid4())
    results = _at_once(*[lambda w=w: w.do("leader", number, "sign", version=1, command=signed) for w in pair])
    assert sorted(r.get("replayed", False) for r in results) == [False, True]
    assert whistles.actions(number).count("sign") == 1
    answered = str(uuid.uuid4())
    results = _at_once(*[lambda w=w: w.lane("cg", number, "respond", version=1, command=answered) for w in pair])
    assert sorted(r.get("replayed", False) for r in results) == [False, True]
    assert whistles.actions(number, 1).count("respond") == 1


def test_the_duty_marks_while_the_unit_answers(whistles: Whistles, pair: tuple[Whistles, Whistles]) -> None:
    for _ in range(ROUNDS // 2):
        number = whistles.issued(level="hard")
        pass_time(whistles, minutes=61)
        _at_once(
            lambda: pair[0].sql("select cc.run_duty()"), lambda n=number: pair[1].lane("cg", n, "respond", version=1)
        )
        whistles.sql("select cc.run_duty()")
        assert whistles.party(number)["response"] == "late"
        assert whistles.party(number, 2)["response"] == "none"
        assert whistles.actions(number, 1).count("missed_confirm") <= 1
