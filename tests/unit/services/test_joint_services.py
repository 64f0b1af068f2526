"""Intents on whistles, lanes, meetings and tasks: complete before they are sent, done once whatever the line does."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest

from commandcenter.domain.errors import Conflict, InvalidInput, OutcomeUnknown, ServerUnavailable
from commandcenter.domain.joint import (
    CalledUnit,
    JointCommand,
    JointDone,
    NewJointFile,
    NewMeeting,
    NewSummons,
    NewTask,
    TeamLine,
)
from commandcenter.domain.joint_workflow import load_machine
from commandcenter.services.joint import JointPerformer
from commandcenter.services.lanes import LaneService
from commandcenter.services.meetings import MeetingService, TaskService
from commandcenter.services.summons import SummonsService
from tests.fakes.joint_rows import lane, meeting, summons, task
from tests.support.recording_commands import Failing

WHEN = datetime(2030, 1, 1, tzinfo=UTC)
BROKEN = OutcomeUnknown("断")
ROW = summons(3, "地锁清理", "和平里", (lane(1, "区城管委", version=4), lane(2, "公安分局")), version=7)
PARTY = ROW.parties[0]
POINTS = {"efficiency": 90, "cooperation": 91, "professional": 92, "responsibility": 93}


class Recording:
    """The writing port, remembering; `trouble` is called before each sending and may raise."""

    def __init__(self) -> None:
        self.sent: list = []
        self.answers: dict[UUID, JointDone] = {}
        self.trouble = Failing()

    def _do(self, what, entity: str, entity_id: int) -> JointDone:
        self.sent.append(what)
        self.trouble(what)
        return self.answers.setdefault(what.id, JointDone(entity, entity_id, "no", 2, "x", 2))

    def open_summons(self, new: NewSummons) -> JointDone:
        return self._do(new, "summons", 1)

    def call_meeting(self, new: NewMeeting) -> JointDone:
        return self._do(new, "meeting", 2)

    def assign_task(self, new: NewTask) -> JointDone:
        return self._do(new, "task", 3)

    def act(self, command: JointCommand) -> JointDone:
        return self._do(command, command.entity, command.entity_id)

    def attach(self, new: NewJointFile) -> JointDone:
        return self._do(new, new.entity, new.entity_id)

    def outcome(self, command_id: UUID) -> JointDone | None:
        self.trouble("outcome")
        return self.answers.get(command_id)

    give_up = outcome

    def issue_document(self, command_id: UUID, summons_id: int) -> str:
        self.sent.append(command_id)
        self.trouble("document")
        return "公文"

    def save_team(self, command_id: UUID, name: str, template: str, lines) -> str:
        self.sent.append((command_id, name, template))
        self.trouble("team")
        return "模板"


@pytest.fixture
def port() -> Recording:
    return Recording()


@pytest.fixture
def performer(port: Recording) -> JointPerformer:
    return JointPerformer(port, wait=lambda s: None, pauses=(1, 2, 3))


def draft(**facts) -> NewSummons:
    facts = {"title": "地锁清理", "parties": (CalledUnit(5, lead=True), CalledUnit(6)), **facts}
    return NewSummons(uuid4(), "whistle", 9, "综合执法", **facts)


def photo(party_no: int | None = 1) -> NewJointFile:
    return NewJointFile(uuid4(), "summons", ROW.id, party_no, "scene", "现场.jpg", "image/jpeg", b"\xff\xd8\xff")


def test_every_intent_gives_its_workflow_what_it_requires_and_nothing_it_does_not_know(port, performer) -> None:
    whole, lanes = SummonsService(performer), LaneService(performer)
    whole.sign(ROW, "同意"), whole.send_back(ROW, "补图"), whole.discard(ROW, "误拟")
    whole.add_party(ROW, 8, 2, "人手不足"), whole.reschedule(ROW, WHEN, "下雨", "南门")
    whole.raise_level(ROW, "key", "久未到"), whole.consult(ROW, "会商", WHEN, "二层", "方案")
    whole.withdraw(ROW, "已解决"), whole.close(ROW, "清理完"), whole.rule_close(ROW, "清理完", "一家不签")
    whole.follow_up(ROW, "satisfied", "谢"), whole.verify(ROW, "属实"), whole.reject_verify(ROW, "缺照片")
    whole.note(ROW, "已联系"), whole.tick(replace(ROW, kind="order"), 2, "好")
    lanes.respond(ROW, PARTY, "收到"), lanes.ask_release(ROW, PARTY, "非职责", "三定"), lanes.release(ROW, PARTY, "可")
    lanes.insist(ROW, PARTY, "须到"), lanes.replace(ROW, PARTY, 8, "换队", 3), lanes.withdraw(ROW, PARTY, "不需要")
    lanes.arrive(ROW, PARTY, 116.4, 39.9, 3), lanes.witness(ROW, PARTY, 3, "到了"), lanes.dispute(ROW, PARTY, "没人")
    lanes.record(ROW, PARTY, "拆除中"), lanes.finish(ROW, PARTY, "拆完", "京东罚 1", 2, 5), lanes.sign_off(ROW, PARTY)
    lanes.return_lane(ROW, PARTY, "未清净"), lanes.rate(ROW, PARTY, POINTS, "好"), lanes.object(ROW, PARTY, "堵车")
    lanes.decide(ROW, PARTY, True, "属实", {"efficiency": 95}), lanes.publish(ROW, PARTY, "absent", "未到")
    machines = {None: load_machine("whistle"), 1: load_machine("party")}
    for sent in port.sent:
        machine = load_machine("order") if sent.action == "tick" else machines[sent.party_no]
        action = machine.action[sent.action]
        assert set(action.required) <= sent.args.keys() <= {*action.required, *action.optional}, action.code
    assert len(port.sent) == 32


def test_every_intent_on_meetings_and_tasks_fits_too(port, performer) -> None:
    table, errands = MeetingService(performer), TaskService(performer)
    row = meeting(31, "清退", "天坛", WHEN.timestamp(), {"区城管委": "invited"})
    todo = task(41, "停电方案", "供电公司", "东城区", WHEN.timestamp())
    table.invite(row, 4), table.confirm(row, 4), table.excuse(row, 4, "有会")
    table.reschedule(row, WHEN, "冲突", "三层"), table.attend(row, 4, "present")
    table.hold(row, ["先清退", " ", "再封堵 "]), table.assign(row, 4, "封堵", WHEN, "细则")
    table.close(row, "完"), table.cancel(row, "取消"), table.note(row, "提醒")
    errands.report(todo, "已提交"), errands.accept(todo, "可"), errands.return_task(todo, "不全")
    errands.extend(todo, WHEN, "停电审批"), errands.cancel(todo, "重复"), errands.note(todo, "催")
    for sent in port.sent:
        action = load_machine(sent.entity).action[sent.action]
        assert set(action.required) <= sent.args.keys() <= {*action.required, *action.optional}, action.code
    assert len(port.sent) == 16
    assert next(sent for sent in port.sent if sent.action == "hold").args["decisions"] == "先清退\n再封堵"


def test_a_lane_carries_its_own_version_and_the_whole_the_whole_s(port, performer) -> None:
    LaneService(performer).respond(ROW, PARTY)
    SummonsService(performer).note(ROW, " 已联系 ")
    on_lane, on_whole = port.sent
    assert (on_lane.entity, on_lane.entity_id, on_lane.party_no, on_lane.version) == ("summons", ROW.id, 1, 4)
    assert (on_whole.party_no, on_whole.version, on_whole.args) == (None, 7, {"text": "已联系"})


def test_a_missing_field_is_named_before_anything_is_sent(port, performer) -> None:
    with pytest.raises(InvalidInput, match="依据") as caught:
        LaneService(performer).ask_release(ROW, PARTY, "非职责", "  ")
    assert caught.value.detail == {"field": "legal_basis"}
    with pytest.raises(InvalidInput, match="担当"):
        LaneService(performer).rate(ROW, PARTY, {k: v for k, v in POINTS.items() if k != "responsibility"})
    assert port.sent == []


def test_instants_travel_with_their_zone(port, performer) -> None:
    SummonsService(performer).reschedule(ROW, WHEN, "下雨")
    assert port.sent[0].args == {"meet_at": "2030-01-01T00:00:00+00:00", "reason": "下雨"}
    with pytest.raises(ValueError, match="time zone"):
        SummonsService(performer).reschedule(ROW, datetime(2030, 1, 1), "下雨")


def test_a_draft_is_tidied(port, performer) -> None:
    SummonsService(performer).draft(draft(title=" 地锁 ", checks=(" 拆除 ", "  "), cases=(4, 4, 5)))
    sent = port.sent[0]
    assert (sent.title, sent.checks, sent.cases) == ("地锁", ("拆除",), (4, 5))


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"title": "  "}, "title"),
        ({"parties": ()}, "parties"),
        ({"parties": (CalledUnit(5), CalledUnit(5))}, "parties"),
        ({"parties": (CalledUnit(5, lead=True), CalledUnit(6, lead=True))}, "parties"),
        ({"meet_at": 100.0, "ends_at": 100.0}, "ends_at"),
    ],
)
def test_a_draft_that_cannot_stand_is_refused_where_it_can_be_put_right(port, performer, facts, field) -> None:
    with pytest.raises(InvalidInput) as caught:
        SummonsService(performer).draft(draft(**facts))
    assert caught.value.detail == {"field": field}
    assert port.sent == []


def test_meetings_need_a_subject_and_somebody_to_come_and_tasks_a_matter(port, performer) -> None:
    with pytest.raises(InvalidInput, match="议题"):
        MeetingService(performer).call(NewMeeting(uuid4(), 1, " ", 1.0, (2,)))
    with pytest.raises(InvalidInput, match="单位"):
        MeetingService(performer).call(NewMeeting(uuid4(), 1, "清退", 1.0, ()))
    with pytest.raises(InvalidInput, match="事项"):
        TaskService(performer).assign(NewTask(uuid4(), 1, 2, "", 1.0))
    assert port.sent == []
    MeetingService(performer).call(NewMeeting(uuid4(), 1, "清退", 1.0, (2, 2, 3)))
    assert port.sent[0].units == (2, 3)


def test_an_answer_that_was_lost_is_asked_for(port, performer) -> None:
    mine = draft()
    port.trouble = Failing(BROKEN)
    port.answers[mine.id] = JointDone("summons", 5, "CS", 1, "draft", 1)
    assert SummonsService(performer).draft(mine).entity_id == 5
    assert len(port.sent) == 1


def test_what_was_not_done_is_sent_again_under_the_same_id(port, performer) -> None:
    port.trouble = Failing(BROKEN)
    LaneService(performer).sign_off(ROW, PARTY)
    first, second = port.sent
    assert first.id == second.id


def test_when_the_server_stays_away_the_error_says_what_is_open(port, performer) -> None:
    port.trouble = Failing(BROKEN, *[ServerUnavailable("没有连接")] * 3)
    with pytest.raises(OutcomeUnknown, match="不要重复办理") as caught:
        LaneService(performer).sign_off(ROW, PARTY)
    assert caught.value.detail == {
        "command_id": str(port.sent[0].id), "entity": "summons", "entity_id": ROW.id, "party_no": 1,
        "action": "sign_off",
    }


def test_a_true_conflict_is_told(port, performer) -> None:
    port.trouble = Failing(Conflict("已被他人处理"))
    with pytest.raises(Conflict):
        LaneService(performer).respond(ROW, PARTY)


def test_photos_go_before_the_feedback_that_needs_them(port, performer) -> None:
    picture = photo()
    LaneService(performer).finish(ROW, PARTY, "拆完", photos=[picture])
    assert port.sent[0] is picture
    assert port.sent[1].action == "finish"


def test_a_paper_whose_answer_was_lost_is_asked_for_under_the_same_id(port, performer) -> None:
    port.trouble = Failing(BROKEN, BROKEN)
    assert SummonsService(performer).issue_document(ROW) == "公文"
    assert len(port.sent) == 3
    assert len(set(port.sent)) == 1


def test_a_paper_that_never_comes_is_told(port, performer) -> None:
    port.trouble = Failing(*[BROKEN] * 9)
    with pytest.raises(OutcomeUnknown):
        SummonsService(performer).issue_document(ROW)


def test_a_team_needs_a_name_lines_and_one_lead(port, performer) -> None:
    service = SummonsService(performer)
    for name, lines in ((" ", [TeamLine("公安", 2, True)]), ("队", []),
                        ("队", [TeamLine("公安", 2, True), TeamLine("水务", 2, True)])):
        with pytest.raises(InvalidInput):
            service.save_team(name, "1+X", lines)
    assert port.sent == []
    assert service.save_team(" 夜查队 ", "1+X", [TeamLine("公安", 2, True)]) == "模板"
    assert port.sent[0][1:] == ("夜查队", "1+X")
