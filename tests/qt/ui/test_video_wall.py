"""大屏: on the monitor chosen and remembered by its identity; hidden while that is away; Esc closes it."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from commandcenter.domain.video import CameraGroup
from tests.qt.ui.video_desk import Desk
from ui.app.preferences import Preferences
from ui.app.video_wall import VideoWall, wall_of
from ui.screens.video.layout_memory import SlotLayout
from ui.screens.video.wall import WallWindow


@pytest.fixture
def desk(make_place, city, qtbot):
    made = Desk(make_place, city, qtbot)
    yield made
    made.screen.keep_drafts()


@pytest.fixture
def wall(desk, tmp_path):
    made = VideoWall(desk.place, Preferences(tmp_path))
    yield made
    made.end()


def shown(wall):
    return {slot: watched.camera.id for slot, watched in wall.window.deck.watched.items()}


def test_the_cameras_lie_as_on_the_screen_and_are_looked_at_for_the_wall(desk, wall, qtbot):
    ids = [camera.id for camera in desk.mine(2)]
    wall.open(SlotLayout(9, {0: ids[0], 5: ids[1]}))
    assert shown(wall) == {0: ids[0], 5: ids[1]} and wall.window.grid.count == 9 and wall.window.isFullScreen()
    qtbot.waitUntil(lambda: len(desk.park.looks) == 2)
    assert {look.purpose for look in desk.park.looks} == {"wall"}


def test_there_is_no_pointer_nothing_can_be_dropped_and_no_slot_is_marked(desk, wall):
    wall.open(SlotLayout(4, {0: desk.mine()[0].id}))
    window = wall.window
    assert window.cursor().shape() is Qt.CursorShape.BlankCursor and not window.grid.acceptDrops()
    assert not any(slot._selected for slot in window.grid.slots)
    assert window.grid.testAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)


def test_escape_closes_it_and_ends_its_looks(desk, wall, qtbot):
    wall.open(SlotLayout(4, {0: desk.mine()[0].id}))
    qtbot.waitUntil(lambda: len(desk.park.looks) == 1)
    wall.window.activateWindow()
    qtbot.waitUntil(wall.window.isActiveWindow)
    qtbot.keyClick(wall.window, Qt.Key.Key_Escape)
    assert not wall.on
    qtbot.waitUntil(lambda: desk.park.looks[0].ended_at is not None)


def test_a_group_takes_turns_there_while_the_screen_shows_something_else(desk, wall, qtbot):
    ids = tuple(camera.id for camera in desk.mine(6))
    desk.park.groups[7] = CameraGroup(7, "巡查", 10, ids, desk.place.person.id)
    desk.place.cameras.reload()
    qtbot.waitUntil(lambda: len(desk.place.cameras.groups) == 2)
    wall.open(SlotLayout(4, {}, 7))
    assert list(shown(wall).values()) == list(ids[:4])
    wall.window.rotation._turn()
    assert list(shown(wall).values()) == list(ids[4:]) and desk.shown() == {}
    wall.open(SlotLayout(4, {0: ids[0]}))
    assert shown(wall) == {0: ids[0]} and wall.window.rotation.group is None


def test_what_was_taken_away_leaves_the_wall_too(desk, wall, qtbot):
    one, other = desk.mine(2)
    wall.open(SlotLayout(4, {0: one.id, 1: other.id}))
    del desk.park.cameras[one.id]
    desk.place.cameras.reload()
    qtbot.waitUntil(lambda: shown(wall) == {1: other.id})


def test_it_waits_for_the_list_when_the_program_begins_with_it(make_place, city, qtbot, tmp_path):
    place = make_place(city)
    wall = VideoWall(place, Preferences(tmp_path))
    wall.open(SlotLayout(4, {}, 1))
    place.live.begin()
    qtbot.waitUntil(lambda: bool(wall.window.deck.watched), timeout=10_000)
    assert wall.window.rotation.group.name == "重点路口"
    wall.end()


def test_every_window_of_a_login_has_the_same_wall(desk, tmp_path):
    preferences = Preferences(tmp_path)
    assert wall_of(desk.place, preferences) is wall_of(desk.place, preferences)


@pytest.mark.parametrize(("how", "again"), [("close", False), ("end", True)])
def test_given_up_it_stays_closed_ended_with_the_program_it_comes_back(desk, wall, tmp_path, qapp, how, again):
    layout = SlotLayout(9, {2: desk.mine()[0].id}, on=True)
    wall.open(layout)
    getattr(wall, how)()
    wall._memory.write()
    following = VideoWall(desk.place, Preferences(tmp_path))
    following.restore(beside=None)
    assert following.on is again
    if again:
        assert following.window.layout_shown == layout
    following.end()


def test_it_never_comes_back_over_the_window_one_works_in(desk, wall, tmp_path, qapp):
    wall.open(SlotLayout(4, {0: desk.mine()[0].id}))
    wall.end()
    following = VideoWall(desk.place, Preferences(tmp_path))
    following.restore(beside=qapp.primaryScreen())
    assert not following.on


def test_the_screens_button_says_whether_it_is_open(desk):
    tools, asked = desk.screen.tools, []
    desk.screen.wall_wanted.connect(asked.append)
    tools._monitors.aboutToShow.emit()
    *monitors, _, over = tools._monitors.actions()
    assert not over.isEnabled() and "投到" in monitors[0].text()
    monitors[0].trigger()
    assert len(asked) == 1
    desk.screen.show_wall(True)
    tools._monitors.aboutToShow.emit()
    assert tools._monitors.actions()[-1].isEnabled()


def test_an_empty_layout_shows_nothing_and_no_rubbish(desk, wall):
    wall.open(SlotLayout(4, {0: 99_999, 15: desk.mine()[0].id}, None))
    assert shown(wall) == {} and isinstance(wall.window, WallWindow)
    wall.open(SlotLayout(4, {}, 99))
    assert shown(wall) == {} and wall.window.rotation.group is None


# ------------------------------------------------------------ monitors
HEAD = """
import sys, asyncio
from pathlib import Path
from types import SimpleNamespace
from PySide6.QtCore import QTimer, QObject, Signal
from PySide6.QtWidgets import QApplication, QWidget
import ui.app.video_wall as module
from ui.app.preferences import Preferences
from ui.app.video_wall import VideoWall
from ui.screens.video.layout_memory import SlotLayout
app = QApplication(["test"])
class Place(QObject):
    def __init__(self, home):
        super().__init__()
        self.said, self.home = [], home
        self.person = SimpleNamespace(login="d0032")
        self.cameras = SimpleNamespace(reload=lambda: None)
        self.notices = SimpleNamespace(say=lambda *words: self.said.append(words))
class Window(QWidget):
    given_up = Signal()
    def __init__(self, place):
        super().__init__()
    def show_layout(self, layout):
        self.layout_shown = layout
    def end(self):
        self.close()
module.WallWindow = Window
named = {screen.name(): screen for screen in app.screens()}
there = list(named.values())
place = Place(Path(sys.argv[1]))
preferences = Preferences(place.home)
wall = VideoWall(place, preferences, lambda: there)
desk = named["DESK-1"]
def until(holds):
    give_up = QTimer(singleShot=True, interval=10_000)
    give_up.start()
    while not holds() and give_up.isActive():
        app.processEvents()
    assert holds()
def fills(name):
    return wall.on and wall.window.isVisible() and wall.window.screen() is named[name] \\
        and wall.window.geometry() == named[name].geometry()
def end():
    wall.end()
    preferences.save()
"""
DESK = {"name": "DESK-1", "x": 0, "y": 0, "width": 1920, "height": 1080}
WALL = {"name": "WALL-1", "x": 1920, "y": 0, "width": 3840, "height": 2160}
SIDE = {"name": "SIDE-1", "x": 5760, "y": 0, "width": 1280, "height": 1024}


@pytest.fixture
def at(tmp_path):
    """at(monitors, steps): run the steps with these monitors, in a process of its own."""
    def run(monitors, steps):
        usual = {"logicalDpi": 96, "logicalBaseDpi": 96, "dpr": 1}
        file = tmp_path / "monitors.json"
        file.write_text(json.dumps({"screens": [{**usual, **monitor} for monitor in monitors]}), "utf-8")
        root = str(Path(__file__).resolve().parents[3])
        environment = {**os.environ, "QT_QPA_PLATFORM": f"offscreen:configfile={file}", "PYTHONPATH": root}
        done = subprocess.run([sys.executable, "-c", HEAD + steps, str(tmp_path / "home")], env=environment,
                              capture_output=True, text=True, timeout=60, check=False)
        assert done.returncode == 0, done.stderr
    return run


def test_without_a_choice_it_goes_beside_the_desk_and_a_choice_is_remembered(at):
    at((DESK, SIDE, WALL), "wall.open(SlotLayout(), beside=desk)\nuntil(lambda: fills('SIDE-1'))\n"
                           "wall.open(SlotLayout(), named['WALL-1'])\nuntil(lambda: fills('WALL-1'))\nend()")
    moved = ({**WALL, "x": 0}, {**DESK, "x": 3840}, {**SIDE, "x": 5760})
    at(moved, "wall.restore(beside=desk)\nuntil(lambda: fills('WALL-1'))\nend()")


def test_without_its_monitor_it_does_not_open_by_itself(at):
    at((DESK, WALL), "wall.open(SlotLayout(9), named['WALL-1'])\nend()")
    at((DESK, SIDE), "wall.restore(beside=desk)\nassert not wall.on\nend()")
    at((DESK, WALL), "wall.restore(beside=desk)\nassert wall.window.layout_shown.count == 9\nend()")


def test_a_monitor_that_goes_away_takes_it_along_and_brings_it_back(at):
    at((DESK, WALL, SIDE), """
wall.open(SlotLayout(), named["WALL-1"])
until(lambda: fills("WALL-1"))
there.remove(named["WALL-1"])
app.screenRemoved.emit(named["WALL-1"])
until(lambda: not wall.window.isVisible())
assert wall.on and place.said[-1][1] == "大屏的显示器已断开"
app.screenAdded.emit(named["SIDE-1"])
there.append(named["WALL-1"])
app.screenAdded.emit(named["WALL-1"])
until(lambda: fills("WALL-1"))
end()
""")


def test_another_monitor_that_goes_away_does_not_matter(at):
    at((DESK, WALL, SIDE), """
wall.open(SlotLayout(), named["WALL-1"])
there.remove(named["SIDE-1"])
app.screenRemoved.emit(named["SIDE-1"])
late = QTimer(singleShot=True, interval=300)
late.start()
until(lambda: not late.isActive())
assert fills("WALL-1") and not place.said
end()
""")
