"""The base: colours of cells, borders, what a change repaints, and no blank place while it is pulled and zoomed."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QRect

from tests.qt.widgets.map_samples import SIDE, TOWN, middle_of, pixel_of, pixels, place, settle, show, shown_town, town
from widgets.map import Bounds, CellGeometry, Heat, MapCanvas, Track, View
from widgets.map.cells import Cells
from widgets.map.frame import SIDE as PICTURE
from widgets.map.frame import Frame
from widgets.theme import apply_theme, current_theme, load_theme
from widgets.tones import Tone


def color_at(canvas: MapCanvas, x: float, y: float):
    return canvas.picture().pixelColor(pixel_of(canvas, x, y).toPoint())


def test_cells_have_the_colour_of_their_class_and_none_without_one(qtbot):
    classes = np.arange(100) % 8
    classes[55] = -1
    canvas, colors = shown_town(qtbot, classes=classes), current_theme().colors
    for cell in (1, 8, 34, 100):
        assert color_at(canvas, *middle_of(cell)) == colors.choropleth[classes[cell - 1]]
    assert color_at(canvas, *middle_of(56)) == colors.map_empty
    assert color_at(canvas, *place(-50, 500)) == colors.map_floor


def test_north_is_up(qtbot):
    classes = np.zeros(100, np.int64)
    classes[90:] = 7
    canvas, colors = shown_town(qtbot, classes=classes), current_theme().colors
    assert canvas.picture().pixelColor(320, 75) == colors.choropleth[7]
    assert canvas.picture().pixelColor(320, 525) == colors.choropleth[0]


def test_borders_are_found_once_and_those_between_groups_are_strong():
    cells = Cells(town())
    assert len(cells.lines) + len(cells.borders) == 2 * 10 * 11
    assert len(cells.borders) == 40 + 20  # the rim, and the cross between the four groups


def test_rings_that_go_round_either_way_share_their_borders():
    geometry = town()
    vertices = geometry.vertices.reshape(-1, 4, 2).copy()
    vertices[::2] = vertices[::2, ::-1]
    turned = CellGeometry(geometry.ids, vertices.reshape(-1, 2), geometry.offsets, geometry.groups)
    assert len(Cells(turned).borders) == 60


@pytest.mark.parametrize(
    "wrong", [{"offsets": np.arange(0, 101)}, {"groups": np.zeros(3)}, {"vertices": np.zeros((4, 3))}]
)
def test_geometry_that_does_not_fit_is_refused(wrong):
    good = town()
    parts = {"ids": good.ids, "vertices": good.vertices, "offsets": good.offsets, "groups": good.groups}
    with pytest.raises(ValueError, match="cells"):
        CellGeometry(**(parts | wrong))


def test_an_empty_map_is_only_floor(qtbot):
    canvas = MapCanvas()
    qtbot.addWidget(canvas)
    canvas.resize(200, 100)
    nothing = CellGeometry(np.empty(0, int), np.empty((0, 2)), np.zeros(1, int), np.empty(0, int))
    canvas.set_cells(nothing)
    assert set(np.unique(pixels(canvas.picture()))) == {current_theme().colors.map_floor.rgb()}
    assert canvas.cells_inside(np.array([[0, 0], [1, 0], [1, 1.0]])) == []


def test_a_recoloured_cell_repaints_its_polygon_and_no_pixel_beside_it(qtbot):
    canvas = shown_town(qtbot)
    before = pixels(canvas.picture())
    painted = canvas._levels.painted
    canvas.recolour([45, 9999], [6, 6])
    after = pixels(canvas.picture())
    assert canvas._levels.painted == painted, "no picture of the base was painted as a whole"
    low = pixel_of(canvas, *place(400, 500)).toPoint()
    box = QRect(low.x(), low.y(), round(SIDE / 2) + 1, round(SIDE / 2) + 1)
    rows, columns = np.nonzero(before != after)
    assert len(rows) > 2000
    assert box.left() <= columns.min() and columns.max() <= box.right()
    assert box.top() <= rows.min() and rows.max() <= box.bottom()
    assert color_at(canvas, *middle_of(45)) == current_theme().colors.choropleth[6]


def test_recoloured_one_by_one_looks_like_painted_afresh(qtbot):
    canvas, rng = shown_town(qtbot), np.random.default_rng(1)
    classes = np.zeros(100, np.int64)
    for cell in rng.permutation(100)[:40].tolist():
        classes[cell] = rng.integers(0, 8)
        canvas.recolour([cell + 1], [classes[cell]])
        canvas.repaint()
    gradual = pixels(canvas.picture())
    fresh = pixels(shown_town(qtbot, classes=classes).picture())
    assert np.array_equal(gradual, fresh)


def test_only_the_rectangle_of_a_recoloured_cell_is_asked_for(qtbot, monkeypatch):
    canvas = shown_town(qtbot)
    canvas.picture()
    asked = []
    monkeypatch.setattr(canvas, "update", lambda *area: asked.append(*area) if area else asked.append(canvas.rect()))
    canvas.recolour([45], [6])
    boxes = [area.boundingRect() for area in asked]
    assert boxes and all(box.width() < 70 and box.height() < 70 for box in boxes)


def test_a_colour_that_stays_costs_nothing(qtbot, monkeypatch):
    canvas = shown_town(qtbot)
    asked = []
    monkeypatch.setattr(canvas, "update", lambda *area: asked.append(area))
    canvas.recolour([45], [0])
    assert asked == []


def test_while_pulled_and_zoomed_the_town_is_never_blank(qtbot):
    """Where the base is not yet painted for a view, what there is bridges it."""
    canvas = shown_town(qtbot)
    floor = current_theme().colors.map_floor
    for view in (View(*place(100, 900), 2.0), View(*place(500, 500), 0.3), View(*place(400, 600), 7.0)):
        canvas.set_view(view)
        for cell in (23, 55, 87):
            at = pixel_of(canvas, *middle_of(cell)).toPoint()
            if canvas.rect().contains(at):
                assert canvas.grab().toImage().pixelColor(at) != floor


def test_after_zooming_the_base_becomes_sharp_by_itself(qtbot):
    canvas = shown_town(qtbot)
    for step in range(12):
        canvas.set_view(View(*place(500, 500), 2.0 * 0.9**step))
        canvas.repaint()
    qtbot.waitUntil(lambda: canvas._levels.front.scale == pytest.approx(1 / canvas.view.metres_per_pixel))
    settle(qtbot, canvas)
    assert np.array_equal(pixels(canvas.grab().toImage()), pixels(canvas.picture()))


def test_neighbouring_pictures_meet_without_a_gap_at_any_scale():
    for scale in (0.31, 0.5, 0.77, 1.0, 1.9):
        frame = Frame(33.3, -71.9, scale, 1920, 1080)
        for key in frame.keys(0.5):
            here, right, below = (frame.place((key[0] + dx, key[1] + dy), 0.5) for dx, dy in ((0, 0), (1, 0), (0, 1)))
            assert here.x() + here.width() == right.x() and here.y() + here.height() == below.y()


def test_pictures_far_away_are_forgotten_also_when_colours_never_rest(qtbot):
    canvas = shown_town(qtbot)
    for step in range(40):
        canvas.set_view(View(*place(30 * step, 500), 0.1))
        canvas.recolour(np.arange(1, 101), np.full(100, step % 8))
        canvas.picture()
    most = (600 // PICTURE + 3) ** 2
    assert len(canvas._levels.front.pictures) <= most


def test_heat_tracks_and_another_theme_repaint_the_base(qtbot, qapp):
    canvas = shown_town(qtbot)
    plain = color_at(canvas, *middle_of(45))
    values = np.zeros((10, 10))
    values[5, 4] = 3.0  # the sixth row from the north is the fifth from the south: cell 45
    canvas.set_heat(Heat(TOWN, values))
    assert color_at(canvas, *middle_of(45)) != plain
    assert color_at(canvas, *middle_of(41)) == plain
    canvas.set_heat(None)
    assert color_at(canvas, *middle_of(45)) == plain
    way = np.array([place(50, 250), place(950, 250)])
    canvas.set_tracks([Track(way, Tone.ACTION)])
    assert color_at(canvas, *place(520, 250)) == current_theme().mark(Tone.ACTION)
    canvas.set_tracks([])
    try:
        apply_theme(qapp, load_theme("light"))
        assert color_at(canvas, *middle_of(45)) == load_theme("light").colors.choropleth[0]
    finally:
        apply_theme(qapp, load_theme("dark"))


def test_what_was_fitted_stays_fitted_when_the_widget_is_resized(qtbot):
    canvas = shown_town(qtbot)
    canvas.fit(TOWN)
    near = canvas.view.metres_per_pixel
    canvas.resize(300, 900)
    qtbot.waitUntil(lambda: canvas.view.metres_per_pixel > 1.5 * near)
    assert (canvas.view.x, canvas.view.y) == pytest.approx(place(500, 500))
    canvas.set_view(View(*place(0, 0), 1.0))
    canvas.resize(500, 500)
    assert canvas.view == View(*place(0, 0), 1.0)


def test_fit_before_it_is_shown_holds_when_it_is(qtbot):
    canvas = MapCanvas()
    qtbot.addWidget(canvas)
    canvas.set_cells(town())
    canvas.fit(Bounds(*place(0, 0), *place(100, 100)))
    canvas.resize(448, 448)
    show(qtbot, canvas)
    assert canvas.view.metres_per_pixel == pytest.approx(0.25)


def test_a_hidden_map_takes_no_turns(qtbot):
    canvas = shown_town(qtbot)
    canvas.hide()
    canvas.recolour([45], [6])
    canvas.set_view(View(*place(450, 450), 1.0))
    assert not canvas._turns.isActive()
    show(qtbot, canvas)
    assert color_at(canvas, *middle_of(45)) == current_theme().colors.choropleth[6]


def test_on_a_fine_screen_the_base_is_painted_in_its_pixels(qtbot, monkeypatch):
    monkeypatch.setattr(MapCanvas, "devicePixelRatioF", lambda _: 1.5)
    canvas = shown_town(qtbot)
    picture = canvas.picture()
    assert (picture.width(), picture.height()) == (900, 900)
    assert canvas._levels.front.scale == pytest.approx(0.75), "device pixels per metre"
    colors = current_theme().colors
    row = pixels(picture)[450 - 30]  # between two borders of cells
    edges = np.flatnonzero(row != colors.choropleth[0].rgb())
    town_starts = 450 - 375
    assert edges[edges >= town_starts - 2][0] <= town_starts + 1 and row[town_starts - 10] == colors.map_floor.rgb()
