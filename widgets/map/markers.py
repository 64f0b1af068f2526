"""One layer of markers: where each stands, what it looks like, and which lie under the hand."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from widgets.map.crowds import Crowds, everyone_alone, gather
from widgets.map.data import Ids, Points, Sprite

Clock = Callable[[], float]


class MarkerLayer:
    """Markers by id. `kinds` index the layer's sprites. `xy` is where a marker belongs; while it glides there, `shown`
    tells where it is seen."""

    def __init__(
        self, name: str, sprites: Sequence[Sprite], clustered: bool, z: int, glide: float, clock: Clock
    ) -> None:
        self.name, self.sprites, self.clustered, self.z, self.glide = name, tuple(sprites), clustered, z, glide
        self.visible = True
        self._clock = clock
        self._crowds: tuple[float, Crowds] | None = None
        self.set(np.empty(0, np.int64), np.empty((0, 2)), None)

    def __len__(self) -> int:
        return len(self.ids)

    def set(self, ids: ArrayLike, xy: ArrayLike, kinds: ArrayLike | None) -> None:
        """Have these and no others; they jump. Raises ValueError if the arrays do not belong together."""
        self.ids: Ids = np.array(ids, np.int64)
        self.xy: Points = np.array(xy, np.float64).reshape(-1, 2)
        self.kinds: Ids = np.zeros(len(self.ids), np.int64) if kinds is None else np.array(kinds, np.int64)
        if not len(self.ids) == len(self.xy) == len(self.kinds):
            raise ValueError(f"{self.name}: ids, places and kinds do not fit each other")
        if len(self.kinds) and not 0 <= int(self.kinds.min()) <= int(self.kinds.max()) < len(self.sprites):
            raise ValueError(f"{self.name}: a kind without a sprite")
        self._rows = {key: row for row, key in enumerate(self.ids.tolist())}
        self._from, self._began = self.xy.copy(), np.full(len(self.ids), -np.inf)
        self._until, self._crowds, self._arrived = -np.inf, None, True

    def move(self, ids: ArrayLike, xy: ArrayLike, kinds: ArrayLike | None) -> Ids:
        """These belong elsewhere now, or look otherwise; who was not there is added, of the first kind if none is
        given. Returns their rows."""
        keys = np.asarray(ids, np.int64)
        xy = np.asarray(xy, np.float64).reshape(-1, 2)
        looks = None if kinds is None else np.asarray(kinds, np.int64)
        rows = self.rows_of(keys)
        old = rows >= 0
        self._glide_to(rows[old], xy[old])
        if looks is not None:
            self.kinds[rows[old]] = looks[old]
        if not old.all():
            self._add(keys[~old], xy[~old], None if looks is None else looks[~old])
            rows = self.rows_of(keys)
        self._crowds = None
        return rows

    def remove(self, ids: ArrayLike) -> None:
        """These are gone; who was not there does not matter."""
        self._keep(~np.isin(self.ids, np.asarray(ids, np.int64)))

    def rows_of(self, ids: Ids) -> Ids:
        """Rows of these ids; -1 for one that is not there."""
        rows = self._rows
        return np.array([rows.get(key, -1) for key in ids.tolist()], np.int64)

    # ------------------------------------------------------------ gliding
    @property
    def gliding(self) -> bool:
        """Whether somebody is still on his way."""
        return self._clock() < self._until

    def shown(self) -> Points:
        """Where all markers are seen now."""
        now = self._clock()
        if now >= self._until:
            return self.xy
        part = np.clip((now - self._began) / self.glide, 0.0, 1.0)[:, None]
        return self._from + (self.xy - self._from) * part

    @property
    def restless(self) -> bool:
        """Whether what was painted last is not where all belong."""
        return not self._arrived

    def note_painted(self) -> None:
        """What `shown` tells is painted now."""
        self._arrived = not self.gliding

    def speed(self) -> float:
        """Metres a second of the fastest that is on his way."""
        if not self.gliding:
            return 0.0
        going = self._clock() < self._began + self.glide
        way = self.xy[going] - self._from[going]
        return float(np.hypot(way[:, 0], way[:, 1]).max(initial=0.0)) / self.glide

    def _glide_to(self, rows: Ids, xy: Points) -> None:
        if self.glide > 0 and len(rows):
            now = self._clock()
            self._from[rows] = self.shown()[rows]
            self._began[rows], self._until, self._arrived = now, now + self.glide, False
        self.xy[rows] = xy

    def _add(self, ids: Ids, xy: Points, kinds: Ids | None) -> None:
        before = self._from, self._began, self._until, self._arrived
        new = np.zeros(len(ids), np.int64) if kinds is None else kinds
        self.set(np.r_[self.ids, ids], np.r_[self.xy, xy], np.r_[self.kinds, new])
        count = len(before[0])
        self._from[:count], self._began[:count], self._until, self._arrived = before

    def _keep(self, rows: NDArray[np.bool_]) -> None:
        before = self._from[rows], self._began[rows], self._until, self._arrived
        self.set(self.ids[rows], self.xy[rows], self.kinds[rows])
        self._from, self._began, self._until, self._arrived = before

    # ------------------------------------------------------------ crowds
    @property
    def shift(self) -> float:
        """Of this layer's squares, in sides."""
        return self.z % 2 / 2

    def crowds(self, side: float) -> Crowds:
        """Bubbles and singles, with squares of this side (metres); everybody by himself where the layer has none."""
        if self._crowds is None or self._crowds[0] != side:
            if self.clustered:
                found = gather(self.xy, self.kinds, len(self.sprites), side, self.shift)
            else:
                found = everyone_alone(len(self.ids), len(self.sprites))
            self._crowds = side, found
        return self._crowds[1]

    def bubble_at(self, x: float, y: float, reach: float, side: float) -> Ids:
        """Rows in the bubble that covers a point of the plane; none without one."""
        crowds = self.crowds(side)
        bubble = _nearest(crowds.centres, x, y, reach)
        return crowds.members_of(bubble) if bubble is not None else np.empty(0, np.int64)

    def single_at(self, x: float, y: float, reach: float, side: float) -> int | None:
        """The id of the single marker nearest to a point of the plane, at most `reach` metres away."""
        singles = self.crowds(side).singles
        place = _nearest(self.shown()[singles], x, y, reach)
        return int(self.ids[singles[place]]) if place is not None else None


def _nearest(places: Points, x: float, y: float, reach: float) -> int | None:
    if not len(places):
        return None
    distance = np.hypot(places[:, 0] - x, places[:, 1] - y)
    row = int(distance.argmin())
    return row if distance[row] <= reach else None
