"""The services say to the workflow what people mean."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from commandcenter.domain.errors import Conflict, WrongState
from commandcenter.domain.workflow import load_workflow
from commandcenter.services.commands import Performer
from commandcenter.services.dispatch import DispatchService
from commandcenter.services.evidence import evidence
from commandcenter.services.handling import HandlingService
from commandcenter.services.intake import IntakeService, new_report
from commandcenter.services.supervision import SupervisionService
from commandcenter.services.verification import VerificationService
from tests.support.case_rows import case_row
from tests.support.recording_commands import Failing, RecordingCommands

JPEG = b"\xff\xd8\xff\xe0" + bytes(20)
WHEN = datetime(2030, 1, 1, tzinfo=UTC)


@pytest.fixture
def commands() -> RecordingCommands:
    return RecordingCommands()


@pytest.fixture
def performer(commands: RecordingCommands) -> Performer:
    return Performer(commands, wait=lambda s: None)


def test_one_that_fails_stops_no_other(commands: RecordingCommands, performer: Performer) -> None:
    commands.trouble = Failing(None, Conflict("案件已被他人处理", {"who": "王"}))
    outcomes = DispatchService(performer).dispatch([case_row(1), case_row(2), case_row(3)], 9, "请尽快")
    assert [(o.case_id, o.done is not None) for o in outcomes] == [(1, True), (2, False), (3, True)]
    assert outcomes[1].error is not None
    assert outcomes[1].error.detail["who"] == "王"
    assert commands.sent[0].args == {"unit_id": 9, "note": "请尽快"}


def test_undo_uses_the_version_that_the_dispatch_made(commands: RecordingCommands, performer: Performer) -> None:
    service = DispatchService(performer)
    done = [o.done for o in service.dispatch([case_row(1, version=3)], 9) if o.done]
    assert service.undo(done)[0].done is not None
    assert (commands.sent[-1].action, commands.sent[-1].version) == ("undo_dispatch", 4)


def test_photos_go_before_the_feedback_that_needs_them(commands: RecordingCommands, performer: Performer) -> None:
    photo = evidence(1, "after", "完工.jpg", JPEG)
    HandlingService(performer).feedback(case_row(1), "已更换灯泡", [photo])
    assert commands.sent[0] is photo
    assert commands.sent[1].action == "feedback"


def test_a_form_sent_twice_is_one_report(commands: RecordingCommands, performer: Performer) -> None:
    report = new_report("hotline12345", "路灯不亮", summary="路灯")
    service = IntakeService(performer)
    assert service.report(report).case_id == service.report(report).case_id
    assert new_report("hotline12345", "路灯不亮").id != report.id


def test_only_what_was_asked_for_can_be_granted(performer: Performer) -> None:
    service = SupervisionService(performer)
    with pytest.raises(WrongState, match="延期"):
        service.grant_extension(case_row(asked="suspend"))
    with pytest.raises(WrongState, match="挂起"):
        service.grant_suspension(case_row(), WHEN, "等配件")


def test_every_intent_gives_the_workflow_what_it_requires_and_nothing_it_does_not_know(
    commands: RecordingCommands, performer: Performer
) -> None:
    row, asked = case_row(), case_row(asked="extension")
    handling, intake = HandlingService(performer), IntakeService(performer)
    verification, supervision = VerificationService(performer), SupervisionService(performer)
    DispatchService(performer).dispatch([row], 3, "备注")
    handling.receive(row, "收到")
    handling.feedback(row, "修好")
    handling.return_case(row, "非职责", "三定方案")
    handling.sub_dispatch(row, 4, "请办")
    handling.hand_back(row, "不归我")
    handling.ask_suspension(row, WHEN, "等料")
    handling.ask_extension(row, 60, "下雨")
    for step in (intake.classify, intake.accept, intake.file):
        step(row, item_id=1, grid_id=2, grade="clear", note="定位")
    intake.reject(row, "不属职责")
    intake.merge(row, 77)
    intake.self_handle(row, "已扶正")
    verification.verify(row, "属实")
    verification.rework(row, "未清净")
    verification.reply(row, "已办结")
    verification.follow_up(row, "satisfied", "yes", "感谢")
    verification.close(row, "结")
    supervision.rule(row, 5, "依目录")
    supervision.grant_extension(asked, 30, "同意")
    supervision.grant_suspension(case_row(asked="suspend"), WHEN, "同意")
    supervision.refuse(row, "理由不足")
    supervision.supervise(row, "李主任", "久拖")
    supervision.force_close(row, "无法查实")
    actions = load_workflow().action
    for sent in commands.sent:
        action = actions[sent.action]
        assert set(action.required) <= sent.args.keys() <= {*action.required, *action.optional}
    assert len(commands.sent) == 25
