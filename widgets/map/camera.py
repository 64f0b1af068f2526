"""From the plane (metres, y to the north) to the widget (device-independent pixels, y down) and back."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF
from PySide6.QtGui import QTransform

from widgets.map.data import Bounds, Points, View

WIDEST, NEAREST = 40_000.0, 0.02  # metres per pixel: the earth on a screen, a hand


class Camera:
    """Where the canvas looks from. Every way to set a view ends here, so its limits are here, too."""

    def __init__(self) -> None:
        self.view = View(0.0, 0.0, 100.0)
        self.width = self.height = 1.0

    @property
    def scale(self) -> float:
        """Pixels per metre."""
        return 1.0 / self.view.metres_per_pixel

    def look(self, view: View) -> bool:
        """Look there; False if that is where it looks already."""
        view = View(float(view.x), float(view.y), float(min(WIDEST, max(NEAREST, view.metres_per_pixel))))
        changed = view != self.view
        self.view = view
        return changed

    def fitting(self, bounds: Bounds, margin: float) -> View:
        """The view that shows all of the bounds with `margin` pixels around."""
        width, height = max(1.0, self.width - 2 * margin), max(1.0, self.height - 2 * margin)
        scale = max((bounds.east - bounds.west) / width, (bounds.north - bounds.south) / height)
        middle = (bounds.west + bounds.east) / 2, (bounds.south + bounds.north) / 2
        return View(*middle, scale if scale > 0 else self.view.metres_per_pixel)

    def zoomed(self, factor: float, at: QPointF) -> View:
        """The view `factor` times nearer, with the point under `at` staying there."""
        x, y = self.to_plane(at)
        resolution = min(WIDEST, max(NEAREST, self.view.metres_per_pixel / factor))
        dx, dy = at.x() - self.width / 2, at.y() - self.height / 2
        return View(x - dx * resolution, y + dy * resolution, resolution)

    def moved(self, dx: float, dy: float) -> View:
        """The view after the ground was pulled by so many pixels."""
        view = self.view
        return View(view.x - dx * view.metres_per_pixel, view.y + dy * view.metres_per_pixel, view.metres_per_pixel)

    def to_screen(self, points: Points) -> Points:
        """Points (n, 2) of the plane in pixels of the widget."""
        view, scale = self.view, self.scale
        shown = np.empty((len(points), 2))
        np.multiply(points[:, 0] - view.x, scale, out=shown[:, 0])
        np.multiply(view.y - points[:, 1], scale, out=shown[:, 1])
        shown += (self.width / 2, self.height / 2)
        return shown

    def to_plane(self, at: QPointF) -> tuple[float, float]:
        """The point of the plane under a pixel of the widget."""
        view = self.view
        x = view.x + (at.x() - self.width / 2) * view.metres_per_pixel
        return x, view.y - (at.y() - self.height / 2) * view.metres_per_pixel

    def transform(self) -> QTransform:
        """The same as to_screen, for a painter."""
        view, scale = self.view, self.scale
        return QTransform(scale, 0, 0, -scale, self.width / 2 - view.x * scale, self.height / 2 + view.y * scale)

    def bounds(self, margin: float = 0.0) -> Bounds:
        """What is seen, and `margin` pixels more on each side."""
        view = self.view
        half = (self.width / 2 + margin) * view.metres_per_pixel, (self.height / 2 + margin) * view.metres_per_pixel
        return Bounds(view.x - half[0], view.y - half[1], view.x + half[0], view.y + half[1])


def between(one: View, other: View, part: float) -> View:
    """A view on the way from one to the other, `part` from 0 to 1: scales by ratio, gently at both ends."""
    part = part * part * (3.0 - 2.0 * part)
    resolution = one.metres_per_pixel * (other.metres_per_pixel / one.metres_per_pixel) ** part
    span = other.metres_per_pixel - one.metres_per_pixel
    way = part if abs(span) < 1e-9 else (resolution - one.metres_per_pixel) / span
    return View(one.x + (other.x - one.x) * way, one.y + (other.y - one.y) * way, resolution)
