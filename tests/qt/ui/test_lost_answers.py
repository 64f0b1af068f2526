"""An answer that never came: the desk says so, asks when the server is back, and tells which it was."""

import time
from uuid import uuid4

import pytest
from PySide6.QtCore import Qt

from commandcenter.domain.errors import OutcomeUnknown
from commandcenter.domain.model import Command
from commandcenter.domain.workflow import load_workflow
from commandcenter.ports import FeedState
from tests.fakes.acting import act
from tests.fakes.population import actor
from tests.qt.ui.test_dispatching import current, press
from tests.qt.ui.test_forms_at_the_desk import open_form, write
from ui.bridge.drafts import Drafts

NOTE = load_workflow().action["note"]
BROKEN = "断"


@pytest.fixture
def server_gone(desk, monkeypatch):
    """server_gone(done): the next action is done or not; its answer is lost and the server stays away until `back`."""
    commands, real = desk.place.backend.session.commands, desk.place.backend.session.commands.act
    desk.place.deeds._performer._once._wait = lambda seconds: None
    desk.place.deeds._performer._once._pauses = (0,)

    def gone(done):
        def lose(command):
            if done:
                real(command)
            raise OutcomeUnknown(BROKEN)

        def silent(_command_id):
            raise OutcomeUnknown(BROKEN)

        monkeypatch.setattr(commands, "act", lose)
        monkeypatch.setattr(commands, "outcome", silent)
        desk.place.backend.session.feed.disconnect()

    def back():
        monkeypatch.undo()
        desk.place.backend.session.feed.reconnect()
    return gone, back


@pytest.mark.parametrize("done", [True, False])
def test_a_dispatch_without_an_answer_is_told_as_soon_as_the_server_is_back(
        desk, city, qtbot, texts, server_gone, done):
    gone, back = server_gone
    case_id = current(desk)
    desk.place.live._relay.blockSignals(True)  # the feed has not noticed yet
    gone(done)
    press(qtbot, desk, Qt.Key.Key_1)
    qtbot.waitUntil(lambda: any("结果待确认" in text for text in texts()))
    desk.place.live._relay.blockSignals(False)
    assert desk.place.questions.waits(case_id, "dispatch")
    back()
    desk.place.live.resync()
    wanted = "派遣已办成" if done else "派遣没有办成"
    qtbot.waitUntil(lambda: any(wanted in text for text in texts()))
    qtbot.waitUntil(lambda: (desk.queue.rows.model.row_of(case_id) is None) == done)
    assert desk.dispatching.can_undo == done
    assert not desk.place.questions.waits(case_id, "dispatch")


def test_a_case_with_an_open_question_is_not_dispatched_again(desk, city, qtbot, texts, server_gone):
    gone, back = server_gone
    case_id, row = current(desk), desk.place.live.row(current(desk))
    desk.place.live._relay.blockSignals(True)
    gone(False)
    press(qtbot, desk, Qt.Key.Key_1)
    qtbot.waitUntil(lambda: desk.place.questions.waits(case_id, "dispatch"))
    desk.dispatching.send([row], row.street_id)
    assert case_id not in desk.dispatching.sending
    desk.place.live._relay.blockSignals(False)
    back()


@pytest.mark.parametrize("done", [True, False])
def test_a_form_without_an_answer_cannot_be_sent_twice_and_learns_what_became_of_it(
        desk, city, qtbot, server_gone, done):
    gone, back = server_gone
    case_id = current(desk)
    form = open_form(desk, qtbot)
    write(form, "text", "已电话联系")
    desk.place.live._relay.blockSignals(True)
    gone(done)
    form.submit()
    qtbot.waitUntil(lambda: "不要重复办理" in form.notice.text())
    form.submit()
    assert "不要重复办理" in form.notice.text()
    desk.place.live._relay.blockSignals(False)
    back()
    desk.place.live.resync()
    if done:
        qtbot.waitUntil(lambda: desk.side.form.form is None)
        assert desk.place.drafts.keys() == []
    else:
        qtbot.waitUntil(lambda: "没有办成" in form.notice.text())
        assert form.values() == {"text": "已电话联系"}
        form.submit()
        qtbot.waitUntil(lambda: desk.side.form.form is None)
    notes = [step for step in city.records[case_id].trace if step.action == "note"]
    assert len(notes) == 1


def test_an_open_question_survives_a_restart(make_desk, city, qtbot, tmp_path):
    first = make_desk(city)
    case_id = current(first)
    command = Command(uuid4(), case_id, city.row(case_id).version, "note", {"text": "x"})
    detail = {"command_id": str(command.id), "case_id": case_id, "action": "note"}
    first.place.live.state = first.place.live.state.__class__("disconnected", None, 0.0)
    first.place.questions.take(OutcomeUnknown(BROKEN, detail))
    act(city, first.place.person, command)
    first.place.questions._open.clear()  # that program is gone
    second = make_desk(city)
    qtbot.waitUntil(lambda: any("补充说明已办成" in n.text for n in second.place.notices.notes()))
    assert not list(second.place.questions._open)
    assert (tmp_path / "drafts" / f"{second.place.person.login}.unknown.json").stat().st_mode & 0o077 == 0


def test_what_is_typed_reaches_the_disk_without_the_window_being_closed(desk, qtbot, tmp_path):
    """The program may be killed at any time."""
    case_id = current(desk)
    form = open_form(desk, qtbot)
    write(form, "text", "写到一半")
    login = desk.place.person.login
    qtbot.waitUntil(lambda: Drafts(tmp_path, login).get(f"{case_id}/note") == {"text": "写到一半"})


def test_a_full_local_disk_is_said_and_typing_goes_on(desk, qtbot, texts, monkeypatch):
    form = open_form(desk, qtbot)

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("ui.bridge.drafts.write_private", full)
    write(form, "text", "写到一半")
    qtbot.waitUntil(lambda: any("草稿未能存盘" in text for text in texts()))
    assert form.values() == {"text": "写到一半"}


def test_drafts_of_closed_cases_are_thrown_away_unless_they_can_still_be_sent(make_desk, city, qtbot, tmp_path):
    first = make_desk(city)
    closing, other = first.queue.rows.model.keys()[:2]
    drafts = first.place.drafts
    for key in (f"{closing}/note", f"{closing}/clear_ledger", f"{other}/note", "intake"):
        drafts.keep(key, {"text": "草稿"})
    act(city, actor(7), Command(uuid4(), closing, city.row(closing).version, "force_close", {"reason": "长期无法解决"}))
    second = make_desk(city)
    kept = {f"{closing}/clear_ledger", f"{other}/note", "intake"}
    qtbot.waitUntil(lambda: set(second.place.drafts.keys()) == kept)


def test_after_a_start_one_message_tells_what_was_left_unsent(make_desk, city, qtbot, tmp_path):
    first = make_desk(city)
    case_id = current(first)
    drafts = Drafts(tmp_path, first.place.person.login)
    drafts.keep(f"{case_id}/note", {"text": "写到一半"})
    second = make_desk(city)
    qtbot.waitUntil(lambda: second.place.notices.notes() != [])
    note = second.place.notices.notes()[0]
    assert note.text == "上次有 1 份内容没有提交" and "补充说明" in note.detail and note.case_id == case_id
    second.place.live.resync()
    qtbot.waitUntil(lambda: not second.place.live.loading)
    drafts.keep("intake", {"description": "路灯不亮"})
    third = make_desk(city)
    qtbot.waitUntil(lambda: third.place.notices.notes() != [])
    note = third.place.notices.notes()[0]
    assert "2 份" in note.text and "新案件采集" in note.detail and note.case_id is None


def test_what_is_typed_now_is_not_spoken_of_as_left_over(desk, qtbot, texts):
    form = open_form(desk, qtbot)
    write(form, "text", "写到一半")
    desk.keep_drafts()
    desk.place.live.resync()
    qtbot.waitUntil(lambda: not desk.place.live.loading)
    assert not any("没有提交" in text for text in texts())


def test_disconnected_since_is_the_citys_time_and_stands_still_through_vain_attempts(desk, city, qtbot):
    """The fake city lives in another year than this machine."""
    live, feed = desk.place.live, desk.place.backend.session.feed
    feed.say(FeedState("disconnected", None, time.time(), "断"))
    qtbot.waitUntil(lambda: not live.online)
    since = live.state.since
    assert abs(since - city.now) < 60
    feed.say(FeedState("disconnected", None, time.time() + 8, "仍断"))
    qtbot.waitUntil(lambda: live.state.reason == "仍断")
    assert live.state.since == since
    feed.reconnect()
