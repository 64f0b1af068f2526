"""提醒 on the screen: bell, toast, list and words; they stand until acknowledged or no longer true."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QPushButton

from commandcenter.domain.errors import Busy, ServerUnavailable
from commandcenter.domain.notices import ESCALATION, OVERDUE
from tests.fakes.notices import remind, take_back
from tests.fakes.session import PEOPLE
from ui.app.looks import Looks
from ui.app.preferences import Preferences
from ui.app.reminder_toast import REMINDERS
from ui.app.ringing import Ringing
from ui.app.verbs import VerbError
from ui.app.window import MainWindow
from widgets.live_table import RowStateKind
from widgets.state_panel import StateKind
from widgets.toast import Toast
from widgets.tones import Tone

SPACE, ENTER, ESC = Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Escape
CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def preferences(tmp_path):
    return Preferences(tmp_path)


@pytest.fixture
def open_window(make_place, qapp, qtbot, preferences):
    """open_window(city, role): a window whose desk and reminders are complete."""
    def make(city, role="dispatcher"):
        place = make_place(city, role)
        made = MainWindow(place, Looks(qapp, preferences), preferences)
        qtbot.addWidget(made)
        made.resize(1600, 900)
        made.show()
        made.activateWindow()
        place.live.begin()
        qtbot.waitUntil(lambda: made.desk.complete and place.reminders.ready, timeout=10_000)
        return made
    return make


@pytest.fixture
def window(open_window, city):
    return open_window(city)


@pytest.fixture
def filed(city):
    return [record.row for record in city.records.values() if record.row.state == "filed"]


def held(window):
    return window.place.reminders.held


def shown(window):
    return window.reminders.list.model().keys()


def said(window):
    return window.reminders.said.text()


def state(window):
    told = window.reminders.list.state_now()
    return told.kind if told else None


def press(qtbot, window, key, modifier=Qt.KeyboardModifier.NoModifier):
    qtbot.keyClick(window.reminders.list, key, modifier)


def toasts(window):
    return {t.data.key: t.data for t in window.findChildren(Toast) if t.isVisible()}


# ------------------------------------------------------------ arriving and leaving
def test_a_reminder_shows_at_once_in_bell_toast_and_list(window, city, filed, qtbot):
    assert window.bar.bell.text() == "提醒"
    notice = remind(city, filed[0], words="派遣环节临期")
    qtbot.waitUntil(lambda: window.bar.bell.text() == "▲ 提醒 1")
    assert toasts(window)[REMINDERS].detail == "派遣环节临期"
    assert shown(window) == [notice.id]
    remind(city, filed[1], OVERDUE)
    qtbot.waitUntil(lambda: window.bar.bell.text() == "⚠ 提醒 2")
    assert window.bar.bell.property("tone") == "overdue"


def test_it_goes_when_it_is_no_longer_true(window, city, filed, qtbot):
    notice = remind(city, filed[0])
    qtbot.waitUntil(lambda: bool(held(window)))
    take_back(city, notice)
    qtbot.waitUntil(lambda: not held(window))
    assert window.bar.bell.text() == "提醒" and shown(window) == []


def test_what_waits_at_login_is_told_in_one_sentence(open_window, city, filed):
    for row in filed[:3]:
        remind(city, row)
    remind(city, filed[3], ESCALATION, words="派遣环节超期未办")
    window = open_window(city)
    assert list(toasts(window)) == [REMINDERS]
    data = toasts(window)[REMINDERS]
    assert data.text.startswith(f"升级案件 {filed[3].no} 等 4 条")
    assert (data.tone, data.detail) == (Tone.OVERDUE, "派遣环节超期未办")


def test_what_was_missed_while_the_line_was_cut_is_there_afterwards(window, city, filed, qtbot):
    gone = remind(city, filed[0])
    qtbot.waitUntil(lambda: bool(held(window)))
    feed = window.place.backend.session.feed
    feed.disconnect()
    take_back(city, gone)
    missed = remind(city, filed[1])
    feed.reconnect()
    qtbot.waitUntil(lambda: list(held(window)) == [missed.id])


def test_a_question_that_fails_is_asked_again(window, city, filed, qtbot):
    window.place.backend.session.notices.door.order(Busy("数据库忙"))
    remind(city, filed[0])
    qtbot.waitUntil(lambda: window.place.reminders.error is not None)
    window.reminders.open()
    assert state(window) is StateKind.ERROR and "数据库忙" in window.bar.bell.accessibleName()
    qtbot.waitUntil(lambda: bool(held(window)) and window.place.reminders.error is None, timeout=10_000)
    assert state(window) is None


# ------------------------------------------------------------ opening
def test_key_mouse_and_word_open_the_list_and_escape_gives_the_focus_back(window, qtbot):
    table = window.desk.queue.table
    table.setFocus()
    for way in (lambda: qtbot.keyClick(window, Qt.Key.Key_F8),
                lambda: qtbot.mouseClick(window.bar.bell, Qt.MouseButton.LeftButton),
                lambda: window.verbs.run("提醒")):
        table.setFocus()
        way()
        assert window.reminders.isVisible() and window.reminders.list.hasFocus()
        press(qtbot, window, ESC)
        assert not window.reminders.isVisible()
    assert window.focusWidget() is not window.reminders.list


def test_the_toast_opens_it(window, city, filed, qtbot):
    remind(city, filed[0])
    qtbot.waitUntil(lambda: bool(toasts(window)))
    qtbot.mouseClick(next(b for b in window.findChildren(QPushButton) if b.text() == "看提醒"),
                     Qt.MouseButton.LeftButton)
    assert window.reminders.isVisible()


def test_enter_and_double_click_open_the_case_on_the_desk(window, city, filed, qtbot):
    first, second = remind(city, filed[0]), remind(city, filed[1])
    qtbot.waitUntil(lambda: len(held(window)) == 2)
    for notice, way in ((first, "enter"), (second, "click")):
        window.reminders.open()
        table = window.reminders.list
        table.set_current(notice.id)
        if way == "enter":
            press(qtbot, window, ENTER)
        else:
            where = table.visualRect(table.currentIndex()).center()
            qtbot.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=where)
            qtbot.mouseDClick(table.viewport(), Qt.MouseButton.LeftButton, pos=where)
        assert not window.reminders.isVisible()
        qtbot.waitUntil(lambda n=notice: window.desk.case.file is not None
                        and window.desk.case.file.row.id == n.case_id)


def test_its_keys_stand_in_the_help(window, qtbot):
    window.help.toggle()
    texts = {part.text() for part in window.help.findChildren(type(window.reminders.said))}
    assert {"F8", "确认所选", "打开所指"} <= texts and "看全部、只看我的" not in texts


# ------------------------------------------------------------ acknowledging
def test_space_acknowledges_the_selected_one_and_steps_on(window, city, filed, qtbot):
    below, above = remind(city, filed[0]), remind(city, filed[1])
    qtbot.waitUntil(lambda: len(held(window)) == 2)
    window.reminders.open()
    assert window.reminders.list.selected_keys() == [above.id]
    press(qtbot, window, SPACE)
    qtbot.waitUntil(lambda: shown(window) == [below.id])
    assert city.acknowledged == {above.id: PEOPLE["dispatcher"].id}
    assert window.reminders.list.selected_keys() == [below.id]
    qtbot.waitUntil(lambda: said(window) == "已确认 1 条")


def test_all_are_acknowledged_by_key_button_and_word(window, city, filed, qtbot):
    ways = {
        "key": lambda: (press(qtbot, window, Qt.Key.Key_A, CONTROL), press(qtbot, window, SPACE)),
        "button": lambda: qtbot.mouseClick(window.reminders.all_button, Qt.MouseButton.LeftButton),
        "word": lambda: window.verbs.run("确认提醒 全部"),
    }
    for way in ways.values():
        made = [remind(city, row) for row in filed[:3]]
        qtbot.waitUntil(lambda: len(held(window)) == 3)
        window.reminders.open()
        way()
        qtbot.waitUntil(lambda: not held(window))
        assert {n.id for n in made} <= set(city.acknowledged)


def test_the_button_acknowledges_what_is_selected(window, city, filed, qtbot):
    notices = [remind(city, row) for row in filed[:3]]
    qtbot.waitUntil(lambda: len(held(window)) == 3)
    window.reminders.open()
    window.reminders.list.select_keys([notices[0].id, notices[2].id])
    qtbot.mouseClick(window.reminders.take_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: shown(window) == [notices[1].id])


def test_a_word_acknowledges_the_reminders_of_one_case(window, city, filed, qtbot):
    one, other = remind(city, filed[0]), remind(city, filed[1])
    qtbot.waitUntil(lambda: len(held(window)) == 2)
    window.verbs.run(f"确认提醒 {filed[0].no.rpartition('-')[2].lstrip('0')}")
    qtbot.waitUntil(lambda: list(held(window)) == [other.id])
    assert list(city.acknowledged) == [one.id]
    with pytest.raises(VerbError, match="没有发给您的"):
        window.verbs.run("确认提醒 999999")


def test_one_that_somebody_else_took_is_told(window, city, filed, qtbot):
    mine, taken = remind(city, filed[0]), remind(city, filed[1])
    qtbot.waitUntil(lambda: len(held(window)) == 2)
    window.reminders.open()
    window.place.backend.session.feed.held = True
    take_back(city, taken)
    window.reminders.acknowledge_all()
    qtbot.waitUntil(lambda: said(window) == "已确认 1 条；另 1 条已由他人确认或已不需要")
    assert list(city.acknowledged) == [mine.id] and not held(window)


def test_while_it_is_sent_the_row_says_so_and_a_refusal_leaves_it(window, city, filed, qtbot):
    notice = remind(city, filed[0])
    qtbot.waitUntil(lambda: bool(held(window)))
    window.reminders.open()
    door = window.place.backend.session.notices.door
    door.close()
    door.order(Busy("案件正被他人处理，请稍后再试"))
    press(qtbot, window, SPACE)
    qtbot.waitUntil(lambda: window.reminders.list.row_state(notice.id).kind is RowStateKind.SENDING)
    door.open()
    qtbot.waitUntil(lambda: window.reminders.list.row_state(notice.id).kind is RowStateKind.FAILED)
    assert said(window) == "没有确认：案件正被他人处理，请稍后再试" and shown(window) == [notice.id]
    press(qtbot, window, SPACE)
    qtbot.waitUntil(lambda: not held(window))


def test_a_lost_answer_is_settled_without_a_second_deed(window, city, filed, qtbot):
    remind(city, filed[0])
    qtbot.waitUntil(lambda: bool(held(window)))
    window.place.backend.session.notices.lose_answer = True
    window.reminders.open()
    window.reminders.acknowledge_all()
    qtbot.waitUntil(lambda: said(window) == "已确认 1 条", timeout=10_000)
    assert len(city.acknowledged) == 1


def test_without_a_connection_nothing_is_sent_and_the_list_says_why(window, city, filed, qtbot):
    remind(city, filed[0])
    qtbot.waitUntil(lambda: bool(held(window)))
    window.place.backend.session.feed.disconnect()
    qtbot.waitUntil(lambda: not window.place.live.online)
    window.reminders.open()
    passed = window.place.backend.session.notices.door.passed
    press(qtbot, window, SPACE)
    assert said(window) == "与服务器的连接已断开，恢复后再确认"
    assert window.place.backend.session.notices.door.passed == passed and len(held(window)) == 1
    assert state(window) is StateKind.DISCONNECTED


def test_a_digit_or_letter_typed_over_the_list_does_nothing_behind_it(window, city, filed, qtbot):
    remind(city, filed[0])
    qtbot.waitUntil(lambda: bool(held(window)))
    window.reminders.open()
    states = {row.id: city.row(row.id).state for row in filed}
    for key in (Qt.Key.Key_1, Qt.Key.Key_F2, Qt.Key.Key_N):
        press(qtbot, window, key)
    press(qtbot, window, Qt.Key.Key_Z, CONTROL)
    qtbot.keyClick(window.reminders.take_button, Qt.Key.Key_1)
    assert not window.desk.dispatching.sending
    assert {row.id: city.row(row.id).state for row in filed} == states
    assert window.reminders.isVisible()


def test_a_key_held_down_takes_on_one_only(window, city, filed, qtbot):
    for row in filed[:3]:
        remind(city, row)
    qtbot.waitUntil(lambda: len(held(window)) == 3)
    window.reminders.open()
    press(qtbot, window, SPACE)
    qtbot.waitUntil(lambda: said(window) == "已确认 1 条" and not window.place.backend.running)
    again = QKeyEvent(QKeyEvent.Type.KeyPress, SPACE, Qt.KeyboardModifier.NoModifier, " ", True)
    QApplication.sendEvent(window.reminders.list, again)
    assert not window.place.backend.running and len(held(window)) == 2


# ------------------------------------------------------------ whose
def test_a_supervisor_watches_others_but_does_not_answer_for_them(open_window, city, filed, qtbot):
    others, own = remind(city, filed[0]), remind(city, filed[1], ESCALATION, "supervisor")
    window = open_window(city, "supervisor")
    assert window.bar.bell.text() == "⚠ 提醒 1" and shown(window) == [own.id]
    window.reminders.open()
    press(qtbot, window, Qt.Key.Key_A)
    assert shown(window) == [own.id, others.id]
    window.reminders.list.set_current(others.id)
    press(qtbot, window, SPACE)
    assert "由对方确认" in said(window) and not city.acknowledged
    assert not window.reminders.take_button.isEnabled()
    qtbot.mouseClick(window.reminders.whose, Qt.MouseButton.LeftButton)
    assert shown(window) == [own.id]


def test_where_nothing_is_mine_the_supervisor_is_shown_the_way_to_all(open_window, city, filed):
    remind(city, filed[0])
    window = open_window(city, "supervisor")
    window.reminders.open()
    assert state(window) is StateKind.EMPTY
    window.reminders.list.state_action.emit()
    assert len(shown(window)) == 1


def test_others_than_supervisors_have_no_such_choice(window, qtbot):
    window.reminders.open()
    press(qtbot, window, Qt.Key.Key_A)
    assert not window.reminders.list.showing_all and not window.reminders.whose.isVisible()
    assert state(window) is StateKind.EMPTY


# ------------------------------------------------------------ states, sound, many
def test_while_it_is_read_for_the_first_time_the_list_says_so(make_place, qapp, qtbot, preferences, city):
    place = make_place(city)
    place.backend.session.notices.door.close()
    window = MainWindow(place, Looks(qapp, preferences), preferences)
    qtbot.addWidget(window)
    window.show()
    place.live.begin()
    qtbot.waitUntil(lambda: place.backend.session.notices.door.waiting == 1, timeout=10_000)
    window.reminders.open()
    assert state(window) is StateKind.LOADING
    assert (window.bar.bell.text(), window.bar.bell.accessibleName()) == ("提醒 …", "正在载入提醒")
    place.backend.session.notices.door.open()
    qtbot.waitUntil(lambda: state(window) is StateKind.EMPTY)


def test_a_new_one_is_heard_once_unless_it_is_switched_off(window, city, filed, qtbot, preferences, monkeypatch):
    rung = []
    monkeypatch.setattr(QApplication, "beep", lambda: rung.append(len(rung)))
    monkeypatch.setenv("PATH", "")  # nothing there that plays a tune
    Ringing(window.place.reminders, preferences)
    remind(city, filed[0])
    qtbot.waitUntil(lambda: len(held(window)) == 1)
    assert rung == [0]
    window.reminders.open()
    press(qtbot, window, Qt.Key.Key_M)
    assert (preferences.sound, window.reminders.sound.text()) == ("off", "提示音：关")
    remind(city, filed[1])
    qtbot.waitUntil(lambda: len(held(window)) == 2)
    assert rung == [0]
    window.verbs.run("提示音 开")
    assert preferences.sound == "on"
    qtbot.mouseClick(window.reminders.sound, Qt.MouseButton.LeftButton)
    assert preferences.sound == "off"


def test_two_thousand_are_shown_counted_and_acknowledged(open_window, city, filed, qtbot):
    for number in range(2000):
        remind(city, filed[number % len(filed)], words=f"第 {number} 条", tell=False)
    window = open_window(city)
    assert window.bar.bell.text() == "▲ 提醒 2,000"
    window.reminders.open()
    assert len(shown(window)) == 2000
    window.reminders.acknowledge_all()
    qtbot.waitUntil(lambda: not held(window), timeout=10_000)
    assert len(city.acknowledged) == 2000 and said(window).startswith("已确认 2,000 条")


def test_a_connection_that_breaks_in_the_deed_is_told(window, city, filed, qtbot):
    remind(city, filed[0])
    qtbot.waitUntil(lambda: bool(held(window)))
    window.place.backend.session.notices.door.order(ServerUnavailable("数据库连接中断"))
    window.reminders.open()
    window.reminders.acknowledge_all()
    qtbot.waitUntil(lambda: said(window) == "没有确认：数据库连接中断")
