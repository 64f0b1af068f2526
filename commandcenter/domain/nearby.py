"""Cases near a point, and a point as people type it: 116.41,39.92 300."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import asin, cos, radians, sin, sqrt

from commandcenter.domain.errors import InvalidInput
from commandcenter.domain.model import CaseRow

EXAMPLE = "116.41,39.92 300"
_DIAMETER_M = 12_742_000.0  # the same sphere as cc.metres_between
_USUAL_M, _MOST_M, _FAR_M = 300, 5_000, 100_000
_FIGURES = re.compile(r"-?\d+(?:\.\d+)?")


@dataclass(frozen=True, slots=True)
class Circle:
    """A place and its surroundings: WGS-84 degrees, metres."""

    lon: float
    lat: float
    metres: int


def is_circle(words: Sequence[str]) -> bool:
    """Whether a place is meant and no case: running numbers have neither comma nor point."""
    return bool(words) and any(mark in words[0] for mark in ",，.")


def circle_of(words: Sequence[str]) -> Circle:
    """From the words of a command; 300 m if no radius is written. Raises InvalidInput with what to type instead."""
    parts = [part for part in re.split(r"[\s,，;；]+", " ".join(words).strip().removesuffix("米")) if part]
    if len(parts) not in (2, 3) or not all(_FIGURES.fullmatch(part) for part in parts):
        raise InvalidInput(f"请写 经度,纬度 半径（米），例：{EXAMPLE}")
    lon, lat = float(parts[0]), float(parts[1])
    metres = float(parts[2]) if len(parts) == 3 else float(_USUAL_M)
    if not (-180 <= lon <= 180 and -90 <= lat <= 90):
        raise InvalidInput(f"经度须在 ±180、纬度须在 ±90 之内，经度写在前，例：{EXAMPLE}")
    if not 1 <= metres <= _MOST_M:
        raise InvalidInput(f"半径须为 1 至 {_MOST_M:,} 米，例：{EXAMPLE}")
    return Circle(lon, lat, round(metres))


def metres_between(lon_a: float, lat_a: float, lon_b: float, lat_b: float) -> float:
    """On the sphere."""
    up, along = radians(lat_b - lat_a) / 2, radians(lon_b - lon_a) / 2
    part = sin(up) ** 2 + cos(radians(lat_a)) * cos(radians(lat_b)) * sin(along) ** 2
    return _DIAMETER_M * asin(min(1.0, sqrt(part)))


def cases_in(circle: Circle, rows: Iterable[CaseRow]) -> list[CaseRow]:
    """Open cases inside, nearest first. Raises InvalidInput where everything lies in another part of the world."""
    away = sorted(
        (metres_between(circle.lon, circle.lat, row.lon, row.lat), row.id, row)
        for row in rows
        if row.open and row.lon is not None and row.lat is not None
    )
    if away and away[0][0] > _FAR_M:
        raise InvalidInput(f"这一点离最近的在办案件 {away[0][0] / 1000:,.0f} 公里，请核对经纬度，经度写在前")
    return [row for metres, _, row in away if metres <= circle.metres]
