"""All that is drawn over the base at each painting: chosen cells, markers and bubbles, words, pulses."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from functools import partial

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPen, QPixmap, QTransform

from widgets.map.bubbles import Bubbles
from widgets.map.camera import Camera
from widgets.map.cells import Cells
from widgets.map.crowds import SQUARE, Crowds, square_side, squares_around
from widgets.map.data import Boxes, Ids, Points, Pulse
from widgets.map.labels import Labels
from widgets.map.markers import MarkerLayer
from widgets.map.sprites import Sheet, Stamps, Style, chosen, pulse, pulse_reach

PHASES = 6  # of a pulse, one each redraw
_CHOSEN_WIDTH, _CHOSEN_FILL = 2.0, 0.18
_OUTLINED = 400  # more chosen cells than these are only tinted


class Overlay:
    """Markers by layer, words, pulses and what is selected, and how they are drawn."""

    def __init__(self, camera: Camera, style: Style) -> None:
        self.camera, self.style = camera, style
        self.layers: dict[str, MarkerLayer] = {}
        self.labels = Labels()
        self.pulses: tuple[Pulse, ...] = ()
        self.phase = 0
        self.selected: dict[str, tuple[int, ...]] = {}
        self.chosen_cells: Ids = np.empty(0, np.int64)
        self._sheets: dict[str, Sheet] = {}
        self._bubbles: dict[str, Bubbles] = {}
        self._stamps = Stamps()

    def dress(self, style: Style) -> None:
        """Draw all sprites anew in this style."""
        self.style = style
        self._sheets.clear()
        self._bubbles.clear()
        self._stamps.clear()
        self.labels.forget()

    def undress(self, layer: str) -> None:
        """This layer has other sprites now."""
        self._sheets.pop(layer, None)
        self._bubbles.pop(layer, None)

    # ------------------------------------------------------------ measures
    @property
    def side(self) -> float:
        """Metres of a square in which markers become a bubble."""
        return square_side(self.camera.view.metres_per_pixel, self.style.scale)

    def reach(self, layer: MarkerLayer) -> float:
        """Pixels around a marker's place that change when it moves."""
        return 1.8 * SQUARE * self.style.scale if layer.clustered else self._sheet(layer).reach + 2

    def boxes(self, layer: MarkerLayer, places: Points) -> Boxes:
        """What may look otherwise when markers come to these places of the plane or leave them, in pixels (n, 4)."""
        if not layer.clustered:
            shown, reach = self.camera.to_screen(places), self._sheet(layer).reach + 2
            return np.hstack([shown - reach, shown + reach])
        low, high = squares_around(places, self.side, layer.shift)
        corners, reach = self.camera.to_screen(np.concatenate([low, high])), self._bubbles_of(layer).reach + 2
        first, last = corners[: len(places)], corners[len(places) :]
        return np.hstack([np.minimum(first, last) - reach, np.maximum(first, last) + reach])

    def pulse_boxes(self) -> list[QRectF]:
        """The rectangles of pulses that are seen."""
        reach, seen = pulse_reach(self.style) + 1, QRectF(0, 0, self.camera.width, self.camera.height)
        places = self.camera.to_screen(np.array([(p.x, p.y) for p in self.pulses]).reshape(-1, 2))
        boxes = [QRectF(x - reach, y - reach, 2 * reach, 2 * reach) for x, y in places.tolist()]
        return [box for box in boxes if box.intersects(seen)]

    # ------------------------------------------------------------ what lies under the hand
    def visible_layers(self) -> list[MarkerLayer]:
        """Layers that are shown, the lowest first."""
        return sorted((layer for layer in self.layers.values() if layer.visible), key=lambda layer: layer.z)

    def marker_at(self, x: float, y: float) -> tuple[str, int] | None:
        """The topmost marker at a point of the plane that stands by itself."""
        reach = 0.75 * self.style.unit * self.camera.view.metres_per_pixel
        for layer in reversed(self.visible_layers()):
            found = layer.single_at(x, y, reach, self.side)
            if found is not None:
                return layer.name, found
        return None

    def bubble_at(self, x: float, y: float) -> tuple[str, Ids] | None:
        """The topmost bubble at a point of the plane: its layer and the ids in it."""
        reach = 1.1 * self.style.unit * self.camera.view.metres_per_pixel
        for layer in reversed(self.visible_layers()):
            rows = layer.bubble_at(x, y, reach, self.side)
            if len(rows):
                return layer.name, layer.ids[rows]
        return None

    # ------------------------------------------------------------ painting
    def draw(self, painter: QPainter, area: QRectF, cells: Cells, moving: bool) -> None:
        """Draw all that touches an area of the widget. moving: the scale is still changing."""
        self._draw_chosen_cells(painter, cells)
        for layer in self.visible_layers():
            if len(layer):
                self._draw_layer(painter, layer, area)
        self.labels.draw(painter, area, self.camera, self.style, self._bubble_boxes, moving)
        self._draw_pulses(painter, area)

    def _draw_chosen_cells(self, painter: QPainter, cells: Cells) -> None:
        if not len(self.chosen_cells):
            return
        path = cells.path(self.chosen_cells)
        color, halo = self.style.theme.colors.text, self.style.theme.colors.map_halo
        painter.save()
        x, y = cells.origin.tolist()
        view = self.camera.transform()
        painter.setTransform(QTransform(1, 0, 0, -1, x, y) * view * painter.transform())
        painter.fillPath(path, QBrush(_faded(color, _CHOSEN_FILL)))
        if len(self.chosen_cells) <= _OUTLINED:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            for tone, width in ((halo, 2.2 * _CHOSEN_WIDTH), (color, _CHOSEN_WIDTH)):
                pen = QPen(tone, width * self.style.scale)
                pen.setCosmetic(True)
                pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
                painter.strokePath(path, pen)
        painter.restore()

    def _draw_layer(self, painter: QPainter, layer: MarkerLayer, area: QRectF) -> None:
        sheet, crowds = self._sheet(layer), layer.crowds(self.side)
        places = self.camera.to_screen(layer.shown()[crowds.singles])
        seen = _within(places, area, sheet.reach)
        sheet.stamp(painter, places[seen], layer.kinds[crowds.singles[seen]])
        self._draw_bubbles(painter, layer, crowds, area)
        if self.selected.get(layer.name):
            self._draw_selected(painter, layer, crowds)

    def _draw_bubbles(self, painter: QPainter, layer: MarkerLayer, crowds: Crowds, area: QRectF) -> None:
        if not len(crowds.counts):
            return
        bubbles, places = self._bubbles_of(layer), self.camera.to_screen(crowds.centres)
        seen = np.flatnonzero(_within(places, area, bubbles.reach))
        bubbles.stamp(painter, places[seen], seen, crowds)

    def _bubble_boxes(self) -> Boxes:
        """Where bubbles stand around, in pixels."""
        centres = [layer.crowds(self.side).centres for layer in self.visible_layers() if layer.clustered]
        places = self.camera.to_screen(np.concatenate([np.empty((0, 2)), *centres]))
        return np.hstack([places - self.style.unit, places + self.style.unit])

    def _stamp(self, painter: QPainter, x: float, y: float, key: Hashable, draw: Callable[[], QPixmap]) -> None:
        picture, ratio = self._stamps.get(key, draw), self.style.ratio
        left, top = x - picture.width() / 2 / ratio, y - picture.height() / 2 / ratio
        painter.drawPixmap(QPointF(round(left), round(top)), picture)

    def _draw_selected(self, painter: QPainter, layer: MarkerLayer, crowds: Crowds) -> None:
        rows = layer.rows_of(np.array(self.selected[layer.name], np.int64))
        rows = rows[rows >= 0]
        alone = np.isin(rows, crowds.singles)
        bubbles = np.unique(crowds.bubble_of(rows[~alone]))
        self._rings(painter, self.camera.to_screen(layer.shown()[rows[alone]]), 0.72 * self.style.unit)
        self._rings(painter, self.camera.to_screen(crowds.centres[bubbles]), 1.3 * self.style.unit)

    def _rings(self, painter: QPainter, places: Points, radius: float) -> None:
        for x, y in places.tolist():
            self._stamp(painter, x, y, ("chosen", radius), partial(chosen, self.style, radius))

    def _draw_pulses(self, painter: QPainter, area: QRectF) -> None:
        reach = pulse_reach(self.style)
        places = self.camera.to_screen(np.array([(p.x, p.y) for p in self.pulses]).reshape(-1, 2))
        for shown, (x, y) in zip(self.pulses, places.tolist(), strict=True):
            if area.intersects(QRectF(x - reach, y - reach, 2 * reach, 2 * reach)):
                draw = partial(pulse, self.style, shown.tone, self.phase / PHASES)
                self._stamp(painter, x, y, ("pulse", shown.tone, self.phase), draw)

    def _bubbles_of(self, layer: MarkerLayer) -> Bubbles:
        if layer.name not in self._bubbles:
            self._bubbles[layer.name] = Bubbles(layer.sprites, self.style)
        return self._bubbles[layer.name]

    def _sheet(self, layer: MarkerLayer) -> Sheet:
        if layer.name not in self._sheets:
            self._sheets[layer.name] = Sheet(layer.sprites, self.style)
        return self._sheets[layer.name]


def _within(places: Points, area: QRectF, reach: float) -> NDArray[np.bool_]:
    x, y = places[:, 0], places[:, 1]
    across = (x > area.left() - reach) & (x < area.right() + reach)
    return across & (y > area.top() - reach) & (y < area.bottom() + reach)


def _faded(color: QColor, alpha: float) -> QColor:
    faded = QColor(color)
    faded.setAlphaF(alpha)
    return faded
