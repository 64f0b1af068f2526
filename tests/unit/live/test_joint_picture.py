"""The picture of whistles, orders, meetings and tasks: newest wins, whatever the order of the answers."""

from __future__ import annotations

import random
from dataclasses import replace

from commandcenter.domain.calendar import WorkTime
from commandcenter.domain.joint import SummonsRow
from commandcenter.live.joint import JointPicture
from commandcenter.live.joint_due import ARRIVE, CONFIRM, HANDLE
from commandcenter.live.queues import NEAR, OVERDUE
from commandcenter.ports_joint import JointRows
from tests.fakes.city import NOON_SHIFT
from tests.fakes.directory import dongcheng, org_id
from tests.fakes.joint_rows import at, lane, meeting, summons, task

CALLED = at(14)


def whistle(number: int = 1, state: str = "issued", events: int = 1, **more) -> SummonsRow:
    parties = more.pop("parties", (lane(1, "区城管委"), lane(2, "公安分局")))
    issued = None if state == "draft" else CALLED
    return summons(number, "地锁清理", "和平里", parties, state=state, events=events, level="key", issued_at=issued,
                   drafted_at=CALLED - 600, meet_at=at(16), **more)


def over(row: SummonsRow, events: int = 9) -> SummonsRow:
    return replace(row, state="withdrawn", open=False, events=events)


def loaded(*rows: SummonsRow) -> JointPicture:
    picture = JointPicture()
    picture.load(JointRows(rows))
    return picture


MEETING = meeting(31, "清退", "天坛", at(15), {"公安分局": "invited"})
TASK = task(41, "停电方案", "供电公司", "东城区", at(18))


def test_all_kinds_are_held_and_told() -> None:
    picture = JointPicture()
    change = picture.load(JointRows((whistle(),), (MEETING,), (TASK,)))
    assert (change.summons, change.meetings, change.tasks) == ((whistle(),), (MEETING,), (TASK,))
    assert change.ids == {whistle().id, MEETING.id, TASK.id}
    assert (list(picture.summons), list(picture.meetings), list(picture.tasks)) == (
        [whistle().id], [MEETING.id], [TASK.id],
    )  # fmt: skip


def test_a_newer_row_replaces_and_an_older_changes_nothing() -> None:
    picture = loaded(whistle(events=3))
    assert not picture.merge(JointRows((whistle(events=2, state="draft"),)), [whistle().id])
    assert picture.merge(JointRows((whistle(events=4, state="acting"),)), [whistle().id]).summons[0].state == "acting"
    assert picture.summons[whistle().id].events == 4


def test_the_same_row_again_is_no_news() -> None:
    picture = loaded(whistle())
    assert not picture.merge(JointRows((whistle(),)), [whistle().id])
    assert not picture.load(JointRows((whistle(),)))


def test_what_is_over_leaves_and_a_late_answer_does_not_bring_it_back() -> None:
    picture = loaded(whistle(events=3))
    change = picture.merge(JointRows((over(whistle()),)), [whistle().id])
    assert (change.removed, change.summons) == ({whistle().id}, ())
    assert not picture.merge(JointRows((whistle(events=8),)), [whistle().id])
    assert not picture.summons
    assert picture.merge(JointRows((whistle(events=10),)), [whistle().id]).summons


def test_what_came_over_without_ever_being_held_is_no_news() -> None:
    picture = loaded()
    assert not picture.merge(JointRows((over(whistle()),)), [whistle().id])
    assert not picture.merge(JointRows((whistle(events=2),)), [whistle().id])


def test_what_does_not_come_back_left_the_scope() -> None:
    picture = JointPicture()
    picture.load(JointRows((whistle(1), whistle(2)), (MEETING,), (TASK,)))
    assert picture.merge(JointRows(), [whistle(1).id, MEETING.id, TASK.id, 5]).removed == {
        whistle(1).id, MEETING.id, TASK.id,
    }  # fmt: skip
    assert picture.merge(JointRows((whistle(1),)), [whistle(1).id]).summons  # it came into scope again


def test_a_load_takes_away_what_is_no_longer_open() -> None:
    picture = loaded(whistle(1), whistle(2))
    assert picture.load(JointRows((whistle(2),), (MEETING,))).removed == {whistle(1).id}


def test_what_was_merged_while_a_load_ran_wins_over_it() -> None:
    picture = loaded(whistle(1), whistle(2))
    picture.begin_load()
    picture.merge(JointRows((whistle(3),)), [whistle(3).id])          # issued after the load read
    picture.merge(JointRows(), [whistle(1).id])                       # out of scope after the load read
    picture.merge(JointRows((over(whistle(2)),)), [whistle(2).id])    # over after the load read
    change = picture.load(JointRows((whistle(1), whistle(2))))
    assert not change
    assert list(picture.summons) == [whistle(3).id]


def test_columns_count_what_they_hold() -> None:
    order = replace(whistle(4), kind="order")
    picture = loaded(whistle(1), whistle(2), whistle(3, "draft"), order)
    assert picture.counts == {("whistle", "issued"): 2, ("whistle", "draft"): 1, ("order", "issued"): 1}
    picture.merge(JointRows((whistle(1, "acting", 2), over(whistle(3, "draft")))), [whistle(1).id, whistle(3).id])
    assert picture.counts == {("whistle", "issued"): 1, ("whistle", "acting"): 1, ("order", "issued"): 1}


def test_a_unit_s_live_lanes_are_found() -> None:
    gone = replace(lane(2, "公安分局", "released"), live=False)
    picture = loaded(whistle(1), whistle(2, parties=(lane(1, "区城管委"), gone)))
    police, office = org_id("公安分局"), org_id("区城管委")
    assert [(row.id, party.no) for row, party in picture.lanes_of({police})] == [(whistle(1).id, 2)]
    assert [(row.id, party.no) for row, party in picture.lanes_of({office})] == [
        (whistle(1).id, 1), (whistle(2).id, 1),
    ]  # fmt: skip
    picture.merge(JointRows((over(whistle(1)),)), [whistle(1).id])
    assert picture.lanes_of({police}) == []


# ---------------------------------------------------------------- what is due
def test_a_lane_confirms_then_comes_then_handles() -> None:
    first = lane(1, "区城管委")
    on_the_way = lane(2, "公安分局", "responded", responded_at=CALLED + 60, response="on_time")
    there = lane(3, "区水务局", "arrived", arrived_at=at(15))
    done = lane(4, "供电公司", "done")
    row = whistle(parties=(first, on_the_way, there, done), handle_due=at(20))
    picture = loaded(row)
    dues = [picture.due(row.id, no) for no in (1, 2, 3, 4)]
    assert [(due.step, due.at) if due else None for due in dues] == [
        (CONFIRM, CALLED + 30 * 60), (ARRIVE, at(16, 15)), (HANDLE, at(20)), None,
    ]  # fmt: skip
    assert (dues[0].clock, dues[1].clock) == ("urgent", None)


def test_who_missed_the_confirmation_still_has_to_come() -> None:
    row = whistle(parties=(lane(1, "区城管委", response="none"),))
    assert loaded(row).due(row.id, 1).step == ARRIVE


def test_nothing_is_due_in_a_draft_after_the_end_or_in_a_lane_that_left() -> None:
    left = replace(lane(1, "区城管委", "withdrawn"), live=False)
    rows = whistle(1, "draft"), whistle(2, "rating"), whistle(3, parties=(left,))
    picture = loaded(*rows)
    assert [picture.due(row.id, 1) for row in rows] == [None, None, None]


def test_time_makes_a_lane_near_and_then_overdue() -> None:
    picture = loaded(whistle())
    key = whistle().id
    confirm = CALLED + 30 * 60
    picture.advance(CALLED)
    assert picture.timing(key) is None
    assert picture.advance(confirm - 6 * 60 - 1) == frozenset()
    assert picture.advance(confirm - 6 * 60) == {key}  # the last fifth of 30 minutes
    assert (picture.timing(key, 1), picture.timing(key)) == (NEAR, NEAR)
    assert picture.advance(confirm) == frozenset()
    assert picture.advance(confirm + 1) == {key}
    assert picture.timing(key) == OVERDUE
    assert (picture.overdue("whistle", "issued"), picture.overdue("order", "issued")) == (1, 0)


def test_an_answer_ends_the_alarm_of_its_lane_alone() -> None:
    picture = loaded(whistle())
    picture.advance(CALLED + 31 * 60)
    answered = lane(1, "区城管委", "responded", responded_at=CALLED + 31 * 60, response="late")
    picture.merge(JointRows((whistle(events=2, parties=(answered, lane(2, "公安分局"))),)), [whistle().id])
    assert (picture.timing(whistle().id, 1), picture.timing(whistle().id, 2)) == (None, OVERDUE)


def test_a_clock_that_was_set_back_is_followed() -> None:
    picture = loaded(whistle())
    picture.advance(CALLED + 31 * 60)
    assert picture.advance(CALLED) == {whistle().id}
    assert picture.timing(whistle().id) is None
    assert picture.advance(CALLED + 31 * 60) == {whistle().id}


def test_near_is_counted_in_working_time() -> None:
    """Two hours of 工作日 from Wednesday 17:00 end on Thursday at 10:00; the last fifth begins at 9:36."""
    asked = at(17)
    limit = at(10) + 86_400
    party = lane(1, "区城管委", called_at=asked, clock="days", confirm_due=limit)
    picture = JointPicture(WorkTime(dongcheng().calendar))
    picture.load(JointRows((whistle(parties=(party,)),)))
    picture.advance(at(9, 35) + 86_400)
    assert picture.timing(whistle().id, 1) is None
    picture.advance(at(9, 37) + 86_400)
    assert picture.timing(whistle().id, 1) == NEAR


def test_any_order_of_answers_ends_in_the_same_picture() -> None:
    """Every row is told at least once in its newest form; what came before, late or twice leaves no mark."""
    states = ("draft", "issued", "responded", "acting", "withdrawn")
    for seed in range(200):
        rng = random.Random(seed)
        answers = [
            over(whistle(n, "draft"), e) if state == "withdrawn" else whistle(n, state, e)
            for n in range(1, 5) for e, state in enumerate(states[: rng.randint(1, 5)], 1)
        ]
        newest = {row.id: row for row in answers}
        told = answers + rng.choices(answers, k=8)
        rng.shuffle(told)
        picture = loaded()
        for row in told:
            picture.merge(JointRows((row,)), [row.id])
        still_open = {key: row for key, row in newest.items() if row.open}
        assert dict(picture.summons) == still_open, seed
        assert sum(picture.counts.values()) == len(still_open)
        lanes = picture.lanes_of({org_id("公安分局")})
        assert {row.id for row, _ in lanes} == set(still_open)


def test_a_week_of_changes_does_not_make_it_grow() -> None:
    picture = loaded()
    for number in range(1, 6_000):
        row = whistle(number)
        picture.merge(JointRows((row,)), [row.id])
        picture.merge(JointRows((over(row),)), [row.id])
    picture.advance(NOON_SHIFT)
    assert not picture.summons
    assert not picture.counts
    assert len(picture._gone) <= 5_000
    assert len(picture._watch._agenda) <= 1_001
    assert not picture._by_unit
