"""Takes the pictures of a scene: what stands still, what moves, and the camera's own noise."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from commandcenter.video.demo.scene.actors import Actor
from commandcenter.video.demo.scene.sprites import Bytes, Picture, Sprite
from commandcenter.video.demo.scene.stage import Stage

_NOISES = 5
_GRAIN = 2.2  # of the sensor, levels of brightness
_BRIGHTEST = 228


@dataclass
class Scene:
    """A stage and who is on it."""

    stage: Stage
    actors: list[Actor]


def pictures(scene: Scene, count: int) -> Iterator[Bytes]:
    """`count` pictures of one whole loop, each valid until the next; YUV 4:2:0, height * 3 / 2 by width."""
    view, light = scene.stage.view, scene.stage.light
    still = Picture.of(scene.stage.canvas)
    frame = Picture(view.width, view.rows)
    noises = _noises(scene)
    for number in range(count):
        frame.whole[:] = still.whole
        seen = (actor.seen(view, light, number / count) for actor in scene.actors)
        _lay([found for found in seen if found is not None], scene.stage.standing, frame)
        luma = frame.planes[0]
        np.minimum(luma, _BRIGHTEST, out=luma)
        np.add(luma, noises[number % _NOISES], out=luma)
        yield frame.whole


def _lay(moving: list[tuple[float, Sprite]], standing: list[tuple[float, Sprite]], frame: Picture) -> None:
    """From the farthest to the nearest. What stands is in the picture already, and laid again over who is behind it."""
    behind: list[Sprite] = []
    things = [(far, sprite, True) for far, sprite in moving] + [(far, sprite, False) for far, sprite in standing]
    for _, sprite, moves in sorted(things, key=lambda thing: -thing[0]):
        if moves:
            behind.append(sprite)
        if moves or any(sprite.touches(other) for other in behind):
            sprite.lay(frame)


def _noises(scene: Scene) -> list[Bytes]:
    view, rng = scene.stage.view, np.random.default_rng(7)
    grain = _GRAIN * (1.6 if scene.stage.light.night else 1.0)
    made = rng.normal(grain * 1.5, grain, (_NOISES, view.rows, view.width))
    return [np.clip(one, 0, 255 - _BRIGHTEST).astype(np.uint8) for one in made]
