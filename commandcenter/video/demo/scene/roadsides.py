"""Cameras at a road: a street, a school's gate, a hospital's entrance."""

from __future__ import annotations

import numpy as np

from commandcenter.video.demo.scene import ground as paint
from commandcenter.video.demo.scene.cars import VAN, draw_car
from commandcenter.video.demo.scene.crowd import passers_by, traffic
from commandcenter.video.demo.scene.film import Scene
from commandcenter.video.demo.scene.light import Light
from commandcenter.video.demo.scene.props import block, building, facade, lamp, tree, wall
from commandcenter.video.demo.scene.stage import Stage
from commandcenter.video.demo.scene.variety import any_wall, camera

_END = 150.0  # metres; what is farther is haze


def street(size: tuple[int, int], light: Light, seed: int) -> Scene:
    """A road of four lanes along the camera, shops and houses on both sides, a crossing."""
    rng = np.random.default_rng(seed)
    stage = Stage(camera(size, rng, yaw=9, pitch=13, height=7), light, seed)
    ground = stage.ground
    ground.fill((-90, 110), (0, 400), (150, 148, 142))
    ground.fill((-8, 0), (0, _END * 2), paint.PAVING, slab=0.8)
    ground.fill((16, 23), (0, _END * 2), paint.PAVING, slab=0.8)
    for x in (-0.15, 16):
        ground.mark((x, x + 0.15), (0, _END * 2), paint.KERB)
    ground.fill((0, 16), (0, _END * 2), paint.ASPHALT)
    crossing = float(rng.uniform(24, 32))
    for x in (7.85, 8.1):
        ground.mark((x, x + 0.12), (0, crossing - 3), paint.YELLOW)
        ground.mark((x, x + 0.12), (crossing + 6, _END), paint.YELLOW)
    for x in (4.3, 11.7):
        ground.dashes(x, (1, crossing - 4))
        ground.dashes(x, (crossing + 7, 110))
    for x in (0.6, 15.3):
        ground.mark((x, x + 0.12), (0, _END))
    ground.zebra((0.5, 15.5), (crossing, crossing + 3.5))
    ground.mark((8.2, 15.3), (crossing - 2.2, crossing - 1.8))
    for begin in np.arange(136, -10, -17.0):
        deep = float(rng.uniform(13, 16.5))
        for side in ((-26.0, -8.5), (23.5, 42.0)):
            storeys = int(rng.integers(2, 6))
            building(stage, side, (begin, begin + deep), 3.9 + 3.3 * storeys, any_wall(rng), shops=True)
    for z in np.arange(104, 12, -11.5):
        for x in (-1.6, 17.4):
            tree(stage, x, float(z) + float(rng.uniform(-1, 1)), float(rng.uniform(5.5, 7.5)))
        if int(z) % 2:
            lamp(stage, -0.7, float(z) - 5)
            lamp(stage, 16.7, float(z) - 5, arm=-1.6)
    out, back = ((10.0, -2.0), (10.0, 150.0)), ((6.2, 150.0), (6.2, -2.0))
    actors = [
        *traffic(rng, out, 3, buses=int(seed % 2)), *traffic(rng, ((13.6, -2.0), (13.6, 140.0)), 2),
        *traffic(rng, back, 3), *traffic(rng, ((2.4, 145.0), (2.4, -2.0)), 2, buses=int(seed % 3 == 1)),
        *passers_by(rng, ((-4.5, 8.0), (-4.5, 34.0)), 5), *passers_by(rng, ((-5.5, 30.0), (-5.5, 58.0)), 3),
        *passers_by(rng, ((19.5, 14.0), (19.5, 40.0)), 5),
        *passers_by(rng, ((-3.0, crossing + 1.8), (19.5, crossing + 1.8)), 2, width=1.5),
        *passers_by(rng, ((14.9, 2.0), (14.9, 110.0)), 2, width=0.4, riders=True),
    ]  # fmt: skip
    return Scene(stage, actors)


def _cross_road(stage: Stage, near: float, lanes: int = 2) -> None:
    """A road from left to right, pavements before and behind it."""
    ground, far = stage.ground, near + 3.6 * lanes
    ground.fill((-120, 120), (near - 30, near), paint.PAVING, slab=0.8)
    ground.fill((-120, 120), (near, far), paint.ASPHALT)
    ground.fill((-120, 120), (far, far + 8), paint.PAVING, slab=0.8)
    for z in (near - 0.15, far):
        ground.mark((-120, 120), (z, z + 0.15), paint.KERB)
    ground.mark((-60, 60), (near + 0.4, near + 0.52))
    ground.mark((-60, 60), (far - 0.5, far - 0.38))
    ground.dashes_across((near + far) / 2, (-60, 60))


def school(size: tuple[int, int], light: Light, seed: int) -> Scene:
    """A gate with railings behind a quiet road; children."""
    rng = np.random.default_rng(seed)
    stage = Stage(camera(size, rng, yaw=0, pitch=15, height=6.5), light, seed)
    stage.ground.fill((-150, 150), (0, 300), (158, 112, 96))
    _cross_road(stage, 13)
    gate = float(rng.uniform(-6, 6))
    stage.ground.zebra((gate - 2.5, gate + 2.5), (13.3, 19.9))
    stage.ground.fill((gate - 5, gate + 5), (28, 50), paint.PAVING, slab=1.2)
    for x in np.arange(-44, 60, 22.0):
        storeys = int(rng.integers(3, 5))
        building(stage, (x, x + 20.5), (52 + (abs(x) < 20) * 4, 70), 3.5 * storeys, any_wall(rng), window=2.2)
    for x in (*np.arange(-30, gate - 7, 6.5), *np.arange(gate + 8, 32, 6.5)):
        tree(stage, float(x), float(rng.uniform(33, 38)), float(rng.uniform(5.5, 7.5)))
    pole = stage.view.spot(gate + 9, 0, 34), stage.view.spot(gate + 9, 9.2, 34)
    stage.canvas.stroke([pole[0][:2], pole[1][:2]], max(0.12 * pole[0][2], 1), light.on((210, 210, 214)))
    stage.face([(gate + 9, 7.5, 34), (gate + 11.4, 7.4, 34), (gate + 11.4, 9, 34), (gate + 9, 9.1, 34)], (206, 40, 34))
    wall(stage, (-60, gate - 4), 28, 2.3, (176, 148, 120), bars=True)
    wall(stage, (gate + 4, 60), 28, 2.3, (176, 148, 120), bars=True)
    for x in (gate - 4.8, gate + 3.8):
        block(stage, (x, x + 1.0), (27.6, 28.6), 4.2, (150, 66, 54))
    block(stage, (gate - 5.2, gate + 5.2), (27.8, 28.4), 1.1, (164, 70, 56), base=4.2)
    block(stage, (gate + 5.2, gate + 8.0), (26.4, 28.6), 2.7, (206, 206, 200))
    stage.face([(gate + 5.6, 1.1, 26.38), (gate + 7.6, 1.1, 26.38), (gate + 7.6, 2.1, 26.38), (gate + 5.6, 2.1, 26.38)],
               (92, 120, 140))  # fmt: skip
    lamp(stage, -14, 12.4, arm=0.8)
    actors = [
        *traffic(rng, ((-50.0, 14.9), (50.0, 14.9)), 2), *traffic(rng, ((52.0, 18.4), (-52.0, 18.4)), 2),
        *passers_by(rng, ((gate, 34.0), (gate, 24.0), (gate - 13, 23.5)), 4, children=0.9),
        *passers_by(rng, ((gate + 1.5, 33.0), (gate + 1.5, 24.5), (gate + 14, 24.0)), 4, children=0.8),
        *passers_by(rng, ((gate, 9.0), (gate, 31.0)), 4, width=3, children=0.6),
        *passers_by(rng, ((-14.0, 24.5), (12.0, 24.5)), 4, children=0.5),
        *passers_by(rng, ((-13.0, 9.5), (13.0, 9.5)), 3, children=0.3),
        *passers_by(rng, ((-40.0, 19.6), (40.0, 19.6)), 1, width=0.2, riders=True),
    ]  # fmt: skip
    return Scene(stage, actors)


def hospital(size: tuple[int, int], light: Light, seed: int) -> Scene:
    """A white house with a canopy over its entrance, a drive before it, an ambulance."""
    rng = np.random.default_rng(seed)
    stage = Stage(camera(size, rng, yaw=-6, pitch=14, height=7), light, seed)
    stage.ground.fill((-150, 150), (0, 300), paint.GRASS)
    stage.ground.fill((-150, 150), (0, 14), paint.PAVING, slab=0.8)
    stage.ground.fill((-150, 150), (14, 23), paint.ASPHALT)
    stage.ground.fill((-150, 150), (23, 46), paint.PAVING, slab=1.2)
    stage.ground.dashes_across(18.5, (-50, 50))
    stage.ground.zebra((-3, 3), (14.4, 22.6))
    stage.ground.mark((7, 19), (23, 27.5), (150, 60, 54), 0.5)
    for x in (-70.0, 44.0):
        building(stage, (x, x + 26), (60, 80), 26, any_wall(rng))
    facade(stage, (-32, 0, 46), (32, 0, 46), (0, 0, -1), 24.5, (216, 218, 216), window=2.4)
    block(stage, (-9, 9), (37, 46), 1.0, (226, 226, 224), base=4.2)
    for x in (-8.4, 7.9):
        block(stage, (x, x + 0.5), (37.2, 37.7), 4.2, (196, 198, 200))
    bright = (250, 236, 204) if light.night else (120, 138, 148)
    stage.face([(-6, 0, 45.9), (6, 0, 45.9), (6, 3.8, 45.9), (-6, 3.8, 45.9)], bright)
    for x in np.arange(-6, 6.1, 2):
        stage.face([(x, 0, 45.8), (x + 0.12, 0, 45.8), (x + 0.12, 3.8, 45.8), (x, 3.8, 45.8)], (90, 96, 100))
    for low, high, half in ((6.3, 10.1, 0.65), (7.55, 8.85, 1.9)):
        stage.face([(-half, low, 45.8), (half, low, 45.8), (half, high, 45.8), (-half, high, 45.8)], (214, 34, 34))
    for x in (-26.0, -20.0, -14.0, 25.0, 31.0):
        tree(stage, x, float(rng.uniform(33, 37)), float(rng.uniform(5, 7)))
    for x in (-22.0, -11.0):
        block(stage, (x, x + 6), (25, 26.6), 0.6, (146, 140, 130))
        for at in np.arange(x + 0.6, x + 5.6, 1.2):
            tree(stage, float(at), 25.8, 1.7, leaves=(88, 130, 66))
    draw_car(stage.canvas, stage.view, light, VAN, (240, 240, 238), (12.5, 25.4), np.pi / 2 + 0.02)
    stripe = [(10.0, 0.75, 24.36), (15.0, 0.75, 24.36), (15.0, 0.98, 24.36), (10.0, 0.98, 24.36)]
    stage.face(stripe, (206, 38, 38))
    lamp(stage, 17.5, 13, arm=-1.0)
    actors = [
        *traffic(rng, ((-55.0, 16.3), (55.0, 16.3)), 2), *traffic(rng, ((55.0, 20.8), (-55.0, 20.8)), 3),
        *passers_by(rng, ((0.0, 10.0), (0.0, 36.0)), 6, width=4),
        *passers_by(rng, ((-4.0, 43.0), (-4.0, 29.0), (-18.0, 28.5)), 4),
        *passers_by(rng, ((4.0, 43.0), (5.0, 31.0), (20.0, 30.0)), 4),
        *passers_by(rng, ((-12.0, 11.0), (13.0, 11.0)), 4, width=3),
    ]  # fmt: skip
    return Scene(stage, actors)
