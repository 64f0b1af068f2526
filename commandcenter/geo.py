"""Coordinates of the city's data (WGS-84, GCJ-02, CGCS2000, any EPSG code) and of the map's plane (Web Mercator).

Everything is kept as WGS-84 longitude and latitude; the map draws in EPSG:3857. PROJ does the projections. GCJ-02, the
shifted datum of public Chinese web maps, is in no EPSG register: its formula is the published one
(https://github.com/googollee/eviltransform, public domain), here for whole arrays.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

if TYPE_CHECKING:
    from pyproj import Transformer

Points = NDArray[np.float64]  # (n, 2): longitude and latitude in degrees, or x and y in metres

WGS84, GCJ02, CGCS2000 = "WGS-84", "GCJ-02", "CGCS2000"
_CODES = {WGS84: "EPSG:4326", CGCS2000: "EPSG:4490"}
_PLANE = "EPSG:3857"

_AXIS, _ECCENTRICITY_2 = 6378245.0, 0.00669342162296594323  # Krassowsky 1940, as the shift was made with it
_CHINA = (72.004, 0.8293, 137.8347, 55.8271)  # outside of it GCJ-02 is WGS-84
_TURNS = 6  # each shrinks the error of the inverse by more than a hundred


class UnknownCrs(ValueError):
    """A coordinate system that nobody knows; the text says which are known."""


def to_plane(lonlat: ArrayLike) -> Points:
    """WGS-84 degrees (n, 2) as metres of Web Mercator (n, 2): x to the east, y to the north."""
    return _transformed(_transformer(_CODES[WGS84], _PLANE), lonlat)


def to_lonlat(plane: ArrayLike) -> Points:
    """Metres of Web Mercator (n, 2) as WGS-84 degrees (n, 2)."""
    return _transformed(_transformer(_PLANE, _CODES[WGS84]), plane)


def from_crs(xy: ArrayLike, crs: str) -> Points:
    """Coordinates (n, 2) in "WGS-84", "GCJ-02", "CGCS2000" or any "EPSG:n" (east before north) as WGS-84 degrees.

    Raises UnknownCrs. CGCS2000 and WGS-84 differ by centimetres; PROJ takes them for the same.
    """
    if crs == GCJ02:
        return _without_shift(_pairs(xy))
    return _transformed(_transformer(_code(crs), _CODES[WGS84]), xy)


def to_crs(lonlat: ArrayLike, crs: str) -> Points:
    """WGS-84 degrees (n, 2) in another system; see from_crs."""
    if crs == GCJ02:
        lonlat = _pairs(lonlat)
        return lonlat + _shift(lonlat)
    return _transformed(_transformer(_CODES[WGS84], _code(crs)), lonlat)


def ground_scale(latitude: float) -> float:
    """Metres of the plane for one metre on the ground (within 0.7 %): Web Mercator stretches to the poles."""
    return float(1.0 / np.cos(np.radians(latitude)))


def _code(crs: str) -> str:
    if crs in _CODES:
        return _CODES[crs]
    if crs.upper().startswith("EPSG:"):
        return crs.upper()
    raise UnknownCrs(f"未知的坐标系 {crs}：请用 WGS-84、GCJ-02、CGCS2000 或 EPSG:编号")


@cache
def _transformer(source: str, target: str) -> Transformer:
    from pyproj import Transformer  # 100 ms: a desk without a map does not pay
    from pyproj.exceptions import CRSError, ProjError

    try:
        return Transformer.from_crs(source, target, always_xy=True)
    except (CRSError, ProjError) as error:
        raise UnknownCrs(f"坐标系 {source} → {target} 无法换算：请核对 EPSG 编号") from error


def _transformed(transformer: Transformer, xy: ArrayLike) -> Points:
    pairs = _pairs(xy)
    columns: tuple[Any, Any] = transformer.transform(pairs[:, 0], pairs[:, 1])
    return np.column_stack(columns)


def _pairs(xy: ArrayLike) -> Points:
    return np.asarray(xy, np.float64).reshape(-1, 2)


def _without_shift(shifted: Points) -> Points:
    plain = shifted
    for _ in range(_TURNS):
        plain = shifted - _shift(plain)
    return plain


def _shift(lonlat: Points) -> Points:
    """Degrees that GCJ-02 lies off, at WGS-84 places."""
    lon, lat = lonlat[:, 0], lonlat[:, 1]
    x, y = lon - 105.0, lat - 35.0
    root = np.sqrt(np.abs(x))
    common = (20.0 * np.sin(6.0 * np.pi * x) + 20.0 * np.sin(2.0 * np.pi * x)) * 2.0 / 3.0
    north = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root + common + _waves(y, 160.0, 320.0)
    east = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root + common + _waves(x, 150.0, 300.0)
    shifts = np.column_stack([east / _metres_per_degree_east(lat), north / _metres_per_degree_north(lat)])
    west, south, far_east, far_north = _CHINA
    within = (lon >= west) & (lon <= far_east) & (lat >= south) & (lat <= far_north)
    return np.where(within[:, None], shifts, 0.0)


def _waves(along: NDArray[np.float64], short: float, long: float) -> NDArray[np.float64]:
    near = 20.0 * np.sin(np.pi * along) + 40.0 * np.sin(np.pi / 3.0 * along)
    far = short * np.sin(np.pi / 12.0 * along) + long * np.sin(np.pi / 30.0 * along)
    return np.asarray((near + far) * 2.0 / 3.0)


def _flattening(lat: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(1.0 - _ECCENTRICITY_2 * np.sin(np.radians(lat)) ** 2)


def _metres_per_degree_east(lat: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(np.pi / 180.0 * _AXIS / np.sqrt(_flattening(lat)) * np.cos(np.radians(lat)))


def _metres_per_degree_north(lat: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(np.pi / 180.0 * _AXIS * (1.0 - _ECCENTRICITY_2) / _flattening(lat) ** 1.5)
