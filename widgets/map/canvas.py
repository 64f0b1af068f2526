"""The map: what is shown on it, and the hand that picks, selects and drags."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

import numpy as np
from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, QRect, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QDrag,
    QFocusEvent,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPen,
    QWheelEvent,
)
from PySide6.QtWidgets import QToolTip, QWidget

from widgets.map.contents import Contents
from widgets.map.data import Bounds, CellGeometry, Points, View
from widgets.map.hand import MODES, Hand
from widgets.map.rings import inside
from widgets.painting import draw_focus
from widgets.theme import current_theme

CELLS = "cells"  # the layer's name where a signal means a cell
_ROPE_FILL = 0.14
_EDGE = 40.0  # pixels; a marker nearer to the edge than this is fetched into the middle by the keyboard
_BY_KEYBOARD = (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason, Qt.FocusReason.ShortcutFocusReason)

Tip = Callable[[int], str]
MakeMime = Callable[[Sequence[int]], QMimeData]


class MapCanvas(Contents):
    """A map of cells and markers on the plane (metres of Web Mercator, y to the north).

    picked(layer, id): a marker was clicked or confirmed with Enter. crowd_picked(layer, ids): a bubble was clicked that
    no zoom takes apart. cell_picked(id). cell_entered(id or 0) and hovered(layer, id or 0): what lies under the
    pointer. area_selected(polygon (n, 2) in metres): a box or lasso was drawn. view_changed(). menu_wanted(layer, id,
    QPoint global): right click; layer CELLS on a cell, id 0 beside all.
    """

    picked = Signal(str, object)
    crowd_picked = Signal(str, object)
    cell_picked = Signal(object)
    cell_entered = Signal(object)
    hovered = Signal(str, object)
    area_selected = Signal(object)
    menu_wanted = Signal(str, object, QPoint)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._hand = Hand(self)
        self._drags: dict[str, MakeMime] = {}
        self._tips: dict[str, Tip] = {}
        self._under: tuple[str, int] = ("", 0)
        self._cell_under = 0
        self._by_keyboard = False
        self._current = -1  # among the selected markers: the keyboard's
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._say()

    def set_cells(self, geometry: CellGeometry, classes: object = None) -> None:
        """Have these cells. classes (m,): colour 0..7 of the choropleth, -1 not coloured; None: none is."""
        super().set_cells(geometry, classes)
        self.select_cells(self._overlay.selected.get(CELLS, ()))

    # ------------------------------------------------------------ selecting
    @property
    def mode(self) -> str:
        """What dragging with the left button does: "pan", "box" or "lasso" (Shift: box, Alt: lasso in every mode)."""
        return self._hand.mode

    @mode.setter
    def mode(self, mode: str) -> None:
        if mode not in MODES:
            raise ValueError(mode)
        self._hand.mode = mode

    def select(self, layer: str, ids: Sequence[int]) -> None:
        """Highlight these markers, and no others of the layer."""
        self._overlay.selected[layer] = tuple(int(key) for key in ids)
        if layer == CELLS:
            self._overlay.chosen_cells = self._ground.cells.rows_of(np.array(ids, np.int64))
        self._current = -1
        self._say()
        self.update()

    def select_cells(self, ids: Sequence[int]) -> None:
        """Highlight these cells and no others."""
        self.select(CELLS, ids)

    def inside(self, layer: str, polygon: Points) -> list[int]:
        """Markers of a layer within a polygon of the plane, ascending, also where they are shown as a bubble."""
        markers = self._overlay.layers[layer]
        return sorted(markers.ids[inside(markers.xy, np.asarray(polygon, np.float64))].tolist())

    def cells_inside(self, polygon: Points) -> list[int]:
        """Cells whose middle lies within a polygon of the plane, ascending."""
        return self._ground.cells.within(np.asarray(polygon, np.float64))

    def set_drag(self, layer: str, make: MakeMime) -> None:
        """Markers of this layer may be dragged away: the one under the hand, or all selected if it is among them.
        make: what the drag carries."""
        self._drags[layer] = make

    def set_tip(self, layer: str, make: Tip) -> None:
        """What is said beside a pointer that rests on a marker of this layer (CELLS: on a cell), and read aloud when
        the keyboard comes there."""
        self._tips[layer] = make

    # ------------------------------------------------------------ what the hand can do
    def pull(self, dx: float, dy: float) -> None:
        """Pull the ground by so many pixels."""
        self.touched_at = time.monotonic()
        self.set_view(self._camera.moved(dx, dy))

    def zoom(self, factor: float, at: QPointF, animate: bool = False) -> None:
        """Go nearer by a factor; the point at `at` stays where it is."""
        self.touched_at = time.monotonic()
        view = self._camera.zoomed(factor, at)
        self._travel(view) if animate else self.set_view(view)

    def go_home(self) -> None:
        """Show all that was fitted last."""
        if self._home is not None:
            self.touched_at = time.monotonic()
            self.fit(self._home, animate=True)

    def click(self, at: QPointF) -> None:
        """Pick what lies there: a marker, a bubble, a cell."""
        marker, x, y = self.marker_at(at), *self._camera.to_plane(at)
        if marker is not None:
            self.picked.emit(*marker)
            return
        bubble = self._overlay.bubble_at(x, y)
        if bubble is not None:
            self._open_bubble(*bubble)
            return
        cell = self._ground.cells.at(x, y)
        if cell:
            self.cell_picked.emit(cell)

    def marker_at(self, at: QPointF) -> tuple[str, int] | None:
        """The topmost marker at a pixel: its layer and id."""
        return self._overlay.marker_at(*self._camera.to_plane(at))

    def point_at(self, at: QPointF) -> None:
        """Tell what lies under the pointer, when it is something else than before."""
        marker, cell = self.marker_at(at), self._ground.cells.at(*self._camera.to_plane(at))
        under = marker or (self._under[0], 0)
        if under != self._under:
            self._under = under
            self.hovered.emit(*under)
        if cell != self._cell_under:
            self._cell_under = cell
            self.cell_entered.emit(cell)

    def drag_from(self, at: QPointF) -> bool:
        """Drag the marker there away, until the hand lets go; False if nothing there may be dragged."""
        marker = self.marker_at(at)
        if marker is None or marker[0] not in self._drags:
            return False
        drag = QDrag(self)
        drag.setMimeData(self.mime_of(*marker))
        drag.exec(Qt.DropAction.CopyAction | Qt.DropAction.MoveAction, Qt.DropAction.CopyAction)
        return True

    def mime_of(self, layer: str, key: int) -> QMimeData:
        """What a drag of this marker carries."""
        selected = self._overlay.selected.get(layer, ())
        return self._drags[layer](selected if key in selected else (key,))

    def confirm(self) -> bool:
        """Pick the selected marker that the keyboard is at (the first one if it is at none)."""
        chosen = self._selected_markers()
        if not chosen:
            return False
        self.picked.emit(*chosen[max(0, self._current)])
        return True

    def _open_bubble(self, layer: str, ids: np.ndarray) -> None:
        markers = self._overlay.layers[layer]
        bounds = Bounds.around(markers.xy[markers.rows_of(ids)])
        view = self._camera.fitting(bounds, min(self.width(), self.height()) / 4)
        if max(bounds.east - bounds.west, bounds.north - bounds.south) < 1.0 or view == self.view:
            self.crowd_picked.emit(layer, sorted(ids.tolist()))
            return
        self.touched_at = time.monotonic()
        nearest = self.view.metres_per_pixel / 2
        self._travel(View(view.x, view.y, min(nearest, view.metres_per_pixel)))

    # ------------------------------------------------------------ keyboard
    def focusNextPrevChild(self, forward: bool) -> bool:
        """Tab goes through the selected markers, then on to the next widget."""
        chosen, step = self._selected_markers(), 1 if forward else -1
        if not chosen or not 0 <= self._current + step < len(chosen):
            self._current = -1
            return super().focusNextPrevChild(forward)
        self._current += step
        layer, key = chosen[self._current]
        markers = self._overlay.layers[layer]
        x, y = markers.xy[markers.rows_of(np.array([key]))[0]].tolist()
        seen = self._camera.bounds(-_EDGE)
        if not (seen.west < x < seen.east and seen.south < y < seen.north):
            self.touched_at = time.monotonic()
            self._travel(self.view._replace(x=x, y=y))
        self._say()
        self.update()
        return True

    def _selected_markers(self) -> list[tuple[str, int]]:
        layers = self._overlay.layers
        return [
            (layer, key)
            for layer, ids in self._overlay.selected.items()
            if layer in layers and layers[layer].visible
            for key in ids
            if layers[layer].rows_of(np.array([key]))[0] >= 0
        ]

    def _say(self) -> None:
        """Tell who cannot see it what is selected, and where the keyboard is."""
        markers, cells = self._selected_markers(), self._overlay.selected.get(CELLS, ())
        parts = ["地图"]
        if markers:
            parts.append(f"已选 {len(markers)} 个")
        if cells:
            parts.append(f"已选 {len(cells)} 块")
        if 0 <= self._current < len(markers):
            layer, key = markers[self._current]
            parts.append(self._tips[layer](key) if layer in self._tips else f"第 {self._current + 1} 个")
        self.setAccessibleName("，".join(parts))

    # ------------------------------------------------------------ events
    def event(self, event: QEvent) -> bool:
        """A pointer that rests is told what lies there."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            text = self.tip_at(QPointF(event.pos()))
            QToolTip.showText(event.globalPos(), text, self, QRect(event.pos(), event.pos()).adjusted(-4, -4, 4, 4))
            return True
        return super().event(event)

    def tip_at(self, at: QPointF) -> str:
        """What is said of the marker, bubble or cell there."""
        layer, key = self.marker_at(at) or (CELLS, 0)
        place = self._camera.to_plane(at)
        if key == 0 and (bubble := self._overlay.bubble_at(*place)) is not None:
            return f"{len(bubble[1])} 个，点击放大"
        key = key or self._ground.cells.at(*place)
        return self._tips[layer](key) if key and layer in self._tips else ""

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """To the hand."""
        self._hand.press(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """To the hand."""
        self._hand.move(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """To the hand."""
        self._hand.release(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """To the hand."""
        self._hand.double_click(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """To the hand."""
        self._hand.wheel(event)
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """To the hand; what it does not know goes on to the parent."""
        if not self._hand.key(event):
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Tell what the menu is to be about."""
        at = QPointF(event.pos())
        marker = self.marker_at(at) or (CELLS, self._ground.cells.at(*self._camera.to_plane(at)))
        self.menu_wanted.emit(*marker, event.globalPos())

    def leaveEvent(self, event: QEvent) -> None:
        """Nothing lies under a pointer that is gone."""
        if self._under[1]:
            self._under = (self._under[0], 0)
            self.hovered.emit(*self._under)
        if self._cell_under:
            self._cell_under = 0
            self.cell_entered.emit(0)
        super().leaveEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show where the keyboard is, to him who uses it."""
        self._by_keyboard = event.reason() in _BY_KEYBOARD
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """The keyboard is elsewhere; what the mouse held is let go."""
        super().focusOutEvent(event)
        self._hand.let_go()
        self.update()

    def _paint(self, painter: QPainter, area: QRect) -> None:
        super()._paint(painter, area)
        theme, rope = current_theme(), self._hand.rope_path()
        if not rope.isEmpty():
            fill = QColor(theme.colors.action)
            fill.setAlphaF(_ROPE_FILL)
            painter.fillPath(rope, fill)
            painter.strokePath(rope, QPen(theme.colors.action, theme.sizes.focus_width))
        if self.hasFocus() and self._by_keyboard:
            draw_focus(painter, self.rect(), theme)
