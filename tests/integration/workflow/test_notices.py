"""提醒: made once a stage, closed with it, acknowledged by one for all, told to the supervisors when nobody does."""

import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest

from tests.support.clocks import beijing, pass_time, travel
from tests.support.hands import Hands
from tests.support.paths import Paths

pytestmark = pytest.mark.database

OPEN = "select kind, to_role, to_org from cc.notice where case_id = %s and closed_at is null order by id"


def remind(hands: Hands, case: int, kind: str = "near_limit", role: str = "handler", org: str | None = "D-CG",
           words: str = "临期，请尽快办结") -> bool:  # fmt: skip
    """What the duty round does: as the owner, by the city's clock."""
    return bool(hands.sql(
        "select cc.remind(c, %s, %s, %s, %s, cc.city_now()) from cc.cases c where id = %s",
        kind, role, hands.org(org) if org else None, words, case,
    ))  # fmt: skip


def acknowledge(hands: Hands, login: str, ids: list[int], command: str | None = None) -> list[int]:
    answer: dict[str, Any] = hands.as_person(
        login, "select cc.acknowledge_notices(%s, %s)", command or str(uuid.uuid4()), ids
    )
    return list(answer["acknowledged"])


def notice_ids(hands: Hands, case: int) -> list[int]:
    open_ones = "select id from cc.notice where case_id = %s and closed_at is null order by id"
    return [r[0] for r in hands.rows(open_ones, case)]


def kinds(hands: Hands, case: int) -> list[str]:
    return [r[0] for r in hands.rows(OPEN, case)]


def test_a_reminder_is_made_once_a_stage_kind_and_addressee(hands: Hands, paths: Paths) -> None:
    case = paths.to("in_progress")
    assert remind(hands, case)
    assert not remind(hands, case)
    assert remind(hands, case, role="supervisor", org=None)
    assert remind(hands, case, role="street_leader", org=None)
    assert kinds(hands, case) == ["near_limit"] * 3


def test_a_later_one_takes_the_place_of_what_the_same_addressee_was_told(hands: Hands, paths: Paths) -> None:
    case = paths.to("in_progress")
    remind(hands, case, kind="overdue")
    remind(hands, case, kind="escalation", role="supervisor", org=None, words="第 1 次催办")
    assert remind(hands, case, kind="escalation", words="第 1 次催办")
    assert remind(hands, case, kind="escalation", role="supervisor", org=None, words="第 2 次催办")
    open_ones = "select to_role, words from cc.notice where case_id = %s and closed_at is null order by id"
    assert hands.rows(open_ones, case) == [("handler", "第 1 次催办"), ("supervisor", "第 2 次催办")]
    assert not remind(hands, case, kind="escalation", role="supervisor", org=None, words="第 1 次催办")


def test_an_acknowledged_reminder_does_not_come_again_in_the_same_stage(hands: Hands, paths: Paths) -> None:
    case = paths.to("in_progress")
    remind(hands, case)
    assert acknowledge(hands, "cg", notice_ids(hands, case)) != []
    assert not remind(hands, case)
    assert kinds(hands, case) == []


def test_overdue_takes_the_place_of_near_limit_for_all(hands: Hands, paths: Paths) -> None:
    case = paths.to("in_progress")
    remind(hands, case)
    remind(hands, case, role="supervisor", org=None)
    remind(hands, case, kind="overdue")
    assert kinds(hands, case) == ["overdue"]


@pytest.mark.parametrize(("state", "who", "action", "args"), [
    ("filed", "dispatcher", "dispatch", {"unit_id": "D-CG"}),
    ("in_progress", "cg", "sub_dispatch", {"unit_id": "CG-1"}),
    ("in_progress", "cg", "feedback", {"result": "已清理"}),
    ("in_progress", "supervisor", "suspend", {"until": 3, "reason": "等待配件"}),
    ("in_progress", "supervisor", "force_close", {"reason": "长期无法解决"}),
])  # fmt: skip
def test_a_reminder_goes_with_its_stage(
    state: str, who: str, action: str, args: dict[str, Any], hands: Hands, paths: Paths
) -> None:
    case = paths.to(state)
    remind(hands, case)
    remind(hands, case, kind="escalation", role="supervisor", org=None)
    known = {"unit_id": hands.org, "until": paths.until}
    hands.act(who, case, action, **{k: known[k](v) if k in known else v for k, v in args.items()})
    assert kinds(hands, case) == []
    assert hands.sql("select count(*) from cc.notice where case_id = %s and acknowledged_by is null", case) == 2


def test_a_note_or_a_request_leaves_the_reminder_alone(hands: Hands, paths: Paths) -> None:
    case = paths.to("in_progress")
    remind(hands, case)
    hands.act("cg", case, "note", text="已派人")
    hands.act("cg", case, "request_extension", minutes=60, reason="等待配件")
    assert kinds(hands, case) == ["near_limit"]


def test_an_extension_takes_the_reminder_back_and_the_new_deadline_gets_its_own(hands: Hands, paths: Paths) -> None:
    case = paths.to("in_progress")
    remind(hands, case)
    hands.act("cg", case, "request_extension", minutes=60, reason="等待配件")
    hands.act("supervisor", case, "approve_extension")
    assert kinds(hands, case) == []
    assert remind(hands, case)
    assert hands.sql("select due from cc.notice where case_id = %s and closed_at is null", case) == hands.row(case)[
        "deadline"
    ]


def test_a_case_whose_clock_stands_still_is_not_reminded_of(hands: Hands, paths: Paths) -> None:
    for state in ("suspended", "closed"):
        case = paths.to(state)
        assert not remind(hands, case)
        assert kinds(hands, case) == []


def test_a_case_found_to_lie_elsewhere_takes_its_reminder_along(hands: Hands, paths: Paths) -> None:
    case = paths.to("reported")
    remind(hands, case, role="acceptor", org=None)
    grid = hands.sql("select id from cc.grid where key = 'G-B1-0'")
    before = hands.sql("select max(id) from cc.feed")
    hands.act("acceptor", case, "classify", grid_id=grid)
    place = "select (select key from cc.org where id = n.community_id) from cc.notice n where case_id = %s"
    assert hands.sql(place, case) == "B1"
    told = hands.rows("select street_id from cc.feed where kind = 'notice' and id > %s order by id", before)
    assert {r[0] for r in told} == {hands.org("A"), hands.org("B")}


def test_the_first_to_acknowledge_does_it_for_all_and_the_trace_says_who(hands: Hands, paths: Paths) -> None:
    case = paths.to("filed")
    remind(hands, case, role="dispatcher", org=None)
    ids = notice_ids(hands, case)
    assert acknowledge(hands, "dispatcher2", ids) == ids
    assert acknowledge(hands, "street_dispatcher", ids) == []
    who, words, sealed = hands.rows(
        "select actor_login, what->>'text', (case_id, seq) in (select case_id, seq from cc.seal_queue)"
        " from cc.case_event where case_id = %s and action = 'acknowledge'", case,
    )[0]  # fmt: skip
    assert (who, words, sealed) == ("t_dispatcher2", "临期，请尽快办结", True)
    name = "select o.login from cc.notice n join cc.operator o on o.id = n.acknowledged_by where n.id = %s"
    assert hands.sql(name, ids[0]) == "t_dispatcher2"


def test_of_two_who_acknowledge_at_once_one_does_it(hands: Hands, paths: Paths) -> None:
    case, second = paths.to("filed"), Hands(hands.town)
    remind(hands, case, role="dispatcher", org=None)
    ids = notice_ids(hands, case)
    waits = "select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'"
    with ThreadPoolExecutor(1) as pool:
        hands.sql("begin")
        assert acknowledge(hands, "dispatcher", ids) == ids
        late = pool.submit(acknowledge, second, "dispatcher2", ids)
        while not hands.sql(waits):
            hands.sql("select pg_sleep(0.01)")
        hands.sql("commit")
        assert late.result(timeout=30) == []
    assert hands.events(case).count("acknowledge") == 1


def test_acknowledging_many_meets_the_round_and_the_work_without_a_deadlock(hands: Hands, paths: Paths) -> None:
    cases = [paths.to("in_progress") for _ in range(12)]
    for case in cases:
        remind(hands, case)
    ids = [notice for case in cases for notice in notice_ids(hands, case)]
    sides = [Hands(hands.town) for _ in range(3)]
    later = hands.sql("select cc.city_now() + interval '1 hour'")
    with ThreadPoolExecutor(3) as pool:
        done = [
            pool.submit(acknowledge, sides[0], "cg", ids),
            pool.submit(lambda: [sides[1].act("cg", case, "note", text="已派人") for case in reversed(cases)]),
            pool.submit(lambda: [sides[2].sql("select cc.escalate_notices(%s)", later) for _ in range(6)]),
        ]
        assert sorted(done[0].result(timeout=60)) == sorted(ids)
        for one in done[1:]:
            one.result(timeout=60)
    hands.sql("select cc.escalate_notices(%s)", later)
    assert all(kinds(hands, case) == [] for case in cases)


def test_the_trace_stays_sound_and_the_counters_count_it(hands: Hands, paths: Paths) -> None:
    case = paths.to("in_progress")
    remind(hands, case)
    acknowledge(hands, "cg", notice_ids(hands, case))
    done = hands.sql("select cc.run_duty()")
    assert "failed" not in done
    assert hands.as_person("auditor", "select count(*) from cc.audit_faults()") == 0
    assert hands.sql("select cc.rollup_sound()")


def test_an_acknowledgement_leaves_version_and_state_alone(hands: Hands, paths: Paths) -> None:
    case = paths.to("in_progress")
    before = hands.version(case)
    remind(hands, case)
    acknowledge(hands, "cg", notice_ids(hands, case))
    assert (hands.version(case), hands.state(case)) == (before, "in_progress")
    hands.act("cg", case, "feedback", version=before, result="已清理")


def test_several_reminders_of_several_cases_are_acknowledged_at_once(hands: Hands, paths: Paths) -> None:
    first, second = paths.to("in_progress"), paths.to("in_progress")
    for case in (first, second):
        remind(hands, case)
    remind(hands, first, org="CG-1")
    ids = notice_ids(hands, first) + notice_ids(hands, second)
    assert sorted(acknowledge(hands, "cg", ids)) == sorted(ids)
    assert hands.events(first).count("acknowledge") == 1
    assert hands.events(second).count("acknowledge") == 1


def test_a_command_sent_twice_gives_the_same_answer_and_acknowledges_once(hands: Hands, paths: Paths) -> None:
    case, command = paths.to("in_progress"), str(uuid.uuid4())
    remind(hands, case)
    ids = notice_ids(hands, case)
    assert acknowledge(hands, "cg", ids, command) == acknowledge(hands, "cg", ids, command) == ids
    assert hands.events(case).count("acknowledge") == 1


def test_what_nobody_acknowledges_is_told_to_the_supervisors_once(hands: Hands, paths: Paths) -> None:
    case = paths.to("in_progress")
    remind(hands, case)
    limit = hands.sql("select acknowledge_minutes from cc.wf_setting")
    with hands.trying():
        now = hands.sql("select cc.city_now()")
        assert hands.sql("select cc.escalate_notices(%s)", now + timedelta(minutes=limit - 1)) == 0
        assert hands.sql("select cc.escalate_notices(%s)", now + timedelta(minutes=limit + 1)) >= 1
        assert hands.rows(OPEN, case) == [
            ("near_limit", "handler", hands.org("D-CG")), ("unanswered", "supervisor", None),
        ]  # fmt: skip
        assert hands.sql("select cc.escalate_notices(%s)", now + timedelta(minutes=limit + 2)) == 0
        assert hands.sql("select cc.escalate_notices(%s)", now + timedelta(days=9)) == 0, "nobody is above him"


def test_an_acknowledgement_takes_back_what_the_supervisors_were_told(hands: Hands, paths: Paths) -> None:
    case = paths.to("in_progress")
    remind(hands, case)
    remind(hands, case, kind="escalation", role="street_leader", org=None)
    to_unit, to_leader = notice_ids(hands, case)
    hands.sql("select cc.escalate_notices(cc.city_now() + interval '1 hour')")
    assert kinds(hands, case) == ["near_limit", "escalation", "unanswered", "unanswered"]
    acknowledge(hands, "cg", [to_unit])
    assert kinds(hands, case) == ["escalation", "unanswered"], "the other one still waits"
    acknowledge(hands, "leader", [to_leader])
    assert kinds(hands, case) == []


def test_what_the_supervisors_were_told_goes_when_its_reminder_is_replaced(hands: Hands, paths: Paths) -> None:
    case = paths.to("in_progress")
    remind(hands, case)
    hands.sql("select cc.escalate_notices(cc.city_now() + interval '1 hour')")
    remind(hands, case, kind="overdue")
    assert kinds(hands, case) == ["overdue"]


def test_an_office_case_waits_for_office_hours(hands: Hands, paths: Paths) -> None:
    with hands.trying():
        travel(hands, "2026-03-02 19:55")
        case = paths.to("reported")
        hands.act("acceptor", case, "accept", item_id=hands.item("夜间施工噪声"))
        hands.act("acceptor", case, "file")
        hands.act("dispatcher", case, "dispatch", unit_id=hands.org("D-GA"))
        hands.act("ga", case, "receive")
        remind(hands, case, org="D-GA")
        minutes = hands.sql("select acknowledge_minutes from cc.wf_setting")
        due = hands.sql("select answer_by from cc.notice where case_id = %s", case)
        assert due == beijing("2026-03-03 08:00") + timedelta(minutes=minutes - 5)


def test_beyond_the_calendar_the_minutes_are_plain(hands: Hands, paths: Paths) -> None:
    with hands.trying():
        case = paths.to("filed")
        hands.sql("update cc.cases set clock = 'days' where id = %s", case)
        hands.sql("delete from cc.calendar_day")
        assert remind(hands, case, role="dispatcher", org=None)
        spare = hands.sql("select extract(epoch from answer_by - made_at) / 60 from cc.notice where case_id = %s", case)
        assert spare == hands.sql("select acknowledge_minutes from cc.wf_setting")


def test_a_case_in_somebodys_hands_is_escalated_by_the_next_round(hands: Hands, paths: Paths) -> None:
    other = Hands(hands.town)
    case = paths.to("in_progress")
    remind(hands, case)
    with other.trying():
        other.sql("select from cc.cases where id = %s for update", case)
        hands.sql("select cc.escalate_notices(cc.city_now() + interval '1 hour')")
        assert kinds(hands, case) == ["near_limit"]
    hands.sql("select cc.escalate_notices(cc.city_now() + interval '1 hour')")
    assert kinds(hands, case) == ["near_limit", "unanswered"]


def test_the_feed_tells_of_a_new_and_of_a_closed_reminder(hands: Hands, paths: Paths) -> None:
    case = paths.to("in_progress")
    before = hands.sql("select max(id) from cc.feed")
    remind(hands, case)
    (notice,) = notice_ids(hands, case)
    acknowledge(hands, "cg", [notice])
    told = "select entity_id, handler_id, street_id from cc.feed where kind = 'notice' and id > %s"
    assert hands.rows(told, before) == [(notice, hands.org("D-CG"), hands.org("A"))] * 2


def test_old_closed_reminders_are_dropped_and_open_ones_never(hands: Hands, paths: Paths) -> None:
    with hands.trying():
        gone, kept = paths.to("in_progress"), paths.to("in_progress")
        for case in (gone, kept):
            remind(hands, case)
        acknowledge(hands, "cg", notice_ids(hands, gone))
        pass_time(hands, days=40)
        assert hands.sql("select cc.drop_old_notices(cc.city_now())") >= 1
        assert hands.sql("select count(*) from cc.notice where case_id = %s", gone) == 0
        assert kinds(hands, kept) == ["near_limit"]
