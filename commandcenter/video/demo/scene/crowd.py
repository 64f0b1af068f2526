"""Casts: so many cars on a lane, so many people on a pavement, all different."""

from __future__ import annotations

import numpy as np

from commandcenter.video.demo.scene.actors import Actor, Car, Path, Walker
from commandcenter.video.demo.scene.cars import BUS, PAINTS, SEDAN, SUV, VAN, Shape
from commandcenter.video.demo.scene.people import Person

Corners = tuple[tuple[float, float], ...]
_SHAPES: tuple[Shape, ...] = (SEDAN, SEDAN, SEDAN, SUV, SUV, VAN)
_BUS_PAINT = (52.0, 132.0, 92.0)


def traffic(rng: np.random.Generator, lane: Corners, cars: int, laps: int = 1, *, buses: int = 0) -> list[Actor]:
    """Cars one after the other on a lane, at uneven distances that never become too small."""
    found: list[Actor] = []
    for number in range(cars):
        phase = (number + rng.uniform(-0.22, 0.22)) / cars
        if number < buses:
            found.append(Car(Path(lane, laps, phase), BUS, _BUS_PAINT))
        else:
            shape = _SHAPES[int(rng.integers(len(_SHAPES)))]
            found.append(Car(Path(lane, laps, phase), shape, PAINTS[int(rng.integers(len(PAINTS)))]))
    return found


def passers_by(rng: np.random.Generator, way: Corners, people: int, *, width: float = 2.0, children: float = 0.0,
               riders: bool = False) -> list[Actor]:  # fmt: skip
    """People in both directions, at the pace that fits the clip. width: metres over which they spread."""
    found: list[Actor] = []
    for number in range(people):
        line = way if rng.random() < 0.5 or riders else way[::-1]
        aside = rng.uniform(-width / 2, width / 2)
        corners = tuple((x + aside, z + aside * 0.6) for x, z in line)
        person = Person.somebody(rng, child=bool(rng.random() < children), rides=riders)
        phase = (number + rng.uniform(-0.4, 0.4)) / people
        found.append(Walker(Path(corners, 1, phase), person))
    return found


def strollers(rng: np.random.Generator, x: tuple[float, float], z: tuple[float, float], people: int,
              metres: float = 26.0) -> list[Actor]:  # fmt: skip
    """People who cross a place in all directions, each on a line of so many metres."""
    found: list[Actor] = []
    for _ in range(people):
        middle_x, middle_z, turn = rng.uniform(*x), rng.uniform(*z), rng.uniform(0, 2 * np.pi)
        over_x, over_z = np.sin(turn) * metres / 2, np.cos(turn) * metres / 2
        ends = ((middle_x - over_x, middle_z - over_z), (middle_x + over_x, middle_z + over_z))
        inside = tuple((float(np.clip(a, *x)), float(np.clip(b, *z))) for a, b in ends)
        found.append(Walker(Path(inside, 1, float(rng.random())), Person.somebody(rng, child=bool(rng.random() < 0.1))))
    return found
