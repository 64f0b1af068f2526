"""A small town for the map's tests: ten by ten cells of 100 m in four groups, and a canvas that looks at it."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF

from widgets.map import Bounds, CellGeometry, MapCanvas, Sprite, View
from widgets.tones import Tone

EAST, NORTH = 12_950_000.0, 4_850_000.0  # of the town's south-west corner, as in a Chinese city
SIDE, ACROSS = 100.0, 10
CASES = (Sprite("circle", Tone.OK), Sprite("triangle", Tone.NEAR), Sprite("diamond", Tone.OVERDUE))


def town() -> CellGeometry:
    """Cell 1 + 10·row + column, rows from the south; groups 1 to 4 are the quarters."""
    corners = np.array([[0, 0], [1, 0], [1, 1], [0, 1]]) * SIDE
    columns, rows = np.tile(np.arange(ACROSS), ACROSS), np.repeat(np.arange(ACROSS), ACROSS)
    origins = np.column_stack([columns, rows]) * SIDE + (EAST, NORTH)
    vertices = (origins[:, None] + corners).reshape(-1, 2)
    groups = 1 + columns // 5 + 2 * (rows // 5)
    return CellGeometry(np.arange(1, 101), vertices, np.arange(0, 401, 4), groups)


def place(x: float, y: float) -> tuple[float, float]:
    """Metres from the town's south-west corner as a point of the plane."""
    return EAST + x, NORTH + y


def middle_of(cell: int) -> tuple[float, float]:
    """The middle of a cell, on the plane."""
    row, column = divmod(cell - 1, ACROSS)
    return place((column + 0.5) * SIDE, (row + 0.5) * SIDE)


TOWN = Bounds(*place(0, 0), *place(1000, 1000))


def shown_town(qtbot, width: int = 600, height: int = 600, classes=None) -> MapCanvas:
    """A canvas with the town at 2 m per pixel in its middle: 500 px of 600."""
    canvas = MapCanvas()
    qtbot.addWidget(canvas)
    canvas.resize(width, height)
    canvas.set_cells(town(), np.zeros(100, np.int64) if classes is None else classes)
    canvas.define_layer("cases", CASES, clustered=True, z=2)
    canvas.define_layer("workers", [Sprite("person", Tone.ACTION)], clustered=False, z=3, glide_s=2.0)
    show(qtbot, canvas)
    canvas.set_view(View(*place(500, 500), 2.0))
    settle(qtbot, canvas)
    return canvas


def settle(qtbot, canvas: MapCanvas) -> None:
    """Wait until nothing of the base is left to be painted."""
    qtbot.waitUntil(lambda: not canvas._rest.isActive() and not canvas._turns.isActive())


def show(qtbot, canvas: MapCanvas) -> None:
    """Show it and wait until it may paint."""
    with qtbot.waitExposed(canvas):
        canvas.show()


def pixel_of(canvas: MapCanvas, x: float, y: float) -> QPointF:
    """Where the canvas shows a point of the plane."""
    view = canvas.view
    across, down = (x - view.x) / view.metres_per_pixel, (view.y - y) / view.metres_per_pixel
    return QPointF(canvas.width() / 2 + across, canvas.height() / 2 + down)


def pixels(image) -> np.ndarray:
    """A picture as an array (height, width) of colours."""
    return np.frombuffer(image.constBits(), np.uint32).reshape(image.height(), image.width()).copy()
