"""The map itself: a plain widget that paints cells, markers, labels and pulses, and turns the hand into signals."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

import numpy as np
from PySide6.QtCore import QMimeData, QPoint, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import (
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPolygonF,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget

from widgets.map.camera import Camera
from widgets.map.data import Bounds, CellGeometry, Heat, Ids, Label, Points, Pulse, Sprite, Track, View
from widgets.map.markers import MarkerLayer
from widgets.map.rings import inside
from widgets.map.tiles import MbTiles
from widgets.theme import current_theme

CELLS = "cells"  # the layer's name where a signal means a cell
FIT_MARGIN = 24.0


class MapCanvas(QWidget):
    """A map of cells and markers on the plane (metres of Web Mercator, y to the north).

    picked(layer, id): a marker was clicked or confirmed with Enter. cell_picked(id). cell_entered(id or 0) and
    hovered(layer, id or 0): what lies under the pointer. area_selected(polygon (n, 2) in metres): a box or lasso was
    drawn. view_changed(). menu_wanted(layer, id, QPoint global): right click; layer CELLS on a cell, id 0 beside all.
    """

    picked = Signal(str, object)
    cell_picked = Signal(object)
    cell_entered = Signal(object)
    hovered = Signal(str, object)
    area_selected = Signal(object)
    view_changed = Signal()
    menu_wanted = Signal(str, object, QPoint)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._camera = Camera()
        self._cells: CellGeometry | None = None
        self._classes = np.empty(0, np.int64)
        self._layers: dict[str, MarkerLayer] = {}
        self._labels: Sequence[Label] = ()
        self._pulses: Sequence[Pulse] = ()
        self._selected: dict[str, tuple[int, ...]] = {}
        self._drags: dict[str, Callable[[Sequence[int]], QMimeData]] = {}
        self._mode, self._type_scale, self.touched_at = "pan", 1.0, float("-inf")
        self._pressed: QPointF | None = None
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    # ------------------------------------------------------------ what is shown
    def set_cells(self, geometry: CellGeometry, classes: Ids | None = None) -> None:
        """Have these cells. classes (m,): colour 0..7 of the choropleth, -1 not coloured; None: none is."""
        self._cells = geometry
        self._classes = np.full(len(geometry.ids), -1) if classes is None else np.array(classes, np.int64)
        self.update()

    def recolour(self, ids: Ids, classes: Ids) -> None:
        """Give these cells another class; repaints only them. Unknown ids are ignored."""
        rows = {key: row for row, key in enumerate(self._cells.ids.tolist())} if self._cells else {}
        for key, value in zip(np.asarray(ids).tolist(), np.asarray(classes).tolist(), strict=True):
            if key in rows:
                self._classes[rows[key]] = value
        self.update()

    def define_layer(
        self, layer: str, sprites: Sequence[Sprite], *, clustered: bool, z: int, glide_s: float = 0.0
    ) -> None:
        """Make a layer of markers, or dress it anew. clustered: bubbles with counts where it is crowded. z: greater
        lies above. glide_s: a moved marker goes to its new place in so many seconds instead of jumping."""
        old = self._layers.get(layer)
        made = MarkerLayer(layer, sprites, clustered, z, glide_s)
        if old is not None:
            made.set(old.ids, old.xy, old.kinds)
            made.shown = old.shown
        self._layers[layer] = made
        self.update()

    def set_markers(self, layer: str, ids: Ids, xy: Points, kinds: Ids | None = None) -> None:
        """Have these markers in the layer and no others; they jump. Raises KeyError for a layer never defined."""
        self._layers[layer].set(ids, xy, kinds)
        self.update()

    def move_markers(self, layer: str, ids: Ids, xy: Points, kinds: Ids | None = None) -> None:
        """These stand elsewhere, or look otherwise; who was not there is added."""
        self._layers[layer].move(ids, xy, kinds)
        self.update()

    def remove_markers(self, layer: str, ids: Ids) -> None:
        """These are gone."""
        self._layers[layer].remove(ids)
        self.update()

    def show_layer(self, layer: str, shown: bool) -> None:
        """Show or hide; a hidden layer keeps its markers and costs nothing."""
        self._layers[layer].shown = shown
        self.update()

    def set_labels(self, labels: Sequence[Label]) -> None:
        """Have these words on the map; where two collide the one of higher rank stays."""
        self._labels = sorted(labels, key=lambda label: -label.rank)
        self.update()

    def set_pulses(self, pulses: Sequence[Pulse]) -> None:
        """Have these rings."""
        self._pulses = tuple(pulses)
        self.update()

    def set_heat(self, heat: Heat | None) -> None:
        """Lay density over the cells."""

    def set_tracks(self, tracks: Sequence[Track]) -> None:
        """Draw these ways."""

    def set_tiles(self, tiles: MbTiles | None) -> None:
        """Put raster tiles beneath the cells, which then let them shine through."""

    def set_tip(self, layer: str, make: Callable[[int], str]) -> None:
        """What is said beside the pointer that rests on a marker of this layer (or a cell: CELLS)."""

    # ------------------------------------------------------------ what is looked at
    @property
    def view(self) -> View:
        """Middle and scale."""
        return self._camera.view

    def set_view(self, view: View) -> None:
        """Look there, at once."""
        if self._camera.look(view):
            self.update()
            self.view_changed.emit()

    def fit(self, bounds: Bounds, animate: bool = False) -> None:
        """Show all of this."""
        self._camera.width, self._camera.height = self.width(), self.height()
        self.set_view(self._camera.fitting(Bounds(*bounds), FIT_MARGIN))

    def centre_on(self, x: float, y: float, metres_per_pixel: float | None = None) -> None:
        """Look at this point."""
        self.set_view(View(x, y, metres_per_pixel or self.view.metres_per_pixel))

    @property
    def mode(self) -> str:
        """What dragging with the left button does: "pan", "box" or "lasso" (Shift: box, Alt: lasso in every mode)."""
        return self._mode

    @mode.setter
    def mode(self, mode: str) -> None:
        if mode not in ("pan", "box", "lasso"):
            raise ValueError(mode)
        self._mode = mode

    @property
    def type_scale(self) -> float:
        """How much larger than on a desk words and markers are drawn (the wall)."""
        return self._type_scale

    @type_scale.setter
    def type_scale(self, scale: float) -> None:
        self._type_scale = float(scale)
        self.update()

    # ------------------------------------------------------------ selecting
    def select(self, layer: str, ids: Sequence[int]) -> None:
        """Highlight these markers, and no others of the layer."""
        self._selected[layer] = tuple(ids)
        self.update()

    def select_cells(self, ids: Sequence[int]) -> None:
        """Highlight these cells and no others."""
        self.select(CELLS, ids)

    def inside(self, layer: str, polygon: Points) -> list[int]:
        """Markers of a layer within a polygon, in ascending order of ids."""
        markers = self._layers[layer]
        return sorted(markers.ids[inside(markers.xy, np.asarray(polygon, float))].tolist())

    def cells_inside(self, polygon: Points) -> list[int]:
        """Cells whose middle lies within a polygon, in ascending order of ids."""
        if self._cells is None or not len(self._cells.ids):
            return []
        starts = self._cells.offsets[:-1]
        middles = np.add.reduceat(self._cells.vertices, starts) / np.diff(self._cells.offsets)[:, None]
        return sorted(self._cells.ids[inside(middles, np.asarray(polygon, float))].tolist())

    def set_drag(self, layer: str, make: Callable[[Sequence[int]], QMimeData]) -> None:
        """Markers of this layer may be dragged away; make: what the drag carries."""
        self._drags[layer] = make

    def picture(self) -> QImage:
        """What is shown, complete, to be exported."""
        return self.grab().toImage()

    # ------------------------------------------------------------ painting
    def paintEvent(self, _event: QPaintEvent) -> None:
        """Everything, simply."""
        theme, painter = current_theme(), QPainter(self)
        painter.fillRect(self.rect(), theme.colors.background)
        if self._cells is not None:
            painter.setPen(QPen(theme.colors.line_strong, 1))
            points, offsets = self._camera.to_screen(self._cells.vertices), self._cells.offsets.tolist()
            for row, (start, end) in enumerate(zip(offsets, offsets[1:], strict=False)):
                value = int(self._classes[row])
                painter.setBrush(theme.colors.series[value % 6] if value >= 0 else Qt.BrushStyle.NoBrush)
                painter.drawPolygon(QPolygonF([QPointF(x, y) for x, y in points[start:end].tolist()]))
        for layer in sorted(self._layers.values(), key=lambda layer: layer.z):
            if layer.shown:
                places = self._camera.to_screen(layer.xy)
                for (x, y), kind in zip(places.tolist(), layer.kinds.tolist(), strict=True):
                    painter.setBrush(theme.mark(layer.sprites[kind].tone))
                    painter.drawEllipse(QPointF(x, y), 4, 4)
        painter.setPen(theme.colors.text)
        for label in self._labels:
            x, y = self._camera.to_screen(np.array([[label.x, label.y]]))[0].tolist()
            painter.drawText(QRectF(x - 60, y - 10, 120, 20), int(Qt.AlignmentFlag.AlignCenter), label.text)
        painter.end()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The middle stays in the middle."""
        self._camera.width, self._camera.height = self.width(), self.height()
        super().resizeEvent(event)

    # ------------------------------------------------------------ the hand
    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take the ground."""
        self._pressed = event.position()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Pull it."""
        if self._pressed is not None and event.buttons() & Qt.MouseButton.LeftButton:
            moved = event.position() - self._pressed
            self._pressed, self.touched_at = event.position(), time.monotonic()
            self.set_view(self._camera.moved(moved.x(), moved.y()))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click picks."""
        at, self._pressed = event.position(), None
        x, y = self._camera.to_plane(at)
        for layer in sorted(self._layers.values(), key=lambda layer: -layer.z):
            found = layer.nearest(x, y, 8 * self.view.metres_per_pixel) if layer.shown else None
            if found is not None:
                self.picked.emit(layer.name, found)
                return

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Nearer and farther."""
        self.touched_at = time.monotonic()
        self.set_view(self._camera.zoomed(1.0015 ** event.angleDelta().y(), event.position()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Handled by nobody yet."""
        super().keyPressEvent(event)
