"""People on foot and on e-bikes, flat figures that swing arms and legs."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from commandcenter.video.demo.scene.canvas import Canvas, Colour
from commandcenter.video.demo.scene.light import Light

_SKIN, _TYRE, _FRAME = (206.0, 164.0, 138.0), (30.0, 30.0, 32.0), (70.0, 74.0, 80.0)
_TOPS: tuple[Colour, ...] = (
    (186, 60, 56), (60, 92, 150), (230, 228, 220), (44, 48, 56), (94, 128, 88), (206, 168, 84), (120, 84, 130),
    (150, 154, 160), (68, 130, 144),
)  # fmt: skip
_LEGS: tuple[Colour, ...] = ((44, 52, 76), (38, 38, 42), (98, 96, 92), (150, 138, 112), (62, 66, 84))


@dataclass(frozen=True, slots=True)
class Person:
    """height: metres. rides: on an e-bike. bag: carried on the back."""

    height: float
    top: Colour
    legs: Colour
    hair: Colour
    bag: bool
    rides: bool = False

    @classmethod
    def somebody(cls, rng: np.random.Generator, *, child: bool = False, rides: bool = False) -> Person:
        """Anybody."""
        height = rng.uniform(1.15, 1.45) if child else rng.normal(1.67, 0.07)
        top = (46, 84, 148) if child and rng.random() < 0.6 else _TOPS[int(rng.integers(len(_TOPS)))]
        hair = (34, 30, 28) if rng.random() < 0.85 else (120, 118, 116)
        legs = _LEGS[int(rng.integers(len(_LEGS)))]
        return cls(float(height), top, legs, hair, child or bool(rng.random() < 0.25), rides)


def draw_person(canvas: Canvas, light: Light, person: Person, foot: tuple[float, float], metre: float, phase: float,
                sideways: float) -> None:  # fmt: skip
    """foot: pixel where he stands; metre: pixels; phase: of his step, 0 to 1; sideways: -1 to 1, how far he walks
    to the right of the picture."""
    figure = _Figure(canvas, light, foot, metre, sideways)
    figure.shadow(0.32 if not person.rides else 0.6)
    if person.rides:
        figure.bike(person)
        return
    figure.walk(person, phase)


class _Figure:
    def __init__(self, canvas: Canvas, light: Light, foot: tuple[float, float], metre: float, sideways: float) -> None:
        self._canvas, self._light, self._foot, self._metre = canvas, light, foot, metre
        self._sideways = sideways
        self._far = 40.0

    def shadow(self, radius: float) -> None:
        x, y = self._foot
        dark = 0.3 + self._light.shadow * 0.6
        wide = radius * self._metre
        self._canvas.disc(x + wide * 0.4, y, wide, (20, 22, 26), dark, flat=0.35, soft=max(wide * 0.5, 1))

    def walk(self, person: Person, phase: float) -> None:
        """Legs, arms, body, head."""
        tall = person.height
        swing = float(np.sin(phase * 2 * np.pi))
        stride = 0.24 * tall * max(abs(self._sideways), 0.25)
        hip, shoulder = 0.5 * tall, 0.82 * tall
        for side in (-1, 1):
            ahead = swing * side * stride
            lift = 0.05 * tall * max(-swing * side, 0)
            apart = side * 0.055 * tall * (1 - abs(self._sideways) * 0.7)
            knee = (apart + ahead * 0.6, hip * 0.5)
            self._limb([(apart, hip), knee, (apart + ahead, lift)], 0.085 * tall, person.legs, 0.9 if side < 0 else 1.0)
        wide = 0.125 * tall * (1 - 0.3 * abs(self._sideways))
        if person.bag:
            self._slab(-0.12 * tall * self._sideways, wide * 0.75, hip * 1.1, shoulder, (96, 60, 60))
        self._limb([(-wide, shoulder - 0.02), (-wide - swing * stride * 0.5, hip)], 0.065 * tall, person.top, 0.85)
        self._slab(0, wide, hip * 0.95, shoulder + 0.03 * tall, person.top)
        self._limb([(wide, shoulder - 0.02), (wide + swing * stride * 0.5, hip)], 0.065 * tall, person.top, 0.92)
        self._head(0.0, tall, person)

    def bike(self, person: Person) -> None:
        """Wheels, frame, rider."""
        long = 0.62 * max(abs(self._sideways), 0.16)
        ahead = long if self._sideways >= 0 else -long
        for along in (-ahead, ahead):
            x, y = self._at(along, 0.3)
            wide = 0.3 * self._metre * max(abs(self._sideways), 0.22)
            tall = 0.3 * self._metre / max(wide, 0.3)
            self._canvas.disc(x, y, max(wide, 0.3), self._colour(_TYRE), flat=tall)
            self._canvas.disc(x, y, max(wide * 0.6, 0.2), self._colour((110, 112, 114)), 0.7, flat=tall)
        self._limb([(-ahead, 0.35), (-ahead * 0.4, 0.5), (ahead * 0.5, 0.42), (ahead * 0.85, 1.0)], 0.14, _FRAME)
        self._limb([(-ahead * 0.35, 0.78), (ahead * 0.3, 0.72), (ahead * 0.25, 0.4)], 0.16, person.legs)
        self._slab(-ahead * 0.3, 0.2, 0.75, 1.35, person.top)
        self._limb([(-ahead * 0.2, 1.25), (ahead * 0.7, 1.02)], 0.1, person.top, 0.9)
        self._head(-ahead * 0.2, 1.62, person)

    def _head(self, at: float, tall: float, person: Person) -> None:
        x, y = self._at(at, tall - 0.11)
        radius = 0.105 * self._metre
        self._canvas.disc(x, y, radius, self._colour(_SKIN), flat=1.2)
        behind, hair = x - radius * 0.25 * self._sideways, self._colour(person.hair)
        self._canvas.disc(behind, y - radius * 0.4, radius, hair, flat=0.85)

    def _slab(self, at: float, half: float, low: float, high: float, colour: Colour) -> None:
        """A body part with round shoulders."""
        shape = [(at - half * 0.85, low), (at + half * 0.85, low), (at + half, high - 0.1), (at + half * 0.6, high),
                 (at - half * 0.6, high), (at - half, high - 0.1)]  # fmt: skip
        self._canvas.polygon(np.array([self._at(x, y) for x, y in shape]), self._colour(colour))

    def _limb(self, points: list[tuple[float, float]], wide: float, colour: Colour, shade: float = 1.0) -> None:
        dimmed = (colour[0] * shade, colour[1] * shade, colour[2] * shade)
        self._canvas.stroke([self._at(x, y) for x, y in points], max(wide * self._metre, 0.8), self._colour(dimmed))

    def _at(self, x: float, y: float) -> tuple[float, float]:
        return self._foot[0] + x * self._metre, self._foot[1] - y * self._metre

    def _colour(self, colour: Colour) -> Colour:
        return self._light.on(colour, self._far)
