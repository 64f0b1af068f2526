"""Our side of the bench `wall`: widgets.map.MapCanvas, alone on the screen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from PySide6.QtWidgets import QApplication, QWidget

from tests.bench.wall_qt import QtSide
from tests.bench.wall_town import Town, View, whole_view
from widgets.map import CellGeometry, MapCanvas, Sprite
from widgets.map import View as CanvasView
from widgets.theme import apply_theme, load_theme
from widgets.tones import Tone

_CASES = (Sprite("circle", Tone.OK), Sprite("triangle", Tone.NEAR), Sprite("square", Tone.OVERDUE),
          Sprite("diamond", Tone.ACTION))
_WORKERS = (Sprite("person", Tone.MULTI),)


class Canvas:
    """The canvas as the map and the wall use it; markers gather into bubbles until `plain`."""

    def __init__(self, town: Town, width: int, height: int) -> None:
        self.painted = canvas = MapCanvas()
        canvas.resize(width, height)
        cells = CellGeometry(np.arange(len(town.groups)), town.vertices, town.offsets, town.groups)
        canvas.set_cells(cells, town.classes)
        self._define(clustered=True)
        canvas.set_markers("cases", np.arange(len(town.cases)), town.cases, town.kinds)
        canvas.set_markers("workers", np.arange(len(town.workers)), town.workers)
        self._everybody = np.arange(len(town.workers))
        self.look(whole_view(town, (width, height)))

    def _define(self, clustered: bool) -> None:
        self.painted.define_layer("cases", _CASES, clustered=clustered, z=1)
        self.painted.define_layer("workers", _WORKERS, clustered=clustered, z=2)

    def look(self, view: View) -> None:
        """See this."""
        self.painted.set_view(CanvasView(*view))

    def complete(self) -> bool:
        """The base is whole."""
        return self.painted.settled

    def update(self, change: dict[str, Any]) -> None:
        """Cells of other classes, cases at other places."""
        self.painted.recolour(np.array(change["cells"]), np.array(change["classes"]))
        self.painted.move_markers("cases", np.array(change["cases"]), np.array(change["places"]))

    def walk(self, places: Sequence[Sequence[float]]) -> None:
        """All workers stand elsewhere."""
        self.painted.move_markers("workers", self._everybody, np.array(places))

    def plain(self) -> None:
        """Each marker alone."""
        self._define(clustered=False)


def _made(town: Town, width: int, height: int) -> tuple[QWidget, Canvas]:
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    apply_theme(app, load_theme("dark"))
    canvas = Canvas(town, width, height)
    return canvas.painted, canvas


if __name__ == "__main__":
    QtSide(_made).serve()
