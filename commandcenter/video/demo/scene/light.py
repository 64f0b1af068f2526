"""Daylight and dusk: what they do to colours."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from commandcenter.video.demo.scene.canvas import Colour

_CLEAR_M = 420.0  # how far one sees
_SUN = np.array([-0.45, 0.75, -0.48])


@dataclass(frozen=True, slots=True)
class Light:
    """tint: what is left of each colour. lit: share of windows with a light on. night: whether lamps burn."""

    zenith: Colour
    horizon: Colour
    tint: Colour
    shadow: float
    lit: float
    night: bool

    def on(self, colour: Colour, far: float = 0.0, normal: tuple[float, float, float] | None = None) -> Colour:
        """A surface's colour, `far` metres away, turned to `normal`."""
        shade = 0.86 if normal is None else 0.72 + 0.28 * max(float(np.dot(_SUN, normal)), 0.0) / 0.75
        haze = 1 - float(np.exp(-far / _CLEAR_M))
        red, green, blue = (
            min(value * part * shade, 250) * (1 - haze) + air * haze
            for value, part, air in zip(colour, self.tint, self.horizon, strict=True)
        )
        return red, green, blue


DAY = Light((106, 150, 200), (205, 216, 224), (1.0, 0.99, 0.96), 0.38, 0.0, night=False)
OVERCAST = Light((150, 160, 170), (198, 202, 205), (0.84, 0.86, 0.88), 0.16, 0.06, night=False)
DUSK = Light((38, 48, 82), (150, 112, 104), (0.44, 0.44, 0.56), 0.10, 0.45, night=True)
