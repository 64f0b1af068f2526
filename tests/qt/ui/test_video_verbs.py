"""The command line shows cameras, lets groups take turns, and refuses with what to type instead."""

import pytest

from commandcenter.domain.video import CameraGroup
from tests.fakes.cameras import park_of
from tests.fakes.decoder import FakeDecoder
from ui.app.looks import Looks
from ui.app.preferences import Preferences
from ui.app.verbs import VerbError
from ui.app.window import MainWindow
from ui.screens.video.screen import VideoScreen
from ui.screens.video.viewings import ViewingWindow


@pytest.fixture
def window(make_place, city, qapp, qtbot, tmp_path):
    park_of(city).groups[2] = CameraGroup(2, "重点商场", 10, (3, 6), 1)
    preferences, place = Preferences(tmp_path), make_place(city)
    place.make_decoder = FakeDecoder
    made = MainWindow(place, Looks(qapp, preferences), preferences)
    qtbot.addWidget(made)
    made.resize(1600, 900)
    made.show()
    place.live.begin()
    place.cameras.want()
    qtbot.waitUntil(lambda: made.desk.complete and place.cameras.ready, timeout=10_000)
    yield made
    made.wall.end()
    made.close()


def named(window, part):
    return next(c for c in window.place.cameras.cameras.values() if part in c.name and c.may_view and c.in_use)


def shown(window):
    return {slot: watched.camera.name for slot, watched in window.video_screen().deck.watched.items()}


def test_the_word_alone_shows_the_screen(window):
    window.verbs.run("视频")
    assert isinstance(window.shown, VideoScreen)


def test_a_part_of_a_name_shows_that_camera(window):
    camera = named(window, "路口")
    window.verbs.run(f"视频 {camera.name[:5]} {camera.name[5:]}")
    assert shown(window) == {0: camera.name}


@pytest.mark.parametrize(("typed", "says"), [
    ("视频 路口", "请写全或从提示中选"), ("视频 没有这一路", "没有摄像机"), ("轮巡 重点", "可能是"),
    ("轮巡 夜里", "没有轮巡组"), ("停止轮巡", "现在没有轮巡"), ("查看记录 没有", "没有摄像机"),
    ("大屏 没有", "没有轮巡组"), ("关闭大屏", "没有打开"),
])  # fmt: skip
def test_what_cannot_be_done_is_said_with_an_example(window, typed, says):
    with pytest.raises(VerbError, match=says):
        window.verbs.run(typed)


def test_cameras_and_groups_are_offered_while_one_types(window):
    camera = named(window, "路口")
    offered = window.verbs.complete(f"视频 {camera.name[:4]}")
    assert any(s.text == f"视频 {camera.name}" for s in offered) and len(offered) <= 8
    assert [s.text for s in window.verbs.complete("轮巡 商场")] == ["轮巡 重点商场"]
    assert "视频 " in [s.text for s in window.verbs.complete("视")]
    hidden = next(c for c in window.place.cameras.cameras.values() if not c.may_view)
    (told,) = [s for s in window.verbs.complete(f"视频 {hidden.name}") if s.title.endswith(hidden.name)]
    assert "无权" in told.hint


def test_groups_begin_and_stop_by_word(window):
    window.verbs.run("轮巡 重点商场")
    screen = window.video_screen()
    assert screen.rotation.group.name == "重点商场"
    window.verbs.run("停止轮巡")
    assert screen.rotation.group is None
    window.verbs.run("轮巡")
    assert screen.rotation.group is not None


def test_who_looked_is_shown_by_word(window, qtbot):
    window.verbs.run("查看记录")
    qtbot.waitUntil(lambda: bool(window.video_screen().findChildren(ViewingWindow)))


def test_before_the_list_is_read_the_word_says_so(make_place, city, qapp, qtbot, tmp_path):
    preferences, place = Preferences(tmp_path), make_place(city)
    made = MainWindow(place, Looks(qapp, preferences), preferences)
    qtbot.addWidget(made)
    with pytest.raises(VerbError, match="正在读取"):
        made.verbs.run("视频 路口")
    qtbot.waitUntil(lambda: place.cameras.ready)
    with pytest.raises(VerbError, match="请写全"):
        made.verbs.run("视频 路口")


def test_the_keys_and_words_are_in_the_help(window):
    from ui.screens.registry import SCREENS

    words = [key for group in SCREENS["video"].keys(window.place.roles) for key, _ in group.keys]
    assert {"Ctrl+S", "Ctrl+R", "视频 名称", "轮巡 组", "查看记录", "大屏 组"} <= set(words)
