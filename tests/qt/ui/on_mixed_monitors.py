"""What test_mixed_dpi runs in a process of its own, on monitors A (scale 1), B (2), C (1.25) and D (1.5)."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QRect, QRectF, QSize
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from tests.qt.ui.map_desk import Desk, scatter
from tests.qt.ui.wall_hall import NAME, SCREEN, furnish
from tests.qt.widgets.map_samples import CASES, TOWN, middle_of, pixels, town
from ui.app.preferences import Preferences
from ui.app.window_place import WindowPlace
from ui.screens.wall.window import HallWindow
from widgets.map import Label, MapCanvas
from widgets.theme import current_theme

RATIOS = {"A": 1.0, "B": 2.0, "C": 1.25, "D": 1.5}
ROUND = "BCDA"
SIZE = QSize(700, 600)
TONED = np.arange(100) % 8


def monitor(name):
    return next(screen for screen in QGuiApplication.screens() if screen.name() == name)


def move(window, name, size=SIZE):
    """To the middle of a monitor, as large as it was."""
    window.setScreen(monitor(name))
    found = QRect(QPoint(), size)
    found.moveCenter(monitor(name).geometry().center())
    window.setGeometry(found)


class Framed(QWidget):
    """A map with everything on it, and a button, in a window."""

    def __init__(self):
        super().__init__()
        self.canvas, column = MapCanvas(), QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.canvas)
        column.addWidget(QPushButton("龙潭街道 0123"))
        self.canvas.set_cells(town(), TONED)
        self.canvas.define_layer("cases", CASES, clustered=True, z=2)
        places = [middle_of(cell) for cell in (12, 13, 14, 15, 57, 88)]
        self.canvas.set_markers("cases", range(6), places, [0, 1, 2, 0, 1, 2])
        self.canvas.set_labels([Label("和平里", *middle_of(33), 1), Label("天坛", *middle_of(77), 2)])
        self.canvas.fit(TOWN)

    def at_rest(self):
        return self.isVisible() and not self.canvas._turns.isActive() and not self.canvas._rest.isActive()


def taken(qtbot, framed):
    """What the window shows, in device pixels, once nothing of it is left to be painted."""
    framed.grab()
    qtbot.waitUntil(framed.at_rest)
    return pixels(framed.grab().toImage().convertToFormat(framed.canvas.picture().format()))


@pytest.fixture
def framed(qtbot):
    def make(name):
        made = Framed()
        qtbot.addWidget(made)
        move(made, name)
        made.show()
        qtbot.waitUntil(made.at_rest)
        return made
    return make


def test_the_monitors_are_those_that_were_meant(qapp):
    assert {screen.name(): screen.devicePixelRatio() for screen in qapp.screens()} == RATIOS
    assert monitor("B").geometry().size() == QSize(1920, 1080)


def test_a_map_that_moved_looks_as_one_that_was_made_there(qtbot, framed):
    moved = framed("A")
    for name in ROUND:
        move(moved, name)
        qtbot.waitUntil(lambda name=name: moved.devicePixelRatioF() == RATIOS[name] and moved.size() == SIZE)
        here, born = taken(qtbot, moved), taken(qtbot, framed(name))
        assert here.shape == born.shape == (round(600 * RATIOS[name]), round(700 * RATIOS[name]))
        assert moved.canvas._overlay.style.ratio == moved.canvas._ground.ratio == RATIOS[name]
        assert np.array_equal(here, born), f"{name}: {np.count_nonzero(here != born)} pixels differ"


def test_a_picture_to_be_exported_has_the_monitors_pixels(qtbot, framed):
    made = framed("C")
    picture = made.canvas.picture()
    assert picture.size() == QSize(round(made.canvas.width() * 1.25), round(made.canvas.height() * 1.25))


def test_the_wall_fills_the_fine_monitor_and_its_type_is_as_large(make_place, city, qtbot):
    place = make_place(furnish(city), SCREEN)
    wall = HallWindow(place, NAME)
    qtbot.addWidget(wall)
    wall.stand_on([monitor("A")])
    place.live.begin()
    qtbot.waitUntil(lambda: wall.screen_shown.complete)
    coarse = wall.screen_shown.unit
    for name in ROUND:
        wall.stand_on([monitor(name)])
        qtbot.waitUntil(lambda name=name: wall.geometry() == monitor(name).geometry()
                        and wall.devicePixelRatioF() == RATIOS[name])
        shown, area = wall.screen_shown, monitor(name).geometry()
        assert wall.isFullScreen() and wall.grab().size() == area.size() * RATIOS[name]
        canvas = shown.panels.map.canvas
        assert canvas._overlay.style.ratio == RATIOS[name]
        assert shown.unit * 1080 == pytest.approx(coarse * area.height(), rel=0.08)  # of the wall's height
    shown.end()


def test_a_desk_with_its_map_and_table_goes_along(make_place, city, qtbot):
    scatter(city)
    desk = Desk(make_place, city, qtbot)
    table = desk.screen.list.table
    for name in ROUND:
        move(desk.screen, name, QSize(1400, 800))
        qtbot.waitUntil(lambda name=name: desk.screen.devicePixelRatioF() == RATIOS[name]
                        and desk.screen.size() == QSize(1400, 800))
        desk.screen.grab()
        assert table._painter.ratio == RATIOS[name]
        assert desk.screen.canvas._overlay.style.ratio == RATIOS[name]
        row = next(row for row in desk.rows() if row.lon is not None)
        assert QRectF(desk.screen.canvas.rect()).contains(QRectF(desk.at(row), QSize(1, 1)))  # fitted as before


@pytest.mark.parametrize("state", ["normal", "maximized", "full"])
def test_a_place_is_kept_by_monitor_in_pixels_that_do_not_depend_on_its_scale(qtbot, tmp_path, state):
    for name in RATIOS:
        window, home = QWidget(), Preferences(tmp_path)
        qtbot.addWidget(window)
        place = WindowPlace(window, name, home)
        window.setScreen(monitor(name))
        stood = QRect(monitor(name).geometry().topLeft() + QPoint(120, 80), QSize(640, 480))
        window.setGeometry(stood)
        window.show()
        {"normal": window.showNormal, "maximized": window.showMaximized, "full": window.showFullScreen}[state]()
        qtbot.waitUntil(lambda name=name, window=window: window.screen() is monitor(name))
        place.remember()
        again = QWidget()
        qtbot.addWidget(again)
        assert WindowPlace(again, name, home).go_home()
        again.show()
        assert again.screen() is monitor(name) and again.normalGeometry() == stood
        assert again.windowState() == window.windowState()
        if state == "full":
            qtbot.waitUntil(lambda name=name, again=again: again.geometry() == monitor(name).geometry())


def test_sizes_of_the_theme_do_not_follow_a_monitor_that_the_system_scales(qapp):
    assert current_theme().scale == 1.0
