"""A scene being built: the picture, the camera, the light and the dice."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from commandcenter.video.demo.scene.canvas import Canvas, Colour, Floats
from commandcenter.video.demo.scene.ground import Ground
from commandcenter.video.demo.scene.light import Light
from commandcenter.video.demo.scene.sprites import Sprite, sprite_of
from commandcenter.video.demo.scene.view import View

Place = tuple[float, float, float]
_NEAR_M = 48.0


class Stage:
    """What stands still. Things are drawn from the farthest to the nearest."""

    def __init__(self, view: View, light: Light, seed: int) -> None:
        self.view, self.light = view, light
        self.rng = np.random.default_rng(seed)
        self.canvas = Canvas(view.width, view.rows)
        self._sky()
        self.standing: list[tuple[float, Sprite]] = []  # how far away, and how it looks
        self.ground = Ground(self.canvas, view, light, self.rng)

    def face(self, corners: Sequence[Place], colour: Colour, normal: Place = (0, 0, -1), alpha: float = 1.0) -> None:
        """A flat convex piece of something."""
        seen = self.view.corners(corners)
        if len(seen):
            far = float(np.mean([np.hypot(x, z) for x, _, z in corners]))
            self.canvas.polygon(seen, self.light.on(colour, far, normal), alpha)

    def glow(self, place: Place, radius: float, colour: Colour, alpha: float) -> None:
        """Light around a lamp; radius in metres."""
        x, y, metre = self.view.spot(*place)
        if metre:
            self.canvas.disc(x, y, radius * metre * 0.5, colour, alpha, soft=radius * metre)

    def put_up(self, canvas: Canvas, far: float) -> None:
        """Something that people pass behind too, if it is near enough for that to be seen."""
        self.canvas.lay(canvas)
        if far < _NEAR_M:
            self.standing.append((far, sprite_of(canvas)))

    def _sky(self) -> None:
        rows = np.linspace(0, 1, self.view.rows, dtype=np.float32)[:, None, None]
        up = np.clip(rows / 0.42, 0, 1)
        picture = np.array(self.light.zenith, np.float32) * (1 - up) + np.array(self.light.horizon, np.float32) * up
        whole = np.broadcast_to(picture, (self.view.rows, self.view.width, 3))
        self.canvas.mix(np.asarray(whole, np.float32), _opaque(self.view))
        for _ in range(9):
            self._cloud()

    def _cloud(self) -> None:
        x, y = self.rng.uniform(0, self.view.width), self.rng.uniform(0, self.view.rows * 0.22)
        size = self.view.width * self.rng.uniform(0.02, 0.06)
        pale = tuple(min(value * 1.12 + 8, 248) for value in self.light.horizon)
        for _ in range(7):
            across, down = self.rng.normal(0, size * 1.6), self.rng.normal(0, size * 0.15)
            self.canvas.disc(x + across, y + down, size, (pale[0], pale[1], pale[2]), 0.12, flat=0.35, soft=size)


def _opaque(view: View) -> Floats:
    return np.ones((view.rows, view.width), np.float32)
