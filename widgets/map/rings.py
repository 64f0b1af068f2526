"""Points in polygons, for many points or many polygons at once."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from widgets.map.data import Points


def inside(points: Points, ring: Points) -> NDArray[np.bool_]:
    """Which of the points (n, 2) lie in the ring (k, 2), by even and odd crossings; edges belong to one side."""
    x, y = points[:, 0], points[:, 1]
    result = np.zeros(len(points), bool)
    for (ax, ay), (bx, by) in zip(ring.tolist(), np.roll(ring, -1, axis=0).tolist(), strict=True):
        if ay == by:
            continue
        crosses = (ay > y) != (by > y)
        result ^= crosses & (x < (bx - ax) * (y - ay) / (by - ay) + ax)
    return result
