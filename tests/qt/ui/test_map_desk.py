"""地图: figures that can be counted again, drilling, lists behind every figure, what is picked and where it leads."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QDropEvent, QMouseEvent
from PySide6.QtTest import QTest

from commandcenter.domain.errors import Busy, ServerUnavailable
from commandcenter.geo import to_plane
from tests.fakes.cameras import park_of
from tests.fakes.directory import org_id
from tests.qt.ui.map_desk import Desk, scatter
from ui.app.emergency_subject import subject_of
from ui.models.case_columns import MIME
from ui.models.map_areas import GRID, STREET, TOP
from ui.models.map_found import POINT, Found
from ui.models.map_marks import CAMERAS, CASES, FOUND
from ui.models.map_tally import NEAR, NORMAL, OVERDUE, TIMINGS
from ui.screens.map.layers_pane import CELLS, PLACELESS, TIMING_LAYERS
from ui.screens.map.screen import MapDesk
from ui.screens.map.whereabouts import CELL
from ui.screens.video.deck import CAMERA_MIME
from ui.screens.video.screen import VideoScreen
from widgets.drag_keys import decode_keys, encode_keys
from widgets.state_panel import StateKind

CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def desk(make_place, city, qtbot):
    scatter(city)
    return Desk(make_place, city, qtbot)


def around(row, metres=60.0):
    """A box on the plane around a case."""
    x, y = to_plane([(row.lon, row.lat)])[0]
    return np.array([(x - metres, y - metres), (x + metres, y - metres), (x + metres, y + metres),
                     (x - metres, y + metres)])  # fmt: skip


# ---------------------------------------------------------------- what is drawn
def test_every_open_case_with_a_place_is_marked_by_the_state_of_its_clock(desk):
    marks = desk.markers()
    assert set(marks) == {row.id for row in desk.rows()}
    kinds = {None: NORMAL, "near": NEAR, "overdue": OVERDUE}
    assert all(marks[row.id][2] == kinds[desk.place.live.picture.timing(row.id)] for row in desk.rows())
    assert {mark[2] for mark in marks.values()} != {NORMAL}


def test_a_cells_colour_is_a_count_of_the_rows_and_stays_so_while_cases_come_go_and_move(desk):
    assert desk.classes() == desk.counted()
    gone, moved, back = (row.id for row in desk.rows()[:3])
    desk.change(gone, open=False, state="closed")
    other = desk.city.records[back].row
    desk.change(moved, grid_id=other.grid_id, street_id=other.street_id, community_id=other.community_id)
    desk.until(lambda: gone not in desk.markers() and desk.classes() == desk.counted())
    desk.change(gone, open=True, state="in_progress")
    desk.until(lambda: gone in desk.markers() and desk.classes() == desk.counted())


def test_only_what_changed_is_drawn_anew(desk, monkeypatch):
    told = []
    canvas = desk.screen.canvas
    monkeypatch.setattr(canvas, "recolour", lambda ids, classes: told.append(("cells", ids.tolist())))
    monkeypatch.setattr(canvas, "set_markers", lambda *_: told.append(("all",)))
    row = desk.rows()[0]
    cell = desk.screen.areas.cell_of[row.grid_id]
    desk.change(row.id, open=False, state="closed")
    desk.until(lambda: row.id not in desk.markers())
    assert told == [("cells", [cell])]


def test_time_that_passes_turns_a_mark_without_a_change_of_the_case(desk):
    row = next(r for r in desk.rows() if desk.place.live.picture.timing(r.id) is None and r.deadline is not None)
    before = desk.markers()[row.id]
    desk.place.live.picture.advance(row.deadline + 1)
    desk.place.live.timing_changed.emit((row,))
    assert desk.markers()[row.id] == (*before[:2], OVERDUE)
    key = desk.screen.areas.chain(row)[1]
    assert desk.screen.cases.tally.count(key, OVERDUE) >= 1


def test_a_case_without_coordinates_counts_and_is_told_apart(make_place, city, qtbot):
    lost = next(iter(city.records))
    scatter(city, without={lost})
    desk = Desk(make_place, city, qtbot)
    assert lost not in desk.markers() and desk.classes() == desk.counted()
    assert desk.screen.layers.placeless.text() == "另 1 件无坐标"
    desk.screen.layers.figure_wanted.emit(PLACELESS)
    desk.until(lambda: desk.listed() == {lost})


def test_a_layer_that_is_switched_off_hides_its_cases_and_keeps_its_figure(desk):
    figure = desk.screen.layers.rows[TIMING_LAYERS[OVERDUE]].figure
    said = figure.text()
    desk.key(Qt.Key.Key_4, CONTROL)
    desk.until(lambda: OVERDUE not in {mark[2] for mark in desk.markers().values()})
    assert figure.text() == said and int(said) > 0
    desk.key(Qt.Key.Key_1, CONTROL)
    assert not desk.screen.layers.on(CELLS) and set(desk.classes().values()) == {-1}


# ---------------------------------------------------------------- where
def test_a_double_click_goes_down_level_by_level_and_escape_back_up(desk):
    row = desk.rows()[0]
    cell, middle = desk.screen.areas.cell_of[row.grid_id], None
    for expected in (STREET, "community", GRID):
        desk.screen.layers.rows[TIMING_LAYERS[0]].set_on(False)
        middle = desk.screen.canvas._camera.to_screen(np.array([desk.screen.ground.middle([cell])]))[0]
        desk.screen.picking.pick("cell", cell)
        desk.screen._clicked = True
        QTest.mouseDClick(desk.screen.canvas, Qt.MouseButton.LeftButton, pos=desk.at(row))
        assert desk.screen.focus[0] == expected
    assert middle is not None and desk.screen.focus == (GRID, cell)
    for expected in ("community", STREET, "all"):
        while desk.screen.focus[0] != expected:
            desk.key(Qt.Key.Key_Escape)
    assert desk.screen.focus == TOP


def test_the_breadcrumbs_lead_up_and_their_figures_to_the_cases(desk):
    street = (STREET, org_id(desk.place.words.street(desk.rows()[0])))
    desk.screen.go_to(street)
    inside = {row.id for row in desk.rows() if row.street_id == street[1]}
    desk.until(lambda: desk.listed() == inside)
    crumbs = desk.screen.tools.crumbs
    assert [figure.text() for figure in crumbs.figures] == [f"{len(desk.rows()):,}", f"{len(inside):,}"]
    assert set(desk.markers()) == inside
    crumbs.figures[0].click()
    desk.until(lambda: desk.listed() == {row.id for row in desk.rows()})
    crumbs.names[0].click()
    assert desk.screen.focus == TOP
    desk.until(lambda: set(desk.markers()) == {row.id for row in desk.rows()})


def test_cells_beside_the_area_are_not_coloured(desk):
    street = (STREET, desk.rows()[0].street_id)
    desk.screen.go_to(street)
    inside = set(desk.screen.areas.area(street).cells)
    desk.until(lambda: {cell for cell, value in desk.classes().items() if value >= 0} == inside)


# ---------------------------------------------------------------- lists
def test_every_figure_of_the_legend_opens_exactly_what_it_counts(desk):
    for kind in TIMINGS:
        row = desk.screen.layers.rows[TIMING_LAYERS[kind]]
        row.figure.click()
        desk.until(lambda: not desk.screen.list.filling)
        assert len(desk.listed()) == int(row.figure.text().replace(",", ""))
        assert {desk.markers()[key][2] for key in desk.listed()} <= {kind}


def test_what_is_drawn_is_listed_and_marked_and_follows_the_cases(desk):
    row = desk.rows()[0]
    desk.screen.canvas.area_selected.emit(around(row))
    desk.until(lambda: not desk.screen.list.filling)
    inside = desk.listed()
    assert row.id in inside and desk.screen.list.listed.title == "框选"
    assert set(desk.screen.canvas._overlay.selected[CASES]) == inside
    stranger = next(r for r in desk.rows() if r.id not in inside)
    desk.change(stranger.id, lon=row.lon, lat=row.lat)
    desk.until(lambda: stranger.id in desk.listed())
    desk.change(row.id, open=False, state="closed")
    desk.until(lambda: row.id not in desk.listed())
    desk.key(Qt.Key.Key_Escape)
    desk.until(lambda: desk.listed() == {r.id for r in desk.rows()})


def test_a_box_drawn_by_hand_with_shift_selects_what_lies_in_it(desk):
    row = desk.rows()[0]
    desk.screen.canvas.centre_on(*to_plane([(row.lon, row.lat)])[0].tolist(), 1.0)
    at = desk.at(row)
    canvas = desk.screen.canvas
    QTest.mousePress(canvas, Qt.MouseButton.LeftButton, SHIFT, at - QPoint(60, 60))
    for step in range(-50, 61, 10):
        _move(canvas, at + QPoint(step, step))
    QTest.mouseRelease(canvas, Qt.MouseButton.LeftButton, SHIFT, at + QPoint(60, 60))
    desk.until(lambda: desk.screen.list.listed.drawn and row.id in desk.listed())


def _move(canvas, at):
    """QTest moves without a button."""
    event = QMouseEvent(QEvent.Type.MouseMove, QPointF(at), canvas.mapToGlobal(QPointF(at)), Qt.MouseButton.NoButton,
                        Qt.MouseButton.LeftButton, SHIFT)
    canvas.mouseMoveEvent(event)


def test_selected_cases_become_a_whistle_at_their_place_nearest_first(desk):
    row = desk.rows()[0]
    wanted = []
    desk.screen.compose_wanted.connect(wanted.append)
    desk.screen.canvas.area_selected.emit(around(row, 300.0))
    desk.until(lambda: not desk.screen.list.filling)
    listed = desk.listed()
    desk.until(lambda: desk.screen.list.joint["order"].isEnabled())
    desk.screen.list.joint["order"].click()
    assert wanted[0].kind == "order" and set(wanted[0].cases) == listed
    assert (wanted[0].lon, wanted[0].lat) == pytest.approx((row.lon, row.lat), abs=1e-5)
    assert wanted[0].cases[0] == row.id


def test_too_many_cases_for_one_whistle_say_what_to_do(desk, monkeypatch):
    monkeypatch.setattr("ui.screens.map.case_list.MOST_CASES", 3)
    desk.screen.list._show_buttons()
    button = desk.screen.list.joint["whistle"]
    assert not button.isEnabled() and "一次最多 3 件" in button.toolTip()


def test_rows_drag_with_the_desks_own_mime_and_are_opened_by_enter(desk, qtbot):
    table = desk.screen.list.table
    desk.screen.list.take_keyboard()
    key = table.current_key()
    table.select_keys([key])
    mime = desk.screen.list.model.mimeData(table.selectionModel().selectedRows())
    assert decode_keys(mime, MIME) == (key,)
    with qtbot.waitSignal(desk.screen.case_wanted) as opened:
        qtbot.keyClick(table, Qt.Key.Key_Return)
    assert opened.args == [key]


# ---------------------------------------------------------------- what is picked
def test_a_click_on_a_case_shows_its_card_with_the_grids_team_and_the_way_to_the_case(desk, qtbot):
    row = desk.rows()[0]
    desk.screen.picking.pick(CASES, row.id, look=True)
    card = desk.screen.card
    desk.until(lambda: card.isVisible() and len(card.team.members) == 3)
    assert [button.text() for button in card.team.buttons] == ["139****0001", "139****0002"]
    with qtbot.waitSignal(desk.screen.case_wanted) as opened:
        card.buttons[0].click()
    assert opened.args == [row.id]
    desk.change(row.id, open=False, state="closed")
    desk.until(lambda: not card.isVisible())


def test_a_phone_is_shown_for_a_reason_and_the_look_is_recorded(desk):
    row = desk.rows()[0]
    desk.screen.picking.pick(CASES, row.id)
    team = desk.screen.card.team
    desk.until(lambda: len(team.members) == 3)
    dialog = team.reveal(team.members[0])
    dialog.form.reason.set_value("核")
    dialog.form.submit()
    assert "4 个字" in dialog.form.error_of("reason") and not desk.town.revealed
    dialog.form.reason.set_value("核实现场情况")
    dialog.form.submit()
    desk.until(lambda: dialog.clear.isVisible())
    assert "1391000" in dialog.clear.text()
    assert desk.town.revealed == [(desk.place.person.id, team.members[0].id, "核实现场情况")]
    dialog.close()


def test_a_grids_card_counts_its_cases_and_opens_them(desk):
    row = desk.rows()[0]
    cell = desk.screen.areas.cell_of[row.grid_id]
    desk.screen.canvas.cell_picked.emit(cell)
    inside = {r.id for r in desk.rows() if desk.screen.areas.cell_of[r.grid_id] == cell}
    assert desk.screen.card.buttons[0].text() == f"在办 {len(inside)}"
    desk.screen.card.buttons[0].click()
    desk.until(lambda: desk.listed() == inside)


def test_a_camera_dropped_beside_the_map_is_looked_through(desk):
    camera = next(c for c in desk.place.cameras.cameras.values() if c.may_view and c.in_use)
    desk.drop(desk.screen.canvas.mime_of(CAMERAS, camera.id))
    assert desk.screen.slot.camera == camera
    desk.until(lambda: len(park_of(desk.city).looks) == 1)
    assert park_of(desk.city).looks[0].purpose == "desk"
    desk.screen.slot.close_it.click()
    desk.until(lambda: park_of(desk.city).looks[0].ended_at is not None)


def test_a_camera_dragged_from_the_map_is_taken_by_a_slot_of_the_video_screen(desk, qtbot):
    video = VideoScreen(desk.place)
    qtbot.addWidget(video)
    video.show()
    camera = next(c for c in desk.place.cameras.cameras.values() if c.may_view and c.in_use)
    place = QPointF(video.grid.slots[1].geometry().center())
    mime = desk.screen.canvas.mime_of(CAMERAS, camera.id)
    video.grid.dropEvent(QDropEvent(place, Qt.DropAction.CopyAction, mime, Qt.MouseButton.LeftButton,
                                    Qt.KeyboardModifier.NoModifier))
    assert video.deck.slot_of(camera.id) == 1
    video.keep_drafts()


def test_enter_picks_the_marker_that_tab_has_reached_and_then_opens_it(desk, qtbot):
    desk.screen.canvas.area_selected.emit(around(desk.rows()[0]))
    desk.until(lambda: not desk.screen.list.filling)
    chosen = desk.screen.canvas._overlay.selected[CASES]
    desk.key(Qt.Key.Key_Tab)
    qtbot.keyClick(desk.screen.canvas, Qt.Key.Key_Return)
    assert desk.screen.picking.picked.id == chosen[0]
    with qtbot.waitSignal(desk.screen.case_wanted) as opened:
        qtbot.keyClick(desk.screen.canvas, Qt.Key.Key_Return)
    assert opened.args == [chosen[0]]


def test_what_is_no_camera_is_not_taken_by_the_slot(desk):
    desk.drop(encode_keys([999], CAMERA_MIME))
    desk.drop(encode_keys([1], MIME))
    assert desk.screen.slot.camera is None


def test_a_camera_near_the_case_is_looked_through_for_it(desk):
    row = desk.rows()[0]
    desk.change(row.id, lon=116.4021, lat=39.9231)
    desk.until(lambda: desk.place.live.row(row.id).lon == 116.4021)
    desk.screen.picking.pick(CASES, row.id)
    desk.until(lambda: bool(desk.screen.card.shown))
    desk.key(Qt.Key.Key_V)
    desk.until(lambda: bool(park_of(desk.city).looks))
    assert (park_of(desk.city).looks[0].purpose, park_of(desk.city).looks[0].case_id) == ("case", row.id)
    desk.screen.keep_drafts()


# ---------------------------------------------------------------- states
def test_until_the_outlines_are_there_it_says_so_and_an_error_offers_another_try(make_place, city, qtbot):
    scatter(city)
    desk = Desk(make_place, city, qtbot, ready=False)
    desk.door.order(Busy("服务器正忙，请稍后再试"))
    desk.screen.book.reload()
    desk.until(lambda: desk.screen.state.accessibleName() == "地图没有读出" or desk.screen.ground is not None)
    if desk.screen.ground is None:
        desk.screen.state.action_triggered.emit()
    desk.settle()
    assert desk.screen._over.currentWidget() is desk.screen.canvas


def test_disconnected_before_anything_was_read_it_waits_and_comes_up_by_itself(make_place, city, qtbot):
    scatter(city)
    place = make_place(city, "all")
    place.backend.session.map.door.down = True
    screen = MapDesk(place)
    qtbot.addWidget(screen)
    screen.show()
    qtbot.waitUntil(lambda: screen.book.error is not None)
    assert screen._state().kind is StateKind.ERROR or screen._state().kind is StateKind.DISCONNECTED
    place.backend.session.map.door.down = False
    place.live.begin()
    qtbot.waitUntil(lambda: screen.ground is not None, timeout=10_000)


def test_a_list_that_cannot_be_read_says_why(desk):
    desk.place.backend.session.queries.door.order(ServerUnavailable("数据库连接中断"))
    desk.screen.listing.show_ids("从前的案件", [987654321])
    desk.until(lambda: not desk.screen.list.filling)
    assert desk.screen.list._state().kind is StateKind.ERROR


def test_an_emergency_may_begin_at_a_grid_or_a_camera_of_the_map(desk):
    assert subject_of(desk.screen, "map") is None
    cell = int(desk.screen.ground.ids[0])
    camera = next(iter(desk.place.cameras.cameras.values()))
    for layer, number, x_y in ((CELL, cell, desk.screen.ground.middle([cell])),
                               (CAMERAS, camera.id, to_plane([(camera.lon, camera.lat)])[0])):
        assert desk.screen.picking.pick(layer, number)
        about = subject_of(desk.screen, "map")
        assert np.allclose(to_plane([(about.lon, about.lat)])[0], x_y, atol=0.01)


def test_a_typed_point_is_marked_until_it_is_let_go_and_an_emergency_may_begin_there(desk):
    desk.screen.finding.go(Found(POINT, (116.41, 39.92), "116.41, 39.92", "WGS-84"))
    view = desk.screen.canvas.view
    assert np.allclose(desk.markers(FOUND)[1][:2], (view.x, view.y)) and desk.screen.card.isVisible()
    about = subject_of(desk.screen, "map")
    assert np.allclose((about.lon, about.lat), (116.41, 39.92), atol=1e-7)
    assert desk.screen.step_back() and not desk.markers(FOUND) and not desk.screen.card.isVisible()
