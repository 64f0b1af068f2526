"""Areas on the earth and a local metre plane for outlines given in WGS-84 degrees."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Final

import numpy as np
import numpy.typing as npt
import shapely

_SEMI_MAJOR_M: Final = 6_378_137.0
_ECCENTRICITY: Final = math.sqrt(0.006_694_379_990_141)
METRES_PER_DEGREE: Final = math.pi * _SEMI_MAJOR_M / 180


def area_km2(rings: Iterable[tuple[tuple[float, float], ...]]) -> float:
    """Area in km² of the union of rings of (lon, lat) degrees, on the WGS-84 ellipsoid.

    Lambert's cylindrical equal-area projection: x = a·λ, y = a·q(φ)/2 with the authalic q of
    Snyder, Map Projections: A Working Manual (USGS 1395), eq. 3-12.
    """
    union = shapely.union_all([shapely.Polygon(ring) for ring in rings])
    return float(shapely.transform(union, _equal_area).area) / 1e6


def to_metres(geometry: shapely.Geometry, origin: tuple[float, float]) -> shapely.Geometry:
    """Degrees → metres east and north of ``origin`` (lon, lat); good to 0.1 % within a district."""
    return shapely.transform(geometry, lambda xy: (xy - origin) * _scale(origin))


def to_degrees(geometry: shapely.Geometry, origin: tuple[float, float]) -> shapely.Geometry:
    """The inverse of :func:`to_metres`."""
    return shapely.transform(geometry, lambda xy: xy / _scale(origin) + origin)


def _scale(origin: tuple[float, float]) -> npt.NDArray[np.float64]:
    return METRES_PER_DEGREE * np.array([math.cos(math.radians(origin[1])), 1.0])


def _equal_area(lonlat: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    radians = np.radians(lonlat)
    e, sin = _ECCENTRICITY, np.sin(radians[:, 1])
    q = (1 - e * e) * (sin / (1 - (e * sin) ** 2) + np.arctanh(e * sin) / e)
    return _SEMI_MAJOR_M * np.stack([radians[:, 0], q / 2], axis=1)
