"""回放 from a case, a whistle, one step of it, the map or a typed moment: the map of then, the chosen thing on it."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMenu

from commandcenter.ports_joint import JointRows
from tests.fakes.joint_rows import at, lane, summons
from tests.fakes.joint_town import town_of
from tests.qt.ui.map_desk import scatter
from ui.app.looks import Looks
from ui.app.preferences import Preferences
from ui.app.verbs import VerbError
from ui.app.window import MainWindow
from ui.models.map_marks import CASES, WHISTLES
from ui.screens.map.whereabouts import Picked

HOUR = 3_600.0


class Seat:
    """A window over a city whose cases came in one by one."""

    def __init__(self, window, city, qtbot):
        self.window, self.city, self.qtbot = window, city, qtbot

    @property
    def pane(self):
        return self.window.screen_of("map").replay

    def until(self, condition):
        self.qtbot.waitUntil(condition, timeout=10_000)

    def shows(self, at, layer, number):
        """The map stands at this moment, and this is picked on it."""
        desk, replay = self.window.screen_of("map"), self.pane.replay
        self.until(lambda: self.window.shown is desk and desk.replaying and replay.clock.now() == at
                   and not replay.loading and desk.picking.picked == Picked(layer, number))
        return True

    def choose(self):
        """A case of the queue, with its file."""
        desk, row = self.window.desk, next(one.row for one in self.city.records.values() if one.row.state == "filed")
        desk.open_case(row.id)
        self.until(lambda: desk.case.file is not None and [one.id for one in desk.queue.selected_rows()] == [row.id])
        return row

    def menu(self, text):
        """Carry out this entry of the menu that is open."""
        self.until(lambda: any(menu.isVisible() for menu in self.window.findChildren(QMenu)))
        menu = next(menu for menu in self.window.findChildren(QMenu) if menu.isVisible())
        action = next(action for action in menu.actions() if action.text().startswith(text))
        menu.close()
        action.trigger()

    def hears(self, *words):
        self.until(lambda: any(all(word in f"{note.text} {note.detail}" for word in words)
                               for note in self.window.place.notices.notes()))


@pytest.fixture
def seat(make_place, city, qapp, qtbot, tmp_path):
    scatter(city)
    place = make_place(city, "all")
    made = MainWindow(place, Looks(qapp, Preferences(tmp_path)), Preferences(tmp_path))
    qtbot.addWidget(made)
    made.resize(1600, 900)
    made.show()
    place.live.begin()
    qtbot.waitUntil(lambda: made.desk.complete and place.joint.ready, timeout=10_000)
    return Seat(made, city, qtbot)


@pytest.fixture
def whistle(seat):
    row = summons(3, "占道经营", "和平里", (lane(1, "区城管委", lead=True),), state="issued", issued_at=at(11))
    town_of(seat.city).put(row)
    town_of(seat.city).tell(row.id)
    seat.until(lambda: row.id in seat.window.place.joint.summons)
    seat.window.place.backend.session.replay.joint_start = JointRows((row,))
    return row


def test_the_word_alone_goes_to_when_the_chosen_case_came_in(seat):
    row = seat.choose()
    seat.window.verbs.run("回放")
    assert seat.shows(row.reported_at, CASES, row.id)
    assert seat.window.screen_of("map").canvas._overlay.selected[CASES] == (row.id,)


def test_its_key_does_the_same(seat):
    row = seat.choose()
    held = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    seat.qtbot.keyClick(seat.window, Qt.Key.Key_R, held)
    assert seat.shows(row.reported_at, CASES, row.id)


def test_a_case_by_its_number_also_while_another_moment_is_shown(seat):
    seat.window.verbs.run("回放 -3小时")
    seat.until(lambda: seat.pane.replay.cases.ready)
    assert seat.pane.replay.clock.now() == pytest.approx(seat.city.now - 3 * HOUR, abs=120)
    row = next(record.row for record in seat.city.records.values() if record.row.open)
    seat.window.verbs.run(f"回放 {row.no.rpartition('-')[2]}")
    assert seat.shows(row.reported_at, CASES, row.id)


def test_the_menu_of_a_row_and_the_time_of_a_step(seat):
    row = seat.choose()
    seat.window.desk.queue.table.context_menu_requested.emit(row.id, seat.window.pos())
    seat.menu("回放到受理时")
    assert seat.shows(row.reported_at, CASES, row.id)
    seat.window.show_screen("dispatch")
    step, trace = seat.window.desk.case.file.trace[-1], seat.window.desk.case.trace
    seat.qtbot.mouseClick(trace._rows[len(trace.entries()) - 1][0], Qt.MouseButton.LeftButton)
    seat.until(lambda: seat.window.focusWidget() is seat.pane.bar.track)
    assert seat.shows(step.at.timestamp(), CASES, row.id)


def test_a_whistle_by_number_by_menu_and_when_it_is_open(seat, whistle):
    board = seat.window.joint_screen("whistle")
    seat.window.verbs.run(f"回放 {whistle.no}")
    assert seat.shows(whistle.issued_at, WHISTLES, whistle.id)
    seat.pane.close()
    seat.window.show_summons(whistle)
    seat.window.verbs.run("回放")
    assert seat.shows(whistle.issued_at, WHISTLES, whistle.id)
    seat.pane.close()
    board.board.board.menu_wanted.emit(whistle.id, seat.window.pos())
    seat.menu("回放到发出时")
    assert seat.shows(whistle.issued_at, WHISTLES, whistle.id)


def test_from_the_map_by_card_and_by_menu(seat):
    desk = seat.window.map_desk()
    seat.until(lambda: desk.complete)
    row = next(record.row for record in seat.city.records.values() if record.row.open)
    desk.canvas.menu_wanted.emit(CASES, row.id, seat.window.pos())
    seat.menu("回放")
    assert seat.shows(row.reported_at, CASES, row.id)
    seat.pane.close()
    assert not desk.replaying
    desk.picking.pick(CASES, row.id)
    next(button for button in desk.card.buttons if button.text() == "回放").click()
    assert seat.shows(row.reported_at, CASES, row.id)


def test_keys_belong_to_the_bar_also_when_the_map_comes_after_it(seat):
    seat.choose()
    seat.window.activateWindow()
    seat.window.verbs.run("回放")
    desk = seat.window.screen_of("map")
    seat.until(lambda: desk.ground is not None and desk.replaying)
    seat.until(lambda: seat.window.focusWidget() is seat.pane.bar.track and not desk._keys_wait)


def test_beside_all_cells_there_is_no_menu_and_in_a_cell_its_cases(seat):
    desk = seat.window.map_desk()
    seat.until(lambda: desk.complete)
    assert desk.menu.open("cells", 0, seat.window.pos()) is None
    cell = int(desk.ground.ids[0])
    desk.canvas.menu_wanted.emit("cells", cell, seat.window.pos())
    seat.menu("在办")
    assert desk.list.listed.title == desk.areas.short_name(("grid", cell))


def test_what_was_not_there_then_is_said(seat, whistle):
    seat.window.place.backend.session.replay.joint_start = JointRows()
    seat.window.verbs.run(f"回放 {whistle.no}")
    seat.hears("这一刻不在办", "尚未受理")


@pytest.mark.parametrize(("text", "words"), [("回放 昨天", "看不懂“昨天”"), ("回放 25:99", "例：回放 2378")])
def test_what_cannot_be_read_says_how_to_write_it(seat, text, words):
    with pytest.raises(VerbError, match=words):
        seat.window.verbs.run(text)


def test_a_number_that_nobody_has(seat):
    seat.window.verbs.run("回放 999999")
    seat.hears("没有案件 999999")
    seat.window.verbs.run("回放 CS-99999999-9999")
    seat.hears("没有吹哨或令 CS-99999999-9999")


def test_the_figures_by_their_word(seat):
    seat.window.verbs.run("态势")
    assert seat.window.screen_name == "figures"
