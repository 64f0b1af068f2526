"""One layer of markers: where each stands, what it looks like, and which lie under the hand."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from widgets.map.data import Ids, Points, Sprite


class MarkerLayer:
    """Markers by id. `kinds` index the layer's sprites."""

    def __init__(self, name: str, sprites: Sequence[Sprite], clustered: bool, z: int, glide: float) -> None:
        self.name, self.sprites, self.clustered, self.z, self.glide = name, tuple(sprites), clustered, z, glide
        self.shown = True
        self.ids: Ids = np.empty(0, np.int64)
        self.xy: Points = np.empty((0, 2))
        self.kinds: NDArray[np.int64] = np.empty(0, np.int64)
        self._rows: dict[int, int] = {}

    def __len__(self) -> int:
        return len(self.ids)

    def set(self, ids: Ids, xy: Points, kinds: Ids | None) -> None:
        """Have these and no others."""
        self.ids = np.array(ids, np.int64)
        self.xy = np.array(xy, np.float64).reshape(-1, 2)
        self.kinds = np.zeros(len(self.ids), np.int64) if kinds is None else np.array(kinds, np.int64)
        self._rows = {key: row for row, key in enumerate(self.ids.tolist())}

    def move(self, ids: Ids, xy: Points, kinds: Ids | None) -> None:
        """These stand elsewhere now; who was not there is added (of the first kind if none is given)."""
        known = [self._rows.get(key, -1) for key in np.asarray(ids).tolist()]
        rows = np.array(known, np.int64)
        old = rows >= 0
        xy = np.asarray(xy, np.float64).reshape(-1, 2)
        self.xy[rows[old]] = xy[old]
        if kinds is not None:
            kinds = np.asarray(kinds, np.int64)
            self.kinds[rows[old]] = kinds[old]
        if not old.all():
            new = ~old
            more = np.zeros(int(new.sum()), np.int64) if kinds is None else kinds[new]
            self.set(
                np.concatenate([self.ids, np.asarray(ids, np.int64)[new]]),
                np.concatenate([self.xy, xy[new]]),
                np.concatenate([self.kinds, more]),
            )

    def remove(self, ids: Ids) -> None:
        """These are gone; who was not there does not matter."""
        keep = ~np.isin(self.ids, np.asarray(ids, np.int64))
        self.set(self.ids[keep], self.xy[keep], self.kinds[keep])

    def row_of(self, key: int) -> int | None:
        """Where in the arrays a marker is."""
        return self._rows.get(key)

    def nearest(self, x: float, y: float, reach: float) -> int | None:
        """The marker nearest to a point of the plane, at most `reach` metres away."""
        if not len(self.ids):
            return None
        distance = np.hypot(self.xy[:, 0] - x, self.xy[:, 1] - y)
        row = int(distance.argmin())
        return int(self.ids[row]) if distance[row] <= reach else None
