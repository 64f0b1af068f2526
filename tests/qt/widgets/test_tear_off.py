"""A panel torn off keeps its owner's keys, and comes back to its place whatever else was torn off meanwhile."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QLineEdit, QMainWindow, QSplitter, QWidget

from widgets.tear_off import TearOff


@pytest.fixture
def window(qtbot):
    made = QMainWindow()
    splitter = QSplitter(Qt.Orientation.Horizontal)
    made.setCentralWidget(splitter)
    made.parts = [QLineEdit(f"part {number}") for number in range(3)]
    for part in made.parts:
        splitter.addWidget(part)
    made.splitter = splitter
    qtbot.addWidget(made)
    made.resize(900, 300)
    made.show()
    qtbot.waitExposed(made)
    splitter.setSizes([200, 300, 400])
    return made


def order(window):
    return [window.splitter.widget(place) for place in range(window.splitter.count())]


def test_it_goes_into_a_window_and_comes_back_as_large_as_it_was(window, qtbot):
    part = TearOff(window.parts[1], "第二格")
    before = window.splitter.sizes()
    made = part.tear()
    made.show()
    assert part.torn and window.parts[1].window() is made and window.parts[1].text() == "part 1"
    assert made.windowTitle() == "第二格" and order(window) == [window.parts[0], window.parts[2]]
    with qtbot.waitSignal(part.changed):
        made.close()
    assert not part.torn and order(window) == window.parts and window.splitter.sizes() == before
    assert window.parts[1].isVisible()


@pytest.mark.parametrize("back", [(1, 2), (2, 1)])
def test_two_come_back_to_their_own_places_in_any_order(window, back):
    parts = {number: TearOff(window.parts[number], "") for number in (1, 2)}
    for number in (1, 2):
        parts[number].tear().show()
    for number in back:
        parts[number].put_back()
    assert order(window) == window.parts


def test_keys_of_the_screen_go_on_working_in_it(window, qtbot):
    heard = []
    QShortcut(QKeySequence("Ctrl+Z"), window.splitter).activated.connect(lambda: heard.append("undo"))
    plain = QWidget()
    window.splitter.addWidget(plain)
    plain.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    made = TearOff(plain, "").tear()
    made.show()
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    plain.setFocus()
    qtbot.keyClick(plain, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: heard == ["undo"])


def test_only_a_panel_of_a_splitter_can_be_torn_off(qtbot):
    lonely = QWidget()
    qtbot.addWidget(lonely)
    with pytest.raises(TypeError):
        TearOff(lonely, "")
