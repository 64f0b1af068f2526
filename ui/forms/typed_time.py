"""Instants and durations as people type them: 明天 9点, 10-8 14:30, +3天; 90, 2小时, 1.5h."""

import re
from datetime import datetime, time, timedelta

_DAYS = {"今天": 0, "明天": 1, "后天": 2, "大后天": 3}
_WEEKDAYS = "一二三四五六日"
_CLOCK = r"(?:\s*(?P<hour>\d{1,2})(?:[:：点](?P<minute>\d{1,2})?|(?P<half>点半))?分?)?"
_DATE = r"(?:(?P<year>\d{4})[-/.年])?(?P<month>\d{1,2})[-/.月](?P<day>\d{1,2})日?(?:T|\s|$)"
_ABSOLUTE = re.compile(f"{_DATE}{_CLOCK}$")
_NAMED = re.compile(rf"(?P<name>今天|明天|后天|大后天|下周[一二三四五六日天]){_CLOCK}$")
_TODAY = re.compile(r"(?P<hour>\d{1,2})(?:[:：点](?P<minute>\d{1,2})?|(?P<half>点半))分?$")
_AFTER = re.compile(r"\+?\s*(?P<number>\d+(?:\.\d+)?)\s*(?P<unit>天|日|d|小时|时|h|分钟|分|min|m)后?$")
_AMOUNT = re.compile(r"(?P<number>\d+(?:\.\d+)?)\s*(?P<unit>分钟|分|min|m|小时|时|h|天|日|d)?$")
_MINUTES = {"分钟": 1, "分": 1, "min": 1, "m": 1, "小时": 60, "时": 60, "h": 60, "天": 1440, "日": 1440, "d": 1440}
_LONGEST = 10 * 366 * 1440  # minutes: nobody means more than ten years
_MORNING = time(9, 0)  # when only a day is said


def parse_instant(text: str, now: datetime) -> datetime | None:
    """The instant meant, in the time zone of `now`; None if it cannot be read. A past month-day means next year, a past
    time of day tomorrow."""
    text = text.strip()
    if match := _AFTER.fullmatch(text):
        minutes = _amount(match)
        return None if minutes is None else now + timedelta(minutes=minutes)
    if match := _NAMED.fullmatch(text):
        return _on(now + timedelta(days=_days_ahead(match["name"], now)), match)
    if match := _ABSOLUTE.fullmatch(text):
        return _absolute(match, now)
    if match := _TODAY.fullmatch(text):
        return _next(match, now)
    return None


def parse_minutes(text: str) -> int | None:
    """Minutes meant by an amount; a bare number is minutes; None if it cannot be read."""
    match = _AMOUNT.fullmatch(text.strip().lower())
    minutes = None if match is None else _amount(match)
    return None if minutes is None else round(minutes)


def _amount(match: re.Match[str]) -> float | None:
    minutes = float(match["number"]) * _MINUTES[match["unit"] or "分"]
    return minutes if minutes <= _LONGEST else None


def format_instant(instant: datetime) -> str:
    """`2026-10-08 周四 09:00`."""
    return f"{instant:%Y-%m-%d} 周{_WEEKDAYS[instant.weekday()]} {instant:%H:%M}"


def format_minutes(minutes: int) -> str:
    """`90` → `1 小时 30 分`."""
    hours, rest = divmod(minutes, 60)
    parts = (f"{hours} 小时" if hours else "", f"{rest} 分" if rest or not hours else "")
    return " ".join(part for part in parts if part)


def _days_ahead(name: str, now: datetime) -> int:
    if name in _DAYS:
        return _DAYS[name]
    weekday = _WEEKDAYS.index("日" if name[-1] == "天" else name[-1])
    return 7 - now.weekday() + weekday


def _on(day: datetime, match: re.Match[str]) -> datetime | None:
    if match["hour"] is None:
        at = _MORNING
    else:
        hour, minute = int(match["hour"]), 30 if match["half"] else int(match["minute"] or 0)
        if hour > 23 or minute > 59:
            return None
        at = time(hour, minute)
    return datetime.combine(day.date(), at, day.tzinfo)


def _next(match: re.Match[str], now: datetime) -> datetime | None:
    today = _on(now, match)
    return today if today is None or today > now else today + timedelta(days=1)


def _absolute(match: re.Match[str], now: datetime) -> datetime | None:
    for year in (int(match["year"]),) if match["year"] else (now.year, now.year + 1):
        try:
            day = datetime(year, int(match["month"]), int(match["day"]), tzinfo=now.tzinfo)
        except ValueError:
            continue  # no such day in this year
        instant = _on(day, match)
        if match["year"] or instant is None or instant > now:
            return instant
    return None
