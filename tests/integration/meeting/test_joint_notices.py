"""What is said of a whistle, meeting or task: always what is true now, to whom it concerns, until it is taken on."""

import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from commandcenter.domain.errors import NotFound
from tests.integration.meeting.table import SAID, Table
from tests.support.clocks import beijing, pass_time, travel

pytestmark = pytest.mark.database


def test_each_unit_hears_of_a_call_until_it_answers(table: Table) -> None:
    number = table.call()
    assert table.said(number) == [("to_attend", "handler", "D-CG"), ("to_attend", "handler", "D-GA")]
    table.meet("cg", number, "confirm", unit="D-CG")
    assert table.said(number) == [("to_attend", "handler", "D-GA")]
    table.meet("leader", number, "attend", unit="D-GA", attendance="absent")
    assert table.said(number) == [("to_do", "street_leader", "A")]


def test_who_called_hears_that_all_have_answered_and_what_is_to_be_done_at_the_hour(table: Table) -> None:
    number = table.call()
    table.meet("cg", number, "confirm", unit="D-CG")
    table.meet("ga", number, "excuse", unit="D-GA", reason="另有任务")
    ((kind, role, place, words),) = table.rows(SAID, number)
    assert (kind, role, place) == ("to_do", "street_leader", "A") and "请登记到会、形成议定事项" in words
    due = table.sql("select due from cc.notice where entity_id = %s and kind = 'to_do' and closed_at is null", number)
    assert due == table.row_of("meeting", number)["meet_at"]
    table.meet("leader", number, "invite", unit="D-SW")
    assert table.said(number) == [("to_attend", "handler", "D-SW")]
    table.meet("leader", number, "reschedule", meet_at=table.ahead(days=2), reason="天气")
    assert [row[0] for row in table.said(number)] == ["to_attend"] * 3  # everybody is asked again


def test_whoever_called_hears_when_nothing_is_left_but_to_close(table: Table) -> None:
    number = table.held()
    assert table.said(number) == [("to_close", "street_leader", "A")]
    table.meet("leader", number, "assign", unit="D-CG", title="清理", due=table.ahead(days=1))
    assert table.said(number) == []
    task = table.sql("select id from cc.task where meeting_id = %s", number)
    assert table.said(task) == [("to_do", "handler", "D-CG")]
    table.attach_to("cg", "task", task)
    table.task("cg", task, "report", result="已清理")
    assert table.said(task) == [("to_verify", "street_leader", "A")]
    table.task("leader", task, "accept")
    assert (table.said(task), table.said(number)) == ([], [("to_close", "street_leader", "A")])
    table.meet("leader", number, "close")
    assert table.said(number) == []


def test_what_is_still_true_is_left_alone(table: Table) -> None:
    number = table.call()
    before = table.notice_ids(number)
    table.meet("cg", number, "note", text="请带图纸")
    table.meet("leader", number, "invite", unit="D-SW")
    assert table.notice_ids(number)[:2] == before


def test_an_acknowledged_one_is_not_said_again_while_it_holds(table: Table) -> None:
    number = table.call()
    ids = table.notice_ids(number)
    assert table.acknowledge("cg", ids[:1]) == ids[:1]
    table.meet("leader", number, "invite", unit="D-SW")
    assert [row[2] for row in table.said(number)] == ["D-GA", "D-SW"]


def test_what_comes_to_be_true_again_is_said_again(table: Table) -> None:
    number = table.reported()
    table.acknowledge("supervisor", table.notice_ids(number))
    table.task("supervisor", number, "return_task", reason="没有清完")
    table.attach_to("cg", "task", number)
    table.task("cg", number, "report", result="清完了")
    assert table.said(number) == [("to_verify", "supervisor", "T")]


def test_a_new_date_is_news_even_to_who_took_the_old_one_on(table: Table) -> None:
    number = table.call()
    table.acknowledge("cg", table.notice_ids(number)[:1])
    table.meet("leader", number, "reschedule", meet_at=table.ahead(days=2), reason="天气")
    assert [row[2] for row in table.said(number)] == ["D-CG", "D-GA"]


def test_an_acknowledgement_stands_in_the_log_and_leaves_the_version(table: Table) -> None:
    number = table.call()
    before = table.row_of("meeting", number)
    ids = table.notice_ids(number)
    table.acknowledge("cg", ids[:1])
    after = table.row_of("meeting", number)
    assert (after["version"], after["events"]) == (before["version"], before["events"] + 1)
    role, who, words = table.rows(
        "select role, actor_login, what->>'text' from cc.joint_event where entity_id = %s and action = 'acknowledge'",
        number,
    )[0]  # fmt: skip
    assert (role, who) == ("handler", "t_cg") and "请确认参会" in words
    assert table.acknowledge("cg", ids[:1]) == []


def test_one_of_a_lane_is_written_into_its_lane(table: Table) -> None:
    number = table.issued()
    listed = "select id from cc.notice where entity_id = %s and party_no = 2 and closed_at is null"
    notice = table.sql(listed, number)
    assert notice is not None
    table.acknowledge("ga", [notice])
    assert table.actions(number, lane=2)[-1] == "acknowledge"
    assert table.actions(number, lane=1)[-1] != "acknowledge"


def test_many_of_several_kinds_are_taken_on_at_once(table: Table) -> None:
    meeting, task, whistle = table.call(), table.assign(), table.issued()
    ids = [
        row[0] for row in table.rows(
            "select n.id from cc.notice n join cc.org o on o.id = n.to_org where o.key = 'D-CG' and to_role = 'handler'"
            " and closed_at is null and entity_id = any(%s)", [meeting, task, whistle],
        )
    ]  # fmt: skip
    assert len(ids) >= 3
    assert sorted(table.acknowledge("cg", ids)) == sorted(ids)


def test_anothers_is_refused_in_the_words_of_an_absent_one(table: Table) -> None:
    number = table.call()
    to_cg, _to_ga = table.notice_ids(number)
    said = set()
    for which in (to_cg, to_cg + 100000):
        with pytest.raises(NotFound) as refused:
            table.acknowledge("ga", [which])
        said.add(str(refused.value))
    assert len(said) == 1
    assert table.notice_ids(number)[0] == to_cg


def test_nobody_answers_the_supervisors_hear_of_it_once_and_it_goes_with_the_answer(table: Table) -> None:
    number = table.call()
    with table.trying():
        later = table.now() + timedelta(days=5)
        assert table.sql("select cc.escalate_notices(%s)", later) >= 2
        assert table.said(number)[2:] == [("unanswered", "supervisor", None)] * 2
        assert table.sql("select cc.escalate_notices(%s)", later + timedelta(days=1)) == 0
        ids = table.notice_ids(number)
        table.acknowledge("cg", ids[:1])
        assert table.said(number) == [("to_attend", "handler", "D-GA"), ("unanswered", "supervisor", None)]
        table.meet("ga", number, "confirm", unit="D-GA")
        assert table.said(number) == []


def test_the_supervisor_may_take_the_unanswered_on_and_the_unit_still_must(table: Table) -> None:
    number = table.assign(issuer="A", login="leader")
    with table.trying():
        table.sql("select cc.escalate_notices(%s)", table.now() + timedelta(days=5))
        unanswered = table.notice_ids(number)[1]
        assert table.acknowledge("supervisor", [unanswered]) == [unanswered]
        assert table.said(number) == [("to_do", "handler", "D-CG")]


def test_an_office_matter_rings_in_office_hours_alone(table: Table) -> None:
    with table.trying():
        travel(table, "2026-03-02 19:55")
        number = table.assign(due="2026-03-06T18:00:00+08:00")
        minutes = table.sql("select acknowledge_minutes from cc.wf_setting")
        answer = table.sql("select answer_by from cc.notice where entity_id = %s", number)
        assert answer == beijing("2026-03-03 08:00") + timedelta(minutes=minutes - 5)


def test_a_matter_in_somebodys_hands_is_escalated_by_the_next_round(table: Table) -> None:
    number, other = table.call(), Table(table.town)
    later = table.now() + timedelta(days=5)
    with other.trying():
        other.sql("select from cc.meeting where id = %s for update", number)
        table.sql("select cc.escalate_notices(%s)", later)
        assert len(table.said(number)) == 2
    table.sql("select cc.escalate_notices(%s)", later)
    assert len(table.said(number)) == 4


def test_an_old_closed_one_goes_unless_it_must_stay_known(table: Table) -> None:
    with table.trying():
        kept, gone = table.call(), table.call()
        table.acknowledge("cg", table.notice_ids(kept)[:1])
        table.meet("leader", gone, "cancel", reason="不开了")
        table.acknowledge("cg", table.notice_ids(gone)[:1])
        later = table.now() + timedelta(days=40)
        assert table.sql("select cc.drop_old_notices(%s)", later) >= 2
        assert table.sql("select count(*) from cc.notice where entity_id = %s", kept) == 2
        table.meet("leader", kept, "invite", unit="D-SW")
        assert [row[2] for row in table.said(kept)] == ["D-GA", "D-SW"], "not said anew to who took it on"


def test_its_words_name_nobody(table: Table) -> None:
    meeting = table.call(agenda="处理张三丰 13912345678 反映的问题")
    task = table.assign(title="答复张三丰", text="13912345678", leader="李区长")
    words = " ".join(
        row[0] for row in table.rows("select words from cc.notice where entity_id = any(%s)", [meeting, task])
    )
    assert words and not any(part in words for part in ("张三丰", "139", "李区长", "占道经营会商"))


def test_the_feed_tells_those_whom_it_concerns(table: Table) -> None:
    before = table.sql("select max(id) from cc.feed")
    number = table.call()
    heard = "select distinct entity_id from cc.feed where kind = %s and id > %s order by 1"

    def hears(login: str, kind: str) -> list[int]:
        listed = f"select array_agg(f.entity_id) from ({heard}) f"
        return table.as_person(login, listed, kind, before) or []

    to_cg, to_ga = table.notice_ids(number)
    assert (hears("cg", "notice"), hears("ga", "notice"), hears("sw", "notice")) == ([to_cg], [to_ga], [])
    assert hears("leader", "notice") == [to_cg, to_ga]
    for login, sees in (("cg", True), ("leader", True), ("supervisor", True), ("screen", True), ("sw", False),
                        ("leader_b", False), ("gateway", False), ("admin", False)):  # fmt: skip
        assert (number in hears(login, "meeting")) is sees, login


def test_who_is_called_at_another_place_hears_it_there(table: Table) -> None:
    """A task of the street, watched by its head, about a matter that lies nowhere."""
    before = table.sql("select max(id) from cc.feed")
    number = table.reported(login="leader", issuer="A")
    (notice,) = table.notice_ids(number)
    heard = "select array_agg(distinct entity_id) from cc.feed where kind = 'notice' and id > %s"
    assert notice in table.as_person("leader", heard, before)
    assert notice not in (table.as_person("leader_b", heard, before) or [])


def test_acknowledging_meets_answers_and_rounds_without_a_deadlock(table: Table) -> None:
    meetings = [table.call() for _ in range(10)]
    ids = [table.notice_ids(number)[0] for number in meetings]
    sides = [Table(table.town) for _ in range(3)]
    later = table.now() + timedelta(days=5)
    with ThreadPoolExecutor(3) as pool:
        done = [
            pool.submit(sides[0].acknowledge, "cg", ids),
            pool.submit(lambda: [sides[1].meet("ga", n, "confirm", unit="D-GA") for n in reversed(meetings)]),
            pool.submit(lambda: [sides[2].sql("select cc.escalate_notices(%s)", later) for _ in range(6)]),
        ]
        for one in done:
            one.result(timeout=60)
    table.sql("select cc.escalate_notices(%s)", later)
    assert [table.said(number) for number in meetings] == [[]] * 10


def test_a_command_sent_twice_acknowledges_once(table: Table) -> None:
    number, command = table.call(), str(uuid.uuid4())
    ids = table.notice_ids(number)[:1]
    assert table.acknowledge("cg", ids, command) == table.acknowledge("cg", ids, command) == ids
    assert table.deeds(number) == ["call", "acknowledge"]


def test_a_call_that_nobody_takes_on_goes_to_the_supervisors_and_their_telephones_until_somebody_does(
    table: Table,
) -> None:
    """By the duty's round alone; answering late is another matter, and said anew to who has taken the first on."""
    to_confirm = [("to_confirm", "handler", key) for key in ("D-CG", "D-GA")]
    unanswered = ("unanswered", "supervisor", None)
    with table.trying():
        number = table.issued(level="hard")  # to be answered within an hour
        minutes = table.sql("select acknowledge_minutes from cc.wf_setting")
        pass_time(table, minutes=minutes - 1)
        table.sql("select cc.run_duty()")
        assert table.said(number) == to_confirm
        pass_time(table, minutes=2)
        assert table.sql("select cc.run_duty()")["unanswered"] >= 2
        assert table.said(number) == [*to_confirm, unanswered, unanswered]
        sent = table.as_person("gateway", "select jsonb_agg(to_jsonb(d)) from cc.take_deliveries(500) d")
        told = [d for d in sent if d["kind"] == "unanswered" and table.summons(number)["no"] in d["words"]]
        assert [d["recipients"] for d in told] == [["t_supervisor"]] * 2
        assert table.acknowledge("cg", table.notice_ids(number)[:1])
        assert table.said(number) == [to_confirm[1], unanswered]
        assert table.party(number)["state"] == "pending"  # to have taken note is no answer
        pass_time(table, minutes=60)
        table.sql("select cc.run_duty()")
        assert to_confirm[0] in table.said(number) and table.party(number)["response"] == "none"
