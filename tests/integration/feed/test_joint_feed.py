"""What happens to whistles, meetings and tasks reaches whom it concerns, with the notices; and nobody else."""

from __future__ import annotations

from collections.abc import Callable
from uuid import uuid4

import pytest

from commandcenter.domain.joint import CalledUnit, JointCommand, NewMeeting, NewSummons, NewTask
from commandcenter.domain.notices import Notice
from tests.integration.feed.conftest import Listener
from tests.support.hands import Hands
from tests.support.town import Town

pytestmark = pytest.mark.database
Listen = Callable[[str], Listener]


@pytest.fixture
def hands(town: Town) -> Hands:
    return Hands(town)


def told(listener: Listener) -> set[int]:
    return {number for batch in list(listener.batches) for number in batch.joint}


def notices_told(listener: Listener) -> set[int]:
    return {number for batch in list(listener.batches) for number in batch.notices}


def task_of(town: Town, unit: str, heard: Listener) -> int:
    """A task of this unit, due in a day; its id. Who hears of it has heard of all that was done before."""
    new = NewTask(uuid4(), town.org("T"), town.org(unit), "排查", heard.batches[-1].city_time + 86_400)
    return town.session("supervisor").joint_commands.assign_task(new).entity_id


def draft(town: Town) -> int:
    new = NewSummons(uuid4(), "whistle", town.org("A"), "综合执法", "占道经营", (CalledUnit(town.org("D-CG")),
                     CalledUnit(town.org("D-GA"))), place="东门", level="key")  # fmt: skip
    return town.session("dispatcher").joint_commands.open_summons(new).entity_id


def act(town: Town, who: str, number: int, action: str, party_no: int | None = None, **args: str) -> None:
    found = town.session("supervisor").joint_queries.joint([number]).summons[0]
    version = found.version if party_no is None else found.party(party_no).version
    command = JointCommand(uuid4(), "summons", number, party_no, version, action, args)
    town.session(who).joint_commands.act(command)


def test_a_whistle_reaches_territory_and_parties_and_no_stranger(town: Town, listen: Listen) -> None:
    leader, office, stranger = listen("leader"), listen("cg"), listen("sw")
    number = draft(town)
    leader.until(lambda: number in told(leader))
    assert number not in told(office)  # a draft calls nobody yet
    act(town, "leader", number, "sign")
    office.until(lambda: number in told(office))
    fence = task_of(town, "D-SW", leader)
    stranger.until(lambda: fence in told(stranger))
    assert told(stranger) == {fence}
    assert town.session("cg").joint_queries.joint([number]).summons[0].title == "占道经营"


def test_each_lane_s_step_is_told_to_all_who_see_it(town: Town, listen: Listen) -> None:
    number = draft(town)
    act(town, "leader", number, "sign")
    police = listen("ga")
    assert number not in told(police)  # the load at the start has it
    act(town, "cg", number, "respond", 1)
    police.until(lambda: number in told(police))


def test_who_is_called_gets_the_notice_with_the_whistle(town: Town, listen: Listen) -> None:
    office = listen("cg")
    number = draft(town)
    act(town, "leader", number, "sign")
    office.until(lambda: bool(notices_told(office)))
    (notice,) = town.session("cg").notices.notices(sorted(notices_told(office)))
    assert isinstance(notice, Notice)
    assert (notice.case_id, notice.entity, notice.entity_id, notice.party_no) == (None, "summons", number, 1)
    row = town.session("cg").joint_queries.joint([number]).summons[0]
    assert (notice.case_no, notice.kind, notice.to_role, notice.to_org, notice.mine) == (
        row.no, "to_confirm", "handler", town.org("D-CG"), True,
    )  # fmt: skip
    assert notice.due == pytest.approx(row.party(1).confirm_due)
    assert town.session("cg").notices.open_notices() == [notice]
    assert notice.id not in [one.id for one in town.session("ga").notices.open_notices()]


def test_an_answer_takes_the_notice_away_and_a_taken_one_leaves_too(town: Town, listen: Listen) -> None:
    number = draft(town)
    act(town, "leader", number, "sign")
    mine = town.session("cg").notices
    (called,) = mine.open_notices()
    act(town, "cg", number, "respond", 1)
    left = mine.open_notices()
    assert called.id not in [notice.id for notice in left]
    assert [notice.kind for notice in left] == ["to_arrive"]
    assert mine.acknowledge(uuid4(), [left[0].id]) == [left[0].id]
    assert mine.open_notices() == []


def test_a_meeting_reaches_those_it_calls(town: Town, listen: Listen, hands: Hands) -> None:
    office, stranger = listen("cg"), listen("sw")
    meet_at = hands.sql("select extract(epoch from cc.city_now())::float8") + 7200
    new = NewMeeting(uuid4(), town.org("A"), "清退", meet_at, (town.org("D-CG"),))
    number = town.session("leader").joint_commands.call_meeting(new).entity_id
    office.until(lambda: number in told(office))
    assert town.session("cg").joint_queries.joint([number]).meetings[0].title == "清退"
    fence = task_of(town, "D-SW", office)
    stranger.until(lambda: fence in told(stranger))
    assert told(stranger) == {fence}
