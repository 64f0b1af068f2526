"""What mouse and keys do to a map: pull, zoom, rope in, pick, drag away."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainterPath, QPolygonF, QWheelEvent
from PySide6.QtWidgets import QApplication

from widgets.map.data import Points

if TYPE_CHECKING:
    from widgets.map.canvas import MapCanvas

Mode = Literal["pan", "box", "lasso"]
MODES = ("pan", "box", "lasso")

_NOTCH = 1.2  # nearer by one notch of the wheel
_KEY_ZOOM, _KEY_STEP = 1.5, 80.0
_APART = 3.0  # pixels between two points of a lasso
_MODIFIERS = {Qt.KeyboardModifier.ShiftModifier: "box", Qt.KeyboardModifier.AltModifier: "lasso"}


class Hand:
    """Turns events into what the canvas can do. rope: the box or lasso being drawn, in pixels of the widget."""

    def __init__(self, canvas: MapCanvas) -> None:
        self._canvas = canvas
        self.mode: Mode = "pan"
        self.rope: list[QPointF] = []
        self._pressed: QPointF | None = None
        self._last = QPointF()
        self._does: Mode | Literal["drag", ""] = ""
        self._zoomed_by_double_click = False

    # ------------------------------------------------------------ mouse
    def press(self, event: QMouseEvent) -> None:
        """Perhaps a click, perhaps the beginning of something."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._pressed = self._last = event.position()
            self._does = ""

    def move(self, event: QMouseEvent) -> None:
        """Go on with it; without a button, tell what lies here."""
        if self._pressed is None:
            self._canvas.point_at(event.position())
            return
        if not self._does and not self._begin(event):
            return
        if self._does == "pan":
            step = event.position() - self._last
            self._canvas.pull(step.x(), step.y())
        elif self._does:
            self._lengthen(event.position())
        self._last = event.position()

    def release(self, event: QMouseEvent) -> None:
        """A click picks, a rope selects."""
        if event.button() != Qt.MouseButton.LeftButton or self._pressed is None:
            return
        does, self._does, pressed, self._pressed = self._does, "", self._pressed, None
        self._canvas.unsetCursor()
        if does in ("box", "lasso"):
            self._close_rope()
        elif not does and not self._zoomed_by_double_click:
            self._canvas.click(pressed)
        self._zoomed_by_double_click = False

    def double_click(self, event: QMouseEvent) -> None:
        """Nearer, where the ground was meant."""
        if event.button() == Qt.MouseButton.LeftButton and not self._canvas.marker_at(event.position()):
            self._zoomed_by_double_click = True
            self._pressed, self._does = event.position(), ""
            self._canvas.zoom(2.0, event.position(), animate=True)

    def wheel(self, event: QWheelEvent) -> None:
        """Nearer or farther, with what lies under the pointer staying there."""
        notches = event.angleDelta().y() / 120.0
        if notches:
            self._canvas.zoom(_NOTCH**notches, event.position())

    def _begin(self, event: QMouseEvent) -> bool:
        assert self._pressed is not None
        if (event.position() - self._pressed).manhattanLength() < QApplication.startDragDistance():
            return False
        modifiers = event.modifiers()
        meant = [mode for key, mode in _MODIFIERS.items() if modifiers & key]
        does = meant[0] if meant else self.mode
        if does == "pan" and self._canvas.drag_from(self._pressed):
            self.let_go()  # the drag has taken the release
            return False
        self._does = does
        if does == "pan":
            self._canvas.setCursor(Qt.CursorShape.ClosedHandCursor)
        else:
            self._canvas.setCursor(Qt.CursorShape.CrossCursor)
            self.rope = [self._pressed]
        return True

    def let_go(self) -> None:
        """Nothing is held any more, nothing comes of it."""
        self._pressed, self._does = None, ""
        self._canvas.unsetCursor()
        self._drop_rope()

    # ------------------------------------------------------------ ropes
    def rope_path(self) -> QPainterPath:
        """The box or lasso as it is drawn now."""
        path = QPainterPath()
        if self.rope:
            path.addPolygon(QPolygonF(self.rope))
            path.closeSubpath()
        return path

    def _lengthen(self, at: QPointF) -> None:
        before = self.rope_path().boundingRect()
        if self._does == "box":
            box = QRectF(self.rope[0], at)
            self.rope = [box.topLeft(), box.topRight(), box.bottomRight(), box.bottomLeft()]
        elif (at - self.rope[-1]).manhattanLength() >= _APART:
            self.rope.append(at)
        self._canvas.repaint_area(before.united(self.rope_path().boundingRect()))

    def _close_rope(self) -> None:
        polygon = self._canvas.on_plane(self.rope)
        self._drop_rope()
        if len(polygon) >= 3 and float(np.ptp(polygon, axis=0).min()) > 0:
            self._canvas.area_selected.emit(polygon)

    def _drop_rope(self) -> None:
        if self.rope:
            area, self.rope = self.rope_path().boundingRect(), []
            self._canvas.repaint_area(area)

    # ------------------------------------------------------------ keys
    def key(self, event: QKeyEvent) -> bool:
        """True if the key was ours."""
        canvas, step = self._canvas, _STEPS.get(event.key())
        if step is not None:
            canvas.pull(-step[0] * _KEY_STEP, -step[1] * _KEY_STEP)
        elif event.key() in _ZOOMS:
            canvas.zoom(_ZOOMS[event.key()], QPointF(canvas.width() / 2, canvas.height() / 2))
        elif event.key() == Qt.Key.Key_Home:
            canvas.go_home()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            return canvas.confirm()
        elif event.key() == Qt.Key.Key_Escape and self._pressed is not None:
            self.let_go()
        else:
            return False
        return True


_STEPS = {Qt.Key.Key_Left: (-1, 0), Qt.Key.Key_Right: (1, 0), Qt.Key.Key_Up: (0, -1), Qt.Key.Key_Down: (0, 1)}
_ZOOMS = {Qt.Key.Key_Plus: _KEY_ZOOM, Qt.Key.Key_Equal: _KEY_ZOOM, Qt.Key.Key_Minus: 1 / _KEY_ZOOM}


def polygon_of(points: list[tuple[float, float]]) -> Points:
    """Corners as an array (n, 2)."""
    return np.array(points, np.float64).reshape(-1, 2)
