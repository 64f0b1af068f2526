"""A window belongs to a monitor: it comes back to it after a restart and when the monitor itself comes back.

Each step is a process of its own: Qt reads the arrangement of its offscreen monitors once, from a file.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

HEAD = """
import sys
from pathlib import Path
from PySide6.QtCore import QRect, QTimer
from PySide6.QtWidgets import QApplication, QWidget
from ui.app.preferences import Preferences
from ui.app.window_place import WindowPlace
app = QApplication(["test"])
preferences = Preferences(Path(sys.argv[1]))
named = {screen.name(): screen for screen in app.screens()}
there = list(named.values())
window = QWidget()
place = WindowPlace(window, "wall", preferences, lambda: there)
place.take()
window.show()
app.processEvents()
def until(holds):
    give_up = QTimer(singleShot=True, interval=10_000)
    give_up.start()
    while not holds() and give_up.isActive():
        app.processEvents()
    assert holds()
def stands_on(name):
    return window.screen() is named[name] and named[name].geometry().contains(window.geometry().center())
def end():
    place.remember()
    preferences.save()
"""
DESK = {"name": "DESK-1", "x": 0, "y": 0, "width": 1920, "height": 1080}
WALL = {"name": "WALL-1", "x": 1920, "y": 0, "width": 3840, "height": 2160}
SIDE = {"name": "SIDE-1", "x": 5760, "y": 0, "width": 1920, "height": 1080}
ARRANGED_ANEW = ({**SIDE, "x": 0}, {**WALL, "x": 1920, "y": 1080}, {**DESK, "x": 5760})


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


ON_THE_WALL = """
window.setScreen(named["WALL-1"])
window.setGeometry(QRect(2500, 300, 1500, 900))
until(lambda: stands_on("WALL-1"))
end()
"""


def test_a_window_opens_on_its_monitor_again_even_if_the_monitors_were_arranged_anew(at):
    at((DESK, WALL, SIDE), ON_THE_WALL)
    at((DESK, WALL, SIDE), "assert stands_on('WALL-1'), window.geometry()\nassert window.width() == 1500")
    at(ARRANGED_ANEW, "assert stands_on('WALL-1'), window.geometry()")


def test_work_without_the_monitor_does_not_make_it_forgotten(at):
    at((DESK, WALL), ON_THE_WALL)
    at((DESK,), "assert stands_on('DESK-1')\nwindow.resize(800, 600)\nend()")
    at((DESK, WALL), "assert stands_on('WALL-1'), window.geometry()")


def test_a_window_goes_back_when_its_monitor_is_plugged_in_again_and_only_then(at):
    at((DESK, WALL, SIDE), ON_THE_WALL)
    at((DESK, WALL, SIDE), """
there.remove(named["WALL-1"])
app.screenRemoved.emit(named["WALL-1"])
until(lambda: stands_on("DESK-1"))
place.remember()
app.screenAdded.emit(named["SIDE-1"])
there.append(named["WALL-1"])
app.screenAdded.emit(named["WALL-1"])
until(lambda: stands_on("WALL-1"))
assert window.width() == 1500
""")


def test_a_window_that_was_moved_on_purpose_stays_there(at):
    at((DESK, WALL), ON_THE_WALL)
    at((DESK, WALL), "window.setScreen(named['DESK-1'])\nwindow.setGeometry(QRect(50, 50, 900, 700))\nend()")
    at((DESK, WALL), "assert stands_on('DESK-1'), window.geometry()")
