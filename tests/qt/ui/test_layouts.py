"""Windows of a seat: those open last come back, named layouts keep and restore them, panels stand apart."""

from types import SimpleNamespace

import pytest
from PySide6.QtWidgets import QApplication

from tests.fakes.session import FakeLogins
from ui.app.docks import DOCKS
from ui.app.layout_words import list_layouts, load_next, save_last
from ui.app.layouts import NoLayout, layouts, load_layout, save_layout
from ui.app.looks import Looks
from ui.app.machine import UnsuitableMachine
from ui.app.monitors import named_monitor, named_monitors
from ui.app.preferences import Preferences
from ui.app.start import AppOptions, Program
from ui.app.verbs import VerbError


@pytest.fixture
def begin(city, loop, qapp, qtbot, tmp_path):
    """begin(**options): the program with its first windows, logged in; it is ended when the test is."""
    running = []

    def begin(**options):
        given = AppOptions(tmp_path, user="d0032", password="right", **options)
        preferences = Preferences(tmp_path)
        program = Program(FakeLogins(city), given, preferences, Looks(qapp, preferences))
        task = loop.create_task(program.run())
        running.append((program, task))
        qtbot.waitUntil(lambda: bool(program.windows) and all(w.desk.complete for w in program.windows), timeout=15_000)
        return program

    def end(program):
        task = next(task for one, task in running if one is program)
        program._end(again=False)
        qtbot.waitUntil(task.done, timeout=15_000)
    begin.end = end
    yield begin
    for program, task in running:
        if not task.done():
            end(program)


def shown(program):
    return [(window.post, window.screen_name) for window in program.windows]


def test_the_windows_that_were_open_come_back_each_with_its_screen(begin):
    program = begin()
    program.open_window()
    program.windows[1].show_screen("video")
    assert shown(program) == [("dispatch", "dispatch"), ("dispatch-2", "video")]
    begin.end(program)
    again = begin()
    assert shown(again) == [("dispatch", "dispatch"), ("dispatch-2", "video")]


def test_a_screen_named_at_the_start_opens_alone_and_a_closed_window_stays_closed(begin, qtbot):
    program = begin()
    program.open_window()
    begin.end(program)
    assert shown(begin(screen="video")) == [("video", "video")]


def test_a_window_closed_on_purpose_is_not_opened_again(begin, qtbot):
    program = begin()
    program.open_window("whistle")
    program.windows[0].close()
    qtbot.waitUntil(lambda: Preferences(program._options.home).open_windows() == [("dispatch-2", "whistle")],
                    timeout=5_000)
    begin.end(program)
    assert shown(begin()) == [("dispatch-2", "whistle")]


def test_a_layout_by_word_closes_opens_and_tears_off(begin, qtbot):
    program = begin()
    program.open_window("whistle")
    window = program.windows[0]
    window.verbs.run("拆出 派给谁与办理")
    assert window.docks.torn == ["side"] and window.desk.side.window() is not window
    qtbot.waitUntil(lambda: len(program._preferences.open_windows()) == 2, timeout=5_000)
    window.verbs.run("布局 保存 白班")
    window.verbs.run("拆出 派给谁与办理")
    program.windows[1].close()
    qtbot.waitUntil(lambda: len(program._preferences.open_windows()) == 1, timeout=5_000)
    assert window.docks.torn == [] and window.desk.side.window() is window
    window.verbs.run("布局 白班")
    qtbot.waitUntil(lambda: shown(program) == [("dispatch", "dispatch"), ("dispatch-2", "whistle")])
    assert window.docks.torn == ["side"]


def test_torn_panels_come_back_with_the_next_start(begin):
    program = begin()
    program.windows[0].docks.toggle("case")
    begin.end(program)
    again = begin()
    assert again.windows[0].docks.torn == ["case"] and again.windows[0].desk.case.isVisible()


def test_every_panel_can_be_torn_off_and_put_back(begin):
    window = begin().windows[0]
    for key, dock in DOCKS.items():
        panel = dock.find(window.screen_of(dock.screen))
        assert window.docks.toggle(key) and panel.window() is not window, key
        assert not window.docks.toggle(key) and panel.window() is window, key


def test_whistling_needs_no_second_column(begin):
    window = begin().windows[0]
    window.docks.toggle("side")
    window.desk.compose("whistle")
    assert window.docks.torn == ["side"]


@pytest.mark.parametrize("text, words", [
    ("布局", "还没有"), ("布局 夜班", "没有叫“夜班”的布局"), ("布局 保存", "1 至 40 个字"),
    ("布局 保存 ../夜班", "不含"), ("拆出 天窗", "可选：案件"), ("拆出", "可选：案件"),
])
def test_a_mistyped_word_says_what_there_is(begin, text, words):
    with pytest.raises(VerbError, match=words):
        begin().windows[0].verbs.run(text)


def test_the_words_outside_the_desk(begin, qtbot, tmp_path):
    program = begin()
    with pytest.raises(NoLayout, match="先打开工作台"):
        save_last(tmp_path / "elsewhere", "白班")
    begin.end(program)
    save_last(tmp_path, "白班")
    figures, lines = list_layouts(tmp_path, with_monitors=True)
    assert figures["layouts"] == ["白班"] and lines[0] == "布局 白班"
    assert len(lines) == 1 + len(QApplication.screens())
    assert "下次启动" in load_next(tmp_path, "白班")[1][0]


def test_a_damaged_layout_changes_nothing(tmp_path):
    preferences = Preferences(tmp_path)
    preferences.keep_open([("dispatch", "dispatch")])
    save_layout(preferences, "白班")
    (tmp_path / "layouts" / "白班.ini").write_bytes(b"\x00\xffrubbish")
    with pytest.raises(NoLayout, match="已损坏"):
        load_layout(preferences, "白班")
    assert preferences.open_windows() == [("dispatch", "dispatch")] and layouts(preferences) == ["白班"]


def _screen(name, model="", serial=""):
    return SimpleNamespace(name=lambda: name, manufacturer=lambda: "", model=lambda: model,
                           serialNumber=lambda: serial, devicePixelRatio=lambda: 1.0,
                           size=lambda: QApplication.primaryScreen().size())


def test_a_monitor_is_found_by_name_number_or_identity():
    there = [_screen("DP-1", "VX2780"), _screen("HDMI-1", "Wall 4K", "A77"), _screen("HDMI-10", "Wall 4K", "B12")]
    assert named_monitor("hdmi-1", there) is there[1]
    assert named_monitor("1", there) is there[0]
    assert named_monitor("b12", there) is there[2]
    assert named_monitors("HDMI-1，HDMI-10", there) == there[1:]
    with pytest.raises(UnsuitableMachine, match="没有叫“DVI”的显示器；可用：DP-1"):
        named_monitor("DVI", there)
    with pytest.raises(UnsuitableMachine, match="不止一台"):
        named_monitor("wall", there)
    with pytest.raises(UnsuitableMachine):
        named_monitor("", there)


def test_one_window_on_the_monitor_named(begin):
    name = QApplication.screens()[0].name()
    program = begin(monitor=name or "1")
    assert shown(program) == [("dispatch", "dispatch")]
    assert program.windows[0].screen() is QApplication.screens()[0]
