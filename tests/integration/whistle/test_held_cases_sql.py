"""Which cases the desk says are under a whistle, recomputed by SQL, for each person within his own scope."""

from __future__ import annotations

from typing import Any

import pytest

from commandcenter.live.holds import Holds
from commandcenter.live.joint import JointPicture
from commandcenter.live.picture import LivePicture
from commandcenter.live.queues import QUEUES
from tests.integration.whistle.lanes import Whistles
from tests.support.town import Town

# What the person sees, by his own policies: the figure of the queue 吹哨, and every mark.
COUNT = """select count(distinct c.id) from cc.cases c join cc.summons_case k on k.case_id = c.id
  join cc.summons s on s.id = k.summons_id and s.district_id = k.district_id
 where s.kind = 'whistle' and s.state in ('issued', 'responded', 'acting') and (c.open or c.on_ledger)"""
MARKS = """select distinct k.case_id, s.id from cc.summons_case k join cc.summons s on s.id = k.summons_id
   and s.district_id = k.district_id where s.state in ('issued', 'responded', 'acting')"""


class Desk:
    """What one person's program makes of what it reads."""

    def __init__(self, town: Town, login: str) -> None:
        session = town.session(login)
        self.cases, self.holds, joint = LivePicture([QUEUES["whistled"]]), Holds(), JointPicture()
        self.cases.load(session.queries.open_cases())
        change = joint.load(session.joint_queries.open_joint())
        self.holds.take(change.summons, change.removed)
        self.cases.whistle(self.holds.whistled())

    @property
    def count(self) -> int:
        return self.cases.counts["whistled"]

    def marks(self, cases: list[int]) -> set[tuple[int, int]]:
        return {(case, row.id) for case in cases for row in self.holds.of(case)}


def seen(town: Town, login: str, sql: str) -> list[Any]:
    with town.psql(login) as link, link.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchall()


@pytest.fixture(scope="module")
def held(shared_town: Town, whistles: Whistles) -> dict[str, list[int]]:
    """Whistles of street A about four cases in several states, an order about one of them."""
    cases = [shared_town.filed() for _ in range(5)]
    whistles.open(cases=cases[:4])                                   # a draft holds nothing
    numbers = [whistles.issued(cases=cases[:2]), whistles.issued(cases=cases[1:3], units=("D-SW",))]
    over = whistles.issued(cases=cases[3:4])
    whistles.do("leader", over, "withdraw", reason="情况已消除")
    whistles.issued("order", cases=cases[4:5])
    return {"cases": cases, "summons": numbers}


WHO = (
    "supervisor", "dispatcher", "street_dispatcher", "leader", "leader_b", "cg", "sw", "street_b", "screen", "grid_a1",
)  # fmt: skip


@pytest.mark.parametrize("login", WHO)
def test_count_and_marks_are_what_sql_says_of_what_this_person_sees(
    shared_town: Town, held: dict[str, list[int]], login: str
) -> None:
    desk, cases = Desk(shared_town, login), held["cases"]
    assert desk.count == seen(shared_town, login, COUNT)[0][0]
    assert desk.marks(cases) == {pair for pair in map(tuple, seen(shared_town, login, MARKS)) if pair[0] in cases}


def test_the_town_shows_each_difference(shared_town: Town, held: dict[str, list[int]]) -> None:
    """Otherwise the comparison above would compare nothing with nothing."""
    cases, (first, second) = held["cases"], held["summons"]
    district, called, other = (Desk(shared_town, login) for login in ("supervisor", "cg", "street_b"))
    assert district.marks(cases[:4]) == {
        (cases[0], first), (cases[1], first), (cases[1], second), (cases[2], second)}  # fmt: skip
    assert len(district.holds.of(cases[4])) == 1 and cases[4] not in district.holds.whistled()
    assert called.marks(cases[:3]) == {(cases[0], first), (cases[1], first)}
    assert called.count < district.count
    assert other.marks(cases) == set()
