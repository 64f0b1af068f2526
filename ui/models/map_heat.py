"""Density of cases over space and time: which hours, weekdays and items count, binned and smoothed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from commandcenter.domain.map import CasePlaces
from commandcenter.geo import to_plane
from widgets.map.data import Bounds, Heat

DAY_S = 86_400.0
PERIODS = {"today": "今日", "week": "近 7 天", "month": "近 30 天", "quarter": "近 90 天"}
_DAYS = {"week": 7, "month": 30, "quarter": 90}
HOURS = {"night": ("0–6 时", 0, 6), "morning": ("6–12 时", 6, 12), "afternoon": ("12–18 时", 12, 18),
         "evening": ("18–24 时", 18, 24)}  # fmt: skip
WEEKDAYS = {"work": ("周一至周五", (0, 1, 2, 3, 4)), "rest": ("周六、周日", (5, 6)),
            **{f"day_{n}": (f"周{name}", (n,)) for n, name in enumerate("一二三四五六日")}}  # fmt: skip
_LONG_SIDE = 240  # bins
_SIGMA = 2.5      # bins
_REACH = 3        # sigmas


@dataclass(frozen=True, slots=True)
class HeatFilter:
    """hours: from, until, of the local day; weekdays: Monday 0; None: all. items: ids, none: all."""

    period: str = "month"
    hours: tuple[int, int] | None = None
    weekdays: tuple[int, ...] | None = None
    items: tuple[int, ...] = ()


def period_of(period: str, now: float, zone: ZoneInfo) -> tuple[float, float]:
    """Since and until, Unix seconds: today from midnight of the city, else so many days back from now."""
    if period == "today":
        return datetime.fromtimestamp(now, zone).replace(hour=0, minute=0, second=0, microsecond=0).timestamp(), now
    return now - _DAYS[period] * DAY_S, now


def wanted(places: CasePlaces, how: HeatFilter, zone: ZoneInfo) -> NDArray[np.bool_]:
    """Which of the cases count, (n,)."""
    hour, weekday = local_times(places.at, zone)
    counts = np.ones(len(places.at), bool)
    if how.hours is not None:
        counts &= (hour >= how.hours[0]) & (hour < how.hours[1])
    if how.weekdays is not None:
        counts &= np.isin(weekday, how.weekdays)
    if how.items:
        counts &= np.isin(places.item_ids, how.items)
    return counts


def local_times(at: NDArray[np.float64], zone: ZoneInfo) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Hour of the local day and weekday (Monday 0) of Unix times (n,), each by the offset of its own hour."""
    hours, which = np.unique(np.floor(at / 3600.0).astype(np.int64), return_inverse=True)
    local = [datetime.fromtimestamp(int(hour) * 3600, zone) for hour in hours]
    offset = np.array([moment.utcoffset().total_seconds() for moment in local])[which] if local else at
    seconds = np.floor(at + offset).astype(np.int64)
    return seconds % 86_400 // 3600, (seconds // 86_400 + 3) % 7


def heat_of(lonlat: NDArray[np.float64], around: Bounds) -> Heat:
    """Density over a rectangle of the plane: cases per bin, smoothed by a Gauss of 2.5 bins; bins are square."""
    wide, high = around.east - around.west, around.north - around.south
    side = max(wide, high) / _LONG_SIDE
    columns, rows = max(1, round(wide / side)), max(1, round(high / side))
    plane = to_plane(lonlat) if len(lonlat) else np.empty((0, 2))
    counts, _, _ = np.histogram2d(plane[:, 1], plane[:, 0], bins=(rows, columns),
                                  range=((around.south, around.north), (around.west, around.east)))  # fmt: skip
    return Heat(around, _smoothed(counts)[::-1])  # the first row lies in the north


def _smoothed(counts: NDArray[np.float64]) -> NDArray[np.float64]:
    steps = np.arange(-round(_REACH * _SIGMA), round(_REACH * _SIGMA) + 1)
    kernel = np.exp(-0.5 * (steps / _SIGMA) ** 2)
    kernel /= kernel.sum()
    for axis in (0, 1):
        counts = np.apply_along_axis(lambda line: _convolved(line, kernel), axis, counts)
    return counts


def _convolved(line: NDArray[np.float64], kernel: NDArray[np.float64]) -> NDArray[np.float64]:
    """As long as the line, also where the kernel is longer."""
    start = (len(kernel) - 1) // 2
    return np.convolve(line, kernel)[start:start + len(line)]
