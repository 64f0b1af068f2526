"""Cars, vans and buses as two boxes on wheels, seen in the camera's perspective."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from commandcenter.video.demo.scene.canvas import Canvas, Colour
from commandcenter.video.demo.scene.light import Light
from commandcenter.video.demo.scene.view import Points, View

_GLASS, _TYRE = (42.0, 52.0, 62.0), (28.0, 28.0, 30.0)
_FACES = (((0, 1, 5, 4), (0, 0, -1)), ((1, 2, 6, 5), (1, 0, 0)), ((2, 3, 7, 6), (0, 0, 1)), ((3, 0, 4, 7), (-1, 0, 0)),
          ((4, 5, 6, 7), (0, 1, 0)))  # fmt: skip


@dataclass(frozen=True, slots=True)
class Shape:
    """length, width; body: bottom and top of the lower box; roof: top of the upper one; cabin: where that begins and
    ends along the length (-1 the rear, 1 the front); slant: how far it leans in."""

    length: float
    width: float
    body: tuple[float, float]
    roof: float
    cabin: tuple[float, float]
    slant: tuple[float, float]


SEDAN = Shape(4.6, 1.82, (0.28, 0.92), 1.46, (-0.72, 0.42), (0.5, 0.7))
SUV = Shape(4.6, 1.9, (0.34, 1.08), 1.72, (-0.96, 0.42), (0.2, 0.6))
VAN = Shape(5.2, 1.95, (0.34, 1.15), 2.15, (-0.98, 0.72), (0.08, 0.5))
BUS = Shape(11.0, 2.5, (0.4, 1.35), 3.1, (-0.99, 0.99), (0.05, 0.1))
PAINTS: tuple[Colour, ...] = (
    (226, 228, 230), (196, 198, 202), (56, 58, 64), (34, 36, 42), (148, 32, 34), (44, 70, 112), (226, 226, 224),
    (122, 126, 130), (86, 74, 62), (228, 190, 60),
)  # fmt: skip


def draw_car(canvas: Canvas, view: View, light: Light, shape: Shape, paint: Colour, at: tuple[float, float],
             heading: float) -> None:  # fmt: skip
    """The car on the ground at (x, z); heading: radians from z to x."""
    car = _Car(canvas, view, light, at, heading)
    half, side = shape.length / 2, shape.width / 2
    car.shadow(half, side)
    for along in (-half * 0.62, half * 0.62):
        for across in (-side + 0.05, side - 0.05):
            car.wheel(across, along, 0.33 if shape.length < 8 else 0.5)
    low = car.box((side, half), (side, half), shape.body)
    car.faces(low, [paint] * 5)
    car.lamps(shape)
    rear, front = shape.cabin[0] * half, shape.cabin[1] * half
    cabin = car.cabin(side, (rear, front), shape)
    glass = [_GLASS, _GLASS, _GLASS, _GLASS, paint]
    car.faces(cabin, glass)
    car.pillars(cabin, paint)


class _Car:
    def __init__(self, canvas: Canvas, view: View, light: Light, at: tuple[float, float], heading: float) -> None:
        self._canvas, self._view, self._light, self._at = canvas, view, light, at
        self._sin, self._cos = float(np.sin(heading)), float(np.cos(heading))
        self._far = float(np.hypot(*at))

    def box(self, foot: tuple[float, float], head: tuple[float, float], levels: tuple[float, float]) -> Points:
        """Eight corners, the lower four first, from the rear left against the clock as seen from above."""
        return np.array([
            (across * side, level, along * half)
            for (side, half), level in zip((foot, head), levels, strict=True)
            for across, along in ((-1, -1), (1, -1), (1, 1), (-1, 1))
        ])  # fmt: skip

    def cabin(self, side: float, span: tuple[float, float], shape: Shape) -> Points:
        """Leans in at front and rear, a little at the sides."""
        (rear, front), (low, high) = span, (shape.body[1] - 0.02, shape.roof)
        wide, top = side * 0.96, side * 0.8
        foot = [(-wide, low, rear), (wide, low, rear), (wide, low, front), (-wide, low, front)]
        back, ahead = rear + shape.slant[0], front - shape.slant[1]
        return np.array([*foot, (-top, high, back), (top, high, back), (top, high, ahead), (-top, high, ahead)])

    def faces(self, corners: Points, colours: list[Colour]) -> None:
        """Those turned to the camera."""
        world = self._world(corners)
        eye = np.array([0, self._view.height, 0])
        for (picked, normal), colour in zip(_FACES, colours, strict=True):
            face = world[list(picked)]
            turned = self._turned(normal)
            if float(np.dot(eye - face.mean(0), turned)) > 0:
                shade = (float(turned[0]), float(turned[1]), float(turned[2]))
                self._canvas.polygon(self._view.corners(face), self._light.on(colour, self._far, shade))

    def pillars(self, cabin: Points, paint: Colour) -> None:
        """Posts between the side windows."""
        metre = self._metre()
        colour = self._light.on(paint, self._far)
        for low, high in ((0, 4), (1, 5), (2, 6), (3, 7)):
            ends = self._view.flat(self._view.seen(self._world(cabin[[low, high]])))
            if self._faces_camera(cabin[low]):
                self._canvas.stroke([(a, b) for a, b in ends.tolist()], max(0.07 * metre, 0.5), colour, 0.8)

    def shadow(self, half: float, side: float) -> None:
        """Under the car."""
        ground = np.array([(-side, 0.02, -half), (side, 0.02, -half), (side, 0.02, half), (-side, 0.02, half)])
        soft = max(0.35 * self._metre(), 1.0)
        corners = self._view.corners(self._world(ground * (1.12, 1, 1.04)))
        self._canvas.polygon(corners, (18, 20, 24), 0.45 + self._light.shadow * 0.5, soft)

    def wheel(self, across: float, along: float, radius: float) -> None:
        """A disc, as narrow as the car stands turned."""
        place = self._world(np.array([(across, radius, along)]))[0]
        x, y, metre = self._view.spot(*place)
        sideways = abs(self._cos * place[0] - self._sin * place[2]) / max(self._far, 1)
        wide = radius * metre * (0.3 + 0.7 * (1 - abs(sideways)) * abs(self._turn_seen()))
        self._canvas.disc(x, y, max(wide, 0.5), self._light.on(_TYRE, self._far), flat=radius * metre / max(wide, 0.5))

    def lamps(self, shape: Shape) -> None:
        """Red behind, white ahead; they burn at night."""
        half, side = shape.length / 2, shape.width / 2
        level = (shape.body[0] + shape.body[1]) / 2 + 0.1
        for along, colour, turned in ((-half, (190, 30, 30), -1), (half, (250, 246, 226), 1)):
            if not self._faces_camera(np.array([0, level, along * 1.2])) or not self._sees((0, 0, turned)):
                continue
            for across in (-side * 0.78, side * 0.78):
                x, y, metre = self._view.spot(*self._world(np.array([(across, level, along)]))[0])
                self._canvas.disc(x, y, 0.15 * metre, colour if self._light.night else self._light.on(colour), flat=0.6)
                if self._light.night:
                    self._canvas.disc(x, y, 0.3 * metre, colour, 0.5, soft=0.7 * metre)

    def _sees(self, normal: tuple[float, float, float]) -> bool:
        eye = np.array([-self._at[0], self._view.height, -self._at[1]])
        return float(np.dot(eye, self._turned(normal))) > 0

    def _faces_camera(self, corner: Points) -> bool:
        """Whether a corner of the upper half is not behind the rest."""
        place = self._world(corner[None, :])[0]
        return float(np.hypot(place[0], place[2])) < self._far + 0.9

    def _turn_seen(self) -> float:
        """1 when one sees the car from the side, 0 from behind or ahead."""
        return (self._cos * self._at[0] - self._sin * self._at[1]) / max(self._far, 1)

    def _metre(self) -> float:
        return self._view.spot(self._at[0], 0, self._at[1])[2]

    def _turned(self, normal: tuple[float, float, float]) -> Points:
        x, y, z = normal
        return np.array([x * self._cos + z * self._sin, y, -x * self._sin + z * self._cos])

    def _world(self, corners: Points) -> Points:
        x, y, z = corners.T
        turned = (self._at[0] + x * self._cos + z * self._sin, y, self._at[1] - x * self._sin + z * self._cos)
        return np.stack(turned, axis=1)
