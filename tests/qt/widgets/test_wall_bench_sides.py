"""The Qt sides of the bench `wall` draw a small city and what is done to it: nobody runs benches all the time."""

import numpy as np
import pytest

from tests.bench.wall_ours import Canvas
from tests.bench.wall_scene import Scene
from tests.bench.wall_town import Town, whole_view

SIZE = (400, 300)


def small_town():
    """A row of three squares of two streets, with two cases and a worker."""
    squares = [np.array([[x, 0.0], [x + 100, 0], [x + 100, 100], [x, 100]]) for x in (0, 100, 200)]
    return Town(np.concatenate(squares), np.array([0, 4, 8, 12]), np.array([0, 0, 1]), np.array([0, 3, 7]),
                np.array([[50.0, 50], [250, 50]]), np.array([0, 2]), np.array([[150.0, 50]]))


@pytest.fixture(params=[Canvas, Scene])
def side(request, qtbot):
    made = request.param(small_town(), *SIZE)
    window = made.window() if isinstance(made, Scene) else made.painted
    qtbot.addWidget(window)
    window.resize(*SIZE)
    window.show()
    qtbot.waitExposed(window)
    made.look(whole_view(small_town(), SIZE))
    qtbot.waitUntil(made.complete)
    return made


def drawn(side, qtbot):
    qtbot.waitUntil(side.complete)
    return side.painted.grab().toImage()


def test_everything_that_is_done_to_a_side_is_seen(side, qtbot):
    pictures = [drawn(side, qtbot)]
    x, y, scale = whole_view(small_town(), SIZE)
    for do in (
        lambda: side.update({"cells": [0], "classes": [6], "cases": [], "places": np.empty((0, 2))}),
        lambda: side.update({"cells": [], "classes": [], "cases": [1], "places": [[220.0, 30.0]]}),
        lambda: side.walk([[120.0, 80.0]]),
        lambda: side.look([x + 40, y, scale]),
        lambda: side.look([x, y, scale / 2]),
    ):
        do()
        qtbot.wait(1)
        pictures.append(drawn(side, qtbot))
    assert all(before != after for before, after in zip(pictures, pictures[1:], strict=False))


def test_the_middle_of_the_view_is_the_middle_of_the_picture(side, qtbot):
    side.look([50.0, 50.0, 0.5])    # the first square fills 200 pixels around the middle, nothing lies to its left
    image = drawn(side, qtbot)
    ground = image.pixel(20, 150)
    assert ground == image.pixel(200, 20)
    assert image.pixel(130, 150) != ground
    assert image.pixel(330, 150) != ground
