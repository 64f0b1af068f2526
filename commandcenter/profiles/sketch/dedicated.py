"""Draws dedicated grids (专属网格): a station, park or campus inside the grids of its community (示意)."""

from __future__ import annotations

import math
from collections.abc import Sequence

import shapely
from shapely.geometry import Polygon

from commandcenter.profiles.model import GridCell
from commandcenter.profiles.sketch.catalogue import Cells
from commandcenter.profiles.sketch.territory import PRECISION_DEG, ring

_INSET = 0.12  # of the side of a square as large as the grid around it


def draw_dedicated(sites: Sequence[Cells], grids: Sequence[GridCell]) -> list[GridCell]:
    """One grid per site (columns community_key, name), inside the largest unit grids of its community.

    Raises ValueError when a community has more sites than unit grids.
    """
    taken: dict[str, int] = {}
    found = []
    for site in sites:
        community = site["community_key"]
        taken[community] = number = taken.get(community, 0) + 1
        around = _by_size(community, grids)
        if number > len(around):
            raise ValueError(f"{site['name']}: community {community} has {len(around)} unit grids only")
        key, home = f"{community}-Z{number:02d}", around[number - 1]
        shape = ring(_inside(Polygon(home.polygon)))
        found.append(GridCell(key, None, home.street_key, community, "dedicated", key, site["name"], shape))
    return found


def _by_size(community: str, grids: Sequence[GridCell]) -> list[GridCell]:
    own = [grid for grid in grids if grid.community_key == community and grid.kind == "unit"]
    return sorted(own, key=lambda grid: -Polygon(grid.polygon).area)


def _inside(around: Polygon) -> Polygon:
    inner = around.buffer(-_INSET * math.sqrt(around.area), join_style="mitre")
    largest = max(shapely.get_parts(inner), key=lambda part: part.area)
    return shapely.set_precision(largest, PRECISION_DEG)
