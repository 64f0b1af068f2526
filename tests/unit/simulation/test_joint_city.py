"""The agenda of whistles: the earliest first, nobody's work done for him, and a refusal is not repeated for ever."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

import pytest
from whistle_world import HOUR, NOON, lane, task, town_world, whistle

from commandcenter.domain.errors import DomainError, ServerUnavailable, WrongState
from commandcenter.domain.joint import JointDone, JointEvent, SummonsFile, SummonsRow
from commandcenter.ports_joint import JointRows
from commandcenter.simulation.joint.deeds import Deed, Row
from commandcenter.simulation.joint.joint_city import JointCity
from commandcenter.simulation.joint.occasions import Occasions
from commandcenter.simulation.joint.openings import Opening
from commandcenter.simulation.joint.world import World
from commandcenter.simulation.tally import Tally


@dataclass
class FakeHands:
    """Rows that a test moves. `answer`: what a deed does to its row, or raises."""

    rows_by_id: dict[int, Row] = field(default_factory=dict)
    answer: Callable[[Deed, Row], Row] = lambda deed, row: row  # noqa: E731
    done: list[tuple[str, str, float]] = field(default_factory=list)
    opened: list[str] = field(default_factory=list)
    down: bool = False
    trace: tuple[JointEvent, ...] = ()
    read: list[int] = field(default_factory=list)

    def open(self, opening: Opening, login: str) -> JointDone:
        self.opened.append(login)
        return JointDone("summons", 0, "", 1, "draft", 1)

    def do(self, deed: Deed, row: Row, login: str) -> int:
        if self.down:
            raise ServerUnavailable("没有服务器")
        self.done.append((login, deed.action, deed.at))
        self.rows_by_id[row.id] = self.answer(deed, row)
        return 1

    def file(self, login: str, summons_id: int) -> SummonsFile:
        row = self.rows_by_id[summons_id]
        assert isinstance(row, SummonsRow)
        self.read.append(summons_id)
        return SummonsFile(row, trace=self.trace)

    def of_case(self, login: str, case_id: int) -> list[SummonsRow]:
        return [row for row in self.rows_by_id.values() if isinstance(row, SummonsRow) and case_id in row.cases]

    def untouched(self, login: str) -> bool:
        return not self.rows_by_id

    def rows(self, login: str, ids: list[int] | None = None) -> JointRows:
        found = [row for row in self.rows_by_id.values() if (row.open if ids is None else row.id in ids)]
        summons = tuple(row for row in found if isinstance(row, SummonsRow))
        return JointRows(summons, (), tuple(row for row in found if row not in summons))  # type: ignore[arg-type]


@dataclass
class City:
    """A city with fake hands."""

    world: World
    hands: FakeHands
    tally: Tally = field(default_factory=Tally)
    over: list[SummonsRow] = field(default_factory=list)

    def __post_init__(self) -> None:
        occasions = Occasions(self.world.facts.directory, self.world.habits, 1, 2000)
        self.joint = JointCity(self.world, occasions, self.hands, self.tally, list, self.over.append)  # type: ignore[arg-type]

    def errors(self) -> dict[str, int]:
        return dict(self.tally.stats(waiting=0, running=0).errors)


@pytest.fixture
def city() -> City:
    """One whistle with two prompt units that nobody has answered yet."""
    world = town_world("prompt", shares={"withdrawn": 0.0})
    row = whistle(world, lane(world, 1, "D-CG"), lane(world, 2, "D-GA"))
    made = City(world, FakeHands({row.id: row}))
    made.joint.look()
    return made


def _responded(deed: Deed, row: Row) -> Row:
    assert isinstance(row, SummonsRow)
    parties = tuple(
        replace(p, state="responded", responded_at=deed.at, version=p.version + 1) if p.no == deed.party_no else p
        for p in row.parties
    )
    return replace(row, parties=parties, changed_at=deed.at)


def test_what_is_due_is_done_the_earliest_first_and_the_rest_waits(city: City) -> None:
    city.hands.answer = _responded
    assert city.joint.next_at() is not None
    assert city.joint.work(NOON + HOUR / 2)
    assert {(login, action) for login, action, _ in city.hands.done} >= {("t_cg", "respond"), ("t_ga", "respond")}
    times = [at for *_, at in city.hands.done]
    assert times == sorted(times) and (city.joint.next_at() or 0) > NOON + HOUR / 2
    assert city.tally.stats(waiting=0, running=0).joint_actions == len(city.hands.done)


def test_what_is_left_to_people_is_not_done_and_is_taken_up_when_given_back(city: City) -> None:
    city.hands.answer = _responded
    city.joint.leave({"t_cg"})
    city.joint.work(NOON + HOUR / 2)
    assert {login for login, *_ in city.hands.done} == {"t_ga"}
    city.joint.leave({"handler"})
    assert city.joint.next_at() is None
    city.joint.leave(())
    city.joint.work(NOON + HOUR)
    assert "t_cg" in {login for login, *_ in city.hands.done}


def test_a_refusal_is_tried_again_later_three_times_and_then_no_more(city: City) -> None:
    def refuse(deed: Deed, row: Row) -> Row:
        raise WrongState("不行")

    city.joint.leave({"t_ga"})
    city.hands.answer = refuse
    for hours in range(1, 40):
        city.joint.work(NOON + hours * HOUR)
    assert city.errors() == {"WrongState": 3} and city.joint.next_at() is None


def test_what_somebody_else_moved_first_is_no_fault(city: City) -> None:
    def beaten(deed: Deed, row: Row) -> Row:
        city.hands.rows_by_id[row.id] = _responded(deed, row)
        city.hands.answer = _responded
        raise DomainError("已被他人处理")

    city.hands.answer = beaten
    city.joint.work(NOON + HOUR / 2)
    assert city.errors() == {} and len(city.hands.done) > 1


def test_while_the_server_is_away_nothing_is_lost(city: City) -> None:
    city.hands.down = True
    assert not city.joint.work(NOON + HOUR)
    city.hands.down, city.hands.answer = False, _responded
    assert city.joint.work(NOON + HOUR)
    assert {login for login, *_ in city.hands.done} == {"t_cg", "t_ga"}


def test_occasions_that_were_admitted_come_in_their_turn(city: City) -> None:
    city.joint.leave({"handler"})
    city.joint.admit(NOON, NOON + 24 * HOUR)
    city.hands.opened.clear()
    city.joint.leave(())
    city.hands.answer = _responded
    city.joint.work(NOON + 24 * HOUR)
    stats = city.tally.stats(waiting=0, running=0)
    assert len(city.hands.opened) == stats.whistles + stats.orders + stats.meetings > 10


def test_the_cases_of_a_whistle_are_told_once_when_its_work_is_over(city: City) -> None:
    row = city.hands.rows_by_id[7]
    assert isinstance(row, SummonsRow)
    city.hands.rows_by_id[7] = replace(row, state="rating", closed_at=NOON, cases=(3,), version=9)
    city.joint.look()
    city.joint.look()
    city.hands.rows_by_id[7] = replace(row, state="archived", open=False, closed_at=NOON, cases=(3,), version=10)
    city.joint.look()
    assert [over.cases for over in city.over] == [(3,)] and city.joint.next_at() is None


def test_a_task_that_follows_from_a_lane_says_that_it_was_published_already(city: City) -> None:
    made = task(city.world, summons_id=7, party_no=2, meeting_id=8, source="rectification")
    city.hands.rows_by_id[made.id] = made
    city.joint.look()
    memory = city.world.memory
    assert (memory.blamed, memory.tasks, memory.awaited) == ({(7, 2)}, {8: {made.id}}, {8})
    city.hands.rows_by_id[made.id] = replace(made, state="done", open=False)
    city.joint.look()
    assert memory.awaited == frozenset()


# ------------------------------------------------------------------ after a restart, and in long steps
def _event(action: str, party_no: int | None) -> JointEvent:
    return JointEvent(1, NOON, NOON, 1, "t_cg", "", "handler", action, "", "", party_no, None, {})


def test_whoever_starts_again_knows_from_the_trace_what_no_row_tells(city: City) -> None:
    row = city.hands.rows_by_id[7]
    assert isinstance(row, SummonsRow)
    city.hands.trace = (_event("ask_release", 2), _event("consult", None), _event("publish", 1), _event("respond", 1))
    again = City(city.world, city.hands)
    memory = city.world.memory
    city.hands.rows_by_id[7] = replace(row, events=9)
    again.joint.look()
    assert (memory.asked, memory.consulted, memory.blamed) == ({(7, 2)}, {7}, {(7, 1)})
    city.hands.rows_by_id[7] = replace(row, events=10)
    again.joint.look()
    assert city.hands.read == [7]  # once is enough


def test_the_whistle_for_a_forced_closure_is_found_again_and_no_order_is_taken_for_it(city: City) -> None:
    row = city.hands.rows_by_id[7]
    assert isinstance(row, SummonsRow)
    over = replace(row, state="archived", open=False, closed_at=NOON, cases=(3,))
    city.hands.rows_by_id = {7: over, 8: replace(over, id=8, kind="order")}
    city.joint.of_case(3)
    assert [found.id for found in city.over] == [7]


def test_a_long_step_ends_where_somebody_who_acts_in_time_would_be_late_after_it(city: City) -> None:
    due = NOON + 30 * 60
    until = city.joint.no_later(due + HOUR)
    assert until == city.joint.next_at() and NOON < until < due
    assert city.joint.no_later(due - 1) == due - 1  # a step that ends before the limit makes nobody late


def test_a_city_where_somebody_whistled_begins_with_nothing_and_an_empty_one_once(city: City) -> None:
    city.joint.leave({"handler"})
    city.joint.begin(NOON, NOON + HOUR)
    assert city.joint.next_at() is None
    city.hands.rows_by_id.clear()
    city.joint.look()
    city.joint.begin(NOON, NOON + 20 * 24 * HOUR)
    assert city.joint.next_at() is None  # so long a history has whistles of its own
    city.joint.begin(NOON, NOON + HOUR)
    first = city.joint.next_at()
    assert first is not None and NOON <= first < NOON + HOUR and city.joint.only_first(NOON + HOUR)
    city.joint.leave(())
    city.joint.work(NOON + HOUR)
    stats = city.tally.stats(waiting=0, running=0)
    assert (stats.whistles, stats.orders, stats.meetings) == (12, 2, 2)
    city.joint.begin_now(NOON + HOUR, 1.0)
    assert city.joint.next_at() is None
