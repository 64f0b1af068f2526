"""Words on the map never lie on each other, the important ones come first, and pulling does not shuffle them."""

from __future__ import annotations

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.qt.widgets.map_samples import middle_of, place, shown_town
from widgets.map import Label, View
from widgets.map.camera import Camera
from widgets.map.labels import Labels
from widgets.map.sprites import Style
from widgets.theme import current_theme

WORDS = ("和平里", "东华门街道", "景山", "九九归一社区第十二网格", "龙潭")
labels_anywhere = st.lists(
    st.builds(Label, st.sampled_from(WORDS), st.floats(-900, 900), st.floats(-600, 600), st.integers(0, 3)), max_size=60
)


def camera_at(resolution: float, x: float = 0.0, y: float = 0.0) -> Camera:
    camera = Camera()
    camera.width, camera.height = 800, 600
    camera.look(View(x, y, resolution))
    return camera


def overlapping(boxes: np.ndarray) -> int:
    left, top, right, bottom = boxes.T
    across = (left[:, None] < right) & (right[:, None] > left)
    down = (top[:, None] < bottom) & (bottom[:, None] > top)
    return int((across & down).sum()) - len(boxes)


@given(labels_anywhere, st.floats(0.3, 4.0))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_words_never_overlap(qapp, wanted, resolution):
    labels, style = Labels(), Style(current_theme(), 1.0, 1.0)
    labels.set(wanted)
    assert overlapping(labels.boxes(camera_at(resolution), style)) == 0


def test_the_more_important_word_stays(qapp):
    labels, style = Labels(), Style(current_theme(), 1.0, 1.0)
    labels.set([Label("网格", 0, 0, 0), Label("街道", 3, 0, 2), Label("社区", 6, 0, 1)])
    assert labels.texts(camera_at(1.0), style) == ["街道"]
    assert sorted(labels.texts(camera_at(0.02), style)) == sorted(["网格", "街道", "社区"])


def test_pulling_does_not_change_which_words_are_shown(qapp):
    rng, style = np.random.default_rng(4), Style(current_theme(), 1.0, 1.0)
    labels = Labels()
    labels.set([Label(f"社区{index}", *rng.uniform(-400, 400, 2), 0) for index in range(120)])
    first = labels.texts(camera_at(1.0), style)
    assert first and labels.texts(camera_at(1.0, 37.5, -12.0), style) == first


def test_a_word_for_near_views_comes_only_there(qapp):
    labels, style = Labels(), Style(current_theme(), 1.0, 1.0)
    labels.set([Label("网格一", 0, 0, 0, nearer_than=2.0)])
    assert labels.texts(camera_at(2.5), style) == []
    assert labels.texts(camera_at(1.5), style) == ["网格一"]


def test_larger_type_finds_room_for_fewer(qapp):
    labels = Labels()
    labels.set([Label("东华门街道", 70.0 * index, 0, 1) for index in range(8)])
    desk = labels.texts(camera_at(1.0), Style(current_theme(), 1.0, 1.0))
    wall = labels.texts(camera_at(1.0), Style(current_theme(), 3.0, 1.0))
    assert 0 < len(wall) < len(desk)


def test_words_are_painted(qtbot):
    canvas = shown_town(qtbot)
    before = canvas.picture()
    canvas.set_labels([Label("东华门街道", *middle_of(45), 2)])
    assert canvas.picture() != before
    canvas.set_labels([Label("东华门街道", *place(90_000, 0), 2)])
    assert canvas.picture() == before
