"""Cameras over open places: a square, a car park, a riverside."""

from __future__ import annotations

import numpy as np

from commandcenter.video.demo.scene import ground as paint
from commandcenter.video.demo.scene.cars import PAINTS, SEDAN, SUV, VAN, draw_car
from commandcenter.video.demo.scene.crowd import passers_by, strollers, traffic
from commandcenter.video.demo.scene.film import Scene
from commandcenter.video.demo.scene.light import Light
from commandcenter.video.demo.scene.props import block, building, facade, lamp, railing, tree, wall
from commandcenter.video.demo.scene.stage import Stage
from commandcenter.video.demo.scene.variety import any_wall, camera


def mall(size: tuple[int, int], light: Light, seed: int) -> Scene:
    """A paved square before glass fronts with coloured panels; people in all directions."""
    rng = np.random.default_rng(seed)
    stage = Stage(camera(size, rng, yaw=4, pitch=13.5, height=8), light, seed)
    stage.ground.fill((-150, 150), (0, 300), (186, 178, 166), slab=1.5)
    for z in (14.0, 26.0, 38.0):
        stage.ground.mark((-60, 60), (z, z + 1.2), (128, 112, 104), 0.8)
    for x in (-18.0, -6.0, 6.0, 18.0):
        stage.ground.mark((x, x + 1.2), (6, 48), (128, 112, 104), 0.8)
    building(stage, (-80, -36), (56, 80), 40, any_wall(rng))
    building(stage, (44, 90), (58, 80), 46, any_wall(rng))
    facade(stage, (-34, 0, 50), (42, 0, 50), (0, 0, -1), 21, (116, 132, 146), storey=4.2, window=3.4, shops=True)
    for x in (-28.0, -10.0, 12.0, 28.0):
        hue = PAINTS[4] if rng.random() < 0.3 else tuple(float(v) for v in rng.uniform(60, 230, 3))
        shine = 1.9 if light.night else 1.0
        colour = (hue[0] * shine, hue[1] * shine, hue[2] * shine)
        stage.face([(x, 7.5, 49.8), (x + 7, 7.5, 49.8), (x + 7, 16, 49.8), (x, 16, 49.8)], colour)
        name = [(x + 1, 12, 49.7), (x + 6, 12, 49.7), (x + 6, 13.2, 49.7), (x + 1, 13.2, 49.7)]
        stage.face(name, (240, 240, 236), alpha=0.8)
    for x, z in ((-20.0, 40.0), (20.0, 40.0), (-20.0, 28.0), (20.0, 28.0), (-12.0, 19.0), (13.0, 18.0)):
        block(stage, (x - 1.3, x + 1.3), (z - 1.3, z + 1.3), 0.7, (150, 142, 134))
        tree(stage, x, z, 4.6)
    for x in (-4.0, 3.0):
        block(stage, (x, x + 2.4), (30, 30.7), 0.5, (120, 84, 58))
    for x in (-27.0, 27.0):
        lamp(stage, x, 34, arm=0.6, height=6)
    actors = strollers(rng, (-22, 22), (10, 46), 34)
    return Scene(stage, actors)


def car_park(size: tuple[int, int], light: Light, seed: int) -> Scene:
    """Rows of slots, most of them taken, and who looks for the rest."""
    rng = np.random.default_rng(seed)
    stage = Stage(camera(size, rng, yaw=-4, pitch=18, height=9), light, seed)
    ground = stage.ground
    ground.fill((-150, 150), (0, 300), paint.GRASS)
    ground.fill((-60, 60), (0, 62), paint.ASPHALT)
    rows = ((10.0, 15.2), (22.5, 27.7), (28.1, 33.3), (40.5, 45.7), (46.1, 51.3))
    for near, far in rows:
        for line in np.arange(-30, 30.1, 2.6):
            ground.mark((float(line) - 0.06, float(line) + 0.06), (near, far))
        ground.mark((-30, 30), (far, far + 0.12) if near in (10.0, 22.5, 40.5) else (near - 0.12, near))
    for z, ahead in ((18.7, 1), (36.9, -1)):
        for x in (-12.0, 8.0):
            ground.mark((x, x + 2.2), (z, z + 0.18))
            ground.mark((x + 1.0 + ahead, x + 1.35 + ahead), (z - 0.35, z + 0.5))
    for left in np.arange(-66, 66, 24.0):
        building(stage, (float(left), float(left) + 22), (74, 90), float(rng.uniform(14, 30)), any_wall(rng))
    for place in np.arange(-40, 41, 6.0):
        tree(stage, float(place), 60.0, float(rng.uniform(5, 7)))
    wall(stage, (-60, 60), 57, 1.8, (170, 166, 156))
    for near, far in reversed(rows):
        for slot in np.arange(30 - 1.3, -30, -2.6):
            if rng.random() < 0.78:
                shape = (SEDAN, SUV, SEDAN, VAN)[int(rng.integers(4))]
                colour = PAINTS[int(rng.integers(len(PAINTS)))]
                turn = (0.0, np.pi)[int(rng.random() < 0.5)] + rng.normal(0, 0.02)
                draw_car(stage.canvas, stage.view, light, shape, colour, (float(slot), (near + far) / 2), float(turn))
    for x in (-18.0, 18.0):
        lamp(stage, x, 28, arm=1.2, height=9)
    actors = [
        *traffic(rng, ((-48.0, 17.4), (48.0, 17.4)), 1), *traffic(rng, ((48.0, 20.4), (-48.0, 20.4)), 2),
        *traffic(rng, ((46.0, 37.0), (-46.0, 37.0)), 1),
        *passers_by(rng, ((-14.0, 19.0), (12.0, 19.0)), 3, width=2.5),
        *passers_by(rng, ((-13.0, 36.0), (13.0, 36.0)), 3),
    ]  # fmt: skip
    return Scene(stage, actors)


def riverside(size: tuple[int, int], light: Light, seed: int) -> Scene:
    """A path along the water, willows on one side, the town on the other bank."""
    rng = np.random.default_rng(seed)
    stage = Stage(camera(size, rng, yaw=5, pitch=12, height=6), light, seed)
    ground = stage.ground
    ground.fill((-150, 200), (0, 400), paint.GRASS, grain=14)
    ground.fill((-6.2, -1.4), (0, 260), (168, 92, 78))
    ground.mark((-3.86, -3.74), (0, 200), alpha=0.7)
    ground.fill((-1.4, 4.0), (0, 260), paint.PAVING, slab=0.9)
    ground.fill((4.0, 4.5), (0, 260), paint.KERB)
    ground.fill((5.0, 62), (0, 260), paint.WATER, grain=3, ripple=26)
    ground.fill((62, 66), (0, 260), (150, 146, 138))
    for z in np.arange(240, 10, -26.0):
        storeys = int(rng.integers(3, 12))
        building(stage, (74, 96), (float(z), float(z) + 21), 3.3 * storeys, any_wall(rng))
    for z in np.arange(210, 20, -12.0):
        tree(stage, 69.0, float(z), float(rng.uniform(5, 8)), leaves=(92, 124, 70))
    _bridge(stage, float(rng.uniform(120, 150)))
    for z in np.arange(120, 8, -10.0):
        tree(stage, float(rng.uniform(-10, -8)), float(z), float(rng.uniform(6, 9)), leaves=(104, 138, 66))
        if int(z) % 20 == 0:
            lamp(stage, -1.0, float(z) - 4, arm=0.7, height=4.5)
    railing(stage, 4.2, (3, 160))
    actors = [
        *passers_by(rng, ((1.5, 8.0), (1.5, 34.0)), 6, width=3),
        *passers_by(rng, ((1.2, 30.0), (1.2, 58.0)), 5, width=3),
        *passers_by(rng, ((1.0, 55.0), (1.0, 85.0)), 4, width=3),
        *passers_by(rng, ((-2.6, 4.0), (-2.6, 120.0)), 2, width=0.8, riders=True),
        *passers_by(rng, ((-5.0, 120.0), (-5.0, 3.0)), 2, width=0.8, riders=True),
    ]  # fmt: skip
    return Scene(stage, actors)


def _bridge(stage: Stage, z: float) -> None:
    """Arches over the water."""
    stone = (172.0, 166.0, 156.0)
    block(stage, (3.0, 70), (z, z + 8), 1.6, stone, base=5.5)
    for x in np.arange(6, 66, 12.0):
        stage.face([(x, 0, z), (x + 2.2, 0, z), (x + 2.2, 5.6, z), (x, 5.6, z)], (150, 144, 136))
    stage.face([(3, 7.1, z), (70, 7.1, z), (70, 7.9, z), (3, 7.9, z)], (196, 192, 184), alpha=0.7)
