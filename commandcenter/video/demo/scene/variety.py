"""What differs from place to place of one kind."""

from __future__ import annotations

import numpy as np

from commandcenter.video.demo.scene.canvas import Colour
from commandcenter.video.demo.scene.view import View

_WALLS: tuple[Colour, ...] = (
    (188, 172, 150), (166, 128, 108), (200, 196, 186), (150, 150, 152), (178, 156, 130), (206, 190, 164),
    (140, 120, 112),
)  # fmt: skip


def any_wall(rng: np.random.Generator) -> Colour:
    """A house's colour."""
    return _WALLS[int(rng.integers(len(_WALLS)))]


def camera(size: tuple[int, int], rng: np.random.Generator, *, yaw: float, pitch: float, height: float) -> View:
    """A camera on a pole, never quite like the next."""
    turned, bowed = yaw + rng.uniform(-2.5, 2.5), pitch + rng.uniform(-1, 1)
    return View(*size, height=height + rng.uniform(-0.6, 0.6), yaw=turned, pitch=bowed)
