"""Where the time axis is marked: full hours of the city, midnights, or first days of months, as the span allows."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

Local = Callable[[float], datetime]
Mark = tuple[float, str]
_HOUR_STEPS = (1, 2, 3, 4, 6, 12)
_DAY_STEPS = (1, 2, 7, 14)


def time_marks(since: float, until: float, most: int, local: Local) -> list[Mark]:
    """At most `most` moments (Unix seconds) with their words; `local` tells the city's time of a moment.

    Up to two days full hours (06:00, and 24:00 where the span ends), beyond them days (11-22), then months (2026-11).
    """
    hours, most = (until - since) / 3600, max(2, most)
    if hours <= 48:
        step = next((step for step in _HOUR_STEPS if hours / step < most), 24)
        return _hours(since, until, step, local)
    days = next((step for step in _DAY_STEPS if hours / 24 / step < most), 0)
    return _days(since, until, days, local) if days else _months(since, until, most, local)


def _midnight(at: float, local: Local) -> datetime:
    return local(at).replace(hour=0, minute=0, second=0, microsecond=0)


def _hours(since: float, until: float, step: int, local: Local) -> list[Mark]:
    marks, day = [], _midnight(since, local)
    while day.timestamp() <= until:
        for hour in range(0, 24, step):
            at = day.replace(hour=hour).timestamp()
            if since <= at <= until:
                marks.append((at, "24:00" if hour == 0 and at == until else f"{hour:02d}:00"))
        day = _next(day)
    return marks


def _next(day: datetime, days: int = 1) -> datetime:
    return (day + timedelta(days=days)).replace(hour=0)


def _days(since: float, until: float, step: int, local: Local) -> list[Mark]:
    day = _midnight(since, local)
    day = day if day.timestamp() >= since else _next(day)
    marks = []
    while day.timestamp() <= until:
        marks.append((day.timestamp(), f"{day:%m-%d}"))
        day = _next(day, step)
    return marks


def _months(since: float, until: float, most: int, local: Local) -> list[Mark]:
    first, last = local(since), local(until)
    count, end = first.year * 12 + first.month - 1, last.year * 12 + last.month - 1
    step = next((step for step in (1, 3, 6, 12) if (end - count) / step < most), 12 * ((end - count) // 12 // most + 1))
    marks = []
    for month in range(count, end + 1):
        day = first.replace(year=month // 12, month=month % 12 + 1, day=1, hour=0, minute=0, second=0, microsecond=0)
        if month % step == 0 and since <= day.timestamp() <= until:
            marks.append((day.timestamp(), f"{day:%Y-%m}"))
    return marks


def moment_words(at: float, span_s: float, local: Local) -> str:
    """A moment on a chart of this span: 14:20, or with its day, or the day alone."""
    here = local(at)
    if span_s <= 26 * 3600:
        return f"{here:%H:%M}"
    return f"{here:%m-%d %H:%M}" if span_s <= 9 * 86400 else f"{here:%Y-%m-%d}"
