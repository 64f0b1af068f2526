"""Where problems lie: grids with hot spots, points inside them, and addresses."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import accumulate
from random import Random

from commandcenter.domain.model import Directory
from commandcenter.profiles.model import Profile
from commandcenter.simulation.data import CityData

Ring = tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class Place:
    """A unit grid (单元网格) with its outline (lon, lat)."""

    grid_id: int
    street_id: int
    community_id: int | None
    street_key: str
    street: str
    community: str
    ring: Ring


class Places:
    """Draws places so that some grids see far more than others; the same seed, the same hot spots."""

    def __init__(self, profile: Profile, directory: Directory, data: CityData, seed: int) -> None:
        self._data = data
        self._places = _places(profile, directory)
        rng = Random(f"{seed}/hot spots")
        hot, weight = data.rhythm["hot_share"], data.rhythm["hot_weight"]
        weights = (rng.uniform(0.5, 1.5) * (weight if rng.random() < hot else 1.0) for _ in self._places)
        self._weights = list(accumulate(weights))

    def draw(self, rng: Random) -> Place:
        """A grid where something happened."""
        return rng.choices(self._places, cum_weights=self._weights)[0]

    def in_street(self, rng: Random, street_id: int | None) -> Place:
        """A grid of a street, any at all where it has none."""
        return rng.choice([place for place in self._places if place.street_id == street_id] or self._places)

    def in_community(self, rng: Random, community_id: int) -> Place | None:
        """A grid of a community; None where it has none."""
        found = [place for place in self._places if place.community_id == community_id]
        return rng.choice(found) if found else None

    def address(self, rng: Random, place: Place) -> str:
        """An address such as 安德里北街21号东侧."""
        words, roads = self._data.words, self._data.roads.get(place.street_key, ())
        numbers = {"n": rng.randint(1, 128), "k": rng.randint(1, 6), "community": place.community}
        if not roads or rng.random() < 0.16:
            return str(rng.choice(words["yards"])).format(**numbers)
        road, cross = rng.sample(roads, 2)
        return road + str(rng.choice(words["spots"])).format(cross=cross, **numbers)


def point_in(rng: Random, ring: Ring) -> tuple[float, float]:
    """A random point inside a ring of (lon, lat), six decimals; a corner if the ring is too thin to hit."""
    lons, lats = [p[0] for p in ring], [p[1] for p in ring]
    for _ in range(60):
        lon = round(rng.uniform(min(lons), max(lons)), 6)
        lat = round(rng.uniform(min(lats), max(lats)), 6)
        if contains(ring, lon, lat):
            return lon, lat
    return ring[0]


def contains(ring: Ring, lon: float, lat: float) -> bool:
    """Whether a point lies inside a ring (crossing number)."""
    inside, (x1, y1) = False, ring[-1]
    for x2, y2 in ring:
        if (y1 > lat) != (y2 > lat) and lon < (x2 - x1) * (lat - y1) / (y2 - y1) + x1:
            inside = not inside
        x1, y1 = x2, y2
    return inside


def _places(profile: Profile, directory: Directory) -> list[Place]:
    ids = {grid.key: grid for grid in directory.grids.values()}
    found = []
    for cell in profile.grids:
        grid = ids.get(cell.key)
        if cell.kind != "unit" or grid is None:
            continue
        street = directory.orgs[grid.street_id]
        community = directory.orgs.get(grid.community_id or 0)
        name = community.name if community else street.name
        found.append(
            Place(grid.id, grid.street_id, grid.community_id, street.key, street.name, name, cell.polygon)
        )
    return found
