"""The camera: where the world's points lie in its picture. World: x to the right, y up, z ahead, metres."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray

Points = NDArray[np.float64]
_NEAREST = 0.6  # metres; what is nearer is cut off


@dataclass(frozen=True)
class View:
    """A camera `height` metres above (0, 0) that looks along z, turned right by `yaw` and down by `pitch` (degrees).

    width, rows: of its picture, pixels. zoom: focal length over the picture's width.
    """

    width: int
    rows: int
    height: float = 7.0
    yaw: float = 0.0
    pitch: float = 14.0
    zoom: float = 0.78

    @property
    def focal(self) -> float:
        """Pixels."""
        return self.zoom * self.width

    @cached_property
    def _turn(self) -> Points:
        yaw, pitch = np.radians(self.yaw), np.radians(self.pitch)
        level = np.array([[np.cos(yaw), 0, -np.sin(yaw)], [0, 1, 0], [np.sin(yaw), 0, np.cos(yaw)]])
        down = np.array([[1, 0, 0], [0, np.cos(pitch), np.sin(pitch)], [0, -np.sin(pitch), np.cos(pitch)]])
        return np.asarray(down @ level)

    @cached_property
    def _rows(self) -> list[list[float]]:
        """The same in plain numbers: for one point numpy takes longer than the sum."""
        return [[float(value) for value in row] for row in self._turn]

    def seen(self, points: ArrayLike) -> Points:
        """World points (n x 3) as the camera sees them: right, up, ahead."""
        return np.asarray((np.asarray(points, float) - (0, self.height, 0)) @ self._turn.T)

    def flat(self, seen: Points) -> Points:
        """Pixels (n x 2) of points the camera sees."""
        ahead = np.maximum(seen[:, 2], _NEAREST)
        return np.stack([self.width / 2 + self.focal * seen[:, 0] / ahead,
                         self.rows / 2 - self.focal * seen[:, 1] / ahead], axis=1)  # fmt: skip

    def corners(self, polygon: ArrayLike) -> Points:
        """A polygon's corners in the picture; without those behind the camera, maybe none."""
        return self.flat(_cut_near(self.seen(polygon)))

    def spot(self, x: float, y: float, z: float) -> tuple[float, float, float]:
        """Pixel of a point, and how many pixels a metre has there; 0 when it is behind the camera."""
        across, up, ahead = (a * x + b * (y - self.height) + c * z for a, b, c in self._rows)
        if ahead <= _NEAREST:
            return 0.0, 0.0, 0.0
        metre = self.focal / ahead
        return self.width / 2 + across * metre, self.rows / 2 - up * metre, metre

    def ground(self) -> tuple[Points, Points, Points]:
        """For each pixel x and z of the ground it shows, and how far that is; infinite above the horizon."""
        right = (np.arange(self.width) + 0.5 - self.width / 2) / self.focal
        up = (self.rows / 2 - np.arange(self.rows) - 0.5) / self.focal
        rays = np.stack(np.broadcast_arrays(right[None, :], up[:, None], 1.0), axis=-1) @ self._turn
        with np.errstate(divide="ignore", invalid="ignore"):
            far = np.where(rays[..., 1] < 0, -self.height / rays[..., 1], np.inf)
            return rays[..., 0] * far, rays[..., 2] * far, far


def _cut_near(seen: Points) -> Points:
    """Sutherland and Hodgman's cut along the plane just before the camera."""
    if (seen[:, 2] >= _NEAREST).all():
        return seen
    kept: list[Points] = []
    for here, after in zip(seen, np.roll(seen, -1, axis=0), strict=True):
        if here[2] >= _NEAREST:
            kept.append(here)
        if (here[2] >= _NEAREST) != (after[2] >= _NEAREST):
            kept.append(here + (after - here) * (_NEAREST - here[2]) / (after[2] - here[2]))
    return np.array(kept).reshape(-1, 3)
