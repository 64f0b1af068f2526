"""Queues, trace, clock, photos, toasts, command line and the other parts."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QLabel, QLineEdit, QPushButton, QWidget
from widget_samples import sample_clock, sample_image, sample_photos, sample_queues, sample_trace

from widgets.busy_button import BusyButton
from widgets.command_line import CommandLine, Suggestion
from widgets.durations import countdown, format_hms
from widgets.filter_chip import FilterChip
from widgets.form_field import FormField
from widgets.key_help import KeyGroup, KeyHelp
from widgets.live_pill import LivePill, LiveState
from widgets.notice import Notice
from widgets.panel import Panel
from widgets.photo_strip import Photo, PhotoStrip, PhotoViewer
from widgets.queue_list import QueueItem, QueueList
from widgets.split_clock import SplitClock
from widgets.stat_footer import StatFooter, StatRow
from widgets.state_panel import StateKind, TableState
from widgets.timeline import Timeline
from widgets.toast import ToastData, ToastStack
from widgets.tones import Tone


def shown(qtbot, widget):
    qtbot.addWidget(widget)
    widget.show()
    qtbot.waitExposed(widget)
    return widget


@pytest.fixture
def window(qtbot):
    made = QWidget()
    made.resize(900, 600)
    return shown(qtbot, made)


@pytest.mark.parametrize(("seconds", "text"), [(0, "00:00:00"), (4984.9, "01:23:04"), (-0.5, "-00:00:01"),
                                               (360000, "100:00:00")])  # fmt: skip
def test_durations_say_hours_minutes_seconds(seconds, text):
    assert format_hms(seconds) == text


def test_countdown_tells_its_state():
    assert countdown(5000, 1800).tone is Tone.NORMAL
    assert countdown(1799, 1800).tone is Tone.NEAR
    late = countdown(-190, 1800)
    assert (late.text, late.tone) == ("+00:03:10", Tone.OVERDUE)
    assert countdown(None, 1800).text == "—"


def test_queue_selection_is_told_once_and_survives_new_counts(qtbot):
    queues = shown(qtbot, QueueList())
    queues.set_items(sample_queues())
    with qtbot.waitSignal(queues.selected) as told:
        queues.select("待派遣")
    assert told.args == ["待派遣"]
    with qtbot.assertNotEmitted(queues.selected):
        queues.set_items([QueueItem("new", "新队列", 1), *sample_queues()])
    assert queues.selected_key() == "待派遣"
    qtbot.keyClick(queues, Qt.Key.Key_Down)
    assert queues.selected_key() == "在办"


def test_queue_count_changes_in_place(qtbot):
    queues = shown(qtbot, QueueList())
    queues.set_items(sample_queues())
    model = queues.model()
    with qtbot.assertNotEmitted(model.modelReset), qtbot.waitSignal(model.dataChanged) as told:
        queues.set_items([QueueItem("待受理", "待受理", 7), *sample_queues()[1:]])
    assert told.args[0].row() == 0


def test_queue_model_passes_the_tester(qtbot, qtmodeltester):
    queues = shown(qtbot, QueueList())
    queues.set_items(sample_queues())
    qtmodeltester.check(queues.model(), force_py=False)


def test_timeline_reuses_its_rows(qtbot):
    steps = shown(qtbot, Timeline())
    steps.set_entries(sample_trace())
    labels = steps.findChildren(QLabel)
    steps.set_entries(sample_trace()[:2])
    assert steps.findChildren(QLabel) == labels
    assert len(steps.entries()) == 2
    assert sum(1 for one in labels if one.isVisible() and one.text() == "立案") == 0
    steps.set_footer("✓ 2 条，链完整")
    assert any(one.text() == "✓ 2 条，链完整" and one.isVisible() for one in labels)
    steps.set_state(TableState(StateKind.LOADING, "载入中"))
    assert steps.entries() == []


def test_split_clock_counts_running_segments_only(qtbot):
    now, clock = [100.0], shown(qtbot, SplitClock())
    clock.set_clock(lambda: now[0])
    clock.set_segments(sample_clock())
    before = clock.total()
    now[0] += 30
    assert clock.total() == before + 30
    assert sum(rect.width() for rect in clock._bar_rects()) == pytest.approx(clock.width(), abs=4)


def test_split_clock_segment_is_opened_by_key_and_mouse(qtbot):
    clock = shown(qtbot, SplitClock())
    clock.set_segments(sample_clock())
    clock.resize(300, 200)
    with qtbot.waitSignal(clock.segment_clicked) as told:
        qtbot.mouseClick(clock, Qt.MouseButton.LeftButton, pos=clock._legend_rect(2).center())
    assert told.args == ["dispatch"]
    qtbot.keyClick(clock, Qt.Key.Key_Down)
    with qtbot.waitSignal(clock.segment_clicked) as told:
        qtbot.keyClick(clock, Qt.Key.Key_Return)
    assert told.args == ["handle"]


def test_only_a_photo_that_is_there_opens(qtbot):
    strip = shown(qtbot, PhotoStrip())
    strip.set_photos(sample_photos())
    strip.grab()
    with qtbot.waitSignal(strip.opened) as told:
        qtbot.mouseClick(strip._thumbs[1], Qt.MouseButton.LeftButton)
    assert told.args == ["site"]
    with qtbot.assertNotEmitted(strip.opened):
        qtbot.mouseClick(strip._thumbs[2], Qt.MouseButton.LeftButton)


def test_photo_arriving_later_replaces_the_loading_one(qtbot):
    strip = shown(qtbot, PhotoStrip())
    strip.set_photos([Photo("a", "现场")])
    loading = strip.grab().toImage()
    thumb = strip._thumbs[0]
    strip.set_photos([Photo("a", "现场", sample_image(10))])
    assert strip._thumbs == [thumb]
    assert strip.grab().toImage() != loading


def test_no_photos_are_said(qtbot):
    strip = shown(qtbot, PhotoStrip())
    strip.set_photos(())
    assert any(one.isVisible() and one.text() == "没有照片" for one in strip.findChildren(QLabel))


def test_viewer_turns_leaves_without_stopping_the_work(qtbot):
    viewer = PhotoViewer()
    qtbot.addWidget(viewer)
    viewer.show_photos(sample_photos(), "site")
    assert not viewer.isModal()
    assert viewer.current_key() == "site"
    qtbot.mouseClick(viewer._back, Qt.MouseButton.LeftButton)
    assert viewer.current_key() == "before"
    assert not viewer._back.isEnabled()
    with pytest.raises(KeyError):
        viewer.show_photos(sample_photos(), "gone")


def test_null_image_does_not_break_the_strip(qtbot):
    strip = shown(qtbot, PhotoStrip())
    strip.set_photos([Photo("a", "坏图", QImage())])
    strip.grab()


def test_toast_expires_when_its_time_is_over(window, qtbot):
    now = [0.0]
    stack = ToastStack(window, clock=lambda: now[0])
    stack.push(ToastData("sent", "已派 2 件", action_text="撤销", seconds=10))
    now[0] = 9.9
    stack.step()
    assert stack.keys() == ["sent"]
    now[0] = 10.0
    with qtbot.waitSignal(stack.expired) as told:
        stack.step()
    assert told.args == ["sent"]
    assert not stack.trigger("sent")


def test_toast_action_by_button_and_by_shortcut(window, qtbot):
    stack = ToastStack(window, clock=lambda: 0.0)
    stack.push(ToastData("one", "已派 1 件", action_text="撤销"))
    button = next(one for one in window.findChildren(QPushButton) if one.text() == "撤销")
    with qtbot.waitSignal(stack.action_triggered) as told:
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert told.args == ["one"]
    stack.push(ToastData("two", "已派 1 件", action_text="撤销"))
    with qtbot.waitSignal(stack.action_triggered):
        assert stack.trigger("two")
    assert stack.keys() == []


def test_toast_of_the_same_key_replaces_and_others_stack_up(window):
    stack = ToastStack(window, clock=lambda: 0.0)
    for key in ("a", "b", "a"):
        stack.push(ToastData(key, key))
    assert stack.keys() == ["b", "a"]
    upper, lower = (stack._toasts[key][0] for key in ("b", "a"))
    assert upper.geometry().bottom() < lower.geometry().top()


def test_live_pill_says_each_state_in_words(qtbot):
    pill = shown(qtbot, LivePill())
    pill.set_live(12)
    assert (pill.state, pill.text()) == (LiveState.LIVE, "● 实时 12 ms")
    pill.set_live(1500)
    assert pill.text() == "● 实时 1.5 s"
    pill.set_catching_up("余 1,200 条")
    assert pill.text() == "◐ 追赶中 余 1,200 条"
    pill.set_disconnected("14:32:07")
    assert "已断开" in pill.text()
    assert "14:32:07" in pill.text()


@pytest.fixture
def line(window, qtbot):
    made = CommandLine(parent=window)
    made.set_complete(lambda text: [Suggestion("派 市政 2378", "派 市政"), Suggestion("2378", "案件 2378")])
    made.show()
    window.activateWindow()
    made.focus_now()
    return made


def test_command_is_submitted_with_enter(line, qtbot):
    line.set_complete(lambda text: [])
    qtbot.keyClicks(line, " help ")
    with qtbot.waitSignal(line.submitted) as told:
        qtbot.keyClick(line, Qt.Key.Key_Return)
    assert told.args == ["help"]


def test_arrow_and_enter_take_a_suggestion_before_submitting(line, qtbot):
    qtbot.keyClick(line, Qt.Key.Key_Down)
    qtbot.keyClick(line, Qt.Key.Key_Down)
    with qtbot.assertNotEmitted(line.submitted):
        qtbot.keyClick(line, Qt.Key.Key_Return)
    assert line.text() == "2378"
    with qtbot.waitSignal(line.submitted):
        qtbot.keyClick(line, Qt.Key.Key_Return)


def test_tab_completes_the_first_suggestion(line, qtbot):
    qtbot.keyClick(line, Qt.Key.Key_Tab)
    assert line.text() == "派 市政 2378"


def test_escape_closes_the_list_then_leaves(line, qtbot):
    qtbot.keyClicks(line, "p")
    qtbot.keyClick(line, Qt.Key.Key_Escape)
    assert line.text() == "p"
    with qtbot.waitSignal(line.left):
        qtbot.keyClick(line, Qt.Key.Key_Escape)
    assert line.text() == ""


def test_command_error_is_said_until_the_next_key(line, qtbot):
    line.set_error("没有编号 9 的单位")
    assert line.property("invalid") == "true"
    assert line.suggestions() == []
    qtbot.keyClicks(line, "a")
    assert line.property("invalid") == "false"
    assert len(line.suggestions()) == 2


def test_earlier_commands_come_back_with_the_arrow(line, qtbot):
    line.set_complete(lambda text: [])
    for text in ("one", "two"):
        line.setText(text)
        qtbot.keyClick(line, Qt.Key.Key_Return)
    line.clear()
    qtbot.keyClick(line, Qt.Key.Key_Up)
    assert line.text() == "two"
    qtbot.keyClick(line, Qt.Key.Key_Up)
    assert line.text() == "one"


def test_figures_of_the_footer_are_clickable_and_keep_their_widgets(qtbot):
    footer = shown(qtbot, StatFooter())
    footer.set_rows([StatRow("sent", "本班 派遣", "214"), StatRow("mean", "平均用时", "00:00:38")])
    first = footer._stats[0]
    footer.set_rows([StatRow("sent", "本班 派遣", "215")])
    assert footer._stats == [first]
    with qtbot.waitSignal(footer.clicked) as told:
        qtbot.mouseClick(first, Qt.MouseButton.LeftButton)
    assert told.args == ["sent"]
    assert first.accessibleName() == "本班 派遣 215"


def test_key_help_opens_closes_and_gives_the_focus_back(window, qtbot):
    field = QLineEdit(window)
    field.show()
    field.setFocus()
    helped = KeyHelp(window)
    helped.set_keys([KeyGroup("派遣", (("1 – 9", "派给建议单位"),))])
    helped.toggle()
    assert helped.isVisible()
    qtbot.keyClick(helped, Qt.Key.Key_Escape)
    assert not helped.isVisible()
    assert window.focusWidget() is field


def test_filter_chip_tells_only_changes_and_falls_back_to_all(qtbot):
    chip = shown(qtbot, FilterChip("街道"))
    chip.set_options([("lt", "龙潭"), ("js", "景山")])
    with qtbot.waitSignal(chip.selected) as told:
        chip._menu.actions()[1].trigger()
    assert (told.args, chip.text()) == (["lt"], "街道 龙潭")
    with qtbot.assertNotEmitted(chip.selected):
        chip.select("lt")
    with qtbot.waitSignal(chip.selected) as told:
        chip.set_options([("js", "景山")])
    assert (told.args, chip.text()) == ([None], "街道 全部")


def test_form_field_says_its_error_in_place(qtbot):
    field = shown(qtbot, FormField("电话", QLineEdit(), "可不填"))
    field.set_error("号码不完整")
    assert field.editor.property("invalid") == "true"
    assert field.editor.accessibleDescription() == "号码不完整"
    assert any(one.text() == "⚠ 号码不完整" for one in field.findChildren(QLabel))
    field.set_error("")
    assert field.editor.accessibleDescription() == "可不填"


def test_busy_button_cannot_be_pressed_twice(qtbot):
    button = shown(qtbot, BusyButton("立案", "立案中…", "primary"))
    width = button.width()
    button.set_busy(True)
    assert (button.isEnabled(), button.text()) == (False, "立案中…")
    assert button.minimumWidth() == width
    button.set_busy(False)
    assert (button.isEnabled(), button.text()) == (True, "立案")


def test_notice_shows_text_and_action(qtbot):
    notice = Notice()
    qtbot.addWidget(notice)
    assert not notice.isVisible()
    notice.show_text("版本已变", Tone.OVERDUE, "刷新")
    assert notice.isVisible()
    assert notice.accessibleName() == "版本已变"
    with qtbot.waitSignal(notice.action_triggered):
        qtbot.mouseClick(notice.findChild(QPushButton), Qt.MouseButton.LeftButton)


def test_button_busy_before_it_is_shown_does_not_grow(qtbot):
    button = BusyButton("派遣", "派遣中…")
    qtbot.addWidget(button)
    idle = button.sizeHint().width()
    button.set_busy(True)
    assert button.minimumWidth() == idle


def test_a_figure_that_opens_nothing_is_explained_but_not_clicked(qtbot):
    footer = shown(qtbot, StatFooter())
    footer.set_rows([StatRow("day", "今日 上报", "12", hint="今日零时以来", clickable=False)])
    stat = footer._stats[0]
    assert (stat.toolTip(), stat.focusPolicy()) == ("今日零时以来", Qt.FocusPolicy.NoFocus)
    with qtbot.assertNotEmitted(footer.clicked):
        qtbot.mouseClick(stat, Qt.MouseButton.LeftButton)


def test_a_long_title_does_not_widen_its_panel(qtbot):
    for corner in (False, True):
        panel = Panel("和平里")
        qtbot.addWidget(panel)
        if corner:
            panel.set_corner(QPushButton("× 关闭"))
        before = panel.minimumSizeHint().width()
        panel.set_title("小黄庄路72号过街天桥下 街心绿地广场舞噪声扰民" * 2, "46 件")
        assert panel.minimumSizeHint().width() <= before + 100


def test_a_short_title_beside_a_control_is_never_cut(qtbot):
    panel = Panel("证据与周边")
    qtbot.addWidget(panel)
    panel.set_corner(QPushButton("▶ 2 路视频 · 最近 238 m"))
    panel.resize(10, 100)
    panel.show()
    title = panel._title
    assert title.width() >= title.fontMetrics().horizontalAdvance("证据与周边")
