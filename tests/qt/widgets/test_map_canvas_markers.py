"""Markers: crowds become bubbles, moving ones glide, hidden ones cost nothing."""

from __future__ import annotations

from math import ceil, floor

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, QPointF, QRect
from PySide6.QtGui import QRegion
from PySide6.QtWidgets import QWidget

from tests.qt.widgets.map_samples import CASES, middle_of, pixel_of, pixels, place, shown_town
from widgets.map import Pulse, Sprite
from widgets.map.bubbles import eighths
from widgets.map.crowds import gather, square_side
from widgets.map.markers import MarkerLayer
from widgets.map.region import region_of
from widgets.tones import Tone


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def layer_of(clock, *, clustered=False, glide=0.0) -> MarkerLayer:
    return MarkerLayer("cases", CASES, clustered, 2, glide, clock)


def drawn(canvas, x: float, y: float, reach: int = 8) -> bool:
    """Whether anything but the cell's one colour is painted around a point of the plane."""
    at = pixel_of(canvas, x, y).toPoint()
    shown = pixels(canvas.picture())[at.y() - reach : at.y() + reach, at.x() - reach : at.x() + reach]
    return len(np.unique(shown)) > 1


@given(st.lists(st.tuples(st.floats(-500, 500), st.floats(-500, 500)), max_size=80))
def test_everybody_is_either_alone_or_in_one_bubble(places):
    xy = np.array(places).reshape(-1, 2)
    kinds = np.arange(len(xy)) % 3
    crowds = gather(xy, kinds, 3, 56.0, 0.5)
    assert sorted([*crowds.singles.tolist(), *crowds.members.tolist()]) == list(range(len(xy)))
    assert crowds.counts.sum() == len(crowds.members) and (crowds.counts > 3).all()
    for bubble in range(len(crowds.counts)):
        rows = crowds.members_of(bubble)
        assert np.bincount(kinds[rows], minlength=3).tolist() == crowds.kinds[bubble].tolist()
        assert set(crowds.bubble_of(rows).tolist()) == {bubble}


def test_bubbles_keep_still_while_pulled_and_within_half_an_octave():
    assert square_side(2.0, 1.0) == square_side(2.2, 1.0) != square_side(3.0, 1.0)
    assert square_side(2.0, 2.0) == 2 * square_side(2.0, 1.0)


@given(st.lists(st.lists(st.integers(0, 400), min_size=4, max_size=4), min_size=1, max_size=20))
def test_a_ring_leaves_nobody_out_and_is_full(counts):
    shares = eighths(np.array(counts))
    for row, share in zip(counts, shares.tolist(), strict=True):
        assert [bool(part) for part in share] == [bool(count) for count in row] or not any(row)
        assert sum(share) >= 8


def test_bubbles_of_two_layers_do_not_stand_on_each_other():
    spot = np.full((10, 2), 30.0)
    one, other = (gather(spot, np.zeros(10, int), 1, 56.0, shift).centres for shift in (0.0, 0.5))
    assert np.hypot(*(one - other)[0]) > 10


def test_a_moved_marker_goes_its_way_in_the_time_it_is_given():
    clock = Clock()
    layer = layer_of(clock, glide=2.0)
    layer.set([7, 8], [[0.0, 0.0], [50.0, 0.0]], [0, 1])
    layer.move([7], [[100.0, 0.0]], None)
    assert layer.shown()[0].tolist() == [0.0, 0.0] and layer.speed() == pytest.approx(50.0)
    clock.now += 1.0
    assert layer.shown()[0].tolist() == [50.0, 0.0] and layer.gliding
    layer.move([7], [[50.0, 80.0]], None)
    clock.now += 1.0
    assert layer.shown()[0].tolist() == [50.0, 40.0], "a new place is gone to from where it is seen"
    clock.now += 1.5
    assert not layer.gliding and layer.restless, "the last step is still to be painted"
    layer.note_painted()
    assert not layer.restless and layer.shown().tolist() == [[50.0, 80.0], [50.0, 0.0]]


def test_moving_adds_who_was_not_there_and_removing_forgets():
    layer = layer_of(Clock(), glide=2.0)
    layer.set([1, 2], [[0.0, 0.0], [1.0, 1.0]], [0, 2])
    layer.move([2, 9], [[5.0, 5.0], [6.0, 6.0]], [1, 2])
    assert layer.ids.tolist() == [1, 2, 9] and layer.kinds.tolist() == [0, 1, 2]
    layer.remove([1, 77])
    assert layer.ids.tolist() == [2, 9] and layer.xy.tolist() == [[5.0, 5.0], [6.0, 6.0]]
    assert layer.rows_of(np.array([9, 1])).tolist() == [1, -1]


@pytest.mark.parametrize("wrong", [([1], [[0.0, 0.0]], [3]), ([1, 2], [[0.0, 0.0]], None), ([1], [[0.0, 0.0]], [0, 0])])
def test_markers_that_do_not_fit_are_refused(wrong):
    with pytest.raises(ValueError, match="cases"):
        layer_of(Clock()).set(*wrong)


def test_markers_are_painted_where_they_are_and_gone_when_hidden_or_removed(qtbot):
    canvas = shown_town(qtbot)
    at = middle_of(34)
    canvas.set_markers("cases", [5], [at], [2])
    assert drawn(canvas, *at)
    canvas.show_layer("cases", False)
    assert not drawn(canvas, *at)
    canvas.show_layer("cases", True)
    canvas.move_markers("cases", [5], [middle_of(77)])
    assert not drawn(canvas, *at) and drawn(canvas, *middle_of(77))
    canvas.remove_markers("cases", [5])
    assert not drawn(canvas, *middle_of(77))


def test_kinds_differ_in_shape_and_not_by_colour_alone(qtbot):
    canvas = shown_town(qtbot)
    shapes = "circle", "square", "triangle", "diamond", "ring"
    canvas.define_layer("same", [Sprite(shape, Tone.OK) for shape in shapes], clustered=False, z=5)
    seen = set()
    for kind in range(5):
        canvas.set_markers("same", [1], [middle_of(34)], [kind])
        at = pixel_of(canvas, *middle_of(34)).toPoint()
        seen.add(pixels(canvas.picture())[at.y() - 9 : at.y() + 9, at.x() - 9 : at.x() + 9].tobytes())
    assert len(seen) == 5


def test_a_crowd_is_one_bubble_that_tells_how_many(qtbot):
    canvas = shown_town(qtbot)
    crowd = np.array(middle_of(34)) + np.random.default_rng(1).uniform(-5, 5, (12, 2))
    canvas.set_markers("cases", np.arange(12), crowd, np.arange(12) % 3)
    layer = canvas._overlay.layers["cases"]
    bubble = layer.crowds(canvas._overlay.side)
    assert bubble.counts.tolist() == [12] and len(bubble.singles) == 0
    at = pixel_of(canvas, *bubble.centres[0])
    assert canvas.tip_at(at) == "12 个，点击放大"
    assert drawn(canvas, *bubble.centres[0])


def test_a_small_change_asks_for_small_rectangles_only(qtbot, monkeypatch):
    canvas = shown_town(qtbot)
    canvas.set_markers("workers", np.arange(50), [middle_of(cell) for cell in range(1, 51)])
    asked = []
    monkeypatch.setattr(canvas, "update", lambda *area: asked.append(area))
    canvas.move_markers("workers", [3], [middle_of(99)])
    (region,) = asked[0]
    assert len(asked) == 1 and [area.width() < 60 for area in region] == [True, True]


@pytest.mark.parametrize("many", [1, 10, 80])
@pytest.mark.parametrize("z", [2, 3])
def test_no_pixel_changes_outside_of_what_is_asked_for(qtbot, monkeypatch, many, z):
    """Bubbles that come, go and count otherwise, and cells of another class."""
    canvas, rng = shown_town(qtbot, width=900), np.random.default_rng(many)
    canvas.define_layer("cases", CASES, clustered=True, z=z)
    places = np.array(place(0, 0)) + rng.uniform(0, 1000, (200, 2))
    canvas.set_markers("cases", np.arange(200), places, np.arange(200) % 3)
    for _ in range(5):
        image, region = canvas.picture(), QRegion()
        before = pixels(image)
        with monkeypatch.context() as patch:
            patch.setattr(canvas, "update", region.__iadd__)
            moved = rng.choice(200, many, replace=False)
            canvas.move_markers("cases", moved, places[moved] + rng.normal(0, 60, (many, 2)))
            canvas.recolour(rng.choice(100, 5, replace=False) + 1, rng.integers(0, 8, 5))
        after = pixels(canvas.picture())
        changed = np.argwhere(before != after)
        assert len(changed) and all(region.contains(QPoint(x, y)) for y, x in changed.tolist())
        canvas.render(image, region.boundingRect().topLeft(), region, QWidget.RenderFlag(0))
        assert np.array_equal(pixels(image), after), "what is painted within the region is what a whole painting shows"


@given(st.lists(st.tuples(*[st.floats(-300, 900)] * 2, *[st.floats(0.5, 200)] * 2), max_size=60))
def test_a_region_covers_all_boxes(boxes):
    edges = np.array([(x, y, x + width, y + height) for x, y, width, height in boxes]).reshape(-1, 4)
    region = region_of(edges, 640, 480)
    for left, top, right, bottom in edges.tolist():
        low = QPoint(max(0, floor(left)), max(0, floor(top)))
        high = QPoint(min(640, ceil(right)) - 1, min(480, ceil(bottom)) - 1)
        inside = QRegion(QRect(low, high))
        assert inside.subtracted(region).isEmpty()
    assert QRegion(0, 0, 640, 480).contains(region.boundingRect()) or region.isEmpty()


def test_a_hidden_layer_and_a_hidden_map_move_for_nothing(qtbot, monkeypatch):
    canvas = shown_town(qtbot)
    canvas.set_markers("workers", [1], [middle_of(34)])
    canvas.show_layer("workers", False)
    asked = []
    monkeypatch.setattr(canvas, "update", lambda *area: asked.append(area))
    canvas.move_markers("workers", [1], [middle_of(77)])
    canvas.set_markers("workers", [1], [middle_of(12)])
    assert asked == [] and not canvas._motion.glide.isActive()


def test_gliding_stops_when_the_map_is_hidden_and_ends_by_itself(qtbot):
    canvas = shown_town(qtbot)
    canvas.define_layer("quick", [Sprite("person")], clustered=False, z=3, glide_s=0.2)
    canvas.set_markers("quick", [1], [middle_of(34)])
    canvas.move_markers("quick", [1], [middle_of(77)])
    assert canvas._motion.glide.isActive()
    canvas.hide()
    assert not canvas._motion.glide.isActive()
    canvas.show()
    qtbot.waitUntil(lambda: not canvas._motion.glide.isActive())
    assert drawn(canvas, *middle_of(77)) and not canvas._overlay.layers["quick"].restless


def test_a_pulse_repaints_its_rectangle_five_times_a_second_at_most(qtbot, monkeypatch):
    canvas = shown_town(qtbot)
    canvas.set_pulses([Pulse(1, *middle_of(34), Tone.MULTI), Pulse(2, *place(90_000, 0))])
    assert drawn(canvas, *middle_of(34)) and canvas._motion.pulse.interval() >= 200
    asked = []
    monkeypatch.setattr(canvas, "update", lambda *area: asked.append(area))
    qtbot.waitUntil(lambda: len(asked) >= 3)
    near = pixel_of(canvas, *middle_of(34))
    boxes = [region.boundingRect() for (region,) in asked]
    assert all(box.width() < 70 and box.contains(near.toPoint()) for box in boxes), "not the one far off"
    canvas.hide()
    assert not canvas._motion.pulse.isActive()


def test_no_pulse_no_timer(qtbot):
    canvas = shown_town(qtbot)
    canvas.set_pulses([Pulse(1, *middle_of(34))])
    canvas.set_pulses([])
    qtbot.waitUntil(lambda: not canvas._motion.pulse.isActive())


def test_the_type_scale_enlarges_marks_for_the_wall(qtbot):
    canvas = shown_town(qtbot)
    canvas.set_markers("workers", [1], [middle_of(34)])
    below = (pixel_of(canvas, *middle_of(34)) + QPointF(0, 13)).toPoint()
    cell = canvas.picture().pixelColor(below)
    canvas.type_scale = 3.0
    assert canvas.picture().pixelColor(below) != cell
