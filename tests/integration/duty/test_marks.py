"""临期, 超期 and 催办: once a stage, in working time, not while the case stands still, anew with the next stage."""

import re
from datetime import datetime, timedelta
from typing import Any

import pytest

from commandcenter.domain.workflow import load_workflow
from tests.support.clocks import beijing, pass_time, travel
from tests.support.hands import Hands
from tests.support.paths import Paths

pytestmark = pytest.mark.database

MONDAY = "2026-03-02 10:00"
MARKS = ("near_limit", "overdue", "escalate")


def _round(hands: Hands) -> dict[str, Any]:
    """Rounds until one changes nothing: a level is looked at after the one before it."""
    done: dict[str, Any] = hands.sql("select cc.run_duty()")
    assert "failed" not in done
    while any(hands.sql("select cc.run_duty()")[part] for part in ("overdue", "near_limit", "escalated")):
        pass
    return done


def _marks(hands: Hands, case: int) -> list[str]:
    return [action for action in hands.events(case) if action in MARKS]


def _notices(hands: Hands, case: int) -> list[tuple[Any, ...]]:
    return hands.rows("select kind, to_role, to_org from cc.notice where case_id = %s order by id", case)


def _stage(hands: Hands, case: int) -> dict[str, Any]:
    names = ("since", "deadline", "warn_at", "limit_s", "clock")
    sql = f"select {', '.join(names)} from cc.case_stage where case_id = %s and ended_at is null"
    return dict(zip(names, hands.rows(sql, case)[0], strict=True))


def _past(hands: Hands, case: int, share: float) -> datetime:
    """The instant at which a stage is that share of its limit past its deadline, counted second by second of the
    office day that `tests.support.town_profile` gives the clock of working hours."""
    stage = _stage(hands, case)
    found: datetime = hands.sql(
        "select min(t) from generate_series(%s::timestamptz, %s::timestamptz + interval '5 days', interval '1 min') t"
        " where cc.work_between(1, %s, %s, t) >= %s",
        stage["deadline"], stage["deadline"], stage["clock"], stage["deadline"], stage["limit_s"] * share,
    )  # fmt: skip
    return found


def test_a_stage_is_near_its_limit_once_and_whoever_acts_is_reminded(hands: Hands, paths: Paths) -> None:
    travel(hands, MONDAY)
    case = paths.to("in_progress")
    warn_at = _stage(hands, case)["warn_at"]
    travel(hands, warn_at - timedelta(seconds=1))
    assert _round(hands)["near_limit"] == 0
    travel(hands, warn_at)
    assert _round(hands)["near_limit"] == 1
    pass_time(hands, minutes=1)
    assert _round(hands)["near_limit"] == 0
    assert _marks(hands, case) == ["near_limit"]
    assert _notices(hands, case) == [("near_limit", "handler", hands.org("D-CG"))]
    what = hands.sql("select what from cc.case_event where case_id = %s and action = 'near_limit'", case)
    assert what["stage"] == "handle" and datetime.fromisoformat(what["deadline"]) == _stage(hands, case)["deadline"]
    assert hands.sql("select actor_id is null and role = 'duty' from cc.case_event where action = 'near_limit'")


def test_whoever_acts_is_asked_of_the_workflow_file(hands: Hands, paths: Paths) -> None:
    travel(hands, MONDAY)
    roles = {}
    for state in ("reported", "accepted", "filed", "dispatched", "in_progress", "feedback", "verified"):
        case = paths.to(state)
        travel(hands, _stage(hands, case)["warn_at"])
        _round(hands)
        roles[state] = _notices(hands, case)[0][1]
    workflow = load_workflow()
    assert roles == {state: workflow.stage[workflow.state[state].stage or ""].acts.split(":")[0] for state in roles}


def test_what_is_overdue_already_is_not_near_its_limit(hands: Hands, paths: Paths) -> None:
    """The duty stood still through the whole warning time."""
    travel(hands, MONDAY)
    case = paths.to("reported")
    travel(hands, _stage(hands, case)["deadline"] + timedelta(seconds=1))
    _round(hands)
    assert _marks(hands, case) == ["overdue"]
    assert [kind for kind, _, _ in _notices(hands, case)] == ["overdue"]


def test_levels_of_escalation_come_with_the_share_of_the_limit_in_working_time(hands: Hands, paths: Paths) -> None:
    travel(hands, MONDAY)
    case = paths.to("in_progress")
    travel(hands, _stage(hands, case)["deadline"] + timedelta(seconds=1))
    _round(hands)
    levels = [r for r in load_workflow().reminders if r.kind == "escalate"]
    assert len(levels) == 2
    for reached, level in enumerate(levels, 1):
        due = _past(hands, case, level.share)
        travel(hands, due - timedelta(minutes=1))
        _round(hands)
        assert _marks(hands, case).count("escalate") == reached - 1
        travel(hands, due)
        _round(hands)
        assert _marks(hands, case).count("escalate") == reached
    pass_time(hands, days=3)
    _round(hands)
    assert _marks(hands, case) == ["overdue", "escalate", "escalate"]
    told = hands.rows("select what->>'level' from cc.case_event where case_id = %s and action = 'escalate'", case)
    assert told == [("1",), ("2",)]
    assert {(kind, role) for kind, role, _ in _notices(hands, case) if kind == "escalation"} == {
        ("escalation", "handler"), ("escalation", "supervisor"), ("escalation", "street_leader"),
    }  # fmt: skip


def test_levels_missed_while_nobody_did_the_duty_come_one_after_the_other(hands: Hands, paths: Paths) -> None:
    travel(hands, MONDAY)
    case = paths.to("in_progress")
    pass_time(hands, days=14)
    _round(hands)
    assert _marks(hands, case) == ["overdue", "escalate", "escalate"]


def test_a_suspended_case_stands_still_and_goes_on_where_it_stood(hands: Hands, paths: Paths) -> None:
    travel(hands, MONDAY)
    case = paths.to("in_progress")
    travel(hands, _stage(hands, case)["deadline"] + timedelta(seconds=1))
    _round(hands)
    half = _past(hands, case, 0.5) - hands.sql("select cc.city_now()")
    hands.act("supervisor", case, "suspend", until=beijing("2026-03-20 10:00").isoformat(), reason="等待配件")
    pass_time(hands, days=7)
    _round(hands)
    assert _marks(hands, case) == ["overdue"]
    travel(hands, "2026-03-09 10:00")
    hands.act("supervisor", case, "resume")
    _round(hands)
    assert _marks(hands, case) == ["overdue"]
    pass_time(hands, seconds=half.total_seconds() - 60)
    _round(hands)
    assert _marks(hands, case) == ["overdue"]
    pass_time(hands, minutes=2)
    _round(hands)
    assert _marks(hands, case) == ["overdue", "escalate"]


def test_a_new_stage_starts_anew(hands: Hands, paths: Paths) -> None:
    travel(hands, MONDAY)
    case = paths.to("reported")
    pass_time(hands, days=7)
    _round(hands)
    before = _marks(hands, case)
    assert before == ["overdue", "escalate", "escalate"]
    hands.act("acceptor", case, "accept", item_id=hands.item("暴露垃圾"))
    _round(hands)
    assert _marks(hands, case) == before
    travel(hands, _stage(hands, case)["warn_at"])
    _round(hands)
    assert _marks(hands, case) == [*before, "near_limit"]
    travel(hands, _stage(hands, case)["deadline"] + timedelta(seconds=1))
    _round(hands)
    assert _marks(hands, case) == [*before, "near_limit", "overdue"]


def test_an_extension_given_after_the_deadline_takes_the_escalation_back(hands: Hands, paths: Paths) -> None:
    travel(hands, MONDAY)
    case = paths.to("in_progress")
    hands.act("cg", case, "request_extension", minutes=600, reason="等待配件")
    travel(hands, _stage(hands, case)["deadline"] + timedelta(minutes=1))
    _round(hands)
    hands.act("supervisor", case, "approve_extension")
    travel(hands, _stage(hands, case)["deadline"] - timedelta(minutes=1))
    _round(hands)
    assert "escalate" not in _marks(hands, case)


def test_a_case_that_cannot_be_marked_is_told_of_and_keeps_nobody_else(hands: Hands, paths: Paths) -> None:
    travel(hands, MONDAY)
    broken, sound = paths.to("reported"), paths.to("reported")
    hands.sql("alter table cc.seal_queue add constraint broken check (not (case_id = %s and seq = 2))", broken)
    pass_time(hands, minutes=31)
    done = hands.sql("select cc.run_duty()")
    assert done["overdue"] == 1
    assert (_marks(hands, broken), _marks(hands, sound)) == ([], ["overdue"])
    fault = hands.rows("select part, message, times from cc.duty_fault")
    assert [(part, str(broken) in message, times) for part, message, times in fault] == [("overdue", True, 1)]
    hands.sql("alter table cc.seal_queue drop constraint broken")
    _round(hands)
    assert "overdue" in _marks(hands, broken)
    assert hands.rows("select * from cc.duty_fault") == []


def test_marking_finds_what_is_due_by_its_index(hands: Hands, paths: Paths) -> None:
    paths.to("in_progress")
    hands.sql("analyze cc.case_stage")
    for mark, index in (("near_limit", "warn_at"), ("overdue", "deadline"), ("escalate", "escalate_at")):
        source = hands.sql("select prosrc from pg_proc where oid = 'cc.due_stages(text, timestamptz)'::regprocedure")
        query = source.split(f"when '{mark}' then")[1].split(";")[0].split("return query")[1]
        query = re.sub(r"([<>]=?) t\b", r"\1 now()", query)
        with hands.trying():
            hands.sql("set local enable_seqscan = off")
            hands.sql("set local search_path = cc")
            plan = "\n".join(row[0] for row in hands.rows(f"explain {query}"))
        assert "Index Scan" in plan and f"({index} <" in plan, plan
        assert "Seq Scan" not in plan, plan
