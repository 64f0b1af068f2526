"""The widget that shows the map: what is on it, from where it is looked at, and when which part is painted."""

from __future__ import annotations

import time
from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QHideEvent, QImage, QPainter, QPaintEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QWidget

from widgets.map.camera import Camera
from widgets.map.cells import Cells
from widgets.map.data import Bounds, Boxes, CellGeometry, Heat, Points, View
from widgets.map.frame import Frame
from widgets.map.ground import Ground
from widgets.map.heat import heat_image
from widgets.map.levels import Levels
from widgets.map.motion import Motion, Trip, single_shot
from widgets.map.overlay import Overlay
from widgets.map.region import region_of
from widgets.map.sprites import Style
from widgets.map.tiles import MbTiles
from widgets.theme import Theme, current_theme, theme_events

FIT_MARGIN = 24.0
_TURN_S, _CALM_S = 0.005, 0.002  # painting of the base per turn of the event loop, in a hurry and otherwise
_PAUSE_MS = 4  # between calm turns: time for what moves or changes meanwhile
_IDLE_MS = 30  # since the last painting, when only what is not seen is left to be painted
_REFRESH_S = 0.008  # repainting of changed cells before the base is shown
_REST_MS = 120  # so long after the last change of scale the hand is taken to be still
_STILL_MS = 1500  # so long after the last move the picture is taken to be still
_NO_CELLS = CellGeometry(np.empty(0, np.int64), np.empty((0, 2)), np.zeros(1, np.int64), np.empty(0, np.int64))


class Stage(QWidget):
    """The shown part of MapCanvas. view_changed(): it looks elsewhere."""

    view_changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        theme = current_theme()
        self._camera = Camera()
        self._ground = Ground(theme, Cells(_NO_CELLS))
        self._levels = Levels(self._ground, self._base_painted)
        self._overlay = Overlay(self._camera, Style(theme, 1.0, 1.0))
        self._heat: Heat | None = None
        self._tiles: MbTiles | None = None
        self._home: Bounds | None = None
        self._at_home: View | None = None  # the view that shows home; while it is looked at, resizing keeps it so
        self._scaled_at = float("-inf")
        self.touched_at = float("-inf")
        self._turns, self._rest = single_shot(self, 0, self._take_turn), single_shot(self, _REST_MS, self._come_to_rest)
        self._still = single_shot(self, _STILL_MS, self._levels.rest)
        self._motion = Motion(self, self._overlay, self._repaint_rectangles, self._repaint_places)
        self._trip = Trip(self, self._go)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        theme_events().changed.connect(self._dress)

    def sizeHint(self) -> QSize:
        """As much as there is."""
        return QSize(960, 640)

    # ------------------------------------------------------------ what is looked at
    @property
    def view(self) -> View:
        """Middle and scale."""
        return self._camera.view

    def set_view(self, view: View) -> None:
        """Look there, at once."""
        self._trip.stop()
        self._go(view)

    def fit(self, bounds: Bounds, animate: bool = False) -> None:
        """Show all of this, also when the widget is given another size, until somebody looks elsewhere."""
        self._home = Bounds(*bounds)
        self._measure()
        self._at_home = self._camera.fitting(self._home, FIT_MARGIN)
        if animate:
            self._travel(self._at_home)
        else:
            self.set_view(self._at_home)

    def centre_on(self, x: float, y: float, metres_per_pixel: float | None = None) -> None:
        """Look at this point."""
        self.set_view(View(x, y, metres_per_pixel or self.view.metres_per_pixel))

    def picture(self) -> QImage:
        """What is shown, complete, to be exported: in device pixels."""
        self._look()
        self._levels.complete()
        image = QImage(self.size() * self.devicePixelRatioF(), QImage.Format.Format_RGB32)
        image.setDevicePixelRatio(self.devicePixelRatioF())
        painter = QPainter(image)
        self._paint(painter, self.rect())
        painter.end()
        return image

    @property
    def settled(self) -> bool:
        """Whether what is looked at is painted, sharp and as it is; what is not yet follows by itself."""
        return self._levels.settled and not self._rest.isActive()

    def _travel(self, view: View) -> None:
        if self.isVisible():
            self._trip.travel(self._camera.view, view)
        else:
            self.set_view(view)

    def _go(self, view: View) -> None:
        before = self._camera.view
        if self._camera.look(view):
            if view.metres_per_pixel != before.metres_per_pixel:
                self._note_zoom()
            self._levels.quick = self._still.isActive()  # a single jump is drawn once
            self._still.start()
            self._look()
            self.update()
            self.view_changed.emit()

    def _note_zoom(self) -> None:
        """One change of scale is a jump; who changes it again and again is on the way and will come to rest."""
        now = time.monotonic()
        if now - self._scaled_at < _REST_MS / 1000 and self.isVisible():
            self._rest.start()
        self._scaled_at = now

    def _come_to_rest(self) -> None:
        self._look()
        self.update()

    # ------------------------------------------------------------ painting
    def paintEvent(self, event: QPaintEvent) -> None:
        """The base, then what lies over it."""
        if self.devicePixelRatioF() != self._overlay.style.ratio:
            self._dress(self._ground.theme)
        self._levels.refresh(_REFRESH_S)
        painter = QPainter(self)
        self._paint(painter, event.rect())
        painter.end()
        if self._turns.isActive() and self._levels.settled:  # what is not seen can wait until nothing changes
            self._turns.start(_IDLE_MS)

    def _paint(self, painter: QPainter, area: QRect) -> None:
        ratio = self.devicePixelRatioF()
        device = QRectF(area.x() * ratio, area.y() * ratio, area.width() * ratio, area.height() * ratio)
        self._levels.draw(painter, ratio, device.toAlignedRect())
        self._overlay.draw(painter, QRectF(area), self._ground.cells, self._rest.isActive())

    def _look(self) -> None:
        """Tell the base what is wanted, and let it be painted in turns."""
        self._measure()
        ratio, view, origin = self.devicePixelRatioF(), self._camera.view, self._ground.cells.origin
        width, height = round(self.width() * ratio), round(self.height() * ratio)
        x, y = view.x - float(origin[0]), float(origin[1]) - view.y
        self._levels.look(Frame(x, y, self._camera.scale * ratio, width, height), self._rest.isActive())
        self._wake()

    def _wake(self) -> None:
        if self.isVisible() and not self._turns.isActive():
            self._turns.start(0 if self._in_a_hurry else _IDLE_MS if self._levels.settled else _PAUSE_MS)

    @property
    def _in_a_hurry(self) -> bool:
        """Something seen is not as it should be, and nothing moves that must not stutter."""
        return not self._levels.quick and not self._levels.settled

    def _measure(self) -> None:
        self._camera.width, self._camera.height = max(1, self.width()), max(1, self.height())

    def _take_turn(self) -> None:
        if self._levels.turn(_TURN_S if self._in_a_hurry else _CALM_S):
            self._wake()

    def _base_painted(self, place: QRect | None) -> None:
        ratio = self.devicePixelRatioF()
        if place is None:
            self.update()
        else:
            area = QRectF(place.x() / ratio, place.y() / ratio, place.width() / ratio, place.height() / ratio)
            self.update(area.toAlignedRect())

    def _lay_heat(self) -> None:
        if self._heat is None:
            self._ground.heat = None
            return
        west, south, east, north = self._heat.bounds
        (left, top), (right, bottom) = self._ground.cells.to_local(np.array([[west, north], [east, south]])).tolist()
        image = heat_image(self._heat.values, self._ground.theme)
        self._ground.heat = image, QRectF(left, top, right - left, bottom - top)

    def _dress(self, theme: Theme) -> None:
        self._ground.theme, self._ground.ratio = theme, self.devicePixelRatioF()
        self._overlay.dress(Style(theme, self._ground.type_scale, self.devicePixelRatioF()))
        self._lay_heat()
        self._levels.forget()
        self._look()
        self.update()

    # ------------------------------------------------------------ which part
    def repaint_area(self, area: QRectF) -> None:
        """Paint this rectangle anew, in pixels of the widget."""
        self.update(area.adjusted(-3, -3, 3, 3).toAlignedRect())

    def repaint_boxes(self, boxes: Boxes) -> None:
        """Paint these boxes (n, 4) anew, in pixels of the widget."""
        region = region_of(boxes, self.width(), self.height())
        if not region.isEmpty():
            self.update(region)

    def _repaint_rectangles(self, areas: Sequence[QRectF]) -> None:
        boxes = [(area.left() - 3, area.top() - 3, area.right() + 3, area.bottom() + 3) for area in areas]
        self.repaint_boxes(np.array(boxes, np.float64).reshape(-1, 4))

    def _repaint_places(self, places: Points, reach: float) -> None:
        shown = self._camera.to_screen(places)
        self.repaint_boxes(np.hstack([shown - reach, shown + reach]))

    # ------------------------------------------------------------ the widget's life
    def resizeEvent(self, event: QResizeEvent) -> None:
        """The middle stays in the middle; what was fitted stays fitted."""
        super().resizeEvent(event)
        if self._home is not None and self._camera.view == self._at_home:
            self.fit(self._home)
        self._look()

    def showEvent(self, event: QShowEvent) -> None:
        """Go on where it was."""
        super().showEvent(event)
        self._look()
        self._motion.go_on()

    def hideEvent(self, event: QHideEvent) -> None:
        """Cost nothing."""
        super().hideEvent(event)
        self._trip.stop()
        self._motion.stop()
        self._turns.stop()
        self._rest.stop()
        self._still.stop()
        self._levels.rest()

    def changeEvent(self, event: QEvent) -> None:
        """Another screen may have other pixels."""
        super().changeEvent(event)
        self.update()

    def on_plane(self, points: Sequence[QPointF]) -> Points:
        """Pixels of the widget as points of the plane (n, 2)."""
        return np.array([self._camera.to_plane(point) for point in points], np.float64).reshape(-1, 2)

