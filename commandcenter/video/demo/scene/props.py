"""Buildings, trees, lamps, walls and what else stands in a street."""

from __future__ import annotations

import numpy as np

from commandcenter.video.demo.scene.canvas import Colour, even_canvas
from commandcenter.video.demo.scene.stage import Place, Stage

GLASS, LIT = (74.0, 92.0, 108.0), (250.0, 214.0, 140.0)
STEEL, BARK = (120.0, 124.0, 128.0), (92.0, 74.0, 60.0)
Span = tuple[float, float]


def building(stage: Stage, x: Span, z: Span, height: float, wall: Colour, *, storey: float = 3.4, window: float = 1.7,
             shops: bool = False) -> None:  # fmt: skip
    """A block with windows on the sides one sees. shops: bright fronts and signs on the ground floor."""
    sides: list[tuple[Place, Place, Place]] = [((x[0], 0, z[0]), (x[1], 0, z[0]), (0, 0, -1))]
    if x[1] < 0:
        sides.insert(0, ((x[1], 0, z[0]), (x[1], 0, z[1]), (1, 0, 0)))
    if x[0] > 0:
        sides.insert(0, ((x[0], 0, z[1]), (x[0], 0, z[0]), (-1, 0, 0)))
    for begin, end, normal in sides:
        facade(stage, begin, end, normal, height, wall, storey=storey, window=window, shops=shops)


def facade(stage: Stage, begin: Place, end: Place, normal: Place, height: float, wall: Colour, *, storey: float = 3.4,
           window: float = 1.7, shops: bool = False) -> None:  # fmt: skip
    """One side from ground to roof, between two corners."""
    length = float(np.hypot(end[0] - begin[0], end[2] - begin[2]))

    def panel(left: float, right: float, low: float, high: float, colour: Colour, alpha: float = 1.0) -> None:
        share = (left / length, right / length)
        ends = [(begin[0] + (end[0] - begin[0]) * at, begin[2] + (end[2] - begin[2]) * at) for at in share]
        (ax, az), (bx, bz) = ends
        stage.face([(ax, low, az), (bx, low, bz), (bx, high, bz), (ax, high, az)], colour, normal, alpha)

    panel(0, length, 0, height, wall)
    panel(0, length, height - 0.7, height, _darker(wall, 0.82))
    ground_floor = storey * 1.15 if shops else 0.0
    if shops:
        _shops(stage, panel, length, ground_floor)
    columns = max(int(length / (window * 1.9)), 1)
    step = length / columns
    for low in np.arange(ground_floor + 0.9, height - storey * 0.7, storey):
        panel(0, length, low - 0.55, low - 0.4, _darker(wall, 0.9), 0.8)
        for column in range(columns):
            middle = (column + 0.5) * step
            _window(stage, panel, middle - window / 2, middle + window / 2, float(low), storey * 0.52)


def _window(stage: Stage, panel, left: float, right: float, low: float, height: float) -> None:  # type: ignore[no-untyped-def]
    lit = stage.rng.random() < stage.light.lit
    glass = _varied(stage, LIT if lit else GLASS, 18)
    if lit:
        glass = tuple(value / part for value, part in zip(glass, stage.light.tint, strict=True))  # type: ignore[assignment]
    panel(left - 0.08, right + 0.08, low - 0.08, low + height + 0.08, (206, 204, 198), 0.55)
    panel(left, right, low, low + height, glass)
    if not lit and stage.rng.random() < 0.35:
        panel(left, left + (right - left) * 0.45, low, low + height, (196, 190, 176), 0.55)  # a curtain
    panel((left + right) / 2 - 0.03, (left + right) / 2 + 0.03, low, low + height, (210, 208, 202), 0.7)


def _shops(stage: Stage, panel, length: float, height: float) -> None:  # type: ignore[no-untyped-def]
    at = 0.3
    while at < length - 3:
        wide = float(stage.rng.uniform(4.5, 8.0))
        right = min(at + wide, length - 0.2)
        sign = _bright(stage)
        inside = (255, 226, 170) if stage.light.night else (112, 118, 122)
        bright = 2.0 if stage.light.night else 1.0
        panel(at, right, 0, height * 0.72, (inside[0] * bright, inside[1] * bright, inside[2] * bright))
        for post in np.arange(at, right, 1.6):
            panel(float(post), float(post) + 0.1, 0, height * 0.72, (70, 72, 76))
        panel(at, right, height * 0.72, height * 0.97, (sign[0] * bright, sign[1] * bright, sign[2] * bright))
        for letter in np.arange(at + wide * 0.25, right - wide * 0.3, 0.75):  # where a name would be
            panel(float(letter), float(letter) + 0.5, height * 0.79, height * 0.9, (240, 236, 220), 0.75)
        at += wide


def tree(stage: Stage, x: float, z: float, height: float = 7.0, *, leaves: Colour = (74, 112, 58)) -> None:
    """A round crown of many leaves' worth of discs, light from the left."""
    foot_x, foot_y, metre = stage.view.spot(x, 0, z)
    if metre == 0:
        return
    rng, far = stage.rng, float(np.hypot(x, z))
    _shadow(stage, x, z, height * 0.28)
    top = foot_y - height * metre
    trunk = stage.light.on(BARK, far)
    middle, radius = top + height * 0.36 * metre, height * 0.34 * metre
    reach = radius * 1.45
    own = even_canvas(np.array([(foot_x - reach, middle - reach), (foot_x + reach, foot_y)]), 2)
    own.stroke([(foot_x, foot_y), (foot_x, foot_y - height * 0.55 * metre)], max(0.26 * metre, 1), trunk)
    blobs = int(np.clip(radius * 3, 40, 170))
    for _ in range(blobs):
        angle, away = rng.uniform(0, 2 * np.pi), np.sqrt(rng.random())
        left, up = np.cos(angle) * away, np.sin(angle) * away
        shine = 0.78 + 0.22 * (up * 0.8 - left * 0.6) + rng.normal(0, 0.09)
        colour = stage.light.on((leaves[0] * shine, leaves[1] * shine, leaves[2] * shine), far)
        size = radius * rng.uniform(0.12, 0.26)
        own.disc(foot_x + left * radius, middle - up * radius * 0.9, size, colour, 0.85, soft=size * 0.7)
    stage.put_up(own, far)


def lamp(stage: Stage, x: float, z: float, arm: float = 1.6, height: float = 8.0) -> None:
    """A street lamp whose arm reaches over the road."""
    foot = stage.view.spot(x, 0, z)
    if foot[2] == 0:
        return
    far = float(np.hypot(x, z))
    high, tip = stage.view.spot(x, height, z), stage.view.spot(x + arm, height + 0.2, z)
    wide = max(0.16 * foot[2], 0.8)
    steel = stage.light.on(STEEL, far)
    burning = stage.light.night
    own = even_canvas(np.array([foot[:2], high[:2], tip[:2]]), int(0.4 * foot[2]) + 2)
    own.stroke([foot[:2], high[:2], tip[:2]], wide, steel)
    own.disc(tip[0], tip[1], 0.3 * foot[2], (255, 236, 190) if burning else steel, flat=0.4)
    stage.put_up(own, far)
    if burning:
        stage.glow((x + arm, height, z), 2.6, (255, 220, 160), 0.5)
        _pool(stage, x + arm, z)


def wall(stage: Stage, x: Span, z: float, height: float, colour: Colour, *, bars: bool = False) -> None:
    """A wall along x; bars: a low one with railings on it."""
    solid = height * 0.3 if bars else height
    stage.face([(x[0], 0, z), (x[1], 0, z), (x[1], solid, z), (x[0], solid, z)], colour)
    if not bars:
        return
    dark = (70.0, 76.0, 82.0)
    for at in np.arange(x[0], x[1], 0.5):
        stage.face([(at, solid, z), (at + 0.08, solid, z), (at + 0.08, height, z), (at, height, z)], dark)
    for low in (solid + 0.15, height - 0.2):
        stage.face([(x[0], low, z), (x[1], low, z), (x[1], low + 0.08, z), (x[0], low + 0.08, z)], dark)


def block(stage: Stage, x: Span, z: Span, height: float, colour: Colour, base: float = 0.0) -> None:
    """A plain body: a planter, a bench, a booth, a canopy (from `base` up)."""
    top = base + height
    stage.face([(x[0], top, z[0]), (x[1], top, z[0]), (x[1], top, z[1]), (x[0], top, z[1])], colour, (0, 1, 0))
    side = x[1] if x[1] < 0 else x[0]
    if x[1] < 0 or x[0] > 0:
        edge = [(side, base, z[0]), (side, base, z[1]), (side, top, z[1]), (side, top, z[0])]
        stage.face(edge, colour, (1 if x[1] < 0 else -1, 0, 0))
    stage.face([(x[0], base, z[0]), (x[1], base, z[0]), (x[1], top, z[0]), (x[0], top, z[0])], colour)


def railing(stage: Stage, x: float, z: Span, height: float = 1.1) -> None:
    """Along z, with posts."""
    for at in np.arange(z[1], z[0], -1.5):
        foot, head = stage.view.spot(x, 0, at), stage.view.spot(x, height, at)
        if foot[2]:
            stage.canvas.stroke([foot[:2], head[:2]], max(0.09 * foot[2], 0.6), stage.light.on((206, 206, 200), at))
    for level in (height, height * 0.55):
        ends = [(x, level - 0.05, z[0]), (x, level - 0.05, z[1]), (x, level + 0.05, z[1]), (x, level + 0.05, z[0])]
        stage.face(ends, (214, 212, 206), (-1, 0, 0))


def _shadow(stage: Stage, x: float, z: float, radius: float) -> None:
    if stage.light.night:
        return
    left, top, metre = stage.view.spot(x + radius * 0.7, 0, z + radius * 0.3)
    flat = float(np.clip(stage.view.height / np.hypot(x, z), 0.08, 0.7))
    size = radius * metre
    stage.canvas.disc(left, top, size, (30, 34, 40), stage.light.shadow, flat=flat, soft=max(size * 0.35, 1))


def _pool(stage: Stage, x: float, z: float) -> None:
    """A lamp's light on the ground."""
    left, top, metre = stage.view.spot(x, 0, z)
    flat = float(np.clip(stage.view.height / np.hypot(x, z), 0.08, 0.7))
    stage.canvas.disc(left, top, 2.2 * metre, (255, 216, 150), 0.22, flat=flat, soft=4.4 * metre)


def _darker(colour: Colour, part: float) -> Colour:
    return colour[0] * part, colour[1] * part, colour[2] * part


def _varied(stage: Stage, colour: Colour, spread: float) -> Colour:
    by = float(stage.rng.uniform(-spread, spread))
    return colour[0] + by, colour[1] + by, colour[2] + by


def _bright(stage: Stage) -> Colour:
    choices = ((176, 44, 40), (34, 92, 150), (36, 122, 84), (200, 128, 34), (110, 58, 122), (62, 68, 78))
    return choices[int(stage.rng.integers(len(choices)))]
