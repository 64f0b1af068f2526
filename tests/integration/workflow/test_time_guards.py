"""The checks and clocks of the workflow that depend on time, in a city whose clock the test moves."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from commandcenter.domain.errors import InvalidInput, TooLate
from tests.support.clocks import beijing, pass_time, travel
from tests.support.hands import Hands
from tests.support.paths import SECTION, Paths

pytestmark = pytest.mark.database

MONDAY = "2026-03-02 10:00"


@pytest.fixture(autouse=True)
def on_a_monday(hands: Hands) -> Iterator[None]:
    travel(hands, MONDAY)
    yield


def _running(hands: Hands, case: int) -> dict[str, Any]:
    names = ("stage", "since", "limit_s", "deadline", "overdue", "paused_s")
    row = hands.rows(f"select {', '.join(names)} from cc.case_stage where case_id = %s and ended_at is null", case)
    assert len(row) == 1
    return dict(zip(names, row[0], strict=True))


def _used(hands: Hands, case: int, stage: str) -> list[int]:
    return [
        r[0] for r in hands.rows(
            "select used_s from cc.case_stage where case_id = %s and stage = %s and ended_at is not null order by seq",
            case, stage,
        )
    ]  # fmt: skip


def _duty(hands: Hands) -> dict[str, Any]:
    done: dict[str, Any] = hands.sql("select cc.run_duty()")
    return done


def test_every_stage_has_the_limit_of_its_item(hands: Hands, paths: Paths) -> None:
    case = paths.to("dispatched")
    assert _running(hands, case)["deadline"] == beijing("2026-03-02 10:30")
    pass_time(hands, minutes=10)
    hands.act("cg", case, "receive")
    row = hands.row(case)
    assert row["deadline"] == beijing("2026-03-02 14:10")
    assert row["warn_at"] == row["deadline"] - timedelta(minutes=48)  # 临期: under a fifth left
    assert _used(hands, case, "receive") == [600]


def test_a_unit_returns_within_the_window_only_and_a_supervisor_after_it(hands: Hands, paths: Paths) -> None:
    words = {"reason": "不属于本单位", "legal_basis": "三定方案"}
    case = paths.to("dispatched")
    travel(hands, "2026-03-02 11:00")  # the item's window: 60 minutes on the clock of its stage 接收
    with hands.trying():
        assert hands.act("cg", case, "return_case", **words)["state"] == "returned"
    travel(hands, "2026-03-02 11:00:01")
    with pytest.raises(TooLate, match="回退时限"):
        hands.act("cg", case, "return_case", **words)
    assert hands.act("supervisor", case, "return_case", **words)["state"] == "returned"


def test_an_extension_is_asked_for_before_the_deadline_and_given_once(hands: Hands, paths: Paths) -> None:
    case = paths.to("in_progress")
    ask = {"minutes": 60, "reason": "等待配件"}
    for minutes in (9, 43201, "x", -5):
        with pytest.raises(InvalidInput):
            hands.act("cg", case, "request_extension", minutes=minutes, reason="等待配件")
    with hands.trying():
        travel(hands, hands.row(case)["deadline"])
        with pytest.raises(TooLate, match="超期"):
            hands.act("cg", case, "request_extension", **ask)
    hands.act("cg", case, "request_extension", **ask)
    before = hands.row(case)["deadline"]
    hands.act("supervisor", case, "approve_extension", minutes=90)
    assert hands.row(case)["deadline"] == before + timedelta(minutes=90)
    assert _running(hands, case)["limit_s"] == (240 + 90) * 60
    with pytest.raises(TooLate, match="已延期"):
        hands.act("cg", case, "request_extension", **ask)


def test_an_extension_granted_late_takes_the_mark_of_being_overdue_away(hands: Hands, paths: Paths) -> None:
    case = paths.to("in_progress")
    hands.act("cg", case, "request_extension", minutes=120, reason="等待配件")
    travel(hands, hands.row(case)["deadline"] + timedelta(minutes=1))
    _duty(hands)
    assert _running(hands, case)["overdue"]
    hands.act("supervisor", case, "approve_extension")
    assert not _running(hands, case)["overdue"]
    travel(hands, hands.row(case)["deadline"] + timedelta(minutes=1))
    _duty(hands)
    assert hands.events(case)[-1] == "overdue"


def test_a_stage_is_marked_overdue_once_and_ends_overdue(hands: Hands, paths: Paths) -> None:
    case = paths.to("in_progress")
    travel(hands, hands.row(case)["deadline"])
    _duty(hands)
    assert "overdue" not in hands.events(case)
    pass_time(hands, seconds=1)
    version = hands.version(case)
    _duty(hands)
    _duty(hands)
    assert hands.events(case).count("overdue") == 1
    assert hands.act("cg", case, "feedback", version=version, result="晚了")["state"] == "feedback"
    assert hands.sql("select overdue from cc.case_stage where case_id = %s and stage = 'handle'", case)


def test_a_suspended_case_stands_still_and_a_supervisor_resumes_it(hands: Hands, paths: Paths) -> None:
    case = paths.to("in_progress")
    pass_time(hands, minutes=40)
    hands.act("supervisor", case, "suspend", until=paths.until(), reason="等待配件")
    row = hands.row(case)
    assert (row["deadline"], row["warn_at"], row["paused_left_s"]) == (None, None, 200 * 60)
    pass_time(hands, days=2)
    _duty(hands)
    assert "overdue" not in hands.events(case)
    hands.act("supervisor", case, "resume")
    row = hands.row(case)
    assert row["deadline"] == hands.sql("select cc.city_now()") + timedelta(minutes=200)
    assert (row["paused_left_s"], row["resume_at"]) == (None, None)
    pass_time(hands, minutes=15)
    hands.act("cg", case, "feedback", result="已清理")
    assert _used(hands, case, "handle") == [55 * 60]
    assert hands.sql("select paused_s from cc.case_stage where case_id = %s and stage = 'handle'", case) == 2 * 86400


@pytest.mark.parametrize("late", [timedelta(0), timedelta(hours=7)])
def test_the_clock_runs_again_from_the_hour_agreed_however_late_the_duty_is(
    late: timedelta, hands: Hands, paths: Paths
) -> None:
    case = paths.to("in_progress")
    hands.act("supervisor", case, "suspend", until=beijing("2026-03-05 09:00").isoformat(), reason="等待配件")
    travel(hands, beijing("2026-03-05 08:59:59"))
    _duty(hands)
    assert hands.state(case) == "suspended"
    travel(hands, beijing("2026-03-05 09:00") + late)
    _duty(hands)
    row = hands.row(case)
    assert (row["state"], row["deadline"]) == ("in_progress", beijing("2026-03-05 13:00"))
    assert hands.rows("select actor_login, role from cc.case_event where case_id = %s and action = 'resume'", case) == [
        ("duty", "duty")
    ]


def test_resumed_by_hand_after_the_hour_agreed_the_clock_also_runs_from_that_hour(hands: Hands, paths: Paths) -> None:
    case = paths.to("in_progress")
    hands.act("supervisor", case, "suspend", until=beijing("2026-03-05 09:00").isoformat(), reason="等待配件")
    travel(hands, "2026-03-05 11:00")
    hands.act("cg", case, "resume")
    assert hands.row(case)["deadline"] == beijing("2026-03-05 13:00")


def test_an_overdue_case_stays_overdue_through_a_suspension(hands: Hands, paths: Paths) -> None:
    case = paths.to("in_progress")
    travel(hands, hands.row(case)["deadline"] + timedelta(minutes=30))
    hands.act("supervisor", case, "suspend", until=paths.until(), reason="等待配件")
    pass_time(hands, days=1)
    hands.act("supervisor", case, "resume")
    assert hands.row(case)["deadline"] == hands.sql("select cc.city_now()") - timedelta(minutes=30)


@pytest.mark.parametrize("until", ["2026-03-02T10:00:30+08:00", "2026-02-01T00:00:00+08:00", "2026-09-30T10:00+08:00",
                                   "infinity", "soon"])  # fmt: skip
def test_a_suspension_ends_in_the_future_within_half_a_year(until: str, hands: Hands, paths: Paths) -> None:
    case = paths.to("in_progress")
    with pytest.raises(InvalidInput):
        hands.act("supervisor", case, "suspend", until=until, reason="等待配件")


def test_undoing_a_dispatch_gives_the_dispatcher_his_own_clock_back(hands: Hands, paths: Paths) -> None:
    case = paths.to("filed")
    deadline = hands.row(case)["deadline"]
    pass_time(hands, minutes=12)
    hands.act("dispatcher", case, "dispatch", unit_id=hands.org("D-CG"))
    pass_time(hands, minutes=3)
    hands.act("dispatcher", case, "undo_dispatch")
    assert hands.row(case)["deadline"] == deadline == beijing("2026-03-02 10:30")
    pass_time(hands, minutes=1)
    hands.act("dispatcher", case, "dispatch", unit_id=hands.org("D-CG"))
    assert _used(hands, case, "dispatch") == [12 * 60, 60]


def test_a_sub_dispatched_unit_works_within_the_time_of_the_unit_that_answers(hands: Hands, paths: Paths) -> None:
    case = paths.to("in_progress")
    deadline = hands.row(case)["deadline"]
    travel(hands, deadline - timedelta(minutes=20))
    hands.act("cg", case, "sub_dispatch", unit_id=hands.org(SECTION))
    assert hands.row(case)["deadline"] == deadline  # 30 minutes to receive, but no more than is left
    pass_time(hands, minutes=5)
    hands.act("cg", case, "receive")
    assert hands.row(case)["deadline"] == deadline
    pass_time(hands, minutes=5)
    hands.act("cg", case, "hand_back", reason="须由本单位办理")
    assert hands.row(case)["deadline"] == deadline
    pass_time(hands, minutes=5)
    hands.act("cg", case, "feedback", result="已清理")
    assert _used(hands, case, "receive")[-1] == 300
    assert _used(hands, case, "handle") == [220 * 60, 300, 300]
    assert not hands.sql("select bool_or(overdue) from cc.case_stage where case_id = %s", case)


def test_an_extension_reaches_through_a_sub_dispatch(hands: Hands, paths: Paths) -> None:
    case = paths.sub_dispatched("in_progress")
    hands.act("cg", case, "request_extension", minutes=60, reason="等待配件")
    hands.act("supervisor", case, "approve_extension")
    deadline = hands.row(case)["deadline"]
    hands.act("cg", case, "hand_back", reason="须由本单位办理")
    assert hands.row(case)["deadline"] == deadline == beijing("2026-03-02 15:00")
    with pytest.raises(TooLate, match="已延期"):
        hands.act("cg", case, "request_extension", minutes=60, reason="再要")


def test_a_case_is_reopened_within_the_citys_days_only(hands: Hands, paths: Paths) -> None:
    case = paths.to("closed")
    with hands.trying():
        pass_time(hands, days=15)
        assert hands.act("followup", case, "reopen", reason="复发")["state"] == "filed"
        assert hands.row(case)["closed_at"] is None
    pass_time(hands, days=15, seconds=1)
    with pytest.raises(TooLate, match="重新立案期限"):
        hands.act("followup", case, "reopen", reason="复发")


def test_office_hours_count_for_an_item_on_that_clock(hands: Hands, paths: Paths) -> None:
    travel(hands, "2026-03-06 18:00")  # a Friday; 300 minutes of 08:00–20:00
    case = paths.to("reported")
    hands.act("acceptor", case, "accept", item_id=hands.item("夜间施工噪声"))
    hands.act("acceptor", case, "file")
    hands.act("dispatcher", case, "dispatch", unit_id=hands.org("D-GA"))
    hands.act("ga", case, "receive")
    assert hands.row(case)["deadline"] == beijing("2026-03-09 11:00")
    travel(hands, "2026-03-08 12:00")  # Sunday
    hands.act("supervisor", case, "suspend", until=beijing("2026-03-10 08:00").isoformat(), reason="等待配件")
    assert hands.row(case)["paused_left_s"] == 180 * 60
    travel(hands, "2026-03-10 09:00")
    _duty(hands)
    assert hands.row(case)["deadline"] == beijing("2026-03-10 11:00")
    travel(hands, "2026-03-10 10:00")
    hands.act("ga", case, "feedback", result="已制止")
    assert _used(hands, case, "handle") == [240 * 60]
