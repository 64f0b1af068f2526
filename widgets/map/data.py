"""What a map is given: plain values in metres of Web Mercator (EPSG:3857), x to the east, y to the north."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from widgets.tones import Tone

Points = NDArray[np.float64]  # (n, 2)
Ids = NDArray[np.int64]  # (n,)
Boxes = NDArray[np.float64]  # (n, 4): left, top, right, bottom
Shape = Literal["circle", "square", "triangle", "diamond", "ring", "camera", "person"]


class Bounds(NamedTuple):
    """A rectangle of the plane, in metres."""

    west: float
    south: float
    east: float
    north: float

    @classmethod
    def around(cls, points: Points, margin: float = 0.0) -> Bounds:
        """The rectangle around points (n ≥ 1), wider by `margin` metres on each side."""
        west, south = points.min(axis=0) - margin
        east, north = points.max(axis=0) + margin
        return cls(float(west), float(south), float(east), float(north))


class View(NamedTuple):
    """What the canvas looks at: its middle and its scale, in metres of the plane per device-independent pixel."""

    x: float
    y: float
    metres_per_pixel: float


@dataclass(frozen=True, slots=True)
class CellGeometry:
    """Cells as one outer ring each. Cell i has vertices[offsets[i]:offsets[i + 1]], not closed.

    ids (m,), vertices (n, 2) in metres, offsets (m + 1,) from 0 to n, groups (m,): borders between two groups (streets)
    are drawn stronger. Rings have at least three vertices; neighbours share theirs exactly.
    """

    ids: Ids
    vertices: Points
    offsets: Ids
    groups: Ids

    def __post_init__(self) -> None:
        """Raises ValueError for arrays that do not belong together."""
        count = len(self.ids)
        if len(self.offsets) != count + 1 or len(self.groups) != count or self.vertices.shape[1:] != (2,):
            raise ValueError("cells: ids, offsets and groups do not fit each other")
        if int(self.offsets[0]) != 0 or int(self.offsets[-1]) != len(self.vertices):
            raise ValueError("cells: offsets do not cover the vertices")
        if count and int(np.diff(self.offsets).min()) < 3:
            raise ValueError("cells: a ring has fewer than three vertices")


@dataclass(frozen=True, slots=True)
class Sprite:
    """How a kind of marker looks; the theme draws it. Shape and tone differ per kind: never colour alone."""

    shape: Shape
    tone: Tone = Tone.NORMAL


@dataclass(frozen=True, slots=True)
class Label:
    """A word at a point; where two collide, the one of higher rank stays. Ranks from 2 are written large and strong,
    from 1 strong. nearer_than: shown only below so many metres per pixel."""

    text: str
    x: float
    y: float
    rank: float = 0.0
    nearer_than: float = float("inf")


@dataclass(frozen=True, slots=True)
class Pulse:
    """A calm ring that asks for a look (a whistle)."""

    id: int
    x: float
    y: float
    tone: Tone = Tone.ACTION


@dataclass(frozen=True, slots=True, eq=False)
class Heat:
    """Density over a rectangle of the plane: values (h, w), first row in the north; 0 is transparent, the greatest
    value is the strongest colour."""

    bounds: Bounds
    values: NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Track:
    """A way that somebody went: points (n, 2), oldest first."""

    points: Points
    tone: Tone = Tone.ACTION
