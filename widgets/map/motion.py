"""What moves by itself on a map: the view on its way, pulses, markers that glide; all of it only while it is seen."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, QRectF, QTimer, QVariantAnimation
from PySide6.QtWidgets import QWidget

from widgets.map.camera import between
from widgets.map.data import Points, View
from widgets.map.overlay import PHASES, Overlay

_PULSE_MS = 200
_GLIDE_MS = 50, 1000  # quickest and slowest redraw of markers on their way
_TRIP_MS = 240


def single_shot(owner: QObject, interval_ms: int, strike: Callable[[], None]) -> QTimer:
    """A timer that strikes once each time it is started."""
    timer = QTimer(owner)
    timer.setSingleShot(True)
    timer.setInterval(interval_ms)
    timer.timeout.connect(strike)
    return timer


class Trip(QVariantAnimation):
    """Takes the view from one place to another in a quarter of a second."""

    def __init__(self, owner: QObject, go: Callable[[View], None]) -> None:
        super().__init__(owner)
        self.setDuration(_TRIP_MS)
        self.setStartValue(0.0)
        self.setEndValue(1.0)
        self._go = go
        self._start = self._end = View(0.0, 0.0, 1.0)
        self.valueChanged.connect(self._on_the_way)

    def travel(self, start: View, end: View) -> None:
        """Go from here to there."""
        self.stop()
        self._start, self._end = start, end
        self.start()

    def _on_the_way(self, part: float) -> None:
        self._go(self._end if part >= 1.0 else between(self._start, self._end, part))


class Motion(QObject):
    """Beats pulses and moves gliding markers. Each beat and step asks for the rectangles that change:
    rectangles(areas), places(points of the plane, pixels around each)."""

    def __init__(
        self,
        canvas: QWidget,
        overlay: Overlay,
        rectangles: Callable[[Sequence[QRectF]], None],
        places: Callable[[Points, float], None],
    ) -> None:
        super().__init__(canvas)
        self._canvas, self._overlay = canvas, overlay
        self._rectangles, self._places = rectangles, places
        self.pulse = single_shot(self, _PULSE_MS, self._beat)
        self.glide = single_shot(self, _GLIDE_MS[0], self._step)

    def go_on(self) -> None:
        """Something may have begun to move, or can be seen again."""
        if not self._canvas.isVisible():
            return
        if self._overlay.pulses and not self.pulse.isActive():
            self.pulse.start()
        self._go_on_gliding()

    def stop(self) -> None:
        """Nobody looks."""
        self.pulse.stop()
        self.glide.stop()

    def _beat(self) -> None:
        self._overlay.phase = (self._overlay.phase + 1) % PHASES
        self._rectangles(self._overlay.pulse_boxes())
        self.go_on()

    def _go_on_gliding(self) -> None:
        going = [layer for layer in self._overlay.visible_layers() if layer.restless]
        if going and not self.glide.isActive():
            quickest, slowest = _GLIDE_MS
            metres_per_pixel = self._overlay.camera.view.metres_per_pixel
            speed = max(layer.speed() for layer in going) / metres_per_pixel  # pixels a second
            self.glide.start(round(min(slowest, max(quickest, 1000 / max(speed, 1.0)))))

    def _step(self) -> None:
        for layer in self._overlay.visible_layers():
            if layer.restless:
                singles = layer.shown()[layer.crowds(self._overlay.side).singles]
                self._places(singles, self._overlay.reach(layer))
                layer.note_painted()
        self.go_on()
