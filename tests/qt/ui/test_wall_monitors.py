"""大屏 on its monitors: one or a span, remembered by identity, away and back; no pointer, and kept when unattended."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from commandcenter.domain.video import CameraGroup
from tests.fakes.cameras import park_of
from tests.fakes.decoder import FakeDecoder
from tests.qt.ui.wall_hall import furnish
from ui.app.preferences import Preferences
from ui.app.wall_sight import keep_sight, kept_sight
from ui.app.wall_stand import WallStand, wall_of
from ui.models.wall_type import Sight
from ui.screens.video.layout_memory import SlotLayout


@pytest.fixture
def place(make_place, city, qtbot):
    made = make_place(furnish(city), "supervisor")
    made.make_decoder = FakeDecoder
    made.live.begin()
    qtbot.waitUntil(lambda: made.live.ready and made.joint.ready, timeout=10_000)
    made.cameras.want()
    qtbot.waitUntil(lambda: made.cameras.ready)
    return made


@pytest.fixture
def stand(place, tmp_path):
    made = WallStand(place, Preferences(tmp_path), name="厅")
    yield made
    made.end()


def mine(place, count):
    seen = [camera for camera in place.cameras.cameras.values() if camera.may_view and camera.in_use]
    return sorted(seen, key=lambda camera: camera.name)[:count]


def watched(stand):
    return {slot: watched.camera.id for slot, watched in stand.window.deck.watched.items()}


def test_opened_from_a_desk_it_fills_a_monitor_and_shows_its_scenes(stand, qtbot):
    stand.open()
    screen = stand.window.screen_shown
    assert stand.on and stand.window.isFullScreen()
    qtbot.waitUntil(lambda: screen.complete, timeout=20_000)
    assert screen.play.showing.scene.code == "overview" and screen.panels.panels["figures"].isVisible()


def test_there_is_no_pointer_anywhere_even_if_a_part_wants_one(stand):
    stand.open()
    window = stand.window
    assert {part.cursor().shape() for part in (window, *window.findChildren(QWidget))} == {Qt.CursorShape.BlankCursor}
    canvas = window.screen_shown.panels.map.canvas
    canvas.setCursor(Qt.CursorShape.OpenHandCursor)
    assert canvas.cursor().shape() is Qt.CursorShape.BlankCursor


def press(stand, qtbot, key, modifier=Qt.KeyboardModifier.NoModifier):
    stand.window.activateWindow()
    qtbot.waitUntil(stand.window.isActiveWindow)
    qtbot.keyClick(stand.window, key, modifier)


def test_escape_closes_it(stand, qtbot):
    stand.open()
    press(stand, qtbot, Qt.Key.Key_Escape)
    assert not stand.on


def test_unattended_escape_does_not_close_it_but_ctrl_q_does(place, tmp_path, qtbot):
    stand = WallStand(place, Preferences(tmp_path), unattended=True)
    stand.open()
    press(stand, qtbot, Qt.Key.Key_Escape)
    assert stand.on and stand.window.isVisible()
    press(stand, qtbot, Qt.Key.Key_Q, Qt.KeyboardModifier.ControlModifier)
    assert not stand.on


def test_left_and_right_turn_the_scenes(stand, qtbot):
    stand.open()
    screen = stand.window.screen_shown
    qtbot.waitUntil(lambda: screen.play.showing is not None)
    press(stand, qtbot, Qt.Key.Key_Right)
    assert screen.play.showing.scene.code == "whistles"
    press(stand, qtbot, Qt.Key.Key_Left)
    assert screen.play.showing.scene.code == "overview"


# ------------------------------------------------------------ the video screen's layout on it
def test_a_layout_of_the_video_screen_is_its_video_scene(stand, place, city, qtbot):
    one, other = (camera.id for camera in mine(place, 2))
    stand.open(SlotLayout(9, {0: one, 5: other}))
    assert watched(stand) == {0: one, 5: other} and stand.window.grid.count == 9
    assert stand.window.screen_shown.panels.panels["video"].isVisible()
    assert not stand.window.screen_shown.panels.panels["figures"].isVisible()
    qtbot.waitUntil(lambda: len(park_of(city).looks) == 2)
    assert {look.purpose for look in park_of(city).looks} == {"wall"}
    stand.open()
    qtbot.waitUntil(lambda: stand.window.screen_shown.panels.panels["figures"].isVisible())


def test_closed_it_ends_every_look(stand, place, city, qtbot):
    stand.open(SlotLayout(4, {0: mine(place, 1)[0].id}))
    qtbot.waitUntil(lambda: len(park_of(city).looks) == 1)
    stand.close()
    qtbot.waitUntil(lambda: park_of(city).looks[0].ended_at is not None)


def test_a_group_takes_turns_there(stand, place, city, qtbot):
    ids = tuple(camera.id for camera in mine(place, 6))
    park_of(city).groups[7] = CameraGroup(7, "巡查", 10, ids, place.person.id)
    place.cameras.reload()
    qtbot.waitUntil(lambda: len(place.cameras.groups) == 2)
    stand.open(SlotLayout(4, {}, 7))
    assert list(watched(stand).values()) == list(ids[:4])
    stand.window.rotation._turn()
    assert list(watched(stand).values()) == list(ids[4:])


def test_what_was_taken_away_leaves_the_wall_too(stand, place, city, qtbot):
    one, other = mine(place, 2)
    stand.open(SlotLayout(4, {0: one.id, 1: other.id}))
    del park_of(city).cameras[one.id]
    place.cameras.reload()
    qtbot.waitUntil(lambda: watched(stand) == {1: other.id})


def test_a_layout_that_can_not_be_shown_is_empty_and_no_rubbish(stand, place):
    stand.open(SlotLayout(4, {0: 99_999, 15: mine(place, 1)[0].id}, None))
    assert watched(stand) == {}
    stand.open(SlotLayout(4, {}, 99))
    assert watched(stand) == {} and stand.window.rotation.group is None


# ------------------------------------------------------------ remembering
def test_every_window_of_a_login_has_the_same_wall(place, tmp_path):
    preferences = Preferences(tmp_path)
    assert wall_of(place, preferences) is wall_of(place, preferences)


@pytest.mark.parametrize(("how", "again"), [("close", False), ("end", True)])
def test_given_up_it_stays_closed_ended_with_the_program_it_comes_back(stand, place, tmp_path, how, again):
    layout = SlotLayout(9, {2: mine(place, 1)[0].id}, on=True)
    stand.open(layout)
    getattr(stand, how)()
    stand._memory.write()
    following = WallStand(place, Preferences(tmp_path))
    following.restore(beside=None)
    assert following.on is again
    if again:
        assert following.window.layout_shown == layout
    following.end()


def test_it_never_comes_back_over_the_window_one_works_in(stand, place, tmp_path, qapp):
    stand.open()
    stand.end()
    following = WallStand(place, Preferences(tmp_path))
    following.restore(beside=qapp.primaryScreen())
    assert not following.on


def test_it_keeps_the_monitors_lit_as_long_as_it_is_open(stand):
    held = []

    class Way:
        def begin(self):
            held.append("on")
            return True

        def again(self):
            pass

        def end(self):
            held.append("off")

    stand.awake._makers = (Way,)
    stand.open()
    stand.open()
    assert held == ["on"]
    stand.close()
    assert held == ["on", "off"]


def test_how_far_away_people_sit_is_remembered_and_rubbish_is_not(tmp_path):
    preferences = Preferences(tmp_path)
    assert kept_sight(preferences) == Sight()
    keep_sight(preferences, Sight(12.0, 6.0))
    assert kept_sight(Preferences(tmp_path)) == Sight(12.0, 6.0)
    preferences.settings.setValue("wall/distance_m", "-3")
    preferences.settings.setValue("wall/width_m", "weit")
    assert kept_sight(preferences) == Sight()


# ------------------------------------------------------------ monitors
HEAD = """
import sys
from pathlib import Path
from types import SimpleNamespace
from PySide6.QtCore import QRect, QTimer, QObject, Signal
from PySide6.QtWidgets import QApplication, QWidget
import ui.app.wall_stand as module
import ui.screens.wall.window as windows
from ui.app.preferences import Preferences
from ui.app.wall_stand import WallStand
from ui.screens.video.layout_memory import SlotLayout
app = QApplication(["test"])
class Place(QObject):
    def __init__(self, home):
        super().__init__()
        self.said, self.home = [], home
        self.person = SimpleNamespace(login="d0032")
        self.cameras = SimpleNamespace(reload=lambda: None)
        self.notices = SimpleNamespace(say=lambda *words: self.said.append(words))
class Shown(QWidget):
    def set_wall(self, *told):
        self.told = told
class Window(QWidget):
    given_up, quit_wanted = Signal(), Signal()
    stand_on = windows.HallWindow.stand_on
    def __init__(self, place, name):
        super().__init__()
        self.screen_shown = Shown(self)
    def show_layout(self, layout):
        self.layout_shown = layout
    def end(self):
        self.close()
windows.HallWindow = Window
module.Awake = lambda parent: SimpleNamespace(begin=lambda: None, end=lambda: None)
named = {screen.name(): screen for screen in app.screens()}
there = list(named.values())
place = Place(Path(sys.argv[1]))
preferences = Preferences(place.home)
wall = WallStand(place, preferences, lambda: there)
desk = named["DESK-1"]
def until(holds):
    give_up = QTimer(singleShot=True, interval=10_000)
    give_up.start()
    while not holds() and give_up.isActive():
        app.processEvents()
    assert holds()
def fills(*names):
    area = QRect()
    for name in names:
        area = area.united(named[name].geometry())
    return wall.on and wall.window.isVisible() and wall.window.geometry() == area
def unplug(name):
    there.remove(named[name])
    app.screenRemoved.emit(named[name])
def plug(name):
    there.append(named[name])
    app.screenAdded.emit(named[name])
def later():
    late = QTimer(singleShot=True, interval=300)
    late.start()
    until(lambda: not late.isActive())
def end():
    wall.end()
    preferences.save()
"""
DESK = {"name": "DESK-1", "x": 0, "y": 0, "width": 1920, "height": 1080}
WALL = {"name": "WALL-1", "x": 1920, "y": 0, "width": 3840, "height": 2160}
SIDE = {"name": "SIDE-1", "x": 5760, "y": 0, "width": 1280, "height": 1024}
ROW = [DESK, *({"name": f"W{n}", "x": 1920 * (n + 1), "y": 0, "width": 1920, "height": 1080} for n in range(3))]
SQUARE = [DESK, *({"name": f"Q{x}{y}", "x": 1920 * (x + 1), "y": 1080 * y, "width": 1920, "height": 1080}
                  for x in range(2) for y in range(2))]


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
    at((DESK, SIDE, WALL), "wall.open(beside=desk)\nuntil(lambda: fills('SIDE-1'))\n"
                           "wall.open(SlotLayout(9), named['WALL-1'])\nuntil(lambda: fills('WALL-1'))\nend()")
    moved = ({**WALL, "x": 0}, {**DESK, "x": 3840}, {**SIDE, "x": 5760})
    at(moved, "wall.restore(beside=desk)\nuntil(lambda: fills('WALL-1'))\nassert wall.window.layout_shown.count == 9\n"
              "end()")


def test_without_its_monitor_it_does_not_open_by_itself(at):
    at((DESK, WALL), "wall.open(SlotLayout(9), named['WALL-1'])\nend()")
    at((DESK, SIDE), "wall.restore(beside=desk)\nassert not wall.on\nend()")
    at((DESK, WALL), "wall.restore(beside=desk)\nuntil(lambda: fills('WALL-1'))\nend()")


def test_a_monitor_that_goes_away_takes_it_along_and_brings_it_back(at):
    at((DESK, WALL, SIDE), """
wall.open(None, named["WALL-1"])
until(lambda: fills("WALL-1"))
unplug("WALL-1")
until(lambda: not wall.window.isVisible())
assert wall.on and place.said[-1][1] == "大屏的显示器已断开"
app.screenAdded.emit(named["SIDE-1"])
plug("WALL-1")
until(lambda: fills("WALL-1"))
end()
""")


def test_another_monitor_that_goes_away_does_not_matter(at):
    at((DESK, WALL, SIDE), "wall.open(None, named['WALL-1'])\nunplug('SIDE-1')\nlater()\n"
                           "assert fills('WALL-1') and not place.said\nend()")


def test_three_monitors_in_a_row_are_one_wall_with_its_seams(at):
    at(ROW, """
wall.open(None, [named["W0"], named["W1"], named["W2"]])
until(lambda: fills("W0", "W1", "W2"))
assert wall.window.screen_shown.told[1] == (1920, 3840) or list(wall.window.screen_shown.told[1]) == [1920, 3840]
end()
""")
    at(ROW, "wall.restore(beside=desk)\nuntil(lambda: fills('W0', 'W1', 'W2'))\nend()")


def test_four_monitors_in_a_square_are_one_wall(at):
    at(SQUARE, "wall.open(None, [s for n, s in named.items() if n[0] == 'Q'])\n"
               "until(lambda: fills('Q00', 'Q01', 'Q10', 'Q11'))\nend()")


def test_a_wall_that_loses_one_of_its_monitors_goes_on_on_the_others_and_grows_again(at):
    at(ROW, """
wall.open(None, [named["W0"], named["W1"], named["W2"]])
until(lambda: fills("W0", "W1", "W2"))
unplug("W2")
until(lambda: fills("W0", "W1"))
assert not place.said
plug("W2")
until(lambda: fills("W0", "W1", "W2"))
end()
""")
