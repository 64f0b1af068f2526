"""会商: called, answered by each unit for itself, held, decided, closed when its tasks are struck off."""

import json
import uuid
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from commandcenter.domain.errors import (
    Conflict,
    DomainError,
    InvalidInput,
    NotAllowed,
    NotFound,
    WrongState,
)
from tests.integration.meeting.table import Table
from tests.support.paths import Paths

pytestmark = pytest.mark.database


# ---------------------------------------------------------------- the way
def test_a_meeting_goes_from_call_to_close(table: Table, paths: Paths) -> None:
    case = paths.to("filed")
    number = table.call(cases=[case], agenda="一、情况\n二、分工", place="街道三楼")
    assert table.attendees(number) == {"D-CG": "invited", "D-GA": "invited"}
    table.meet("cg", number, "confirm", unit="D-CG")
    table.meet("ga", number, "excuse", unit="D-GA", reason="另有任务")
    table.meet("leader", number, "invite", unit="D-SW")
    table.meet("leader", number, "attend", unit="D-CG", attendance="present")
    table.meet("leader", number, "attend", unit="D-SW", attendance="absent")
    table.meet("leader", number, "hold", decisions="三日内清理\n城管委牵头")
    table.meet("leader", number, "assign", unit="D-CG", title="清理", due=table.ahead(days=3), text="全部清理")
    task = table.sql("select id from cc.task where meeting_id = %s", number)
    with pytest.raises(InvalidInput, match="1 件交办事项没有销号"):
        table.meet("leader", number, "close")
    table.attach_to("cg", "task", task)
    table.task("cg", task, "report", result="已清理")
    table.task("leader", task, "accept")
    assert table.meet("leader", number, "close")["state"] == "closed"
    assert table.attendees(number) == {"D-CG": "present", "D-GA": "excused", "D-SW": "absent"}
    assert table.deeds(number) == [
        "call", "confirm", "excuse", "invite", "attend", "attend", "hold", "assign", "close",
    ]  # fmt: skip
    row = table.row_of("meeting", number)
    assert (row["open"], row["closed_at"] is None, row["events"]) == (False, False, 9)


def test_its_file_holds_everything_in_one_answer(table: Table, paths: Paths) -> None:
    case = paths.to("filed")
    number = table.held(cases=[case], agenda="一、情况", place="街道三楼")
    table.meet("leader", number, "assign", unit="D-CG", title="清理", due=table.ahead(days=3))
    table.attach_to("leader", "meeting", number, kind="minutes", mime="application/pdf", content=b"%PDF-1.7 x")
    file = table.as_person("ga", "select cc.meeting_file(%s)", number)
    assert (file["row"]["title"], file["row"]["place"], file["agenda"]) == ("占道经营会商", "街道三楼", "一、情况")
    assert file["decisions"] == "限期清理"
    assert file["row"]["cases"] == [case]
    assert [step[7] for step in file["trace"]] == ["call", "attend", "attend", "hold", "assign", "attach"]
    assert [f[2:5] for f in file["files"]] == [["minutes", "a.png", "application/pdf"]]
    assert file["tasks"] == [], "a task of another unit is not 公安's to read"
    assert [k["title"] for k in table.as_person("leader", "select cc.meeting_file(%s)", number)["tasks"]] == ["清理"]


def test_a_new_hour_asks_everybody_again(table: Table) -> None:
    number = table.call()
    table.meet("cg", number, "confirm", unit="D-CG")
    table.meet("ga", number, "excuse", unit="D-GA", reason="另有任务")
    later = table.ahead(hours=30)
    table.meet("leader", number, "reschedule", meet_at=later, reason="天气", place="社区会议室")
    assert table.attendees(number) == {"D-CG": "invited", "D-GA": "invited"}
    place = "select place from cc.meeting_detail where meeting_id = %s"
    assert table.sql(place, number) == "社区会议室"
    assert table.row_of("meeting", number)["meet_at"].isoformat()[:16] == later[:16]


# ---------------------------------------------------------------- who may
@pytest.mark.parametrize(("login", "caller", "error"), [
    ("leader", "A", None), ("supervisor", "A", None), ("supervisor", "T", None),
    ("leader", "B", NotAllowed), ("leader", "T", NotAllowed), ("cg", "A", NotAllowed), ("cg", "D-CG", InvalidInput),
    ("dispatcher", "T", NotAllowed), ("admin", "T", NotAllowed), ("screen", "T", NotAllowed),
    ("street_a", "A", NotAllowed), ("gateway", "T", NotAllowed),
])  # fmt: skip
def test_who_may_call_one(login: str, caller: str, error: type[DomainError] | None, table: Table) -> None:
    if error is None:
        assert table.call(login, caller)
        return
    with pytest.raises(error):
        table.call(login, caller)


@pytest.mark.parametrize(("wrong", "field"), [
    ({"title": "  "}, "title"), ({"title": "x" * 121}, "title"), ({"units": []}, "units"), ({"units": [0]}, "units"),
    ({"units": "8"}, "units"), ({"units": ["八"]}, "units"), ({"meet_at": "2020-01-01T10:00:00+08:00"}, "meet_at"),
    ({"meet_at": "明天"}, "meet_at"), ({"cases": [1]}, None), ({"agenda": "x" * 4001}, "agenda"), ({"x": 1}, "x"),
    ({"units": None}, "units"), ({"units": [99999999999]}, "units"), ({"cases": [2**70]}, "cases"),
    ({"meet_at": "infinity"}, "meet_at"), ({"units": list(range(100, 170))}, "units"),
    ({"caller_id": "甲"}, "caller_id"),
])  # fmt: skip
def test_a_wrong_call_says_what_is_wrong(wrong: dict[str, Any], field: str | None, table: Table) -> None:
    before = table.sql("select count(*) from cc.meeting")
    with pytest.raises((InvalidInput, NotFound)) as refused:
        table.call(**wrong)
    if field is not None:
        assert isinstance(refused.value, InvalidInput)
        assert refused.value.detail["field"] == field
    assert table.sql("select count(*) from cc.meeting") == before


def test_a_case_out_of_sight_is_not_put_on_the_table(table: Table, paths: Paths) -> None:
    elsewhere = paths.to("filed", lon=116.0225)  # 乙一
    with pytest.raises(NotFound, match="没有这个案件"):
        table.call("leader", "A", cases=[elsewhere])
    assert table.call("supervisor", "A", cases=[elsewhere])


def test_nobody_answers_for_another_unit(table: Table) -> None:
    number = table.call()
    for login in ("ga", "leader", "supervisor", "street_a"):
        for action, args in (("confirm", {}), ("excuse", {"reason": "不去"})):
            with pytest.raises(NotAllowed):
                table.meet(login, number, action, unit="D-CG", **args)
    assert table.attendees(number)["D-CG"] == "invited"


def test_a_unit_that_is_not_called_does_not_see_it(table: Table) -> None:
    number = table.call()
    with pytest.raises(NotFound):
        table.meet("sw", number, "confirm", unit="D-SW")
    with pytest.raises(NotFound):
        table.as_person("sw", "select cc.meeting_file(%s)", number)
    with pytest.raises(NotFound):
        table.meet("leader_b", number, "cancel", reason="与我无关")
    assert table.as_person("sw", "select count(*) from cc.meeting where id = %s", number) == 0


def test_who_was_seen_there_does_not_excuse_himself_afterwards(table: Table) -> None:
    number = table.call()
    table.meet("leader", number, "attend", unit="D-CG", attendance="absent")
    with pytest.raises(WrongState, match="登记到会"):
        table.meet("cg", number, "excuse", unit="D-CG", reason="请过假的")
    with pytest.raises(WrongState, match="登记到会"):
        table.meet("cg", number, "confirm", unit="D-CG")
    assert table.attendees(number)["D-CG"] == "absent"


@pytest.mark.parametrize(("login", "action", "args", "error"), [
    ("leader", "invite", {"unit": "D-CG"}, WrongState),
    ("leader", "invite", {"unit": "T"}, InvalidInput),
    ("leader", "attend", {"unit": "D-SW", "attendance": "present"}, InvalidInput),
    ("leader", "attend", {"unit": "D-CG", "attendance": "late"}, InvalidInput),
    ("leader", "hold", {"decisions": "定了"}, InvalidInput),
    ("leader", "hold", {}, InvalidInput),
    ("leader", "assign", {"unit": "D-CG", "title": "清理", "due": "2030-01-01T00:00:00Z"}, WrongState),
    ("leader", "close", {}, WrongState),
    ("leader", "reschedule", {"meet_at": "2020-01-01T00:00:00Z", "reason": "x"}, InvalidInput),
    ("leader", "cancel", {}, InvalidInput),
    ("leader", "call", {}, InvalidInput), ("leader", "attach", {}, InvalidInput), ("leader", "vote", {}, InvalidInput),
    ("cg", "cancel", {"reason": "不想开"}, NotAllowed),
    ("cg", "note", {"text": "x", "unit_id": 1}, InvalidInput),
])  # fmt: skip
def test_what_a_called_meeting_refuses(
    login: str, action: str, args: dict[str, Any], error: type[DomainError], table: Table
) -> None:
    number = table.call()
    before = table.row_of("meeting", number)
    with pytest.raises(error):
        table.meet(login, number, action, **args)
    assert table.row_of("meeting", number) == before
    assert table.deeds(number) == ["call"]


def test_nothing_is_decided_where_nobody_came(table: Table) -> None:
    number = table.call()
    for key in ("D-CG", "D-GA"):
        table.meet("leader", number, "attend", unit=key, attendance="absent")
    with pytest.raises(InvalidInput, match="没有单位到会"):
        table.meet("leader", number, "hold", decisions="定了")


def test_a_meeting_that_was_held_keeps_somebody_who_came(table: Table) -> None:
    number = table.held()
    table.meet("leader", number, "attend", unit="D-CG", attendance="absent")
    with pytest.raises(InvalidInput, match="至少要有一个单位到会"):
        table.meet("leader", number, "attend", unit="D-GA", attendance="excused")
    assert table.attendees(number) == {"D-CG": "absent", "D-GA": "present"}


def test_a_cancelled_meeting_tells_those_who_would_have_come(table: Table) -> None:
    number = table.call()
    table.meet("ga", number, "excuse", unit="D-GA", reason="另有任务")
    table.meet("leader", number, "cancel", reason="已解决")
    assert table.said(number) == [("changed", "handler", "D-CG")]
    with pytest.raises(WrongState):
        table.meet("cg", number, "confirm", unit="D-CG")


# ---------------------------------------------------------------- two at once, twice
def test_the_second_who_acts_on_the_same_version_is_told_who_was_first(table: Table) -> None:
    number = table.call()
    seen = table.row_of("meeting", number)["version"]
    table.meet("leader", number, "attend", unit="D-CG", attendance="present", version=seen)
    with pytest.raises(Conflict) as late:
        table.meet("supervisor", number, "cancel", reason="不开了", version=seen)
    assert (late.value.detail["login"], late.value.detail["label"]) == ("t_leader", "登记到会")


def test_units_answer_at_once_without_getting_in_each_others_way(table: Table) -> None:
    number = table.call()
    version, sides = table.row_of("meeting", number)["version"], [Table(table.town), Table(table.town)]
    with ThreadPoolExecutor(2) as pool:
        done = [
            pool.submit(sides[0].meet, "cg", number, "confirm", unit="D-CG", version=version),
            pool.submit(sides[1].meet, "ga", number, "confirm", unit="D-GA", version=version),
        ]
        for one in done:
            one.result(timeout=30)
    assert set(table.attendees(number).values()) == {"confirmed"}
    assert table.row_of("meeting", number)["events"] == 3


def test_a_command_sent_twice_is_done_once(table: Table) -> None:
    first, command = str(uuid.uuid4()), str(uuid.uuid4())
    number = table.call(command=first)
    assert table.call(command=first) == number
    one = table.meet("cg", number, "confirm", unit="D-CG", command=command)
    two = table.meet("cg", number, "confirm", unit="D-CG", command=command)
    assert two == one | {"replayed": True}
    assert table.deeds(number) == ["call", "confirm"]


@pytest.mark.parametrize("args", ["[]", "null", '"x"', '{"unit_id": {"a": 1}}', '{"unit_id": "eight"}'])
def test_rubbish_is_refused_in_words(args: str, table: Table) -> None:
    number = table.call()
    with pytest.raises(InvalidInput):
        table.as_person(
            "leader", "select cc.meeting_act(%s, %s, 1, 'invite', %s)", str(uuid.uuid4()), number, args
        )
    with pytest.raises(InvalidInput):
        table.as_person("leader", "select cc.call_meeting(%s, %s)", str(uuid.uuid4()), args)


def test_no_action_writes_under_another_isolation(table: Table) -> None:
    number = table.call()
    with table.trying():
        table.sql("set transaction isolation level repeatable read")
        with pytest.raises(InvalidInput, match="READ COMMITTED"):
            table.meet("cg", number, "confirm", unit="D-CG", version=1)


def test_whoever_reads_no_words_gets_none(table: Table) -> None:
    number = table.held(agenda="一、情况")
    file = table.as_person("screen", "select cc.meeting_file(%s)", number)
    assert (file["row"]["title"], file["agenda"], file["decisions"], file["trace"]) == ("", "", "", [])
    assert json.dumps(file["row"]["attendees"])
