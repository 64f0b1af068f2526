"""交办事项: given with a date, reported with proof, struck off by whoever watches it; marked when the date passes."""

import uuid
from datetime import timedelta
from typing import Any

import pytest

from commandcenter.domain.errors import (
    Conflict,
    DomainError,
    InvalidInput,
    NotAllowed,
    NotFound,
    TooLate,
    WrongState,
)
from tests.integration.meeting.table import Table
from tests.support.paths import Paths
from tests.support.town import PNG

pytestmark = pytest.mark.database

# A rectification, as a bulletin makes it.
RECTIFY = (
    "select cc.new_task('rectification', cc.caller_scope(%s, ''), %s, %s, '整改', '按时响应', '',"
    " cc.city_now() + interval '3 days', null, null, null, null, null, 'duty', cc.city_now())"
)


def rectification(table: Table) -> int:
    district, unit = table.unit("T"), table.unit("D-CG")
    return int(table.sql(RECTIFY, district, unit, district))


def test_a_task_goes_from_order_to_done(table: Table, paths: Paths) -> None:
    case = paths.to("filed")
    number = table.assign(case_id=case, leader="李区长", text="限期清理")
    table.attach_to("cg", "task", number)
    table.task("cg", number, "report", result="清了一半")
    table.task("supervisor", number, "return_task", reason="没有清完")
    with pytest.raises(InvalidInput, match="照片"):
        table.task("cg", number, "report", result="清完了")
    table.attach_to("cg", "task", number)
    table.task("cg", number, "report", result="清完了")
    assert table.task("evaluator", number, "accept")["state"] == "done"
    assert table.deeds(number) == ["assign", "attach", "report", "return_task", "attach", "report", "accept"]
    row = table.row_of("task", number)
    assert (row["reworks"], row["open"], row["closed_at"] is None, row["street_id"]) == (
        1, False, False, table.unit("A"),
    )  # fmt: skip
    file = table.as_person("cg", "select cc.task_file(%s)", number)
    assert (file["row"]["title"], file["row"]["leader"], file["text"], file["result"]) == (
        "清理占道物品", "李区长", "限期清理", "清完了",
    )  # fmt: skip
    assert [f[0] for f in file["files"]] == [2, 5]


@pytest.mark.parametrize(("login", "issuer", "error"), [
    ("supervisor", "T", None), ("supervisor", "A", None), ("leader", "A", None), ("leader", "T", NotAllowed),
    ("leader", "B", NotAllowed), ("cg", "T", NotAllowed), ("cg", "D-CG", InvalidInput), ("evaluator", "T", NotAllowed),
    ("screen", "T", NotAllowed), ("admin", "T", NotAllowed),
])  # fmt: skip
def test_who_may_assign(login: str, issuer: str, error: type[DomainError] | None, table: Table) -> None:
    if error is None:
        assert table.assign(login, issuer)
        return
    with pytest.raises(error):
        table.assign(login, issuer)


@pytest.mark.parametrize("wrong", [
    {"title": ""}, {"due": "2020-01-01T00:00:00Z"}, {"due": "2999-01-01T00:00:00Z"}, {"unit_id": 0}, {"case_id": 1},
    {"summons_id": 1}, {"case_id": "x"}, {"leader": "x" * 61}, {"what": 1},
])  # fmt: skip
def test_a_wrong_task_is_refused(wrong: dict[str, Any], table: Table) -> None:
    before = table.sql("select count(*) from cc.task")
    with pytest.raises((InvalidInput, NotFound)):
        table.assign(**wrong)
    assert table.sql("select count(*) from cc.task") == before


def test_a_unit_reports_its_own_tasks_and_sees_no_others(table: Table) -> None:
    number = table.assign()
    table.attach_to("cg", "task", number)
    for login, error in (("ga", NotFound), ("leader_b", NotFound), ("supervisor", NotAllowed), ("screen", NotAllowed)):
        with pytest.raises(error):
            table.task(login, number, "report", result="替他报了")
        with pytest.raises(error):
            table.attach_to(login, "task", number)
    with pytest.raises(NotAllowed):
        table.task("cg", number, "cancel", reason="不想办")
    table.task("cg", number, "report", result="已清理")
    with pytest.raises(NotAllowed):
        table.task("cg", number, "accept")


def test_a_date_moves_before_it_has_passed_and_only_later(table: Table) -> None:
    number = table.assign()
    with pytest.raises(InvalidInput, match="晚于"):
        table.task("supervisor", number, "extend", due=table.ahead(hours=2), reason="等配件")
    table.task("supervisor", number, "extend", due=table.ahead(days=4), reason="等配件")
    with table.trying():
        table.sql("select cc.mark_tasks(cc.city_now() + interval '5 days')")
        with pytest.raises(TooLate, match="超期"):
            table.task("supervisor", number, "extend", due=table.ahead(days=9), reason="等配件")


def test_a_rectification_cannot_be_called_off(table: Table) -> None:
    number = rectification(table)
    assert table.row_of("task", number)["no"].startswith("ZG-")
    with pytest.raises(WrongState, match="整改单不能取消"):
        table.task("supervisor", number, "cancel", reason="算了")
    assert table.task("supervisor", table.assign(), "cancel", reason="重复")["state"] == "cancelled"


def test_the_round_marks_what_is_past_its_date_once(table: Table) -> None:
    late, early, reported = table.assign(), table.assign(due=table.ahead(days=9)), table.reported()
    with table.trying():
        t = table.now() + timedelta(days=2)
        assert table.sql("select cc.mark_tasks(%s)", t) >= 1
        assert [table.row_of("task", k)["overdue"] for k in (late, early, reported)] == [True, False, False]
        assert table.deeds(late) == ["assign", "overdue"]
        assert table.said(late) == [("overdue", "handler", "D-CG"), ("overdue", "supervisor", "T")]
        assert table.sql("select actor_login from cc.joint_event where entity_id = %s and seq = 2", late) == "duty"
        assert table.sql("select cc.mark_tasks(%s)", t) == 0
        table.attach_to("cg", "task", late)
        table.task("cg", late, "report", result="晚了")
        assert table.said(late) == [("to_verify", "supervisor", "T")]


def test_a_task_in_somebodys_hands_waits_for_the_next_round(table: Table) -> None:
    number, other = table.assign(), Table(table.town)
    due = table.row_of("task", number)["due"] + timedelta(seconds=1)
    with other.trying():
        other.sql("select from cc.task where id = %s for update", number)
        table.sql("select cc.mark_tasks(%s)", due)
        assert table.row_of("task", number)["overdue"] is False
    table.sql("select cc.mark_tasks(%s)", due)
    assert table.row_of("task", number)["overdue"] is True


def test_the_later_of_two_is_told_who_was_first(table: Table) -> None:
    number = table.reported()
    seen = table.row_of("task", number)["version"]
    table.task("supervisor", number, "accept", version=seen)
    with pytest.raises((Conflict, WrongState)):
        table.task("evaluator", number, "return_task", reason="不行", version=seen)


def test_a_task_sent_twice_is_one(table: Table) -> None:
    command = str(uuid.uuid4())
    assert table.assign(command=command) == table.assign(command=command)


# ---------------------------------------------------------------- attachments
@pytest.mark.parametrize(("mime", "content"), [
    ("image/jpeg", b"\xff\xd8\xff\xe0x"), ("image/webp", b"RIFF....WEBPx"), ("application/pdf", b"%PDF-1.4"),
    ("video/mp4", b"....ftypisom"),
])  # fmt: skip
def test_a_file_must_be_what_it_says(mime: str, content: bytes, table: Table) -> None:
    number = table.assign()
    assert table.attach_to("cg", "task", number, mime=mime, content=content)["event"] == 2
    for wrong in (PNG, content[1:], b"\x00" * 20):
        with pytest.raises(InvalidInput, match="不符"):
            table.attach_to("cg", "task", number, mime=mime, content=wrong)
    file = "select encode(content, 'hex') from cc.joint_file where entity_id = %s"
    assert table.sql(file, number) == content.hex()


@pytest.mark.parametrize("wrong", [
    {"kind": "before"}, {"kind": "minutes"}, {"name": " "}, {"content": b""}, {"mime": "text/html", "content": b"<p>"},
    {"content": PNG + b"\x00" * 8388608}, {"entity": "case"}, {"party": 1},
])  # fmt: skip
def test_a_wrong_file_is_refused(wrong: dict[str, Any], table: Table) -> None:
    number = table.assign()
    with pytest.raises(InvalidInput):
        table.attach_to(**{"login": "cg", "entity": "task", "which": number, **wrong})
    assert table.sql("select count(*) from cc.joint_file where entity_id = %s", number) == 0


def test_its_content_is_for_those_who_see_it(table: Table) -> None:
    number = table.assign()
    table.attach_to("cg", "task", number)
    content = "select cc.joint_file_content(%s, 2)"
    for login in ("cg", "supervisor", "auditor"):
        assert bytes(table.as_person(login, content, number)) == PNG
    for login in ("ga", "screen", "admin", "leader_b", "gateway"):
        assert table.as_person(login, content, number) is None, login
    assert table.as_person("cg", "select cc.joint_file_content(%s, 9)", number) is None


def test_after_it_was_reported_nothing_is_added(table: Table) -> None:
    number = table.reported()
    with pytest.raises(WrongState):
        table.attach_to("cg", "task", number)


def test_a_lane_takes_the_file_of_its_own_unit_alone(table: Table) -> None:
    number = table.issued()
    table.forward(number, 1, "responded")
    assert table.proof("cg", number, 1)["event"] == table.summons(number)["events"]
    for login in ("ga", "leader", "supervisor"):
        with pytest.raises(NotAllowed):
            table.proof(login, number, 1)
    with pytest.raises(NotFound):
        table.proof("cg", number, 9)
    with pytest.raises(NotFound):
        table.proof("sw", number, 1)
    seen = table.rows("select party_no, unit_id from cc.joint_event where entity_id = %s and action = 'attach'", number)
    assert seen == [(1, table.unit("D-CG"))]


def test_a_lane_that_is_not_live_takes_none(table: Table) -> None:
    number = table.issued(units=("D-CG", "D-GA", "D-SW"))
    table.forward(number, 1, "responded")
    table.lane("leader", number, "withdraw_party", 1, reason="不需要")
    with pytest.raises(WrongState, match="已撤出"):
        table.proof("cg", number, 1)
