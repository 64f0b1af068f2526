"""The hand on the map: picking, pulling, zooming, box and lasso, the keyboard, what can be dragged away."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QContextMenuEvent, QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QApplication, QLineEdit, QVBoxLayout, QWidget

from tests.qt.widgets.map_samples import TOWN, middle_of, pixel_of, place, show, shown_town
from widgets.drag_keys import decode_keys, encode_keys
from widgets.map import CELLS, MapCanvas, View

LEFT, NONE = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
MIME = "application/x-test-cases"


@pytest.fixture
def canvas(qtbot) -> MapCanvas:
    made = shown_town(qtbot)
    made.set_markers("cases", [501, 502], [middle_of(34), middle_of(77)], [0, 2])
    return made


def mouse(canvas, kind, at: QPointF, modifiers=NONE) -> None:
    released = kind == QEvent.Type.MouseButtonRelease
    button = Qt.MouseButton.NoButton if kind == QEvent.Type.MouseMove else LEFT
    held = Qt.MouseButton.NoButton if released else LEFT
    event = QMouseEvent(kind, at, canvas.mapToGlobal(at), button, held, modifiers)
    QApplication.sendEvent(canvas, event)


def draw(canvas, points: list[QPointF], modifiers=NONE) -> None:
    """Press at the first point, go through the others, let go at the last."""
    mouse(canvas, QEvent.Type.MouseButtonPress, points[0], modifiers)
    for point in points[1:]:
        mouse(canvas, QEvent.Type.MouseMove, point, modifiers)
    mouse(canvas, QEvent.Type.MouseButtonRelease, points[-1], modifiers)


def told(canvas) -> list[object]:
    """What is picked or selected from now on."""
    heard: list[object] = []
    canvas.picked.connect(lambda *marker: heard.append(marker))
    canvas.cell_picked.connect(heard.append)
    canvas.area_selected.connect(heard.append)
    return heard


def spots(canvas, *corners: tuple[float, float]) -> list[QPointF]:
    return [pixel_of(canvas, *place(*corner)) for corner in corners]


def steps(start: QPointF, end: QPointF) -> list[QPointF]:
    return [start + (end - start) * (step / 5) for step in range(6)]


def test_a_click_picks_the_marker_and_beside_it_the_cell(qtbot, canvas):
    at = pixel_of(canvas, *middle_of(34)).toPoint()
    heard = told(canvas)
    qtbot.mouseClick(canvas, LEFT, pos=at)
    assert heard == [("cases", 501)]
    with qtbot.waitSignal(canvas.cell_picked) as cell:
        qtbot.mouseClick(canvas, LEFT, pos=at + QPoint(18, 18))
    assert cell.args == [34]


def test_a_click_beside_the_town_picks_nothing(qtbot, canvas):
    heard = told(canvas)
    qtbot.mouseClick(canvas, LEFT, pos=QPoint(5, 300))
    assert heard == []


def test_the_layer_above_is_picked_and_a_hidden_one_is_not(qtbot, canvas):
    canvas.set_markers("workers", [9], [middle_of(34)])
    at = pixel_of(canvas, *middle_of(34))
    assert canvas.marker_at(at) == ("workers", 9)
    canvas.show_layer("workers", False)
    assert canvas.marker_at(at) == ("cases", 501)


def test_a_bubble_opens_and_one_that_no_zoom_opens_names_its_markers(qtbot, canvas):
    crowd = np.array(middle_of(55)) + [[0, 0], [9, 0], [0, 9], [9, 9], [4, 4]]
    canvas.set_markers("cases", np.arange(5), crowd)
    before, bubble = canvas.view, canvas._overlay.layers["cases"].crowds(canvas._overlay.side).centres[0]
    qtbot.mouseClick(canvas, LEFT, pos=pixel_of(canvas, *bubble).toPoint())
    qtbot.waitUntil(lambda: canvas.view.metres_per_pixel <= before.metres_per_pixel / 2)
    canvas.set_markers("cases", [8, 3, 5, 1], [middle_of(55)] * 4)
    bubble = canvas._overlay.layers["cases"].crowds(canvas._overlay.side).centres[0]
    with qtbot.waitSignal(canvas.crowd_picked) as got:
        canvas.click(pixel_of(canvas, *bubble))
    assert got.args == ["cases", [1, 3, 5, 8]]


def test_pulling_moves_the_ground_with_the_hand_and_is_no_click(qtbot, canvas):
    before, touched = canvas.view, canvas.touched_at
    heard = told(canvas)
    draw(canvas, steps(QPointF(300, 200), QPointF(350, 180)))
    assert heard == []
    assert (canvas.view.x, canvas.view.y) == pytest.approx((before.x - 100, before.y - 40))
    assert canvas.touched_at > touched


def test_the_program_moving_the_map_is_not_a_hand(qtbot, canvas):
    touched = canvas.touched_at
    canvas.set_view(View(*place(100, 100), 1.0))
    canvas.fit(TOWN)
    assert canvas.touched_at == touched


def test_the_wheel_zooms_around_the_pointer(qtbot, canvas):
    at = pixel_of(canvas, *middle_of(34))
    wheel = QWheelEvent(at, canvas.mapToGlobal(at), QPoint(), QPoint(0, 240), Qt.MouseButton.NoButton, NONE,
                        Qt.ScrollPhase.NoScrollPhase, False)  # fmt: skip
    QApplication.sendEvent(canvas, wheel)
    assert canvas.view.metres_per_pixel == pytest.approx(2.0 / 1.44)
    there = pixel_of(canvas, *middle_of(34))
    assert (there.x(), there.y()) == pytest.approx((at.x(), at.y()))


def test_a_double_click_goes_nearer_and_picks_once(qtbot, canvas):
    picked = []
    canvas.cell_picked.connect(picked.append)
    at = pixel_of(canvas, *place(310, 310)).toPoint()
    qtbot.mouseClick(canvas, LEFT, pos=at)
    qtbot.mouseDClick(canvas, LEFT, pos=at)
    qtbot.waitUntil(lambda: canvas.view.metres_per_pixel == pytest.approx(1.0))
    assert picked == [34]


@pytest.mark.parametrize(("mode", "key"), [("box", NONE), ("pan", Qt.KeyboardModifier.ShiftModifier)])
def test_a_box_selects_what_lies_in_it(qtbot, canvas, mode, key):
    canvas.mode = mode
    start, end = spots(canvas, (190, 190), (510, 410))
    with qtbot.waitSignal(canvas.area_selected) as got:
        draw(canvas, steps(start, end), key)
    polygon = got.args[0]
    assert canvas.inside("cases", polygon) == [501]
    assert canvas.cells_inside(polygon) == [23, 24, 25, 33, 34, 35]
    assert canvas.view == View(*place(500, 500), 2.0)


@pytest.mark.parametrize(("mode", "key"), [("lasso", NONE), ("pan", Qt.KeyboardModifier.AltModifier)])
def test_a_lasso_selects_by_its_own_shape(qtbot, canvas, mode, key):
    canvas.mode = mode
    triangle = spots(canvas, (0, 0), (1000, 0), (0, 1000), (0, 0))
    with qtbot.waitSignal(canvas.area_selected) as got:
        draw(canvas, triangle, key)
    assert canvas.inside("cases", got.args[0]) == [501], "the other lies beyond the slanted side"
    assert len(canvas.cells_inside(got.args[0])) == 45


def test_escape_drops_the_rope(qtbot, canvas):
    canvas.mode = "box"
    mouse(canvas, QEvent.Type.MouseButtonPress, QPointF(100, 100))
    mouse(canvas, QEvent.Type.MouseMove, QPointF(200, 200))
    qtbot.keyClick(canvas, Qt.Key.Key_Escape)
    heard = told(canvas)
    mouse(canvas, QEvent.Type.MouseButtonRelease, QPointF(200, 200))
    assert heard == []


def test_an_unknown_mode_is_refused(canvas):
    with pytest.raises(ValueError, match="circle"):
        canvas.mode = "circle"


def test_what_lies_under_the_pointer_is_told_when_it_changes(qtbot, canvas):
    hovered, entered = [], []
    canvas.hovered.connect(lambda layer, key: hovered.append((layer, key)))
    canvas.cell_entered.connect(entered.append)
    for at in (middle_of(34), place(310, 310), place(320, 310), place(-50, 310)):
        canvas.point_at(pixel_of(canvas, *at))
    assert hovered == [("cases", 501), ("cases", 0)]
    assert entered == [34, 0]
    canvas.point_at(pixel_of(canvas, *middle_of(77)))
    QApplication.sendEvent(canvas, QEvent(QEvent.Type.Leave))
    assert hovered[-1] == ("cases", 0) and entered[-1] == 0


def test_a_resting_pointer_is_told_what_lies_there(canvas):
    canvas.set_tip("cases", lambda key: f"案件 {key}")
    canvas.set_tip(CELLS, lambda key: f"网格 {key}")
    assert canvas.tip_at(pixel_of(canvas, *middle_of(34))) == "案件 501"
    assert canvas.tip_at(pixel_of(canvas, *place(310, 310))) == "网格 34"
    assert canvas.tip_at(QPointF(2, 2)) == ""


@pytest.mark.parametrize(
    ("spot", "meant"), [((350, 350), ("cases", 501)), ((310, 310), (CELLS, 34)), ((-50, 0), (CELLS, 0))]
)
def test_the_menu_is_about_what_lies_there(qtbot, canvas, spot, meant):
    at = pixel_of(canvas, *place(*spot)).toPoint()
    with qtbot.waitSignal(canvas.menu_wanted) as got:
        QApplication.sendEvent(canvas, QContextMenuEvent(QContextMenuEvent.Reason.Mouse, at, canvas.mapToGlobal(at)))
    assert tuple(got.args[:2]) == meant and got.args[2] == canvas.mapToGlobal(at)


def test_arrows_plus_minus_and_home(qtbot, canvas):
    canvas.fit(TOWN)
    home = canvas.view
    canvas.set_view(View(*place(500, 500), 2.0))
    qtbot.keyClick(canvas, Qt.Key.Key_Right)
    qtbot.keyClick(canvas, Qt.Key.Key_Up)
    assert (canvas.view.x, canvas.view.y) == pytest.approx(place(660, 660))
    qtbot.keyClick(canvas, Qt.Key.Key_Plus)
    assert canvas.view.metres_per_pixel < 2.0
    qtbot.keyClick(canvas, Qt.Key.Key_Minus)
    assert canvas.view.metres_per_pixel == pytest.approx(2.0)
    qtbot.keyClick(canvas, Qt.Key.Key_Home)
    qtbot.waitUntil(lambda: canvas.view == home)


def test_tab_goes_through_the_selected_and_on_and_enter_picks(qtbot, canvas):
    window = QWidget()
    qtbot.addWidget(window)
    field, rows = QLineEdit(), QVBoxLayout(window)
    rows.addWidget(canvas)
    rows.addWidget(field)
    with qtbot.waitActive(window):
        window.show()
    canvas.set_tip("cases", lambda key: f"案件 {key}")
    canvas.select("cases", [501, 502])
    canvas.setFocus()
    assert canvas.accessibleName() == "地图，已选 2 个"
    qtbot.keyClick(canvas, Qt.Key.Key_Tab)
    assert canvas.accessibleName() == "地图，已选 2 个，案件 501"
    qtbot.keyClick(canvas, Qt.Key.Key_Tab)
    with qtbot.waitSignal(canvas.picked) as got:
        qtbot.keyClick(canvas, Qt.Key.Key_Return)
    assert got.args == ["cases", 502]
    qtbot.keyClick(canvas, Qt.Key.Key_Tab)
    assert field.hasFocus(), "the keyboard is not caught"


def test_tab_fetches_a_marker_that_is_out_of_sight(qtbot, canvas):
    canvas.set_view(View(*place(5_000, 5_000), 2.0))
    canvas.select("cases", [502])
    assert canvas.focusNextPrevChild(True)
    qtbot.waitUntil(lambda: (canvas.view.x, canvas.view.y) == pytest.approx(middle_of(77)))


def test_selected_markers_and_cells_are_seen(canvas):
    plain = canvas.picture()
    canvas.select("cases", [501])
    ringed = canvas.picture()
    canvas.select_cells([12, 9999])
    assert plain != ringed != canvas.picture()
    assert canvas.accessibleName() == "地图，已选 1 个，已选 2 块"
    canvas.select("cases", [])
    canvas.select_cells([])
    assert canvas.picture() == plain


def test_a_selected_marker_in_a_bubble_rings_the_bubble(canvas):
    canvas.set_markers("cases", np.arange(6), [middle_of(34)] * 6)
    plain = canvas.picture()
    canvas.select("cases", [4])
    assert canvas.picture() != plain


def test_a_drag_carries_the_marker_or_all_selected(canvas):
    canvas.set_drag("cases", lambda keys: encode_keys(keys, MIME))
    assert decode_keys(canvas.mime_of("cases", 501), MIME) == (501,)
    canvas.select("cases", [501, 502])
    assert decode_keys(canvas.mime_of("cases", 501), MIME) == (501, 502)
    canvas.select("cases", [502])
    assert decode_keys(canvas.mime_of("cases", 501), MIME) == (501,)


def test_a_drag_begins_on_a_marker_of_such_a_layer_only(qtbot, canvas, monkeypatch):
    dragged = []

    def drag(at: QPointF) -> bool:
        dragged.append(canvas.marker_at(at))
        return dragged[-1] is not None

    monkeypatch.setattr(canvas, "drag_from", drag)
    before = canvas.view
    draw(canvas, steps(pixel_of(canvas, *middle_of(34)), QPointF(400, 400)))
    assert dragged == [("cases", 501)] and canvas.view == before
    draw(canvas, steps(QPointF(20, 300), QPointF(60, 300)))
    assert dragged[1:] == [None] and canvas.view != before


def test_nothing_may_be_dragged_from_a_layer_without_a_drag(canvas):
    assert canvas.drag_from(pixel_of(canvas, *middle_of(34))) is False


def test_a_map_nobody_filled_takes_the_hand_calmly(qtbot):
    empty = MapCanvas()
    qtbot.addWidget(empty)
    empty.resize(300, 200)
    show(qtbot, empty)
    qtbot.mouseClick(empty, LEFT, pos=QPoint(100, 100))
    qtbot.keyClick(empty, Qt.Key.Key_Home)
    qtbot.keyClick(empty, Qt.Key.Key_Return)
    empty.point_at(QPointF(10, 10))
    assert empty.tip_at(QPointF(10, 10)) == ""
