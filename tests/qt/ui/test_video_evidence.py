"""取证: a shot reaches its case once, whatever becomes of slot, server and answer; no order hangs for ever."""

import pytest
from PySide6.QtCore import Qt

from commandcenter.domain.errors import NotAllowed, OutcomeUnknown, ServerUnavailable
from commandcenter.domain.video import LOST
from tests.qt.ui.video_desk import Desk, half_minute, still
from ui.screens.video import evidence

CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def desk(make_place, city, qtbot, monkeypatch):
    monkeypatch.setattr(evidence, "_AGAIN_S", (0.01, 0.01))
    made = Desk(make_place, city, qtbot)
    yield made
    made.screen.keep_drafts()


def files(desk, row):
    return [a.name for a in desk.city.records[row.id].attachments]


def test_a_still_goes_into_the_case_with_its_camera_and_time(desk):
    row, decoder = desk.choose_case(), desk.live(0)
    decoder.picture = still()
    before = len(files(desk, row))
    desk.key(Qt.Key.Key_S, CONTROL)
    desk.hears("抓拍已存入案件", desk.mine()[0].name)
    (kept,) = desk.park.evidence
    assert (kept.case_id, kept.camera_id) == (row.id, desk.mine()[0].id)
    assert abs(kept.taken_at - desk.place.live.clock.now()) < 60 and kept.taken_at == kept.taken_until
    assert len(files(desk, row)) == before + 1 and files(desk, row)[-1].endswith(".jpg")
    assert not desk.screen.evidence.busy


def test_the_last_half_minute_is_told_while_it_is_recorded(desk, qtbot):
    row, decoder = desk.choose_case(), desk.live(0)
    desk.key(Qt.Key.Key_S, CONTROL | SHIFT)
    desk.hears("正在录像取证")
    assert desk.screen.evidence.recording and "正在取证" in desk.screen.evidence.why_not(desk.stream(0), row)
    decoder.clips.pop()(half_minute("录像不足"))
    desk.hears("录像已存入案件", "录像不足")
    (kept,) = desk.park.evidence
    assert 29 < kept.taken_until - kept.taken_at < 31


def test_without_a_case_the_number_is_asked_for_and_nothing_is_taken(desk):
    desk.live(0)
    desk.key(Qt.Key.Key_S, CONTROL)
    desk.hears("先填写取证的案件号")
    assert desk.screen.case.edit.hasFocus() and desk.park.evidence == []


def test_what_is_not_live_is_no_evidence(desk, qtbot):
    desk.choose_case()
    decoder = desk.live(0)
    decoder.say(LOST, "没有应答")
    qtbot.waitUntil(lambda: desk.stream(0).report.state == LOST)
    desk.key(Qt.Key.Key_S, CONTROL)
    desk.hears("画面不是实时的")
    assert desk.park.evidence == []


def test_a_clip_of_a_slot_that_was_given_to_another_camera_is_still_that_of_the_first(desk, qtbot):
    row, (first, second) = desk.choose_case(), desk.mine(2)
    decoder = desk.live(0, first)
    desk.screen.take(True)
    qtbot.waitUntil(lambda: bool(decoder.clips))
    answer = decoder.clips.pop()
    desk.live(0, second)
    assert desk.screen.evidence.why_not(desk.stream(0), row) == ""  # the new camera's own shot does not wait for it
    answer(half_minute("画面中断，录像不足要求的时长"))
    desk.hears("录像已存入案件", first.name)
    assert [kept.camera_id for kept in desk.park.evidence] == [first.id]


def test_an_order_that_is_never_answered_is_given_up(desk, qtbot, monkeypatch):
    monkeypatch.setattr(evidence, "_PATIENCE_MS", {False: 20, True: 20})
    desk.choose_case()
    decoder = desk.live(0)
    desk.screen.take(True)
    desk.hears("没有取到画面")
    assert not desk.screen.evidence.busy
    decoder.clips.pop()(half_minute())  # too late: nobody waits
    qtbot.wait(30)
    assert desk.park.evidence == []


def test_a_clip_of_a_window_that_closes_ends(desk, qtbot):
    desk.choose_case()
    desk.live(0)
    desk.screen.take(True)
    assert desk.screen.evidence.recording
    desk.screen.deck.close()
    assert not desk.screen.evidence.recording
    desk.hears("没有取到画面")


def test_a_slot_made_large_is_not_reopened_while_its_clip_is_recorded(desk, qtbot):
    desk.choose_case()
    decoder = desk.live(0)
    desk.screen.take(True)
    kind, viewing = desk.stream(0).kind, desk.stream(0).viewing
    desk.screen.grid.enlarge(0)
    qtbot.waitUntil(lambda: decoder.sizes[-1][0] > 1000)
    assert (desk.stream(0).kind, desk.stream(0).viewing) == (kind, viewing)
    decoder.clips.pop()(half_minute())
    desk.hears("录像已存入")
    qtbot.waitUntil(lambda: desk.stream(0).kind == "main")


@pytest.mark.parametrize("error", [ServerUnavailable("断开"), OutcomeUnknown("结果待确认")])
def test_while_the_server_is_away_the_same_order_is_sent_again(desk, error):
    row, decoder = desk.choose_case(), desk.live(0)
    decoder.picture = still()
    before = len(files(desk, row))
    desk.door.order(error)
    desk.screen.take(False)
    desk.hears("抓拍已存入案件")
    assert len(files(desk, row)) == before + 1


def test_a_lost_answer_makes_one_attachment(desk, monkeypatch):
    """The database had done it when the connection broke."""
    row, decoder = desk.choose_case(), desk.live(0)
    decoder.picture = still()
    port, sent = desk.place.backend.session.cameras, []
    attach = port.attach

    def lose(new):
        sent.append(new.id)
        done = attach(new)
        if len(sent) == 1:
            raise OutcomeUnknown("结果待确认")
        return done

    monkeypatch.setattr(port, "attach", lose)
    before = len(files(desk, row))
    desk.screen.take(False)
    desk.hears("抓拍已存入案件")
    assert len(sent) == 2 and len(set(sent)) == 1 and len(files(desk, row)) == before + 1


def test_what_could_not_be_stored_is_kept_and_sent_again_by_hand(desk, qtbot):
    row, decoder = desk.choose_case(), desk.live(0)
    decoder.picture = still()
    desk.door.down = True
    desk.screen.take(False)
    desk.hears("取证没有存入", "数据库连接中断")
    assert not desk.screen.evidence.busy
    note = next(note for note in desk.place.notices.notes() if "取证没有存入" in note.text)
    desk.door.down = False
    desk.place.notices.take_up(note.key)
    desk.hears("抓拍已存入案件")
    assert [kept.case_id for kept in desk.park.evidence] == [row.id]


def test_a_refusal_says_why(desk):
    desk.choose_case()
    decoder = desk.live(0)
    decoder.picture = still()
    desk.door.order(NotAllowed("您不能为这个案件添加附件"))
    desk.screen.take(False)
    desk.hears("取证没有存入", "您不能为这个案件添加附件")
    assert desk.park.evidence == []


def test_what_is_too_large_for_the_database_is_refused_here(desk):
    desk.choose_case()
    decoder = desk.live(0)
    decoder.picture = still(bytes(8 * 1024 * 1024 + 1))
    desk.screen.take(False)
    desk.hears("取证没有存入", "8 MB")
    assert desk.park.evidence == []


def test_the_number_that_is_being_typed_is_not_the_case_before(desk, qtbot):
    """Or a shot taken while one types would go into the wrong case."""
    desk.choose_case(0)
    desk.live(0)
    row, number = desk.case(1)
    field = desk.screen.case
    field.edit.setFocus()
    field.edit.selectAll()
    qtbot.keyClicks(field.edit, number)
    assert field.case is None and desk.screen.evidence.why_not(desk.stream(0), field.case) == "先填写取证的案件号"
    desk.place.backend.session.queries.door.close()
    qtbot.keyClick(field.edit, Qt.Key.Key_Return)
    assert field.case is None and field.title.text() == "正在查找…"
    desk.place.backend.session.queries.door.open()
    qtbot.waitUntil(lambda: field.case is not None)
    assert field.case.id == row.id


@pytest.mark.parametrize(("typed", "says"), [("99999999", "没有这个案件"), ("案件'; --", "没有这个案件")])
def test_a_number_that_is_none_says_so(desk, qtbot, typed, says):
    field = desk.screen.case
    field.edit.setFocus()
    field.edit.setText(typed)
    qtbot.keyClick(field.edit, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: says in field.title.text())
    assert field.case is None


def test_a_number_that_could_not_be_looked_up_is_no_case(desk, qtbot):
    desk.choose_case(0)
    _, number = desk.case(1)
    field = desk.screen.case
    desk.place.backend.session.queries.door.order(ServerUnavailable("与数据库的连接已断开"))
    field.edit.setFocus()
    field.edit.selectAll()
    qtbot.keyClicks(field.edit, number)
    qtbot.keyClick(field.edit, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "断开" in field.title.text())
    assert field.case is None
    qtbot.keyClick(field.edit, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: field.case is not None)
