"""A worker's day on foot: from place to place inside his own grid and back, with stops, as his phone would tell it."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from random import Random

import numpy as np
import numpy.typing as npt
import shapely

from commandcenter.profiles.geodesy import to_degrees, to_metres

DAY_S = 86_400.0
_BEGIN_S, _END_S, _LATE_S = 8 * 3600.0, 20 * 3600.0, 1800.0  # after midnight; some begin and end half an hour inside
_LUNCH_S = (12 * 3600.0, 13 * 3600.0)
_REST_DAYS = 7  # one in so many is free
_PLACES, _TRIES = 12, 48
_WALK_M_S = (0.9, 1.4)
_STOP_S = (15.0, 180.0)
_OFF_THE_EDGE_M = 10.0
_FIX_M = 3.0  # standard deviation of a fix
_WILD, _WILD_M = 0.001, 3000.0  # share of fixes that are wrong by so much

Ring = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Round:
    """Of one day. begin, end: Unix seconds; places: (k, 2) degrees, visited forth and back; until[i]: seconds of a lap
    after which stop (even i) or walk (odd i) ends; grid: his own, in metres about `origin` (lon, lat)."""

    key: str
    begin: float
    end: float
    lunch: tuple[float, float]
    places: Ring
    until: tuple[float, ...]
    grid: shapely.Polygon
    origin: tuple[float, float]

    def walks(self, t: float) -> bool:
        """Whether he is on his way at Unix time t."""
        return self._leg(t) % 2 == 1 and not self.lunch[0] <= t < self.lunch[1]

    def stands_for(self, t: float) -> float:
        """How many seconds he stays where he is at Unix time t."""
        if self.lunch[0] <= t < self.lunch[1]:
            return self.lunch[1] - t
        return 0.0 if self.walks(t) else self.until[self._leg(t)] - self._lap(t)

    def place(self, t: float) -> tuple[float, float]:
        """Where he is at Unix time t: lon, lat."""
        leg = self._leg(t)
        here, there = self.places[self._stop(leg // 2)], self.places[self._stop((leg + 1) // 2)]
        since = self.until[leg - 1] if leg else 0.0
        share = (self._lap(t) - since) / (self.until[leg] - since) if leg % 2 else 0.0
        lon, lat = (here + (there - here) * share).tolist()
        return lon, lat

    def fix(self, t: float) -> tuple[float, float]:
        """The same as his phone has it, a few metres beside it, now and then far off."""
        rng = Random(f"{self.key}:{t:.0f}")
        off = _WILD_M if rng.random() < _WILD else _FIX_M
        east, north = shapely.get_coordinates(to_metres(shapely.Point(self.place(t)), self.origin))[0]
        told = shapely.Point(east + rng.gauss(0, off), north + rng.gauss(0, off))
        if off == _FIX_M and not self.grid.covers(told):
            return self.place(t)
        lon, lat = shapely.get_coordinates(to_degrees(told, self.origin))[0].tolist()
        return lon, lat

    def _lap(self, t: float) -> float:
        """Seconds since this lap began; at lunch he rests where he is."""
        lunch = max(0.0, min(t, self.lunch[1]) - self.lunch[0])
        return max(0.0, t - self.begin - lunch) % self.until[-1]

    def _leg(self, t: float) -> int:
        return min(bisect_right(self.until, self._lap(t)), len(self.until) - 1)

    def _stop(self, number: int) -> int:
        """Forth and back again."""
        last = len(self.places) - 1
        return last - abs(number % (2 * last) - last) if last else 0


def round_of(seed: int, worker: int, ring: Ring, midnight: float) -> Round | None:
    """His round of the day that begins at `midnight` (Unix seconds); the same for the same seed. None: a free day."""
    day = int(midnight // DAY_S)
    if (worker + day) % _REST_DAYS == 0:
        return None
    key = f"{seed}:{worker}:{day}"
    rng = Random(key)
    origin = (float(ring[0][0]), float(ring[0][1]))
    grid = to_metres(shapely.Polygon(ring), origin)
    assert isinstance(grid, shapely.Polygon)
    spots = _spots(grid, rng)
    places = np.array([shapely.get_coordinates(to_degrees(shapely.Point(spot), origin))[0] for spot in spots])
    begin, end = midnight + _BEGIN_S + rng.uniform(0, _LATE_S), midnight + _END_S - rng.uniform(0, _LATE_S)
    lunch = (midnight + _LUNCH_S[0], midnight + _LUNCH_S[1])
    return Round(key, begin, end, lunch, places, _times(spots, rng), grid, origin)


def _spots(grid: shapely.Polygon, rng: Random) -> Ring:
    """Places off the edge, each in sight of the one before: the straight way stays in the grid."""
    inner = grid.buffer(-_OFF_THE_EDGE_M)
    if inner.is_empty:
        return np.array([[grid.representative_point().x, grid.representative_point().y]])
    west, south, east, north = inner.bounds
    tried = np.array([(rng.uniform(west, east), rng.uniform(south, north)) for _ in range(_TRIES)])
    found = [shapely.get_coordinates(inner.representative_point())[0]]
    shapely.prepare(grid)
    for spot in tried[shapely.contains_xy(inner, tried[:, 0], tried[:, 1])]:
        if len(found) < _PLACES and grid.covers(shapely.LineString([found[-1], spot])):
            found.append(spot)
    return np.array(found)


def _times(spots: Ring, rng: Random) -> tuple[float, ...]:
    """When each stop and each walk of a lap ends: through all places and back to the first."""
    order = [*range(len(spots)), *range(len(spots) - 2, -1, -1)]
    speed, t, until = rng.uniform(*_WALK_M_S), 0.0, []
    for here, there in zip(order, order[1:], strict=False):
        t += rng.uniform(*_STOP_S)
        until.append(t)
        t += max(1.0, float(np.hypot(*(spots[there] - spots[here]))) / speed)
        until.append(t)
    return tuple(until) or (_STOP_S[1],)
