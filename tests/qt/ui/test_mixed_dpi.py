"""Monitors of different scales side by side: maps, walls, tables and places on each of them.

Qt reads the arrangement of its offscreen monitors once, from a file: on_mixed_monitors.py runs in a process of its own.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
PLACE = ("import sys\nfrom pathlib import Path\nfrom PySide6.QtCore import QRect\n"
         "from PySide6.QtWidgets import QApplication, QWidget\nfrom ui.app.preferences import Preferences\n"
         "from ui.app.window_place import WindowPlace\napp = QApplication(['test'])\n"
         "home = Preferences(Path(sys.argv[1]))\nwindow = QWidget()\nplace = WindowPlace(window, 'desk', home)\n"
         "wall = next(one for one in app.screens() if one.name() == 'WALL-1').geometry()\n")


def screen(name, x, width, height, scale=1.0):
    """`scale` as the system tells it, by the monitor's resolution; device pixels."""
    return {"name": name, "x": x, "y": 0, "width": width, "height": height, "logicalDpi": 96 * scale,
            "logicalBaseDpi": 96, "dpr": 1}


@pytest.fixture
def start(tmp_path):
    """start(monitors, *words): the interpreter with these monitors; it must end well."""
    def start(monitors, *words):
        file = tmp_path / "monitors.json"
        file.write_text(json.dumps({"screens": monitors}), "utf-8")
        environment = {**os.environ, "QT_QPA_PLATFORM": f"offscreen:configfile={file}", "PYTHONPATH": str(ROOT)}
        done = subprocess.run([sys.executable, *words], env=environment, cwd=ROOT, capture_output=True, text=True,
                              timeout=200, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout
    return start


def test_on_monitors_of_four_scales(start):
    monitors = [screen("A", 0, 1920, 1080), screen("B", 1920, 3840, 2160, 2.0), screen("C", 5760, 1920, 1080, 1.25),
                screen("D", 7680, 2880, 1620, 1.5)]
    told = start(monitors, "-m", "pytest", "tests/qt/ui/on_mixed_monitors.py", "-q", "-x", "-n0", "-p",
                 "no:cacheprovider")
    assert " passed" in told


@pytest.mark.parametrize("state", ["normal", "maximized"])
def test_a_window_keeps_its_place_when_its_monitor_is_scaled_otherwise_and_moved(start, tmp_path, state):
    desk, fine = screen("DESK-1", 0, 1920, 1080), screen("WALL-1", 1920, 3840, 2160, 2.0)
    show = "window.showMaximized()" if state == "maximized" else "window.show()"
    start([desk, fine], "-c", f"{PLACE}window.setScreen(app.screens()[1])\n"
          f"window.setGeometry(QRect(2160, 100, 960, 540))\n{show}\napp.processEvents()\nplace.remember()\n"
          "home.save()", str(tmp_path / "home"))
    coarse = screen("WALL-1", 3200, 3840, 2160)
    for monitors in ([desk, screen("SIDE-1", 1920, 1280, 1024), coarse], [fine | {"x": 0}, desk | {"x": 3840}]):
        start(monitors, "-c", f"{PLACE}place.take()\nwindow.show()\napp.processEvents()\n"
              "assert window.normalGeometry() == QRect(wall.left() + 240, 100, 960, 540), window.normalGeometry()\n"
              f"assert window.isMaximized() is {state == 'maximized'} and window.screen().name() == 'WALL-1'",
              str(tmp_path / "home"))
