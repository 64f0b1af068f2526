"""Toasts are few, in nobody's way, and true: three at most, beside what is being filled in, with a running text."""

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtWidgets import QLineEdit, QPushButton, QWidget

from widgets.toast import Toast, ToastData, ToastStack
from widgets.tones import Tone


@pytest.fixture
def window(qtbot):
    made = QWidget()
    qtbot.addWidget(made)
    made.resize(1366, 768)
    made.show()
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    return made


@pytest.fixture
def stack(window):
    return ToastStack(window, clock=lambda: 0.0)


def shown(window):
    """Texts of the toasts in sight, from the top down."""
    visible = [toast for toast in window.findChildren(Toast) if toast.isVisible()]
    return [toast.data.text for toast in sorted(visible, key=lambda toast: toast.y())]


def more(window):
    """另有 n 条, if it is in sight."""
    return next((b for b in window.findChildren(QPushButton) if b.isVisible() and b.text().startswith("另有")), None)


def push(stack, *texts, **facts):
    for text in texts:
        stack.push(ToastData(text, text, **facts))


def test_three_at_most_are_shown_and_the_rest_is_counted(window, stack, qtbot):
    push(stack, "一", "二", "三")
    assert (shown(window), more(window)) == (["一", "二", "三"], None)
    push(stack, "四", "五", "六")
    assert shown(window) == ["四", "五", "六"]
    assert more(window).text() == "另有 3 条"
    assert more(window).geometry().bottom() < min(t.y() for t in window.findChildren(Toast) if t.isVisible())
    stack.dismiss("五")
    assert (shown(window), more(window).text()) == (["三", "四", "六"], "另有 2 条")
    with qtbot.waitSignal(stack.more_wanted):
        qtbot.mouseClick(more(window), Qt.MouseButton.LeftButton)
    stack.dismiss_hidden()
    assert (stack.keys(), more(window)) == (["三", "四", "六"], None)
    stack.dismiss_all()
    assert shown(window) == []


def test_what_can_be_acted_on_or_must_be_read_gives_way_last_but_the_newest_is_seen(window, stack):
    push(stack, "没有派出", seconds=0, tone=Tone.OVERDUE)
    push(stack, "已派", action_text="撤销")
    push(stack, "甲", "乙", "丙")
    assert shown(window) == ["没有派出", "已派", "丙"]


def test_an_error_stands_until_it_is_dismissed_and_keeps_no_timer(window, qtbot):
    now = [0.0]
    stack = ToastStack(window, clock=lambda: now[0])
    push(stack, "没有派出", seconds=0)
    assert not stack._timer.isActive()
    push(stack, "已派")
    now[0] = 3600.0
    stack.step()
    assert stack.keys() == ["没有派出"] and not stack._timer.isActive()
    toast = next(one for one in window.findChildren(Toast) if one.isVisible())
    qtbot.mouseClick(next(b for b in toast.findChildren(QPushButton) if b.text() == "×"), Qt.MouseButton.LeftButton)
    assert stack.keys() == []


def test_one_of_the_same_key_takes_its_place_also_among_the_hidden(window, stack):
    push(stack, "一", "二", "三", "四")
    stack.push(ToastData("一", "一又"))
    assert shown(window) == ["三", "四", "一又"] and more(window).text() == "另有 1 条"


def test_a_running_text_is_said_anew(window, stack):
    left = ["剩 00:45:00"]
    stack.push(ToastData("r", "", live=lambda: left[0]))
    left[0] = "剩 00:44:59"
    stack.step()
    assert window.findChild(Toast)._text.text() == "剩 00:44:59"


# ------------------------------------------------------------ in nobody's way
def covers(window, rect):
    return [toast for toast in window.findChildren(Toast) if toast.isVisible() and toast.geometry().intersects(rect)]


@pytest.mark.parametrize("kept", [
    [QRect(500, 700, 400, 40)],
    [QRect(400, 600, 560, 160), QRect(0, 700, 300, 68)],
    [QRect(0, 500, 1366, 60), QRect(600, 730, 200, 30)],
])  # fmt: skip
def test_they_step_aside_for_what_is_kept_free(window, kept):
    stack = ToastStack(window, clock=lambda: 0.0, kept_free=lambda: kept)
    push(stack, "一", "二", "三", "四")
    assert not any(covers(window, rect) for rect in kept)
    for toast in window.findChildren(Toast):
        assert toast.isHidden() or window.rect().contains(toast.geometry())


def test_where_there_is_no_room_they_stand_where_they_cover_least(window):
    whole = QRect(0, 0, 1366, 700)
    stack = ToastStack(window, clock=lambda: 0.0, kept_free=lambda: [whole])
    push(stack, "一")
    assert window.findChild(Toast).geometry().bottom() > 700


def test_they_move_off_a_field_that_gets_the_focus_and_come_back(window, qtbot):
    field, other = QLineEdit(window), QLineEdit(window)
    field.setGeometry(500, 690, 400, 40)
    other.setGeometry(0, 0, 100, 30)
    for one in (field, other):
        one.show()
    other.setFocus()
    stack = ToastStack(window, clock=lambda: 0.0, kept_free=lambda: [field.geometry()] if field.hasFocus() else [])
    push(stack, "一")
    toast = window.findChild(Toast)
    before = toast.geometry()
    assert covers(window, field.geometry())
    field.setFocus()
    qtbot.waitUntil(lambda: not covers(window, field.geometry()))
    other.setFocus()
    qtbot.waitUntil(lambda: toast.geometry() == before)
