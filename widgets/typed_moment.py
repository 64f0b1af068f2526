"""A moment of the past as people type it: 2026-11-20 14:32:08, 11-20 14:32, 14:32, -2小时."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

_CLOCK = r"(?P<hour>\d{1,2})[:：](?P<minute>\d{1,2})(?:[:：](?P<second>\d{1,2}))?"
_DATE = r"(?:(?P<year>\d{4})[-/.年])?(?P<month>\d{1,2})[-/.月](?P<day>\d{1,2})日?"
_DATED = re.compile(rf"{_DATE}(?:[T\s]+{_CLOCK})?")
_TIMED = re.compile(_CLOCK)
_MOVED = re.compile(r"(?P<sign>[-+])\s*(?P<number>\d+(?:\.\d+)?)\s*(?P<unit>天|日|d|小时|时|h|分钟|分|min|m|秒|s)")
_SECONDS = {"天": 86_400, "日": 86_400, "d": 86_400, "小时": 3_600, "时": 3_600, "h": 3_600,
            "分钟": 60, "分": 60, "min": 60, "m": 60, "秒": 1, "s": 1}  # fmt: skip
FORMAT = "%Y-%m-%d %H:%M:%S"


def parse_moment(text: str, shown: datetime, latest: datetime) -> datetime | None:
    """The moment meant, in the zone of `shown`; a time alone is of the day shown, a date without a year the last such
    until `latest`; None if it cannot be read."""
    text = text.strip()
    if match := _MOVED.fullmatch(text):
        seconds = float(match["number"]) * _SECONDS[match["unit"]]
        return shown + timedelta(seconds=seconds if match["sign"] == "+" else -seconds)
    try:
        if match := _DATED.fullmatch(text):
            return _dated(match, shown, latest)
        if match := _TIMED.fullmatch(text):
            return _at(shown, match)
    except ValueError:
        return None  # 25:00, 2-30
    return None


def _dated(match: re.Match[str], shown: datetime, latest: datetime) -> datetime:
    year = int(match["year"] or latest.year)
    day = shown.replace(year=year, month=int(match["month"]), day=int(match["day"]))
    found = _at(day, match)
    return found.replace(year=year - 1) if match["year"] is None and found > latest else found


def _at(day: datetime, match: re.Match[str]) -> datetime:
    hour, minute, second = (int(match[part] or 0) for part in ("hour", "minute", "second"))
    return day.replace(hour=hour, minute=minute, second=second, microsecond=0)
