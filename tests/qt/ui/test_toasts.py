"""Messages over the desk: few, in nobody's way, errors until they are read, and reminders that say what to do."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QPushButton, QWidget

from commandcenter.domain.errors import Conflict
from commandcenter.domain.joint import JointDone
from commandcenter.domain.notices import OVERDUE
from commandcenter.domain.workflow import load_workflow
from tests.fakes.joint_evening import the_evening
from tests.fakes.joint_notices import remind_of
from tests.fakes.notices import remind, take_back
from ui.app.looks import Looks
from ui.app.preferences import Preferences
from ui.app.reminder_toast import REMINDERS
from ui.app.toast_room import kept_free
from ui.app.window import MainWindow
from widgets.toast import Toast
from widgets.tones import Tone

SIZES = [(1366, 768), (1920, 1080)]


@pytest.fixture
def open_window(make_place, qapp, qtbot, tmp_path, city):
    def make(role="dispatcher", size=(1366, 768)):
        preferences = Preferences(tmp_path)
        place = make_place(city, role)
        made = MainWindow(place, Looks(qapp, preferences), preferences)
        qtbot.addWidget(made)
        made.resize(*size)
        made.show()
        made.activateWindow()
        place.live.begin()
        qtbot.waitUntil(lambda: made.desk.complete and place.reminders.ready and made.isActiveWindow(), timeout=10_000)
        return made
    return make


@pytest.fixture
def window(open_window):
    return open_window()


@pytest.fixture
def filed(city):
    return [record.row for record in city.records.values() if record.row.state == "filed"]


def toasts(window):
    return [toast for toast in window.findChildren(Toast) if toast.isVisible()]


def title(window):
    """What the toast of the reminders says now; empty: there is none."""
    return next((t._text.text() for t in toasts(window) if t.data.key == REMINDERS), "")


def rect_of(window, widget):
    return QRect(widget.mapTo(window, QPoint(0, 0)), widget.size())


def in_the_way(window, widget):
    return any(toast.geometry().intersects(rect_of(window, widget)) for toast in toasts(window))


# ------------------------------------------------------------ in nobody's way
def inputs(part):
    """Fields in sight."""
    return [f for f in part.findChildren(QWidget) if isinstance(f, QLineEdit | QPlainTextEdit)
            and f.isVisible() and not f.visibleRegion().isEmpty()]  # fmt: skip


def buttons(window):
    return [b for b in window.stack.findChildren(QPushButton) if b.isVisible() and b.property("kind") == "primary"]


@pytest.mark.parametrize("size", SIZES)
def test_neither_the_field_nor_the_sending_button_of_a_form_is_covered(open_window, size, qtbot, filed):
    window = open_window(size=size)
    window.desk.open_case(filed[0].id)
    qtbot.waitUntil(lambda: window.desk.case.file is not None and window.desk.case.file.row.id == filed[0].id)
    window.desk.side.open_form(load_workflow().action["note"], window.desk.case.file)
    qtbot.waitUntil(lambda: window.desk.side.form_open and bool(buttons(window)))
    for number in range(6):
        window.place.notices.say(("n", number), "一条相当长的消息，写在画面下方正中，很宽" * 2, Tone.OVERDUE, "细节")
    fields = inputs(window.desk.side.form)
    assert fields and len(toasts(window)) == 3
    for field in fields:
        field.setFocus()
        qtbot.waitUntil(lambda f=field: not in_the_way(window, f))
        assert not any(in_the_way(window, button) for button in buttons(window))


@pytest.mark.parametrize("size", SIZES)
def test_nor_those_of_the_sheet_of_a_whistle(open_window, city, size, qtbot, filed):
    window = open_window("dispatcher", size)
    qtbot.waitUntil(lambda: window.place.joint.ready)
    window.desk.compose("whistle", filed[:2])
    composer = window.desk.side.composer
    qtbot.waitUntil(lambda: bool(buttons(window)))
    for number in range(6):
        window.place.notices.say(("n", number), f"消息 {number}", Tone.OVERDUE)
    fields = inputs(composer)
    assert fields
    for field in fields:
        field.setFocus()
        qtbot.waitUntil(lambda f=field: not in_the_way(window, f))
    assert not any(in_the_way(window, button) for button in buttons(window))


def test_the_command_line_is_kept_free_while_it_is_typed_in(window, qtbot):
    window.bar.command.focus_now()
    qtbot.waitUntil(lambda: window.bar.isAncestorOf(window.focusWidget()))
    at = rect_of(window, window.focusWidget()).center()
    assert any(rect.contains(at) for rect in kept_free(window, window.stack))


# ------------------------------------------------------------ standing and going
def test_an_error_stands_till_it_is_dismissed_and_what_went_well_does_not(window, qtbot):
    window.place.notices.say("a", "没有导出", Tone.OVERDUE)
    window.place.notices.say("b", "已导出", Tone.OK)
    assert {t.data.key: t.data.seconds for t in toasts(window)} == {"a": 0.0, "b": 10.0}
    qtbot.keyClick(window, Qt.Key.Key_Escape, Qt.KeyboardModifier.ShiftModifier)
    assert toasts(window) == []
    window.place.notices.say("a", "没有导出", Tone.OVERDUE)
    window.verbs.run("收起提示")
    assert toasts(window) == []


def test_a_refusal_goes_when_it_went_well_after_all(window, qtbot, filed):
    row = filed[0]
    window.place.backend.session.commands.door.order(Conflict("已被他人处理"))
    unit = window.place.suggestions(row)[0].unit_id
    window.desk.dispatching.send([row], unit)
    qtbot.waitUntil(lambda: [t.data.key for t in toasts(window)] == [("refused", row.id)])
    window.desk.dispatching.send([row], unit)
    qtbot.waitUntil(lambda: [t.data.tone for t in toasts(window)] == [Tone.OK])


def test_the_rest_is_read_in_the_list(window, qtbot):
    for number in range(6):
        window.place.notices.say(("n", number), f"消息 {number}", Tone.OVERDUE)
    qtbot.mouseClick(next(b for b in window.findChildren(QPushButton) if b.text() == "另有 3 条"),
                     Qt.MouseButton.LeftButton)
    assert window.notice_list.isVisible() and window.notice_list._list.count() == 6
    assert len(window.toasts.keys()) == 3


# ------------------------------------------------------------ reminders
@pytest.fixture
def whistle(city):
    town = the_evening(city)
    return next(record.row for record in town.summons.values() if record.row.state == "issued")


def test_a_reminder_says_what_to_do_and_how_long_and_counts_down(window, city, whistle, qtbot):
    remind_of(city, whistle, role="dispatcher", words="请在 30 分钟内响应", due=city.now + 2700.5)
    qtbot.waitUntil(lambda: bool(title(window)))
    said, _, left = title(window).partition(" · 剩 ")
    assert said == f"响应吹哨 {whistle.no}" and left.startswith("00:4")
    qtbot.waitUntil(lambda: title(window) != f"{said} · 剩 {left}")


@pytest.mark.parametrize(("kind", "said"), [("to_sign", "签批吹哨"), ("to_rate", "评价吹哨"), ("to_do", "办理吹哨")])
def test_each_step_by_its_verb_without_a_limit_without_a_time(window, city, whistle, qtbot, kind, said):
    remind_of(city, whistle, kind, "dispatcher")
    qtbot.waitUntil(lambda: title(window) == f"{said} {whistle.no}")


def test_past_its_limit_it_says_so_and_names_the_case(window, city, filed, qtbot):
    remind(city, filed[0], OVERDUE)
    qtbot.waitUntil(lambda: bool(title(window)))
    assert title(window).startswith(f"超期案件 {filed[0].no}")


def test_it_goes_when_the_list_opens_and_none_comes_over_it(window, city, filed, qtbot):
    remind(city, filed[0])
    qtbot.waitUntil(lambda: bool(title(window)))
    qtbot.keyClick(window, Qt.Key.Key_F8)
    assert window.reminders.isVisible() and title(window) == ""
    remind(city, filed[1])
    qtbot.waitUntil(lambda: len(window.place.reminders.held) == 2)
    assert title(window) == ""
    window.reminders.leave()
    remind(city, filed[2])
    qtbot.waitUntil(lambda: title(window).startswith(f"临期案件 {filed[2].no}"))


def test_it_goes_when_its_reminders_are_seen_to_and_until_then_tells_of_all(window, city, filed, qtbot):
    first = remind(city, filed[0])
    qtbot.waitUntil(lambda: bool(title(window)))
    second = remind(city, filed[1])
    qtbot.waitUntil(lambda: title(window).startswith(f"临期案件 {filed[1].no} 等 2 条"))
    take_back(city, second)
    qtbot.waitUntil(lambda: title(window).startswith(f"临期案件 {filed[0].no}") and "等" not in title(window))
    window.place.backend.start(window.place.reminders.acknowledge([window.place.reminders.held[first.id]]))
    qtbot.waitUntil(lambda: title(window) == "")


# ------------------------------------------------------------ one's own steps
def test_a_step_that_one_is_just_taking_is_neither_said_nor_rung(window, city, whistle, qtbot):
    """Opened and signed in one go: the reminder to sign comes and goes while the two are under way."""
    place, rung, told = window.place, [], []
    place.reminders.arrived.connect(rung.append)
    place.reminders.changed.connect(lambda _: told.append(title(window)))

    async def open_and_sign():
        await place.joint_deeds._do(None, lambda: JointDone("summons", whistle.id, whistle.no, 1, "draft", 1))
        own.append(remind_of(city, whistle, "to_sign", "dispatcher"))
        await place.joint_deeds._do(None, lambda: JointDone("summons", whistle.id, whistle.no, 2, "issued", 2))
        take_back(city, own[0])

    own = []
    place.backend.start(open_and_sign(), place.reminders)
    qtbot.waitUntil(lambda: bool(own) and not place.joint_deeds.acting)
    qtbot.wait(500)
    assert rung == [] and set(told) <= {""} and title(window) == ""


def test_what_is_still_to_be_done_when_the_hands_are_at_rest_is_said_then(window, city, whistle, filed, qtbot):
    place = window.place

    async def draft():
        await place.joint_deeds._do(None, lambda: JointDone("summons", whistle.id, whistle.no, 1, "draft", 1))
        remind_of(city, whistle, "to_sign", "dispatcher")

    place.backend.start(draft(), place.reminders)
    qtbot.waitUntil(lambda: len(place.reminders.held) == 1)
    assert title(window) == "" and place.joint_deeds.acting
    remind(city, filed[0])  # a case's is no step of his own and comes at once
    qtbot.waitUntil(lambda: title(window).startswith("临期案件"))
    qtbot.waitUntil(lambda: "等 2 条" in title(window) and not place.joint_deeds.acting)
    assert not place.reminders._later.isActive()
