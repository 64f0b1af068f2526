"""What moves: along a path, in a time that divides the clip's, so that its end fits its beginning."""

from __future__ import annotations

import math
from bisect import bisect_right
from dataclasses import dataclass, field
from functools import cached_property
from itertools import accumulate, pairwise
from typing import Protocol

import numpy as np

from commandcenter.video.demo.scene.canvas import Colour, even_canvas
from commandcenter.video.demo.scene.cars import Shape, draw_car
from commandcenter.video.demo.scene.light import Light
from commandcenter.video.demo.scene.people import Person, draw_person
from commandcenter.video.demo.scene.sprites import Sprite, sprite_of
from commandcenter.video.demo.scene.view import Points, View

_SCALE_STEP, _TURN_STEP = 0.035, 0.045  # how much larger or turned (radians) a thing is drawn anew, but not
_LEAST_PX = 1.6  # for a growth that nobody sees
_FEWEST, _MOST = 4, 10  # pictures of one step, small and large
_FADE = 0.03  # part of the path in which one appears and vanishes
_PEOPLE_M, _SMALLEST = 2.1, 0.8  # a figure's height; pixels a metre below which nobody is seen
_WALKER, _RIDER = 0.32, 0.5  # half of what they need beside them, of that height


@dataclass(frozen=True)
class Path:
    """Corners (x, z) on the ground, gone through `laps` times in a clip. phase: where on it one begins, 0 to 1."""

    corners: tuple[tuple[float, float], ...]
    laps: int = 1
    phase: float = 0.0

    def at(self, moment: float) -> tuple[float, float, float, float]:
        """x, z, heading (radians from z to x) and how much of it is behind one; moment: 0 to 1, of the clip."""
        done = (moment * self.laps + self.phase) % 1.0
        reach = 1.2 / self.length  # a car's own length smooths its turns
        (ax, az), (bx, bz) = self._place(done - reach), self._place(done + reach)
        x, z = self._place(done)
        return x, z, math.atan2(bx - ax, bz - az), done

    def _place(self, part: float) -> tuple[float, float]:
        way = min(max(part, 0.0), 1.0) * self.length
        number = min(bisect_right(self._passed, way), len(self.corners) - 1)
        begin, end = self._passed[number - 1 : number + 1]
        share = (way - begin) / (end - begin)
        (ax, az), (bx, bz) = self.corners[number - 1 : number + 1]
        return ax + (bx - ax) * share, az + (bz - az) * share

    @cached_property
    def _passed(self) -> list[float]:
        """Metres from the beginning to each corner."""
        return list(accumulate((math.dist(*pair) for pair in pairwise(self.corners)), initial=0.0))

    @property
    def length(self) -> float:
        """Metres."""
        return self._passed[-1]


class Actor(Protocol):
    """Somebody or something in a scene."""

    path: Path

    def seen(self, view: View, light: Light, moment: float) -> tuple[float, Sprite] | None:
        """How far away and how it looks at a moment of the clip; None: not in the picture."""


@dataclass
class Car:
    """Drives along its path."""

    path: Path
    shape: Shape
    paint: Colour
    _drawn: dict[tuple[int, int], tuple[float, float, Sprite]] = field(default_factory=dict)

    def seen(self, view: View, light: Light, moment: float) -> tuple[float, Sprite] | None:
        """See Actor."""
        x, z, heading, done = self.path.at(moment)
        left, top, metre = view.spot(x, 0, z)
        if metre < _SMALLEST or not _within(view, self._extent(view, x, z, heading)):
            return None
        bearing = heading - math.atan2(x, z)
        wide = self.shape.length * metre
        key = (_size_step(wide), round(bearing / max(_TURN_STEP, _LEAST_PX / wide)))
        if key not in self._drawn:
            self._drawn[key] = (left, top, self._draw(view, light, (x, z), heading))
        was_left, was_top, sprite = self._drawn[key]
        fade = min(done, 1 - done) / _FADE
        return math.hypot(x, z), sprite.moved(round(left - was_left), round(top - was_top), fade)

    def _extent(self, view: View, x: float, z: float, heading: float) -> Points:
        """The corners in the picture of the box that it fills."""
        along, across, roof = self.shape.length * 0.56, self.shape.width * 0.75, self.shape.roof + 0.2
        sin, cos = np.sin(heading), np.cos(heading)
        return view.flat(view.seen([
            (x + right * cos + ahead * sin, up, z - right * sin + ahead * cos)
            for right in (-across, across) for up in (0.0, roof) for ahead in (-along, along)
        ]))  # fmt: skip

    def _draw(self, view: View, light: Light, at: tuple[float, float], heading: float) -> Sprite:
        canvas = even_canvas(self._extent(view, *at, heading), 24 if light.night else 6)
        draw_car(canvas, view, light, self.shape, self.paint, at, heading)
        return sprite_of(canvas)


@dataclass
class Walker:
    """Walks, runs or rides along its path. step: metres between two steps of the same foot."""

    path: Path
    person: Person
    step: float = 1.4
    _drawn: dict[tuple[int, int, int], tuple[float, float, Sprite]] = field(default_factory=dict)

    def seen(self, view: View, light: Light, moment: float) -> tuple[float, Sprite] | None:
        """See Actor."""
        x, z, heading, done = self.path.at(moment)
        left, top, metre = view.spot(x, 0, z)
        tall = _PEOPLE_M * metre
        if metre < _SMALLEST or not -tall < left < view.width + tall or top - tall > view.rows:
            return None
        phases = min(max(int(tall / 7), _FEWEST), _MOST)
        phase = 0 if self.person.rides else int(done * self.path.length / self.step * phases) % phases
        sideways = math.sin(heading - math.atan2(x, z))
        key = (_size_step(tall / 2), phase, round(sideways * 4))
        if key not in self._drawn:
            half = tall * (_RIDER if self.person.rides else _WALKER)
            canvas = even_canvas(np.array([(left - half, top - tall), (left + half, top + tall / 6)]), 2)
            draw_person(canvas, light, self.person, (left, top), metre, phase / phases, sideways)
            self._drawn[key] = (left, top, sprite_of(canvas))
        was_left, was_top, sprite = self._drawn[key]
        fade = min(done, 1 - done) / _FADE
        return math.hypot(x, z), sprite.moved(round(left - was_left), round(top - was_top), fade)


def _size_step(pixels: float) -> int:
    """The same number for sizes so near that one drawing serves; below 1.6 / 0.035 pixels they lie that far apart."""
    turn = _LEAST_PX / _SCALE_STEP
    if pixels < turn:
        return round(pixels / _LEAST_PX)
    return round(turn / _LEAST_PX + math.log(pixels / turn) / _SCALE_STEP)


def _within(view: View, points: Points) -> bool:
    """Whether some of it is in the picture; what is larger than that reaches behind the camera."""
    low, high = points.min(0), points.max(0)
    if high[0] - low[0] > view.width or high[1] - low[1] > view.rows:
        return False
    return bool(low[0] < view.width and high[0] > 0 and low[1] < view.rows and high[1] > 0)
